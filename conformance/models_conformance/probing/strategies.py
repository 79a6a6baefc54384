"""Hypothesis strategies built from the contract: what may be asked, and what nobody should ask.

Bounds, defaults and betas come from the contract that is passed in, never from constants beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models_conformance.contract.model import Contract
from models_conformance.contract.points import ANY_PAGE, betas_of, limits_of
from models_conformance.probing.probes import UNKNOWN_BETA, UNKNOWN_ID
from models_conformance.probing.request_specs import BetaForm, RequestSpec, list_request, retrieve_request

_FORMS: tuple[BetaForm, ...] = ("comma", "comma-blank", "lines")


def limits(contract: Contract) -> SearchStrategy[int]:
    """Limits inside the documented range, its edges and the default's neighbourhood often."""
    bounds = limits_of(contract) or ANY_PAGE
    low, default, high = bounds.minimum, bounds.default, bounds.maximum
    edges = sorted({low, low + 1, default - 1, default, default + 1, high - 1, high} & set(range(low, high + 1)))
    return st.one_of(st.integers(low, min(high, 2 * default)), st.sampled_from(edges), st.integers(low, high))


def limits_outside(contract: Contract) -> SearchStrategy[str]:
    """Integers below and above the range, and words."""
    bounds = limits_of(contract) or ANY_PAGE
    low, high = bounds.minimum, bounds.maximum
    return st.one_of(
        st.integers(max_value=low - 1, min_value=-(2**70)).map(str),
        st.integers(min_value=high + 1, max_value=2**70).map(str),
        st.sampled_from(["abc", "ten", "true"]),
    )


def cursors(ids: Sequence[str]) -> SearchStrategy[str | None]:
    """Any known id, the ends more often, or none."""
    if not ids:
        return st.none()
    return st.one_of(st.none(), st.sampled_from([ids[0], ids[-1]]), st.sampled_from(list(ids)))


def odd_cursors() -> SearchStrategy[str]:
    """Cursors that no list holds, odd characters among them."""
    odd = st.text(st.characters(codec="utf-8"), max_size=12)
    return st.one_of(st.just(UNKNOWN_ID), odd.map(lambda text: UNKNOWN_ID + text))


def beta_lists(contract: Contract) -> SearchStrategy[tuple[str, ...] | None]:
    """No beta, one, a subset in any order, all, or an unknown one among them."""
    documented = betas_of(contract)
    if not documented:
        return st.sampled_from((None, (UNKNOWN_BETA,)))
    subset = st.lists(st.sampled_from(documented), min_size=1, max_size=4, unique=True).map(tuple)
    return st.one_of(
        st.none(),
        subset,
        st.permutations(documented).map(tuple),
        subset.map(lambda betas: (*betas, UNKNOWN_BETA)),
    )


@st.composite
def list_request_specs(draw: st.DrawFn, contract: Contract, ids: Sequence[str]) -> RequestSpec:
    """A list request of any documented combination, of ids in list order, and now and then one step outside of it."""
    odd = draw(st.sampled_from(["", "", "", "limit", "cursor", "both", "query"]))
    limit = draw(limits_outside(contract) if odd == "limit" else st.none() | limits(contract).map(str))
    cursor = draw(odd_cursors() if odd == "cursor" else cursors(ids))
    backward = draw(st.booleans())
    other = draw(cursors(ids)) if odd == "both" else None
    spec = list_request(
        limit=limit,
        after=other if backward else cursor,
        before=cursor if backward else other,
        betas=draw(beta_lists(contract)),
    )
    query = tuple(draw(st.permutations(spec.query)))
    if odd == "query":
        query = (*query, draw(st.sampled_from([("beta", "true"), ("page", "2"), ("no-such", "1")])))
    return replace(spec, query=query, beta_form=draw(st.sampled_from(_FORMS)))


@st.composite
def retrieve_request_specs(draw: st.DrawFn, contract: Contract, ids: Sequence[str]) -> RequestSpec:
    """A retrieval of a known id, with any betas."""
    spec = retrieve_request(draw(st.sampled_from(list(ids)) if ids else st.just(UNKNOWN_ID)))
    return replace(spec, betas=draw(beta_lists(contract)), beta_form=draw(st.sampled_from(_FORMS)))
