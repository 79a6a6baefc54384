"""Area cursor: a cursor leads to the page next to a model."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange_reading import Call
from models_conformance.evidence.particulars import Value, Words
from models_conformance.evidence.targets import CURSORS
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, violation
from models_conformance.judges.server.limit import past_either_end
from models_conformance.judges.server.list_order import Listing, Order
from models_conformance.judges.server.registry import SERVER_JUDGES, SERVER_TEMPLATES, leads_back
from models_conformance.judges.server.server_evidence import Evidence, is_malformed
from models_conformance.requirements.templates import About


def _inclusive(order: Order, listing: Listing) -> str | None:
    """The first model that stands on the wrong side of the cursor; an id that is listed twice stands nowhere."""
    if listing.after is not None:
        return next((model for model in listing.ids if order.precedes_or_equals(model, listing.after)), None)
    if listing.before is not None:
        return next((model for model in listing.ids if order.precedes_or_equals(listing.before, model)), None)
    return None


def _next_to_a_model(evidence: Evidence, about: About) -> Iterator[tuple[Listing, str, dict[str, Value]]]:
    """The pages that this cursor asked for, with the model it names and the particulars of both."""
    shared = {name: Words(about[name]) for name in ("side", "place", "beyond")}
    for listing in evidence.with_place:
        cursor = listing.before if leads_back(about) else listing.after
        if cursor is not None:
            yield listing, cursor, {"cursor": cursor, **shared}


@SERVER_TEMPLATES("list-{slug}-is-exclusive")
def list_cursor_is_exclusive(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Nothing on the page next to a model is that model or stands on its other side."""
    for listing, cursor, shared in _next_to_a_model(evidence, about):
        yield Exercised(listing.number)
        wrong = _inclusive(evidence.order, listing)
        if wrong is not None:
            kind = "holds-the-cursor" if wrong == cursor else "holds-models-of-the-other-side"
            proof = listing.number, evidence.listed[wrong]
            yield violation(kind, *proof, parameter=about["parameter"], model=wrong, shared=shared)
    yield NotExercised("no page was requested with a cursor that the list had shown")


