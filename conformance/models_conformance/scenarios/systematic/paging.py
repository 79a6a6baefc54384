"""Pages one after the other: single page calls, whole walks in both directions, and where walks have to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from models_conformance.contract.points import limits_of
from models_conformance.scenarios.answers import (
    EMPTY_PAGE,
    HTML,
    OPENAI_ERROR,
    broken,
    error,
    html_success,
    json_text,
    truncated,
)
from models_conformance.scenarios.models import model, plain_models
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript
from models_conformance.scenarios.systematic.tour import Tour, intervening, round_limits

_MANY_PAGES = 120
# Past the depth to which the common languages let a function call itself, which is how some clients page.
_MORE_PAGES = 1050
# Played on every surface, or later in a walk.
_FAILING_LATER = {404, 500, 529}
_LATER_PAGES = ((2, "second"), (3, "third"), (4, "fourth"), (6, "sixth"))
_SEVEN = ServerScript(plain_models(7))
_TWENTY_FIVE = ServerScript(plain_models(25))
_TWO_PAGES = ServerScript(plain_models(3), page_sizes=(2,))
_TIES = ServerScript(tuple(model(f"claude-{letter}", display_name=letter) for letter in "dbeacgf"))


def paging(tour: Tour) -> Iterator[Scenario]:
    """Page calls on any client; walks where the client pages by itself."""
    yield from _page_calls(tour)
    if tour.walks:
        yield from _forward(tour)
        yield from _backward(tour)
        yield from _odd_pages(tour)
        yield from _cut_off(tour)
        yield from _failing_later(tour)
        yield from _endless(tour)


def _page_calls(tour: Tour) -> Iterator[Scenario]:
    empty = ServerScript()
    yield tour.page("a page of an empty catalogue", empty)
    yield tour.page("a page in the middle, forward", _SEVEN, {"limit": 2, "after_id": "claude-3"})
    yield tour.page("a page in the middle, backward", _SEVEN, {"limit": 2, "before_id": "claude-5"})
    yield tour.page("a page that ends the list", _SEVEN, {"limit": 3, "after_id": "claude-4"})
    yield tour.page("a page of the default length with more behind it", _TWENTY_FIVE)
    if tour.full:
        yield tour.page("the empty page behind the last model", _SEVEN, {"after_id": "claude-7"})
        yield tour.page("the empty page before the first model", _SEVEN, {"before_id": "claude-1"})
        yield tour.page("a page shorter than limit with more behind it", ServerScript(_SEVEN.models, page_sizes=(2,)))


def _forward(tour: Tour) -> Iterator[Scenario]:
    yield tour.walk("a walk over one page", _SEVEN)
    yield tour.walk("a walk over pages of the default length", _TWENTY_FIVE)
    for limit in (1, 2, 3, 20, 1000) if tour.full else (2,):
        yield tour.walk(f"a walk with limit {limit}", _SEVEN if limit < 20 else _TWENTY_FIVE, {"limit": limit})
    bounds = limits_of(tour.contract)
    for limit in round_limits(bounds) if tour.full and bounds is not None else ():
        yield tour.walk(f"a walk with limit {limit} over pages of two models", _TWO_PAGES, {"limit": limit})
    yield tour.walk("a walk whose last page is full", ServerScript(plain_models(6)), {"limit": 3})
    yield tour.walk("a walk from after_id", _SEVEN, {"after_id": "claude-2", "limit": 2})
    yield tour.walk("a walk over an empty catalogue", ServerScript())
    yield tour.walk("a walk from the last model", _SEVEN, {"after_id": "claude-7"})
    if tour.betas:
        yield tour.walk("limit and a beta on every page", _SEVEN, {"limit": 3, "betas": [tour.documented_betas[0]]})
    if tour.full:
        for pages in (_MANY_PAGES, _MORE_PAGES):
            sizes = (1, 2) * (pages // 2)
            script = ServerScript(plain_models(sum(sizes)), page_sizes=sizes)
            args = {"limit": 2} if pages == _MORE_PAGES else {}
            long = tour.walk(f"a walk over {pages} pages", script, args, max_items=2 * pages)
            # The longest takes a while, and is walked at the same time as others.
            yield replace(long, slow=pages == _MORE_PAGES)
        # What an earlier walk was given must not be there in a later one.
        betas = {"betas": list(tour.documented_betas[:2])} if tour.betas else {}
        yield tour.walk("a walk with everything", _SEVEN, {"limit": 2, "after_id": "claude-1", **betas})
        yield tour.walk("a walk with nothing after one with everything", _SEVEN, max_items=100)


def _backward(tour: Tour) -> Iterator[Scenario]:
    yield tour.walk("a walk back over several pages", _SEVEN, {"before_id": "claude-7", "limit": 2})
    if tour.betas:
        args = {"before_id": "claude-7", "limit": 2, "betas": list(tour.documented_betas[:2])}
        yield tour.walk("limit and betas on every page back", _SEVEN, args)
    if not tour.full:
        return
    yield tour.walk("a walk back over one page", _SEVEN, {"before_id": "claude-5"})
    yield tour.walk("a walk back one by one", _SEVEN, {"before_id": "claude-4", "limit": 1})
    yield tour.walk("a walk back from the first model", _SEVEN, {"before_id": "claude-1"})
    yield tour.walk("a walk back over pages of the default length", _TWENTY_FIVE, {"before_id": "claude-25"})
    yield tour.walk(
        "a walk back over short pages",
        ServerScript(_SEVEN.models, page_sizes=(2, 1)),
        {"before_id": "claude-7", "limit": 5},
    )


def _odd_pages(tour: Tour) -> Iterator[Scenario]:
    short = ServerScript(plain_models(9), page_sizes=(3, 1, 2, 5))
    yield tour.walk("short pages that are not the last", short, {"limit": 5})
    # The models behind the second page were withdrawn after it told of them.
    vanished = json_text(200, json.dumps(EMPTY_PAGE), first=3)
    yield tour.walk("a last page that is empty", intervening(vanished, models=7), {"limit": 2})
    if tour.full:
        family = ("claude-next", "claude-next-20260101", "claude-next-20250929", "claude-next-20250929-v2")
        yield tour.walk(
            "models whose ids differ in a date", ServerScript(tuple(model(name) for name in family)), {"limit": 2}
        )
        yield tour.walk("models of one date", _TIES, {"limit": 2})
        unknown = tuple(model(f"claude-{letter}", "1970-01-01T00:00:00Z", letter) for letter in "cab")
        mixed = (*plain_models(3), *unknown, *plain_models(6)[3:])
        yield tour.walk("models of no known date among others", ServerScript(mixed), {"limit": 2})


def _cut_off(tour: Tour) -> Iterator[Scenario]:
    yield tour.walk("a caller who stops in the middle of the third page", _SEVEN, {"limit": 2}, max_items=5)
    if tour.full:
        yield tour.walk("a caller who stops within the first page", _SEVEN, {"limit": 4}, max_items=2)
        yield tour.walk("a caller who stops at the end of a page", _SEVEN, {"limit": 2}, max_items=4)
        yield tour.walk("a caller who stops among models of one date", _TIES, {"limit": 2}, max_items=3)
        yield tour.walk(
            "a caller who stops on the way back", _SEVEN, {"limit": 2, "before_id": "claude-7"}, max_items=3
        )


def _failing_later(tour: Tour) -> Iterator[Scenario]:
    failures: tuple[tuple[str, Intervention], ...] = (
        ("a second page that fails with 500", error(500, first=2)),
        ("a second page cut short", broken("cut-body", first=2)),
        ("a third page that is a web page", html_success(first=3)),
        ("a second page that is overloaded", error(529, first=2)),
        ("a third page that is not found", error(404, first=3)),
        ("a second page refused in OpenAI's words", json_text(400, OPENAI_ERROR, first=2)),
        ("a second page cut within its chunks", broken("cut-chunk", first=2)),
        ("a third page without an answer", broken("no-answer", first=3)),
        ("a second page that ends in its middle", truncated(first=2)),
        ("a second page of nothing", json_text(200, "", first=2)),
        ("a second page that is a web page labelled as JSON", json_text(200, HTML, first=2)),
        ("a second page that is JSON of another shape", json_text(200, '{"object": "list"}', first=2)),
    )
    for name, intervention in failures if tour.full else failures[:3]:
        yield tour.walk(name, intervening(intervention, models=7), {"limit": 2})
    if tour.full:
        # Any of them may be taken for the end, on any page.
        for number, status in enumerate(sorted(tour.contract.errors.keys() - _FAILING_LATER)):
            page, which = _LATER_PAGES[number % len(_LATER_PAGES)]
            script = intervening(error(status, first=page), models=7)
            yield tour.walk(f"a {which} page refused with {status}", script, {"limit": 1})
        script = intervening(error(500, first=2), models=7)
        yield tour.walk("a second page that fails with 500, without a limit", replace(script, page_sizes=(3,)))
        if tour.betas:
            args = {"limit": 2, "betas": [tour.documented_betas[0]]}
            yield tour.walk("a second page that fails with 500, under a beta", script, args)
        yield tour.walk("a second page back that fails with 500", script, {"limit": 2, "before_id": "claude-7"})


def _endless(tour: Tour) -> Iterator[Scenario]:
    stuck = ServerScript(plain_models(4), stuck=True)
    yield tour.walk("a cursor that never moves", stuck, {"limit": 2}, max_items=40)
    if tour.full:
        yield tour.walk(
            "a cursor that never moves, going back", stuck, {"limit": 2, "before_id": "claude-4"}, max_items=40
        )
        # Bounded, so that a client that believes it comes to an end all the same.
        claims_more = json.dumps({**EMPTY_PAGE, "has_more": True})
        script = intervening(json_text(200, claims_more, first=2, last=12), models=4)
        yield tour.walk("an empty page that claims more", script, {"limit": 2})
