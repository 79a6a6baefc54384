"""The consistency judge's model: every page is a set of claims about one hidden order.

Two neighbours in a page are adjacent; a cursor and the end of the page it led to are adjacent. All claims of
a run are merged by vote: neighbours within a page outvote cursor claims, and pages without a cursor count
double, as do those without betas, because they depend on the fewest parameters. What the votes agree on is the
order; a page that says otherwise contradicts it, and the page that carried the winning claim is the other half of
the proof.

A page that does not lie beside its cursor says nothing of the order: it is convicted of its place, and of nothing else.
Its claims are not votes. Nor does an id that one page lists twice tell where anything stands: it is left out of the
order, and a page that begins, ends or was asked for with it has no place.

A model released during the run is news, not a contradiction: it stands before what was the head, and every
claim that the old head has no predecessor was made before the new one was first seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from models_conformance.evidence.exchange_reading import Page

# How much more a page counts for each thing that it was asked for without.
_PLAIN_WEIGHT = 2
# Where one page in so many of a direction lies elsewhere, its cursor does not mean a place.
_MISLED = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """One page that answered a documented question. `after` and `before` are known ids or None."""

    number: int
    page: Page
    after: str | None
    before: str | None
    limit: int | None
    betas: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return self.page.ids

    @property
    def backward(self) -> bool:
        return self.before is not None

    @property
    def cursor(self) -> str | None:
        return self.after if self.after is not None else self.before


@dataclass(slots=True)
class _Vote:
    weight: int
    witness: int


@dataclass(frozen=True, slots=True)
class Link:
    """That `id` is next to another model, and the exchange that said so."""

    id: str
    witness: int


@dataclass(slots=True)
class _Votes:
    """How often each successor was claimed, by model."""

    by_model: dict[str, dict[str, _Vote]] = field(default_factory=dict)

    def add(self, model: str, successor: str, weight: int, witness: int) -> None:
        candidates = self.by_model.setdefault(model, {})
        vote = candidates.get(successor)
        if vote is None:
            candidates[successor] = _Vote(weight, witness)
        else:
            vote.weight += weight

    def ranked(self) -> Iterator[tuple[str, str, int]]:
        """(model, successor, witness), the surest claim first."""
        claims = [
            (vote.weight, vote.witness, model, successor)
            for model, candidates in self.by_model.items()
            for successor, vote in candidates.items()
        ]
        claims.sort(key=lambda claim: (-claim[0], claim[1]))
        return ((model, successor, witness) for _, witness, model, successor in claims)


class Order:
    """The hidden order as far as the listings tell: links between neighbours, and positions along chains.

    `ambiguous` ids are listed twice on some page. `placeless` pages have such an id for a cursor or at an end,
    `misplaced` ones do not lie beside their cursor: neither says anything of the order, of fullness or of has_more.
    `default_size` is that of a page without a limit, where the contract says it.
    """

    def __init__(self, listings: list[Listing], default_size: int | None) -> None:
        self._default_size = default_size
        self.first_seen: dict[str, int] = {}
        for listing in listings:
            for model in listing.ids:
                self.first_seen.setdefault(model, listing.number)
        self.ambiguous = _listed_twice(listings)
        self.placeless = frozenset(listing.number for listing in listings if self._has_no_place(listing))
        placed = [listing for listing in listings if listing.number not in self.placeless]
        self.reversed_pages = _reversed_pages(placed)
        self._link(self._neighbour_votes(placed))
        self.misplaced = self._misplaced(placed)
        reliable = [listing for listing in placed if listing.number not in self.misplaced]
        self._link(self._neighbour_votes(reliable), self._cursor_votes(reliable))
        # What only cursors link may show some more; but no page that the order was made of is convicted by it.
        self.misplaced |= self._misplaced(placed)
        self._ends, self._heads = self._boundaries(
            listing for listing in placed if listing.number not in self.misplaced
        )

    def places(self, listing: Listing) -> bool:
        """Whether the page lies where it was asked for, as far as is known: only then its place says more."""
        return listing.number not in self.placeless and listing.number not in self.misplaced

    def _has_no_place(self, listing: Listing) -> bool:
        return not self.ambiguous.isdisjoint({listing.cursor, *listing.ids[:1], *listing.ids[-1:]})

    def _misplaced(self, listings: Sequence[Listing]) -> frozenset[int]:
        """Pages that lie elsewhere; where the cursors of a direction mislead as a habit, all of that direction."""
        found: set[int] = set()
        for backward in (False, True):
            pages = [listing for listing in listings if listing.cursor is not None and listing.backward is backward]
            elsewhere = {listing.number for listing in pages if self._lies_elsewhere(listing)}
            # Such a cursor does not mean a place: a page that lies well by chance proves as little as the others.
            habit = len(elsewhere) > 1 and len(elsewhere) * _MISLED >= len(pages)
            found |= {listing.number for listing in pages} if habit else elsewhere
        return frozenset(found)

    def _lies_elsewhere(self, listing: Listing) -> bool:
        """Whether the page is known not to lie beside its cursor.

        One with gaps, or in another order, still does, as long as it begins beside the cursor or holds nothing from
        beyond where a right page would end.
        """
        here = self.position.get(str(listing.cursor))
        if here is None:
            return False
        ids = self.in_list_order(listing)[:: -1 if listing.backward else 1]
        if not ids:
            return self.beyond(listing) is not None
        direction = -1 if listing.backward else 1
        steps = [
            None if there is None or there[0] != here[0] else (there[1] - here[1]) * direction
            for there in map(self.position.get, ids)
        ]
        known = [step for step in steps if step is not None]
        if not known:
            return False
        size = listing.limit or self._default_size
        return min(known) <= 0 or (size is not None and steps[0] not in (None, 1) and max(known) > size)

    def _link(self, *votes: _Votes) -> None:
        """Make the chains anew from these votes, the surest kind first."""
        self.successor: dict[str, Link] = {}
        self.predecessor: dict[str, Link] = {}
        self._chain_of: dict[str, str] = {}
        for kind in votes:
            self._accept(kind)
        self.position = {model: (chain[0], place) for chain in self.chains() for place, model in enumerate(chain)}

    def in_list_order(self, listing: Listing) -> tuple[str, ...]:
        """The page's ids, turned round where the page is reversed; those that are listed twice left out."""
        ids = tuple(model for model in listing.ids if model not in self.ambiguous)
        return ids[::-1] if listing.number in self.reversed_pages else ids

    def precedes_or_equals(self, first: str, second: str) -> bool:
        """Whether `first` is known to stand before `second`, or is it."""
        if first == second:
            return True
        here, there = self.position.get(first), self.position.get(second)
        return here is not None and there is not None and here[0] == there[0] and here[1] < there[1]

    def tells_what_follows(self, listing: Listing) -> bool:
        """Whether the edge of a page is where the page ends: not where it lies elsewhere, or is in another order.

        What any other page holds says nothing of how long it is or of what lies beyond it.
        """
        return self.places(listing) and not self._is_disordered(listing)

    def _is_disordered(self, listing: Listing) -> bool:
        """Whether a page, read from its cursor on, is known to go back somewhere."""
        ids = self.in_list_order(listing)
        around = (listing.after, *ids, listing.before)
        places = [self.position[model] for model in around if model is not None and model in self.position]
        return (
            listing.after in ids
            or listing.before in ids
            or any(chain == other and place > later for (chain, place), (other, later) in pairwise(places))
        )

    def newer_neighbour(self, model: str, by: int) -> Link | None:
        """The model right before `model`, where it had been listed before exchange `by`."""
        link = self.predecessor.get(model)
        return link if link is not None and self.first_seen.get(link.id, by) < by else None

    def end_witness(self, model: str) -> int | None:
        """The exchange that showed `model` to be the last one; None where something follows or is unknown."""
        return None if model in self.successor else self._ends.get(model)

    def head_witness(self, model: str) -> int | None:
        """The exchange that showed `model` to be the first one; None where something precedes or is unknown."""
        return None if model in self.predecessor else self._heads.get(model)

    def beyond(self, listing: Listing) -> Link | None:
        """The model known to lie beyond a page in the requested direction, at the time it was asked for."""
        ids = self.in_list_order(listing)
        if listing.before is not None:
            return self.newer_neighbour(ids[0] if ids else listing.before, listing.number)
        last = ids[-1] if ids else listing.after
        return self.successor.get(last) if last is not None else None

    def nothing_beyond(self, listing: Listing) -> int | None:
        """The exchange that shows nothing to lie beyond a page; the page itself where it is empty."""
        ids = self.in_list_order(listing)
        if not ids:
            return listing.number
        return self.head_witness(ids[0]) if listing.backward else self.end_witness(ids[-1])

    @property
    def is_whole(self) -> bool:
        """Whether one chain is known from the head of the list to its end."""
        return any(head not in self.predecessor and self._from(head)[-1] in self._ends for head in self._heads)

    def chains(self) -> Iterator[list[str]]:
        """The models in the order that is known, a list for each part of which no model before it is known."""
        return (self._from(head) for head in self.first_seen if head not in self.predecessor)

    def _from(self, head: str) -> list[str]:
        chain = [head]
        while (link := self.successor.get(chain[-1])) is not None:
            chain.append(link.id)
        return chain

    def chain_before(self, model: str) -> list[str]:
        """All models known to precede `model`, the nearest first."""
        chain = [model]
        while (link := self.predecessor.get(chain[-1])) is not None:
            chain.append(link.id)
        return chain[1:]

    def _neighbour_votes(self, listings: Iterable[Listing]) -> _Votes:
        votes = _Votes()
        for listing in listings:
            weight = _PLAIN_WEIGHT ** ((listing.cursor is None) + (not listing.betas))
            for model, following in pairwise(self.in_list_order(listing)):
                votes.add(model, following, weight, listing.number)
        return votes

    def _cursor_votes(self, listings: Iterable[Listing]) -> _Votes:
        votes = _Votes()
        for listing in listings:
            ids = self.in_list_order(listing)
            weight = 1 if listing.betas else _PLAIN_WEIGHT
            if ids and listing.after is not None:
                votes.add(listing.after, ids[0], weight, listing.number)
            elif ids and listing.before is not None:
                votes.add(ids[-1], listing.before, weight, listing.number)
        return votes

    def _accept(self, votes: _Votes) -> None:
        """Take the surest claims first; drop one that gives a model two neighbours or closes a circle."""
        for model, successor, witness in votes.ranked():
            if model in self.successor or successor in self.predecessor:
                continue
            if self._chain(model) == self._chain(successor):
                continue
            self.successor[model] = Link(successor, witness)
            self.predecessor[successor] = Link(model, witness)
            self._chain_of[self._chain(successor)] = self._chain(model)

    def _chain(self, model: str) -> str:
        """The representative of the chain that `model` belongs to (union-find with path halving)."""
        while True:
            parent = self._chain_of.setdefault(model, model)
            if parent == model:
                return model
            grandparent = self._chain_of.setdefault(parent, parent)
            self._chain_of[model] = grandparent
            model = grandparent

    def _boundaries(self, listings: Iterable[Listing]) -> tuple[dict[str, int], dict[str, int]]:
        """Models that some page showed to be the last, or the first: an empty page is surer than has_more."""
        ends: dict[str, int] = {}
        heads: dict[str, int] = {}
        hinted_ends: dict[str, int] = {}
        hinted_heads: dict[str, int] = {}
        for listing in listings:
            ids = self.in_list_order(listing)
            is_last = listing.page.has_more is False
            if not ids:
                if listing.cursor is not None:
                    (heads if listing.backward else ends).setdefault(listing.cursor, listing.number)
                continue
            if listing.cursor is None or (listing.backward and is_last):
                hinted_heads.setdefault(ids[0], listing.number)
            if is_last and not listing.backward:
                hinted_ends.setdefault(ids[-1], listing.number)
        return {**hinted_ends, **ends}, {**hinted_heads, **heads}


def _listed_twice(listings: Iterable[Listing]) -> frozenset[str]:
    return frozenset(
        model
        for listing in listings
        if len(set(listing.ids)) < len(listing.ids)
        for model, count in Counter(listing.ids).items()
        if count > 1
    )


def _reversed_pages(listings: list[Listing]) -> frozenset[int]:
    """Backward pages whose models stand the other way round than on forward pages, or by their dates."""
    forward = {pair for listing in listings if not listing.backward for pair in pairwise(dict.fromkeys(listing.ids))}
    found = set()
    for listing in listings:
        if not listing.backward or len(listing.ids) < 2:
            continue
        pairs = list(pairwise(listing.ids))
        inverted = sum((second, first) in forward for first, second in pairs)
        upright = sum(pair in forward for pair in pairs)
        if inverted > upright or (not inverted and not upright and _rises(listing)):
            found.add(listing.number)
    return frozenset(found)


def _rises(listing: Listing) -> bool:
    """Whether the dates of a page rise throughout: newest last."""
    moments = [item.moment for item in listing.page.items if item.moment is not None]
    return len(moments) > 1 and all(moment < later for moment, later in pairwise(moments))
