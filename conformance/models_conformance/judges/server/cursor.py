"""Area cursor: after_id and before_id lead to the page next to a model."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange_reading import Call
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Observed, Violation, judges, quoted
from models_conformance.judges.server.limit import past_either_end
from models_conformance.judges.server.list_order import Listing, Order
from models_conformance.judges.server.server_evidence import Evidence, is_malformed

_NO_CURSOR = "no page was asked for with a cursor that the list had shown"
_ALL_INCLUSIVE = "no page with a cursor held only models from beyond it, with a neighbour known"


def _inclusive(order: Order, listing: Listing) -> str | None:
    """The first model that stands on the wrong side of the cursor."""
    if listing.after is not None:
        return next((one for one in listing.ids if order.precedes_or_equals(one, listing.after)), None)
    if listing.before is not None:
        return next((one for one in listing.ids if order.precedes_or_equals(listing.before, one)), None)
    return None


@judges("list-after-id-is-exclusive")
def list_after_id_is_exclusive(evidence: Evidence) -> Iterator[Judgement]:
    """Nothing on the page after a model is that model or stands before it."""
    yield from _exclusive(evidence, backward=False)


@judges("list-before-id-is-exclusive")
def list_before_id_is_exclusive(evidence: Evidence) -> Iterator[Judgement]:
    """Nothing on the page before a model is that model or stands after it."""
    yield from _exclusive(evidence, backward=True)


def _exclusive(evidence: Evidence, backward: bool) -> Iterator[Judgement]:
    for listing in evidence.listings:
        cursor = listing.before if backward else listing.after
        if cursor is None:
            continue
        yield Exercised(listing.number)
        wrong = _inclusive(evidence.order, listing)
        if wrong is not None:
            which = "that model itself" if wrong == cursor else f"{quoted(wrong)}, which stands on the other side"
            yield Violation(
                f"the page {'before' if backward else 'after'} {quoted(cursor)} holds {which}",
                f"only models that {'precede' if backward else 'follow'} the cursor",
                (listing.number, evidence.listed[wrong]),
            )
    yield NotExercised(_NO_CURSOR)


@judges("list-after-id-is-immediate")
def list_after_id_is_immediate(evidence: Evidence) -> Iterator[Judgement]:
    """The page starts with the successor of the cursor."""
    order = evidence.order
    for listing in evidence.listings:
        if listing.after is None:
            continue
        link = order.successor.get(listing.after)
        if link is None or _inclusive(order, listing):
            continue
        yield Exercised(listing.number)
        ids = order.in_list_order(listing)
        if not ids or ids[0] != link.id:
            yield Violation(
                f"the page after {quoted(listing.after)} " + (f"starts with {quoted(ids[0])}" if ids else "is empty"),
                f"{quoted(link.id)}, which follows it as exchange {link.witness} shows",
                (listing.number, link.witness),
            )
    yield NotExercised(_ALL_INCLUSIVE)


@judges("list-before-id-is-immediate")
def list_before_id_is_immediate(evidence: Evidence) -> Iterator[Judgement]:
    """The page ends with the predecessor of the cursor, as far as it was known by then."""
    order = evidence.order
    for listing in evidence.listings:
        if listing.before is None:
            continue
        ids = order.in_list_order(listing)
        link = order.predecessor.get(listing.before) if ids else order.newer_neighbour(listing.before, listing.number)
        if link is None or _inclusive(order, listing):
            continue
        yield Exercised(listing.number)
        if not ids or ids[-1] != link.id:
            yield Violation(
                f"the page before {quoted(listing.before)} " + (f"ends with {quoted(ids[-1])}" if ids else "is empty"),
                f"{quoted(link.id)}, which precedes it as exchange {link.witness} shows",
                (listing.number, link.witness),
            )
    yield NotExercised(_ALL_INCLUSIVE)


@judges("list-before-id-keeps-list-order")
def list_before_id_keeps_list_order(evidence: Evidence) -> Iterator[Judgement]:
    """A backward page shows its models the same way round as forward pages do."""
    for listing in evidence.listings:
        if listing.before is None or len(listing.ids) < 2:
            continue
        yield Exercised(listing.number)
        if listing.number in evidence.order.reversed_pages:
            yield Violation(
                f"the page before {quoted(listing.before)} runs from {quoted(listing.ids[0])} "
                f"to {quoted(listing.ids[-1])}: reversed",
                "list order, newest first, in both directions",
                (listing.number, evidence.listed[listing.ids[0]]),
            )
    yield NotExercised("no page before a model held two models")


@judges("list-page-past-the-end-is-empty")
def list_page_past_the_end_is_empty(evidence: Evidence) -> Iterator[Judgement]:
    """After the last model, and before the first, there is nothing: 200 with an empty page."""
    order = evidence.order
    for listing in evidence.listings:
        past_end = listing.after is not None and listing.after not in order.successor
        past_head = listing.before is not None and listing.before not in order.predecessor
        if not (past_end or past_head):
            continue
        yield Exercised(listing.number)
        if listing.ids:
            side = (
                f"after the last model, {quoted(listing.after)},"
                if past_end
                else (f"before the first model, {quoted(listing.before)},")
            )
            yield Violation(
                f"the page {side} holds {len(listing.ids)} models, the first {quoted(listing.ids[0])}",
                "an empty page",
                (listing.number, evidence.listed[listing.ids[0]]),
            )
    for reading in evidence.judged():
        if reading.status == 200 or not evidence.is_documented_list(reading.call):
            continue
        witness = past_either_end(evidence, reading.call)
        if witness is not None and _succeeds_elsewhere(evidence, reading.call):
            yield Violation(
                f"the page past the end of the list is answered {reading.status or 'by no whole response'}",
                "200 with an empty page",
                (reading.number, witness),
            )
    yield NotExercised("nobody asked past either end")


def _succeeds_elsewhere(evidence: Evidence, call: Call) -> bool:
    """Whether the same direction, and the same limit, have been answered with a page for another cursor."""
    pages = [listing for listing in evidence.listings if not call.beta_lines or listing.betas]
    same_direction = any((page.after if call.values("after_id") else page.before) is not None for page in pages)
    return same_direction and (call.limit is None or any(page.limit == call.limit for page in pages))


@judges("list-without-cursor-starts-at-head")
def list_without_cursor_starts_at_head(evidence: Evidence) -> Iterator[Judgement]:
    """Nothing known at the time stands before the first model of a page without a cursor."""
    order = evidence.order
    for listing in evidence.listings:
        if listing.after is not None or listing.before is not None:
            continue
        ids = order.in_list_order(listing)
        yield Exercised(listing.number)
        if not ids:
            known = next((one for one, seen in order.first_seen.items() if seen < listing.number), None)
            if known is not None:
                yield Violation(
                    "the page without a cursor is empty",
                    f"the head of the list: exchange {order.first_seen[known]} shows {quoted(known)}",
                    (listing.number, order.first_seen[known]),
                )
            continue
        link = order.newer_neighbour(ids[0], listing.number)
        if link is not None:
            yield Violation(
                f"the page without a cursor starts with {quoted(ids[0])}",
                f"the head of the list; {quoted(link.id)} stands before it, as exchange {link.witness} shows",
                (listing.number, link.witness),
            )
    yield NotExercised("no page was asked for without a cursor")


@judges("list-unknown-cursor")
def list_unknown_cursor(evidence: Evidence) -> Iterator[Judgement]:
    """Documented nowhere: noted."""
    for reading in evidence.judged():
        call = reading.call
        cursors = [value for name in ("after_id", "before_id") for value in call.values(name)]
        if call.operation == "list" and len(cursors) == 1 and cursors[0] not in evidence.listed:
            yield Exercised(reading.number)
            kind = "malformed cursor" if is_malformed(call) else "unknown cursor"
            name = "after_id" if call.values("after_id") else "before_id"
            yield Observed(f"{name} with {'an' if kind[0] == 'u' else 'a'} {kind}", evidence.summary(reading))
    yield NotExercised("no unknown cursor was tried")


@judges("list-both-cursors")
def list_both_cursors(evidence: Evidence) -> Iterator[Judgement]:
    """Documented nowhere: noted."""
    for reading in evidence.judged():
        call = reading.call
        if call.operation == "list" and call.values("after_id") and call.values("before_id"):
            yield Exercised(reading.number)
            yield Observed("after_id and before_id together", evidence.summary(reading))
    yield NotExercised("both cursors at once were not tried")
