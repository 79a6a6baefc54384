"""Area walk: following the cursors yields the list.

Walks are found in the trace, not remembered by whoever made them, so a recording of one is judged too: a
page without a cursor (or before some model), then each page asked for with the cursor the one before
gave, at the same limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models_conformance.evidence.particulars import Value, Words
from models_conformance.evidence.targets import CURSORS
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, violation
from models_conformance.judges.server.list_order import Listing
from models_conformance.judges.server.registry import SERVER_JUDGES, SERVER_TEMPLATES, leads_back
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About

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
    led_to = {
        (_next_cursor(listing, True), listing.limit) for listing in evidence.listings if backward and listing.backward
    }
    for start in evidence.listings:
        if backward != start.backward or start.after is not None:
            continue
        if backward and (str(start.before), start.limit) in led_to:
            continue
        yield _followed(start, followers, evidence.order.ambiguous, backward)


def _followed(
    start: Listing,
    followers: Mapping[tuple[str, int | None], list[Listing]],
    ambiguous: frozenset[str],
    backward: bool,
) -> Walk:
    """The walk from `start` on, until it comes back to a cursor."""
    pages, used = [start], {start.before} if backward else set()
    while pages[-1].page.has_more and pages[-1].ids:
        cursor = _next_cursor(pages[-1], backward)
        # Where a cursor is listed twice, nobody can say which way it leads.
        if cursor is None or cursor in ambiguous:
            break
        if cursor in used:
            return Walk(tuple(pages), loops=True)
        used.add(cursor)
        later = (page for page in followers.get((cursor, start.limit), ()) if page.number > pages[-1].number)
        following = next(later, None)
        if following is None:
            break
        pages.append(following)
    return Walk(tuple(pages), loops=False)


@SERVER_TEMPLATES("walk-{direction}-yields-every-model-once")
def walk_yields_every_model_once(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Walks from the first page that came to the end, or from before any model that came to the head."""
    # The page that a walk began with stands last in its proof: from there it can be walked again.
    for walk in walks(evidence, leads_back(about)):
        if not walk.ended:
            continue
        seen, again = _seen(walk, evidence.order.ambiguous)
        if len(walk.pages) > 1 or seen:
            yield Exercised(walk.pages[-1].number)
        particulars: dict[str, Value] = {
            "direction": Words(about["direction"]),
            "size": Words(f"limit={walk.pages[0].limit}" if walk.pages[0].limit is not None else "no limit"),
        }
        if again is not None:
            model, number = again
            proof = (number, seen[model], walk.pages[0].number)
            yield violation("yields-a-model-twice", *proof, model=model, shared=particulars)
        missing = _missing(evidence, walk, seen)
        if missing:
            model, shown_by = missing[0], evidence.order.first_seen[missing[0]]
            proof = (walk.pages[-1].number, shown_by, walk.pages[0].number)
            particulars |= {"count": len(missing), "model": model, "witness": shown_by}
            yield violation("leaves-models-out", *proof, shared=particulars)
    yield NotExercised(f"no walk {about['direction']} came to its end")


def _seen(walk: Walk, ambiguous: frozenset[str]) -> tuple[dict[str, int], tuple[str, int] | None]:
    """Each model of a walk with the exchange that first held it; and the first to come again, with that exchange.

    An id that one page lists twice comes again by itself.
    """
    seen: dict[str, int] = {}
    again: tuple[str, int] | None = None
    for page in walk.pages:
        for model in dict.fromkeys(page.ids):
            if model in seen and model not in ambiguous and again is None:
                again = (model, page.number)
            seen.setdefault(model, page.number)
    return seen, again


def _missing(evidence: Evidence, walk: Walk, seen: Mapping[str, int]) -> list[str]:
    """Models that a walk should have yielded: known when it began, or shown later and no new heads."""
    order, start = evidence.order, walk.pages[0]
    expected = set(order.chain_before(str(start.before))) if walk.backward else set(order.first_seen)
    left_out = [model for model in order.first_seen if model in expected and model not in seen]
    missing = [model for model in left_out if order.first_seen[model] <= start.number]
    if missing or walk.backward:
        return missing
    return [model for model in left_out if not _is_news(evidence, model, start.number)]


def _is_news(evidence: Evidence, model: str, since: int) -> bool:
    """Whether a model may have been released after exchange `since`: it and all before it were first seen later."""
    order = evidence.order
    return order.first_seen[model] > since and all(
        order.first_seen[newer] > since for newer in order.chain_before(model)
    )


@SERVER_JUDGES("walk-ends")
def walk_ends(evidence: Evidence) -> Iterator[Judgement]:
    """A cursor that comes up again leads round in a circle; full pages without end are endless."""
    maximum = evidence.limits.maximum if evidence.limits is not None else None
    for backward in (False, True):
        for walk in walks(evidence, backward):
            last = walk.pages[-1]
            if walk.ended or walk.loops or len(walk.pages) > 1:
                yield Exercised(last.number)
            if walk.loops:
                yield violation(
                    "goes-round-in-a-circle",
                    last.number,
                    walk.pages[0].number,
                    parameter=CURSORS[backward],
                    pages=len(walk.pages),
                    cursor=_next_cursor(last, backward),
                )
            elif len(walk.pages) >= MAX_WALK_PAGES and last.limit == maximum and last.page.has_more:
                proof = (last.number, walk.pages[0].number)
                yield violation("never-ends", *proof, pages=len(walk.pages), limit=maximum)
    yield NotExercised("no page was followed by the page its cursor leads to")
