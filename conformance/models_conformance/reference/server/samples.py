"""Catalogues with ids or dates that need care: for oddities, and for faults that show on nothing less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from models_conformance.reference.server.catalogue import EPOCH, Catalogue, Model, catalogue_of

_ODD_IDS = (
    "vendor/claude-next",
    "eu.vendor.claude-next-v2:0",
    "claude-next@20260101",
    "claude next preview",
    "claude%2Fnext",
    "100%-claude",
    "claude?next=1",
    "claude#next",
    "claude+next",
    "claude&limit=3",
    "claude=next",
    "clàude-ñext-模型",
    "claude-🙂",
    "..",
    "../models",
    "publishers/a/models/claude-next",
    "claude;next,one",
    '"claude\'next"',
    "<b>claude</b>",
    "claude\\next",
    "~claude_next.v1!*()",
    f"claude-{'long-' * 60}end",
)


def dated(position: int) -> str:
    """A date for the model at that position of a made-up list: one day older for each."""
    return f"20{25 - position // 336:02d}-{12 - position // 28 % 12:02d}-{28 - position % 28:02d}T00:00:00Z"


@cache
def escaped_ids() -> Catalogue:
    """Ids that cannot go into a URL as they are, with a few plain ones among them."""
    models = [Model(name, dated(at), f"Odd {at}") for at, name in enumerate(_ODD_IDS)]
    return Catalogue(
        (*catalogue_of(7).models, *models),
        {"vendor/latest": "vendor/claude-next", "the next one": "claude next preview"},
    )


@cache
def letter_case_ids() -> Catalogue:
    """Ids of which two at a time differ in letter case only."""
    names = [name for number in range(12) for name in (f"claude-case-{number}", f"Claude-Case-{number}")]
    return Catalogue(Model(name, dated(at), f"Case {at}") for at, name in enumerate(names))


@cache
def prefix_ids() -> Catalogue:
    """Ids that begin other ids: `claude-1` comes after `claude-1-preview`, and so on."""
    names = [name for number in range(1, 13) for name in (f"claude-{number}-preview", f"claude-{number}")]
    return Catalogue(Model(name, dated(at), f"Prefix {at}") for at, name in enumerate(names))


@cache
def mixed_spellings() -> Catalogue:
    """Dates in the spellings of RFC 3339: offsets, fractions, small letters, which do not sort as text."""
    spellings = (
        "2026-03-01T01:00:00+05:00",
        "2026-02-28T19:30:00Z",
        "2026-02-28T12:00:00.250-07:00",
        "2026-02-28t18:59:59.999999999z",
        "2026-02-28 18:00:00Z",
        "2026-02-28T23:00:00+09:00",
        "2026-02-28T00:00:00-13:59",
        "2026-02-28T13:00:00+00:00",
        "2026-02-28T13:00:00Z",
        "2026-02-28T12:00:00-00:00",
        "2025-12-31T23:59:60Z",
        "2026-01-01T05:29:59+05:30",
        EPOCH,
        "1970-01-01T00:00:00+00:00",
        "2025-12-31T23:59:58.5Z",
        "2026-01-01T12:59:58+13:00",
    )
    head = [Model(f"claude-spelt-{at}", text, f"Spelt {at}") for at, text in enumerate(spellings)]
    tail = [Model(f"claude-plain-{at}", dated(at), f"Plain {at}") for at in range(30)]
    return Catalogue((*head, *tail))


@cache
def offset_dates() -> Catalogue:
    """Dates of one day in many zones: newest first as instants, in no order as text."""
    # 06:00 UTC downwards in steps of ten minutes, shown in zones from -12 to +11 hours.
    models = []
    for at in range(30):
        date = datetime(2026, 3, 15, 6, tzinfo=UTC) - timedelta(minutes=10 * at)
        shown = date.astimezone(timezone(timedelta(hours=at * 7 % 24 - 12)))
        models.append(Model(f"claude-zone-{at}", shown.isoformat(), f"Zone {at}"))
    return Catalogue(models)