@SERVER_TEMPLATES("list-{slug}-is-immediate")
def list_cursor_is_immediate(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """The page starts with the successor of the cursor; or ends with the predecessor, as far as known by then."""
    order, backward = evidence.order, leads_back(about)
    for listing, cursor, shared in _next_to_a_model(evidence, about):
        ids = order.in_list_order(listing)
        if not backward:
            link = order.successor.get(cursor)
        else:
            link = order.predecessor.get(cursor) if ids else order.newer_neighbour(cursor, listing.number)
        if link is None or _inclusive(order, listing):
            continue
        yield Exercised(listing.number)
        edge = ids[-1 if backward else 0] if ids else None
        if edge != link.id:
            yield violation(
                "is-empty" if edge is None else "skips-the-neighbour",
                listing.number,
                parameter=about["parameter"],
                edge=edge,
                neighbour=link.id,
                witness=link.witness,
                shared=shared,
            )
    yield NotExercised("no page with a cursor held only models from beyond it, with a neighbour known")


@SERVER_JUDGES("list-before-id-keeps-list-order")
def list_before_id_keeps_list_order(evidence: Evidence) -> Iterator[Judgement]:
    """A backward page shows its models the same way round as forward pages do."""
    for listing in evidence.listings:
        if listing.before is None or len(listing.ids) < 2:
            continue
        yield Exercised(listing.number)
        if listing.number in evidence.order.reversed_pages:
            first, last = listing.ids[0], listing.ids[-1]
            yield violation(
                "is-reversed",
                listing.number,
                evidence.listed[first],
                parameter=CURSORS[1],
                cursor=listing.before,
                first=first,
                last=last,
            )
    yield NotExercised("no page before a model held two models")


@SERVER_JUDGES("list-page-past-the-end-is-empty")
def list_page_past_the_end_is_empty(evidence: Evidence) -> Iterator[Judgement]:
    """After the last model, and before the first, there is nothing: 200 with an empty page."""
    for listing in evidence.with_place:
        parameter = _past_the_end_by(evidence.order, listing)
        if parameter is None:
            continue
        yield Exercised(listing.number)
        if listing.ids:
            yield violation(
                "holds-models",
                listing.number,
                evidence.listed[listing.ids[0]],
                parameter=parameter,
                cursor=listing.cursor,
                count=len(listing.ids),
                first=listing.ids[0],
            )
    yield from _refused_past_the_end(evidence)
    yield NotExercised("no request went past either end")


def _past_the_end_by(order: Order, listing: Listing) -> str | None:
    """The cursor by which a page was asked for behind the last model or before the first; None where it was not.

    A page that goes on from the cursor's own model, where nothing else says that this is the last one, is not.
    """
    if listing.after is not None and listing.after not in order.successor:
        parameter, shown_by = CURSORS[0], order.end_witness
    elif listing.before is not None and listing.before not in order.predecessor:
        parameter, shown_by = CURSORS[1], order.head_witness
    else:
        return None
    cursor = str(listing.cursor)
    return None if cursor in listing.ids and shown_by(cursor) is None else parameter


def _refused_past_the_end(evidence: Evidence) -> Iterator[Judgement]:
    for reading in evidence.judged():
        if reading.status == 200 or not evidence.is_documented_list(reading.call):
            continue
        witness = past_either_end(evidence, reading.call)
        if witness is not None and _succeeds_elsewhere(evidence, reading.call):
            yield evidence.judged_by_status(reading, witness, parameter=reading.call.cursors[0])


def _succeeds_elsewhere(evidence: Evidence, call: Call) -> bool:
    """Whether the same direction, the same limit and these betas have been answered with a page for another cursor."""
    pages = [listing for listing in evidence.listings if set(call.betas) <= set(listing.betas)]
    same_direction = any((page.before if call.backward else page.after) is not None for page in pages)
    return same_direction and (call.limit is None or any(page.limit == call.limit for page in pages))


@SERVER_JUDGES("list-without-cursor-starts-at-head")
def list_without_cursor_starts_at_head(evidence: Evidence) -> Iterator[Judgement]:
    """Nothing known at the time stands before the first model of a page without a cursor."""
    order = evidence.order
    for listing in evidence.with_place:
        if listing.after is not None or listing.before is not None:
            continue
        ids = order.in_list_order(listing)
        yield Exercised(listing.number)
        if not ids:
            known = next((model for model, seen in order.first_seen.items() if seen < listing.number), None)
            if known is not None:
                witness = order.first_seen[known]
                yield violation("is-empty", listing.number, witness=witness, model=known)
            continue
        link = order.newer_neighbour(ids[0], listing.number)
        if link is not None:
            proof = link.witness
            yield violation("starts-further-down", listing.number, witness=proof, first=ids[0], newer=link.id)
    yield NotExercised("no page was requested without a cursor")


@SERVER_JUDGES("list-unknown-cursor")
def list_unknown_cursor(evidence: Evidence) -> Iterator[Judgement]:
    for reading in evidence.judged():
        call = reading.call
        cursors = [value for name in CURSORS for value in call.values(name)]
        if call.operation == "list" and len(cursors) == 1 and cursors[0] not in evidence.listed:
            yield Exercised(reading.number)
            cursor = "an unknown cursor" if cursors[0] else "an empty cursor"
            cursor = "a malformed cursor" if is_malformed(call) else cursor
            yield evidence.observed(f"{call.cursors[0]} with {cursor}", reading)
    yield NotExercised("no unknown cursor was tried")


@SERVER_JUDGES("list-both-cursors")
def list_both_cursors(evidence: Evidence) -> Iterator[Judgement]:
    for reading in evidence.judged():
        call = reading.call
        if call.operation == "list" and call.cursors == CURSORS:
            yield Exercised(reading.number)
            yield evidence.observed(f"{' and '.join(CURSORS)} together", reading)
    yield NotExercised("both cursors at once were not tried")
