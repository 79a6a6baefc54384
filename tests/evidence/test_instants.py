"""RFC 3339 in every spelling the standard allows, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.instants import instant, is_unknown

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9998, 1, 1)), OFFSETS)
def test_any_offset_names_the_same_instant(moment: datetime, zone: timezone) -> None:
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    expected = Fraction((moment - datetime(1970, 1, 1)) // timedelta(microseconds=1), 10**6)
    assert instant(local.isoformat()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-19T00:00:00Z",
        "2025-02-19t00:00:00z",
        "2025-02-19T00:00:00.000Z",
        "2025-02-19T01:30:00+01:30",
        "2025-02-19T00:00:00-00:00",
        "2025-02-19 00:00:00Z",
        "2025-02-18T23:59:60Z",
    ],
)
def test_spellings_of_one_instant(text: str) -> None:
    assert instant(text) == 1739923200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-19",
        "2025-02-19T00:00:00",
        "2025-02-30T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "1739923200",
        "2025-02-19T24:00:00Z",
        "2025-02-19T12:00:60Z",
        "2025-02-19T00:00Z",
        "20250219T000000Z",
        "2025-02-19T00:00:00+0100",
        "2025-02-19T00:00:00Z\n",
        "Wed, 19 Feb 2025 00:00:00 GMT",
        "２０２５-02-19T00:00:00Z",
        1739923200,
        None,
    ],
)
def test_other_dates_are_refused(text: object) -> None:
    assert instant(text) is None


@given(st.text(max_size=40) | st.from_regex(r"[0-9T:Z.+-]{10,40}"))
def test_no_text_makes_it_raise(text: str) -> None:
    instant(text)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00", "0001-01-01T00:00:00Z"])
def test_epochs_mean_unknown(text: str) -> None:
    moment = instant(text)
    assert moment is not None
    assert is_unknown(moment)


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("0000-01-01T00:00:00Z", -366 * 86400),
        ("0000-12-31T23:59:59Z", -1),
        ("0000-02-29T00:00:00Z", (59 - 366) * 86400),
        ("0000-01-01T00:00:00+01:00", -366 * 86400 - 3600),
    ],
)
def test_year_0_is_a_year_and_a_leap_year(text: str, later: int) -> None:
    first = instant("0001-01-01T00:00:00Z")
    assert first is not None
    assert instant(text) == first + later
