"""Letting Hypothesis ask: it draws and sends, and what comes back is judged with all other evidence.

The properties assert nothing by themselves, so nothing is shrunk here; a finding is made small afterwards,
whatever request it came from (`models_conformance.engine.smaller_requests`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from hypothesis import given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from models_conformance.contract.model import Contract
from models_conformance.contract.points import ANY_PAGE, betas_of, limits_of
from models_conformance.evidence.exchange_reading import Page
from models_conformance.probing.probes import UNKNOWN_BETA, UNKNOWN_ID
from models_conformance.probing.request_specs import BetaForm, RequestSpec, list_request, retrieve_request
from models_conformance.probing.session import SessionOver
from models_conformance.support.generating import nothing_kept, only_generating

Send = Callable[[RequestSpec], Page | None]
_STEPS_A_WALK = 6
_FORMS: tuple[BetaForm, ...] = ("comma", "comma-blank", "lines")


@contextmanager
def _sending(send: Send) -> Iterator[Send]:
    """Sends until the session is over, and then nothing more: Hypothesis must not take that for a failure. Raises
    SessionOver at the end."""
    ended: SessionOver | None = None

    def send_while_it_lasts(spec: RequestSpec) -> Page | None:
        nonlocal ended
        if ended is None:
            try:
                return send(spec)
            except SessionOver as over:
                ended = over
        return None

    with nothing_kept():
        yield send_while_it_lasts
    if ended is not None:
        raise ended


def run_examples(contract: Contract, ids: Sequence[str], examples: int, run_seed: int, send: Send) -> None:
    """Send that many generated list and retrieve requests about these ids. Raises SessionOver."""
    if examples <= 0:
        return
    # Two strategies for lists, so that they are drawn twice as often.
    lists = (list_request_specs(contract, ids) for _ in range(2))
    with _sending(send) as outlet:

        @seed(run_seed)
        @only_generating(examples)
        @given(st.one_of(*lists, retrieve_request_specs(contract, ids)))
        def send_example(spec: RequestSpec) -> None:
            outlet(spec)

        send_example()


def run_machine(contract: Contract, ids: Sequence[str], requests: int, run_seed: int, send: Send) -> None:
    """Walk cursor chains in runs of a few steps, about that many requests in all. Raises SessionOver."""
    if requests <= 0 or not ids:
        return
    steps = settings(only_generating(max(1, requests // _STEPS_A_WALK)), stateful_step_count=_STEPS_A_WALK)
    with _sending(send) as outlet:
        run_state_machine_as_test(seed(run_seed)(_cursor_walker(contract, ids, outlet)), settings=steps)


def _cursor_walker(contract: Contract, ids: Sequence[str], send: Send) -> type[RuleBasedStateMachine]:
    """A machine that walks cursor chains in both directions, changing limit and betas on the way."""
    some_limit = st.none() | limits(contract)
    some_betas = beta_lists(contract)

    class CursorWalker(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.page: Page | None = None

        def follow(self, spec: RequestSpec) -> None:
            page = send(spec)
            if page is not None and page.items:
                self.page = page

        @initialize(limit=some_limit, start=st.sampled_from([None, *ids]))
        def begin(self, limit: int | None, start: str | None) -> None:
            self.follow(list_request(limit=limit, after=start))

        @rule(limit=some_limit)
        def start_over(self, limit: int | None) -> None:
            self.follow(list_request(limit=limit))

        @rule(limit=some_limit, betas=some_betas)
        @precondition(lambda self: self.page is not None)
        def on(self, limit: int | None, betas: tuple[str, ...] | None) -> None:
            self.follow(list_request(limit=limit, after=self.page.ids[-1] if self.page else None, betas=betas))

        @rule(limit=some_limit, betas=some_betas)
        @precondition(lambda self: self.page is not None)
        def back(self, limit: int | None, betas: tuple[str, ...] | None) -> None:
            self.follow(list_request(limit=limit, before=self.page.ids[0] if self.page else None, betas=betas))

        @rule(limit=some_limit, index=st.integers(0, 999))
        @precondition(lambda self: self.page is not None)
        def turn_inside(self, limit: int | None, index: int) -> None:
            page_ids = self.page.ids if self.page else ()
            self.follow(list_request(limit=limit, before=page_ids[index % len(page_ids)]))

    return CursorWalker


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
