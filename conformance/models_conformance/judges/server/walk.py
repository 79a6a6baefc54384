"""Area walk: following the cursors yields the list.

Walks are found in the trace, not remembered by whoever made them, so a recording of one is judged too: a
page without a cursor (or before some model), then each page asked for with the cursor the one before
gave, at the same limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models_conformance.contract.shipped import limit_bounds
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Violation, judges, quoted
from models_conformance.judges.server.list_order import Listing
from models_conformance.judges.server.server_evidence import Evidence

# No catalogue of models is as long as this many full pages; a walk that has not ended by then is endless.
MAX_WALK_PAGES = 128


@dataclass(frozen=True, slots=True)
class Walk:
    """Pages in the order they were followed. `loops` where a cursor came up for the second time."""

    pages: tuple[Listing, ...]
    loops: bool

    @property
    def ended(self) -> bool:
        last = self.pages[-1]
        return not self.loops and (last.page.has_more is False or not last.ids)

    @property
    def backward(self) -> bool:
        return self.pages[0].backward


def _next_cursor(listing: Listing, backward: bool) -> str | None:
    value = listing.page.first_id if backward else listing.page.last_id
    return value if isinstance(value, str) and value else None


def walks(evidence: Evidence, backward: bool) -> Iterator[Walk]:
    """Every walk of the trace in that direction, however far it went."""
    followers: dict[tuple[str, int | None], list[Listing]] = {}
    for listing in evidence.listings:
        cursor = listing.before if backward else listing.after
        if cursor is not None:
            followers.setdefault((cursor, listing.limit), []).append(listing)
    led_to = {(_next_cursor(one, True), one.limit) for one in evidence.listings if backward and one.backward}
    for start in evidence.listings:
        if backward != start.backward or start.after is not None:
            continue
        if backward and (str(start.before), start.limit) in led_to:
            continue
        pages, used, loops = [start], {start.before} if backward else set(), False
        while pages[-1].page.has_more and pages[-1].ids:
            cursor = _next_cursor(pages[-1], backward)
            if cursor is None:
                break
            if cursor in used:
                loops = True
                break
            used.add(cursor)
            following = next(
                (one for one in followers.get((cursor, start.limit), ()) if one.number > pages[-1].number),
                None,
            )
            if following is None:
                break
            pages.append(following)
        yield Walk(tuple(pages), loops)


def _yields_every_model_once(evidence: Evidence, backward: bool) -> Iterator[Judgement]:
    order = evidence.order
    for walk in walks(evidence, backward):
        if not walk.ended:
            continue
        start, last = walk.pages[0], walk.pages[-1]
        seen: dict[str, int] = {}
        twice: tuple[str, int, int] | None = None
        for page in walk.pages:
            for model in dict.fromkeys(page.ids):
                if model in seen and twice is None:
                    twice = (model, page.number, seen[model])
                seen.setdefault(model, page.number)
        if len(walk.pages) > 1 or seen:
            yield Exercised(last.number)
        size = f"walking {'back' if backward else 'forward'} with " + (
            f"limit={start.limit}" if start.limit is not None else "no limit"
        )
        if twice is not None:
            model, again, once = twice
            yield Violation(f"{size} yields {quoted(model)} twice", "every model once", (again, once))
        expected = set(order.chain_before(str(start.before))) if backward else set(order.first_seen)
        missing = [
            model
            for model in order.first_seen
            if model in expected and model not in seen and order.first_seen[model] <= start.number
        ]
        if not missing and not backward:
            # Models that only other pages showed, later, and that are not new heads.
            missing = [model for model in expected if model not in seen and not _is_news(evidence, model, start.number)]
        if missing:
            model = missing[0]
            yield Violation(
                f"{size} leaves out {len(missing)} models, {quoted(model)} among them",
                f"every model: exchange {order.first_seen[model]} shows that one",
                (last.number, order.first_seen[model]),
            )
    yield NotExercised(f"no walk {'back' if backward else 'forward'} came to its end")


def _is_news(evidence: Evidence, model: str, since: int) -> bool:
    """Whether a model may have been released after exchange `since`: it and all before it were first seen later."""
    order = evidence.order
    return order.first_seen[model] > since and all(
        order.first_seen[newer] > since for newer in order.chain_before(model)
    )


@judges("walk-forward-yields-every-model-once")
def walk_forward_yields_every_model_once(evidence: Evidence) -> Iterator[Judgement]:
    """Walks from the first page that came to an end."""
    yield from _yields_every_model_once(evidence, backward=False)


@judges("walk-backward-yields-every-model-once")
def walk_backward_yields_every_model_once(evidence: Evidence) -> Iterator[Judgement]:
    """Walks from before any model that came to the head."""
    yield from _yields_every_model_once(evidence, backward=True)


@judges("walk-ends")
def walk_ends(evidence: Evidence) -> Iterator[Judgement]:
    """A cursor that comes up again leads round in a circle; full pages without end are endless."""
    _, _, maximum = limit_bounds()
    for backward in (False, True):
        for walk in walks(evidence, backward):
            last = walk.pages[-1]
            if walk.ended or walk.loops or len(walk.pages) > 1:
                yield Exercised(last.number)
            if walk.loops:
                cursor = _next_cursor(last, backward)
                yield Violation(
                    f"page {len(walk.pages)} of a walk with limit={last.limit} leads on to {quoted(cursor)}, "
                    "where the walk has been",
                    "each page leads further, and the last says has_more false",
                    (last.number, walk.pages[0].number),
                )
            elif len(walk.pages) >= MAX_WALK_PAGES and last.limit == maximum and last.page.has_more:
                yield Violation(
                    f"after {len(walk.pages)} pages of {maximum} models the list has not ended",
                    "a list that ends",
                    (last.number, walk.pages[0].number),
                )
    yield NotExercised("no page was followed by the page its cursor leads to")
