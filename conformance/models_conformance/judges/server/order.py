"""Area order: one list, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from models_conformance.evidence.exchange_reading import Item
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Violation, violation
from models_conformance.judges.server.list_order import Listing, Order
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.support.text import quoted

_FEWER_THAN_TWO = "no page showed two models"


@SERVER_JUDGES("list-is-newest-first")
def list_is_newest_first(evidence: Evidence) -> Iterator[Judgement]:
    """Dates never rise along a page, from the cursor into it, or along the chain of all pages."""
    on_pages: set[tuple[str, str]] = set()
    for listing in evidence.placed:
        if listing.number in evidence.order.reversed_pages:
            continue
        known = [item for item in _with_cursor(evidence, listing) if item.moment is not None]
        known = [item for item in known if item.id not in evidence.order.ambiguous]
        if len(known) > 1:
            yield Exercised(listing.number)
        for newer, older in pairwise(known):
            if _rises(newer, older) and (newer.id, older.id) not in on_pages:
                on_pages.add((newer.id, older.id))
                yield _older_first(newer, older, listing.number)
    yield from _along_chains(evidence, on_pages)
    yield NotExercised(_FEWER_THAN_TWO + " with known dates")


def _with_cursor(evidence: Evidence, listing: Listing) -> list[Item]:
    """The page with the model its cursor names at the end where it belongs, as first listed.

    Where one answer dates a model otherwise than another, dates are compared within the answer that gave them.
    """
    items = list(listing.page.items)
    if not evidence.remembered(_dates_agree):
        return items
    ids = set(listing.ids)
    if listing.after in evidence.items and listing.after not in ids:
        return [evidence.items[listing.after][0], *items]
    if listing.before in evidence.items and listing.before not in ids:
        return [*items, evidence.items[listing.before][0]]
    return items


def _along_chains(evidence: Evidence, known: set[tuple[str, str]]) -> Iterator[Judgement]:
    """Rises that no single page shows: between models with only unknown dates between them."""
    for chain in evidence.order.chains() if evidence.remembered(_dates_agree) else ():
        entries = [evidence.items[model] for model in chain if model in evidence.items]
        for (newer, first), (older, then) in pairwise(entry for entry in entries if entry[0].moment is not None):
            if _rises(newer, older) and (newer.id, older.id) not in known:
                yield _older_first(newer, older, then, first)


def _dates_agree(evidence: Evidence) -> bool:
    """Whether every page dates a model as the others do."""
    return all(
        item.moment == evidence.items[item.id][0].moment
        for listing in evidence.listings
        if not listing.betas
        for item in listing.page.items
        if item.id in evidence.items and item.id not in evidence.order.ambiguous
    )


def _rises(newer: Item, older: Item) -> bool:
    first, second = newer.moment, older.moment
    return first is not None and second is not None and second > first


def _older_first(first: Item, second: Item, *proof: int) -> Violation:
    return violation(
        "older-stands-first",
        *proof,
        member="created_at",
        first=first.id,
        first_date=first.created_at,
        second=second.id,
        second_date=second.created_at,
    )


@SERVER_JUDGES("list-order-is-one-order")
def list_order_is_one_order(evidence: Evidence) -> Iterator[Judgement]:
    """No page shows as neighbours two models that other pages show apart."""
    order = evidence.order
    for listing in evidence.placed:
        ids = order.in_list_order(listing)
        if len(ids) > 1:
            yield Exercised(listing.number)
        for model, following in pairwise(ids):
            broken = _contradiction(order, listing, model, following)
            if broken is not None:
                yield broken
                break
    yield NotExercised(_FEWER_THAN_TWO)


def _contradiction(order: Order, listing: Listing, model: str, following: str) -> Violation | None:
    """How other pages contradict that `following` comes right after `model`; None where none does."""
    follows, leads = order.successor.get(model), order.predecessor.get(following)
    proof = [listing.number]
    if follows is not None and follows.id != following:
        proof.append(follows.witness)
        why = f"{quoted(follows.id)} follows it, as exchange {follows.witness} shows"
    elif leads is not None and leads.id != model:
        proof.append(leads.witness)
        why = f"{quoted(leads.id)} precedes it, as exchange {leads.witness} shows"
    elif follows is None and leads is None:
        why = "one order: other pages show the second before the first"
    else:
        return None
    return violation("has-other-neighbours", *proof, model=model, next=following, why=Words(why))
