"""API versions: what `anthropic-version` may name. Each is a date; the companion page on versions lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

VERSION_HEADER = "anthropic-version"

LISTED: Mapping[str, str] = {"2023-06-01": "2023-06-01", "2026-10-21": "2026-10-21"}
"""Each version that the companion page lists, with the date since when it does."""

OLDEST = min(LISTED)
"""What a server speaks that speaks only one, as far as its pages do not say otherwise."""

_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def is_api_version(text: str) -> bool:
    """Whether a text has the form of an API version: a date such as 2023-06-01."""
    return _DATE.fullmatch(text) is not None


def is_judged(version: str) -> bool:
    """Whether requests of that version are judged: it is documented, or later than one that is."""
    return is_api_version(version) and version >= OLDEST


def version_notes(counts: Mapping[str, int], what: str, apart: Iterable[str] = ()) -> list[str]:
    """What a reader has to know of the API versions that so many exchanges or calls named.

    `apart` are versions that are left out because another one was asked for.
    """
    notes, others = [], frozenset(apart)
    for version, number in sorted(counts.items()):
        named = f"{number} {what}{'' if number == 1 else 's'}"
        shown = ascii(version[:30])
        if version in others:
            notes.append(f"{named} left out: {VERSION_HEADER} {shown} is not the one that was requested")
        elif not is_judged(version):
            notes.append(f"{named} left out: {VERSION_HEADER} {shown} is documented nowhere, nor later than what is")
        elif version not in LISTED:
            notes.append(
                f"{named} of {VERSION_HEADER} {shown}, which no page lists yet: judged as the newest that one does"
            )
    return notes
