"""What goes over the wire: arguments, betas, prefixes and redirects, against servers without any difficulty."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.contract.points import further_parameters, limits_of
from models_conformance.evidence.driver_calls import PARAMS
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript
from models_conformance.scenarios.systematic.tour import Tour, intervening, round_limits, spread

_SERVER = ServerScript(plain_models(5))
_SHORT = ServerScript(plain_models(5), page_sizes=(2,))
_UNKNOWN_BETA = "claude-next-2031-01-01"
# Betas are tokens (RFC 9110, 5.6.2), of whatever letters and length.
_ODD_BETAS = ("Next-Made-Up", "b", f"made-up-{'and-long-' * 8}2031-01-01", "made_up.2031+1")
_TEXT_VALUE = "Value-01_aB"
# A page of a thousand models is shown elsewhere.
_MOST_IN_A_FULL_PAGE = 250
# More than any client follows by its own choice: known ones stop after 4 to 50.
_MANY_REDIRECTS = 100
_PREFIXES = ("/gateway", "/api/anthropic/eu/central/2", "/proxy/v1", "/team%20one")


def wire(tour: Tour) -> Iterator[Scenario]:
    """Every argument alone and with others, absent and present, on both operations."""
    yield tour.page("a list without arguments", _SERVER)
    yield tour.retrieve("a model by its id", _SERVER, "claude-3")
    yield from _limits(tour)
    yield from _combinations(tour)
    if tour.betas:
        yield from _betas(tour)
    yield from _parameters(tour)
    yield from _prefixes(tour)
    yield from _redirects(tour)


def _limits(tour: Tour) -> Iterator[Scenario]:
    bounds = limits_of(tour.contract)
    if bounds is None:
        return
    low, default, high = bounds.minimum, bounds.default, bounds.maximum
    inside = (low, 2, default - 1, default, default + 1, 99, 100, 101, high - 1, high)
    for limit in inside if tour.full else (low, default, high):
        yield tour.page(f"limit {limit}", _SERVER, {"limit": limit})
    if tour.full:
        # More is said to follow whatever the page size: behind a page that is full, and behind a short one.
        round_ones = round_limits(bounds)
        for limit in sorted({*inside, *round_ones}):
            if limit <= _MOST_IN_A_FULL_PAGE:
                script = ServerScript(plain_models(limit + 1))
                yield tour.page(f"limit {limit}, with more behind a full page", script, {"limit": limit})
        for limit in spread(bounds, tour.seed):
            back = {"limit": limit, "before_id": "claude-5"}
            if limit % 2 or limit in round_ones:
                yield tour.page(f"limit {limit}, with more behind a short page", _SHORT, {"limit": limit})
            if limit % 2 == 0:
                yield tour.page(f"limit {limit}, with more before a short page", _SHORT, back)
    # A client may refuse these itself; what it sends has to be what it was given.
    for limit in (low - 1, -1, high + 1) if tour.full else (low - 1,):
        yield tour.page(f"limit {limit}, outside of the range", _SERVER, {"limit": limit})


def _combinations(tour: Tour) -> Iterator[Scenario]:
    yield tour.page("after_id alone", _SERVER, {"after_id": "claude-2"})
    yield tour.page("before_id alone", _SERVER, {"before_id": "claude-4"})
    yield tour.page("limit and after_id", _SERVER, {"limit": 2, "after_id": "claude-1"})
    yield tour.page("limit and before_id", _SERVER, {"limit": 2, "before_id": "claude-5"})
    if tour.full:
        yield tour.page("both cursors in one call", _SERVER, {"after_id": "claude-1", "before_id": "claude-5"})
        yield tour.page("a cursor that names no model", _SERVER, {"after_id": "claude-none"})


def _betas(tour: Tour) -> Iterator[Scenario]:
    known = tour.documented_betas
    yield tour.page("one beta on a list", _SERVER, {"betas": [known[0]]})
    yield tour.page("three betas on a list", _SERVER, {"betas": list(known[:3])})
    yield tour.page("every documented beta on a list", _SERVER, {"betas": list(known)})
    yield tour.page("an unknown beta among known ones", _SERVER, {"betas": [known[1], _UNKNOWN_BETA, known[0]]})
    yield tour.page("betas of other letters and lengths", _SERVER, {"betas": list(_ODD_BETAS)})
    yield tour.page("an empty list of betas", _SERVER, {"betas": []})
    yield tour.page(
        "betas with limit and cursor", _SERVER, {"limit": 2, "after_id": "claude-1", "betas": list(known[1:3])}
    )
    yield tour.retrieve("one beta on a model", _SERVER, "claude-3", {"betas": [known[0]]})
    yield tour.retrieve("three betas on a model", _SERVER, "claude-3", {"betas": list(known[:3])})
    yield tour.retrieve("betas of other letters and lengths on a model", _SERVER, "claude-3", {"betas": [*_ODD_BETAS]})
    yield tour.retrieve("an unknown beta on a model", _SERVER, "claude-3", {"betas": [_UNKNOWN_BETA]})
    if tour.walks:
        yield tour.walk("betas on every page of a walk", _SERVER, {"limit": 2, "betas": list(known[:3])})
        yield tour.walk(
            "every beta and an unknown one on a walk", _SERVER, {"limit": 2, "betas": [*known, _UNKNOWN_BETA]}
        )


def _parameters(tour: Tour) -> Iterator[Scenario]:
    for parameter in filter(lambda further: tour.hello.takes(further.name), further_parameters(tour.contract)):
        value = list(parameter.values[:2]) if parameter.type == "array" else next(iter(parameter.values), _TEXT_VALUE)
        yield tour.page(f"{parameter.name} on a page", _SERVER, {PARAMS: {parameter.name: value}})
        if tour.walks:
            yield tour.walk(
                f"{parameter.name} on every page of a walk", _SERVER, {"limit": 2, PARAMS: {parameter.name: value}}
            )


def _prefixes(tour: Tour) -> Iterator[Scenario]:
    for prefix in _PREFIXES if tour.full else _PREFIXES[:1]:
        script = ServerScript(plain_models(5), prefix=prefix)
        yield tour.page(f"a list below {prefix}", script, {"limit": 2})
        yield tour.retrieve(f"a model below {prefix}", script, "claude-3")
    if tour.walks:
        yield tour.walk(
            f"a walk below {_PREFIXES[0]}", ServerScript(plain_models(5), prefix=_PREFIXES[0]), {"limit": 2}
        )


def _redirects(tour: Tour) -> Iterator[Scenario]:
    elsewhere = intervening(Intervention(last=1, redirect="other-host"))
    yield tour.page("a list redirected to another host", elsewhere)
    yield tour.retrieve("a model redirected to another host", elsewhere, "claude-3")
    if tour.full:
        if tour.walks:
            later = intervening(Intervention(first=2, last=2, redirect="other-host"))
            yield tour.walk("a second page redirected to another host", later, {"limit": 2})
        here = intervening(Intervention(last=1, redirect="same-host"))
        yield tour.page("a list redirected on its host", here, {"limit": 2, "after_id": "claude-1"})
        yield tour.retrieve("a model redirected on its host", here, "claude-3")
        often = Intervention(last=_MANY_REDIRECTS, redirect="same-host")
        circle = intervening(often)
        yield tour.page("a list redirected to itself again and again", circle)
        moved = intervening(Intervention(last=1, status=301, redirect="other-host"))
        yield tour.page("a list moved to another host for good", moved)
