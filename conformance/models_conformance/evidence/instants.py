"""RFC 3339 date-times, in every spelling the standard allows, as exact instants.

The documentation says RFC 3339 and no more; recordings only ever show `YYYY-MM-DDT00:00:00Z`. So lower-case
letters, offsets, any number of fraction digits, a blank for the `T` (RFC 3339, 5.6) and leap seconds pass.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

_RFC3339 = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]+))?(?:[Zz]|(?P<sign>[+-])(?P<oh>[0-9]{2}):(?P<om>[0-9]{2}))"
)
# Whole seconds stay integers: exact either way, and dates are compared by the hundred thousand.
Instant = int | Fraction
# A fraction longer than this cannot be a time anybody measured; it only costs memory.
_MAX_LENGTH = 128
_LEAP = 60
_DAY = 86400
_DAYS_IN_400_YEARS = 146097


def instant(text: object) -> Instant | None:
    """Seconds since 1970-01-01T00:00:00Z, exact; None where `text` is not an RFC 3339 date-time."""
    return _instant(text) if isinstance(text, str) and len(text) <= _MAX_LENGTH else None


# A run reads the same few dates thousands of times.
@lru_cache(maxsize=4096)
def _instant(text: str) -> Instant | None:
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    offset_hour, offset_minute = int(match["oh"] or 0), int(match["om"] or 0)
    if hour > 23 or minute > 59 or second > _LEAP or offset_hour > 23 or offset_minute > 59:
        return None
    date, cycles = match["date"], 0
    if date.startswith("0000"):
        # RFC 3339 begins with year 0, Python with year 1; the calendar repeats itself every 400 years.
        date, cycles = f"0400{date[4:]}", 1
    try:
        day = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        return None
    offset = timedelta(hours=offset_hour, minutes=offset_minute) * (-1 if match["sign"] == "-" else 1)
    whole = (day - datetime(1970, 1, 1, tzinfo=UTC)) + timedelta(hours=hour, minutes=minute) - offset
    seconds = (whole.days - cycles * _DAYS_IN_400_YEARS) * _DAY + whole.seconds + second
    # A leap second is the last of a UTC day (RFC 3339, 5.7).
    if second == _LEAP and (seconds - 1) % _DAY != _DAY - 1:
        return None
    fraction = match["fraction"]
    return seconds + Fraction(int(fraction), 10 ** len(fraction)) if fraction else seconds


def is_unknown(moment: Instant) -> bool:
    """Whether the instant is an epoch value: the documented way to say that a release date is unknown.

    The page says "an epoch value": 1970-01-01, and the zero dates other languages write (year 1).
    """
    return moment in (0, _YEAR_ONE)


_YEAR_ONE = -62135596800
