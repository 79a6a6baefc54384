"""What changes once and for good: models that are released, withdrawn, renamed or replaced while somebody asks.

That is news, not a fault, and both sides of it are judged apart. It is news only where the same plain question for the
whole list shows it, every answer before it fits the list of then, and every answer after it the list of now. What comes
back, keeps moving, or depends on the question is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from models_conformance.contract.points import Limits
from models_conformance.evidence.exchange import Trace
from models_conformance.evidence.exchange_reading import Item, Page, Reading
from models_conformance.evidence.known_list import stretch
from models_conformance.judges.judgement import Observed
from models_conformance.judges.server.comparison import moves_for_all
from models_conformance.judges.server.list_order import Listing
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.support.text import counted, quoted

# A catalogue that changes more often within a run does not stand still at all.
_MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """The list `before` became the list `after`; exchange `number` is the first that shows it."""

    number: int
    before: Page
    after: Page

    def observation(self) -> Observed:
        """The change in words."""
        removed = [model for model in self.before.ids if model not in self.after.ids]
        new = [model for model in self.after.ids if model not in self.before.ids]
        summary = ", ".join(f"{_named(models)} {what}" for models, what in ((removed, "gone"), (new, "new")) if models)
        summary = summary or "a model is described differently or stands elsewhere"
        return Observed("the list of models", f"changed during the run, once and for good: {summary}")


def _named(models: Sequence[str]) -> str:
    return quoted(models[0], 40) + (" is" if len(models) == 1 else f" and {counted(len(models) - 1, 'more')} are")


def sides(whole: Evidence) -> tuple[list[Evidence], list[Change]]:
    """The evidence on each side of each change, and the changes; the whole evidence where nothing changed for good."""
    found = changes(whole)
    if not found:
        return [whole], []
    edges = [0, *(change.number for change in found), len(whole.readings) + whole.readings[0].number]
    parts = [
        tuple(reading.exchange for reading in whole.readings if first <= reading.number < end)
        for first, end in pairwise(edges)
    ]
    return [Evidence(Trace(whole.origin, part), whole.contract, whole=whole) for part in parts if part], found


def changes(evidence: Evidence) -> list[Change]:
    """The changes of the catalogue that are news, in order."""
    if evidence.limits is None:
        return []
    # A series that shows a change tells more than a longer one of a part of the list.
    series = [
        [list(group) for _, group in groupby(lists, key=lambda whole: whole.page.items)]
        for lists in _whole_lists(evidence, evidence.limits)
    ]
    states = max(series, key=lambda states: (len(states) > 1, sum(map(len, states))), default=[])
    if not 1 < len(states) <= _MOST_CHANGES + 1 or len({state[0].page.items for state in states}) < len(states):
        return []
    found = []
    for earlier, later in pairwise(states):
        change = _change(evidence, evidence.limits, earlier[-1], later[0])
        # One answer of its own proves no change for good; a recording has no more to show.
        is_seen_again = len(later) > 1 or evidence.origin.kind == "recording"
        if change is None or not (is_seen_again or change.number < later[0].first):
            return []
        found.append(change)
    return found


@dataclass(frozen=True, slots=True)
class _WholeList:
    """The list, or as much of it as was read at one time: by the exchanges from `first` to `last`, page after page."""

    first: int
    last: int
    page: Page


def _whole_lists(evidence: Evidence, limits: Limits) -> Iterator[list[_WholeList]]:
    """What each plain question for as much of the list as one page holds was answered with, read on to the end where
    the questions after it did so."""
    asked: dict[tuple[object, ...], list[_WholeList]] = {}
    for at, listing in enumerate(evidence.listings):
        size = limits.default if listing.limit is None else listing.limit
        is_whole = listing.page.has_more is False and len(listing.ids) < size
        if listing.cursor is None and not listing.betas and (is_whole or size == limits.maximum):
            question = evidence[listing.number].question
            asked.setdefault(question, []).append(_WholeList(listing.number, listing.number, listing.page))
            whole = _read_on(evidence.listings[at:], limits)
            if whole is not None:
                asked.setdefault((*question, "whole"), []).append(whole)
    return (lists for lists in asked.values() if len(lists) > 1)


def _read_on(listings: Sequence[Listing], limits: Limits) -> _WholeList | None:
    """The list of several of the largest pages, where these begin with one and go on to the last; None elsewhere."""
    items: tuple[Item, ...] = ()
    for listing in listings:
        expected = items[-1].id if items else None
        if listing.betas or listing.backward or listing.after != expected or listing.limit != limits.maximum:
            return None
        items += listing.page.items
        if not listing.page.has_more or not listing.page.items:
            is_whole = listing is not listings[0] and listing.page.has_more is False
            return (
                _WholeList(listings[0].number, listing.number, replace(listing.page, items=items)) if is_whole else None
            )
    return None


def _change(evidence: Evidence, limits: Limits, last: _WholeList, first: _WholeList) -> Change | None:
    """The change between two answers to one question; None where what came between fits no single moment of it."""
    before, after = last.page, first.page
    if moves_for_all(before.items, after.items):
        return None
    old, new = _State(before, limits), _State(after, limits)
    number, doubtful = first.first, None
    # A cursor that is gone was answered before: its refusals look arbitrary until the change is known.
    for reading in evidence.documented_answers():
        if not last.last < reading.number < first.first:
            continue
        fits = _side(evidence, reading, old, new)
        if fits is new and number == first.first:
            number = doubtful or reading.number
        elif fits is old and number != first.first:
            return None
        elif fits is old:
            doubtful = None
        elif doubtful is None and _is_refusal_of_what_is_gone(reading, old, new):
            doubtful = reading.number
    return Change(doubtful or number if number == first.first else number, before, after)


def _is_refusal_of_what_is_gone(reading: Reading, old: _State, new: _State) -> bool:
    return _is_refused(reading) and new.lacks(reading) and not old.lacks(reading)


def _is_refused(reading: Reading) -> bool:
    return reading.status is not None and 400 <= reading.status < 500


class _State:
    """A list as it stood, and what a right server answers from it."""

    def __init__(self, page: Page, limits: Limits) -> None:
        self.page = page
        self._limits = limits
        self.items = {item.id: item for item in page.items}
        self.places = {item.id: place for place, item in enumerate(page.items)}

    def window(self, reading: Reading) -> tuple[tuple[Item, ...], bool] | None:
        """The items and has_more of the page asked for; None where the list, as far as it is known, does not tell."""
        call = reading.call
        size = call.limit if call.values("limit") else self._limits.default
        after, before = call.after, call.before
        if size is None or any(cursor is not None and cursor not in self.places for cursor in (after, before)):
            return None
        part, more = stretch(
            len(self.page.items),
            size,
            after=None if after is None else self.places[after],
            before=None if before is None else self.places[before],
        )
        # Where more is behind the known part, a page that reaches its end may go on there.
        if before is None and not more and self.page.has_more:
            return None
        return self.page.items[part], more

    def lacks(self, reading: Reading) -> bool:
        """Whether a cursor, or the model that is asked for, is not in this list."""
        call = reading.call
        named = (call.model_id, call.after, call.before)
        return any(name is not None and name not in self.items for name in named)


def _side(evidence: Evidence, reading: Reading, old: _State, new: _State) -> _State | None:
    """Which of the two lists an answer can only come from; None where it tells neither.

    A page shows that by itself, whatever it was asked with. A refusal does only where all but the model is right.
    """
    call = reading.call
    is_documented = evidence.is_documented_list(call) or evidence.is_documented_retrieve(call)
    is_plain = is_documented and not call.beta_lines
    if reading.page is not None:
        shown = (reading.page.items, bool(reading.page.has_more))
        windows = old.window(reading), new.window(reading)
        if None in windows:
            return None
        fits = [window == shown for window in windows]
    elif reading.model is not None and reading.model.id == reading.call.model_id:
        fits = [state.items.get(reading.model.id) in (reading.model, None) for state in (old, new)]
    elif _is_refused(reading) and is_plain:
        fits = [state.lacks(reading) for state in (old, new)]
    else:
        return None
    return None if fits[0] == fits[1] else old if fits[0] else new
