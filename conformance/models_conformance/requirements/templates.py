"""Templates of requirements, expanded over the facts of a contract: one requirement for each fact of the shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from models_conformance.contract.model import Contract
from models_conformance.contract.points import (
    CURSORS,
    EVERYWHERE,
    LIMIT,
    Filter,
    Stages,
    filters_of,
    further_parameters,
    given_while,
    limits_of,
    list_parameters,
    members_of,
    null_while,
    optional_headers,
)
from models_conformance.contract.versions import OLDEST

About = Mapping[str, str]
"""What a template is filled with: names and values of one fact."""


def _filter(chosen: Filter) -> dict[str, str]:
    return {
        "parameter": chosen.parameter,
        "bare": _slug(chosen.parameter),
        "member": chosen.member,
        "most": str(chosen.most or ""),
        "omitted": " and ".join(chosen.omitted),
    }


def _filters(wanted: Callable[[Filter], bool]) -> Callable[[Contract], Iterator[About]]:
    return lambda contract: (_filter(chosen) for chosen in filters_of(contract) if wanted(chosen))


def _each(kind: str, names: Callable[[Contract], Iterable[str]]) -> Callable[[Contract], Iterator[About]]:
    """Over members or parameters, by their names."""
    return lambda contract: ({kind: name, "slug": _slug(name)} for name in names(contract))


def _dated(contract: Contract) -> Iterable[str]:
    return (name for name, of in members_of(contract).items() if of.format == "date-time")


def _constant(contract: Contract) -> Iterator[About]:
    for name, of in members_of(contract).items():
        if of.const is not None:
            yield {"member": name, "slug": _slug(name), "constant": of.const, "value": _slug(of.const)}


def _staged(find: Callable[[Contract, str], Stages | None]) -> Callable[[Contract], Iterator[About]]:
    def over(contract: Contract) -> Iterator[About]:
        for name in members_of(contract):
            stages = find(contract, name)
            if stages is not None:
                yield {
                    "member": name,
                    "slug": _slug(name),
                    "by": stages.member,
                    "values": " or ".join(stages.values),
                    "stages": "-or-".join(map(_slug, stages.values)),
                }

    return over


def _parameters(contract: Contract) -> Iterable[str]:
    """What a call of a client may be given by one name, beside cursors and betas."""
    named = (LIMIT, *(parameter.name for parameter in further_parameters(contract)))
    return (name for name in named if name in list_parameters(contract))


def _cursors(contract: Contract) -> Iterator[About]:
    """The parameters that name a place in the list, with the words for the side to which each leads."""
    for name, words in zip(CURSORS, (_FORWARD, _BACKWARD), strict=True):
        if name in list_parameters(contract):
            yield {"parameter": name, "slug": _slug(name), **words}


_FORWARD = {
    "direction": "forward",
    "way": "",
    "side": "after",
    "place": "start",
    "beyond": "follow",
    "behind": "precede",
    "end": "end",
    "from_page": "last_id",
}
_BACKWARD = {
    "direction": "backward",
    "way": "backward-",
    "side": "before",
    "place": "end",
    "beyond": "precede",
    "behind": "follow",
    "end": "head",
    "from_page": "first_id",
}


def _page_size(contract: Contract) -> Iterator[About]:
    """The parameter that says how long a page may be, where its bounds and its default are documented."""
    limits = limits_of(contract)
    if limits is not None:
        bounds = {"default": limits.default, "minimum": limits.minimum, "maximum": limits.maximum}
        yield {"parameter": LIMIT, "slug": _slug(LIMIT), **{name: str(bound) for name, bound in bounds.items()}}


_READ = ("id", "created_at")
OVER: Mapping[str, Callable[[Contract], Iterator[About]]] = {
    "filter": _filters(lambda chosen: True),
    "filter-with-default": _filters(lambda chosen: bool(chosen.omitted)),
    "closed-filter": _filters(lambda chosen: chosen.closed),
    "bounded-filter": _filters(lambda chosen: chosen.most is not None),
    "member": _each("member", lambda contract: (name for name in members_of(contract) if name not in EVERYWHERE)),
    "dated-member": _each("member", _dated),
    "constant-member": _constant,
    # What a client hands on as it is: an id names the model, and created_at is an instant.
    "handed-on-member": _each("member", lambda contract: (name for name in members_of(contract) if name not in _READ)),
    "null-while": _staged(null_while),
    "given-while": _staged(given_while),
    "parameter": _each("parameter", _parameters),
    "cursor": _cursors,
    "page-size": _page_size,
    "optional-header": _each("parameter", optional_headers),
    "version": lambda contract: ({"version": version} for version in contract.versions if version > OLDEST),
}
"""The facts of a contract that a template is expanded for, by what it says it is `over`."""


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
