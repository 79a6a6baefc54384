"""Hypothesis strategies for catalogues: ids, names, dates in every spelling, and members beyond the documented ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models_conformance.scenarios.models import LATER_MEMBERS, NULLABLE_MEMBERS, Wire, model
from models_conformance.scenarios.texts import AWKWARD_IDS, CLIMBING_IDS, NAMES

_MOST_MODELS = 60
_COUNTED = re.compile(r"claude-[0-9]+", re.ASCII)
_EPOCH = "1970-01-01T00:00:00Z"
# None of any revision: those have a type of their own that a client may insist on.
_MEMBER_NAMES = ("owner", "class", "模型", "x y")
# Readers of JSON that know no integers keep 53 bits.
_EXACT = 2**53


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Wire, ...]:
    """None to sixty models, newest first, all ids different. Up to six of them are drawn, the others counted.

    That keeps drawing fast, and what was drawn readable.
    """
    total = draw(_TOTALS)
    drawn = draw(_ID_LISTS)[:total]
    names = draw(_NAME_LISTS)
    dates = _dates(draw, total)
    extras = draw(_EXTRA_LISTS)
    # Spread over the list: a stride that has no divisor in common with its length meets each place once.
    stride = 7 if total % 7 else 11
    places = {(3 + number * stride) % total: text for number, text in enumerate(drawn)}
    return tuple(
        model(
            places.get(at, f"claude-{at}"),
            dates[at],
            names[at % 5] if at % 5 < len(names) else f"Claude {at}",
            **extras[at % len(extras)],
        )
        for at in range(total)
    )


def is_counted(model_id: str) -> bool:
    """Whether the model of that id was counted and not drawn."""
    return _COUNTED.fullmatch(model_id) is not None


def _ids() -> SearchStrategy[str]:
    """Ids as vendors write them, awkward ones, and any text; none that a counted model may have."""
    vendor = st.text("abclmz0129-./:@", min_size=1, max_size=16)
    awkward = st.sampled_from([text for _, text in (*AWKWARD_IDS, *CLIMBING_IDS)])
    marks = st.text(alphabet="ab%2Ff/?#&=+;, .~é模", min_size=1, max_size=10)
    anything = st.text(_PRINTED, min_size=1, max_size=10)
    return st.one_of(vendor, awkward, marks, anything).filter(lambda text: not is_counted(text))


def _dates(draw: st.DrawFn, total: int) -> Sequence[str]:
    """One date for each model, never rising along the list but for epochs, in a few spellings taken in turn."""
    # All instants are whole in the fewest digits that any of them is written with, so that none is cut.
    digits = draw(_DIGITS)
    unit = 10 ** (6 - digits)
    gaps, spellings, unknown = draw(_GAPS), draw(_SPELLINGS[digits]), draw(_UNKNOWN)
    moment = draw(_NEWEST_DATES).replace(microsecond=0, tzinfo=UTC)
    dates = []
    for at in range(total):
        dates.append(_EPOCH if at in unknown else _spelt(moment, *spellings[at % len(spellings)]))
        moment -= timedelta(microseconds=gaps[at % len(gaps)] // unit * unit)
    return dates


def _spelt(moment: datetime, offset: int, shown: int, small: bool) -> str:
    """RFC 3339 at that offset in minutes, with that many fraction digits."""
    local = moment.astimezone(timezone(timedelta(minutes=offset)))
    fraction = f".{f'{local.microsecond:06d}000'[:shown]}" if shown else ""
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}" if offset else "Z"
    text = f"{local.strftime('%Y-%m-%d')}T{local.strftime('%H:%M:%S')}{fraction}{zone}"
    return text.lower() if small else text


def _date_spellings(digits: int) -> SearchStrategy[list[tuple[int, int, bool]]]:
    """Offset in minutes, number of fraction digits, and whether letters are small."""
    spelling = st.tuples(
        st.one_of(st.just(0), st.sampled_from((330, 345, -210)), st.integers(-12 * 60, 14 * 60)),
        st.sampled_from([count for count in (0, 1, 3, 6, 9) if count >= digits]),
        st.sampled_from((False,) * 9 + (True,)),
    )
    return st.lists(spelling, min_size=1, max_size=3)


def json_members(names: Sequence[str]) -> SearchStrategy[Mapping[str, Any]]:
    """Up to three members of any JSON value, under these names, none of them a documented one, or made-up ones."""
    name = st.one_of(st.sampled_from(names), st.text("xyz_", min_size=1, max_size=6))
    return st.dictionaries(name, _json_values(), max_size=3)


def _json_values() -> SearchStrategy[Any]:
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-_EXACT, _EXACT),
        st.integers(-(2**20), 2**20).map(lambda number: number / 4 + 0.125),
        st.text(st.characters(codec="utf-8"), max_size=12),
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_é", max_size=4), inner, max_size=3),
        max_leaves=4,
    )


# Built once: building a strategy costs more than drawing from it.
_PRINTED = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
_TOTALS = st.one_of(st.integers(0, 12), st.integers(0, _MOST_MODELS))
_ID_LISTS = st.lists(_ids(), max_size=6, unique=True)
_DISPLAY_NAMES = st.one_of(
    st.text(_PRINTED, max_size=30),
    st.sampled_from([text for _, text in NAMES if len(text) < 100]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=10),
)
_NAME_LISTS = st.lists(_DISPLAY_NAMES, max_size=4)
_LATER_NAMES = st.lists(st.sampled_from(sorted(LATER_MEMBERS)), max_size=4, unique=True)
# Members of later revisions, and some of those null.
_LATER_MEMBERS = st.one_of(
    _LATER_NAMES.map(lambda chosen: {name: LATER_MEMBERS[name] for name in chosen}),
    _LATER_NAMES.map(lambda chosen: {name: None for name in chosen if name in NULLABLE_MEMBERS}),
)
_EXTRA_LISTS = st.lists(st.one_of(st.just({}), _LATER_MEMBERS, json_members(_MEMBER_NAMES)), min_size=1, max_size=3)
_DIGITS = st.sampled_from((0, 0, 1, 3, 6))
_GAPS = st.lists(st.one_of(st.just(0), st.integers(1, 10**9), st.integers(1, 10**13)), min_size=1, max_size=4)
_SPELLINGS = {digits: _date_spellings(digits) for digits in (0, 1, 3, 6)}
_UNKNOWN = st.one_of(st.frozensets(st.nothing()), st.frozensets(st.integers(0, _MOST_MODELS), max_size=4))
_NEWEST_DATES = st.datetimes(datetime(1999, 1, 1), datetime(2101, 1, 1))
