"""Patterns of lists that cannot be walked: each is recognised by its rule, and not by a neighbour's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models_conformance.evidence.instants import instant
from tests.causes.explored import CATALOGUE, IDS, List, explored, named, right
from tests.judges.builders import Recorder, answer, page

# Three models of each date.
_TIED = [replace(model, created_at=CATALOGUE[at - at % 3].created_at) for at, model in enumerate(CATALOGUE)]


def _walked(listing: List) -> Recorder:
    """A server explored, and walked in pages of several sizes by the cursors that it gives."""
    recorder = explored(listing)
    for limit in (2, 3, 5):
        for cursors in (IDS[limit - 1 :: limit], IDS[-limit::-limit]):
            backward = cursors[0] > cursors[-1]
            first = listing(limit, None, IDS[-1]) if backward else listing(limit, None, None)
            recorder.list(first, limit, before=IDS[-1] if backward else None)
            for cursor in cursors:
                told = listing(limit, None, cursor) if backward else listing(limit, cursor, None)
                recorder.list(told, limit, after=None if backward else cursor, before=cursor if backward else None)
    return recorder


def _by_date(limit: int | None, after: str | None, before: str | None) -> object:
    if after is None:
        return answer(_TIED, limit, after, before)
    dates = [instant(model.created_at) for model in _TIED]
    date = dates[IDS.index(after)]
    assert date is not None
    start = next((at for at, other in enumerate(dates) if other is not None and other < date), len(_TIED))
    shown = _TIED[start : start + (limit or 20)]
    return page(shown, start + len(shown) < len(_TIED))


def _skips_one(limit: int | None, after: str | None, before: str | None) -> object:
    if after is None:
        return answer(_TIED, limit, after, before)
    start = IDS.index(after) + 2
    shown = _TIED[start : start + (limit or 20)]
    return page(shown, start + len(shown) < len(_TIED))


def test_a_cursor_that_leads_by_date_is_told_from_one_that_skips() -> None:
    assert named(explored(_by_date)) == [("cursor-is-compared-by-date", "list-after-id-is-immediate")]
    assert named(explored(_skips_one)) == [("list-after-id-is-immediate", "list-after-id-is-immediate")]


def _ring(limit: int | None, after: str | None, before: str | None) -> object:
    told = answer(CATALOGUE, limit, None if after == IDS[-1] else after, before)
    assert isinstance(told, dict)
    return told if before else {**told, "has_more": True}


def _wraps_once(limit: int | None, after: str | None, before: str | None) -> object:
    return answer(CATALOGUE, limit, None if after == IDS[-1] else after, before)


def test_a_ring_is_told_from_a_page_past_the_end_that_is_the_first() -> None:
    assert named(_walked(_ring)) == [("list-is-a-ring", "walk-ends")]
    past = "list-page-past-the-end-is-empty"
    assert named(_walked(_wraps_once)) == [(past, past)]


def _cut_off(pages: int, backward: bool) -> List:
    def listing(limit: int | None, after: str | None, before: str | None) -> object:
        told = answer(CATALOGUE, limit, after, before)
        assert isinstance(told, dict)
        shown: Any = told["data"]
        if not shown or (before is not None) is not backward:
            return told
        first, last = IDS.index(shown[0]["id"]), IDS.index(shown[-1]["id"])
        seen = len(IDS) - first if backward else last + 1
        return {**told, "has_more": told["has_more"] and seen < pages * (limit or 20)}

    return listing


@pytest.mark.parametrize(("backward", "direction"), [(False, "forward"), (True, "backward")])
def test_a_walk_that_is_cut_off_is_told_from_a_wrong_has_more(backward: bool, direction: str) -> None:
    assert named(_walked(_cut_off(3, backward))) == [("walk-is-cut-off", f"walk-{direction}-yields-every-model-once")]

    def wrong(limit: int | None, after: str | None, before: str | None) -> object:
        told = right(limit, after, before)
        assert isinstance(told, dict)
        return {**told, "has_more": False} if (before is not None) is backward else told

    assert named(_walked(wrong))[0][0].startswith("list-has-more")
