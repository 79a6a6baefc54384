"""What the questions of a run are for, and which of them an area of requirements needs: with `--only`, the others are
not sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Part = Literal[
    "opening",
    "reading the list",
    "ends of the list",
    "walks",
    "retrieve",
    "credentials",
    "betas",
    "limits outside the range",
    "compatibility",
    "limits and cursors",
    "generated requests",
    "odd cursors",
    "asking again",
    "filters",
    "malformed requests",
]

_ALWAYS: frozenset[Part] = frozenset({"opening", "reading the list"})
_PAGES: frozenset[Part] = frozenset(
    {"ends of the list", "walks", "limits and cursors", "generated requests", "asking again"}
)
# What is judged by whatever comes back (transport, envelope, errors, repeat), and betas, which are judged by what comes
# without one, are not here: they need all of it.
_NEEDS: Mapping[str, frozenset[Part]] = {
    "order": _PAGES,
    "has-more": _PAGES,
    "walk": _PAGES,
    "limit": _PAGES | {"limits outside the range"},
    "cursor": _PAGES | {"odd cursors", "malformed requests"},
    "retrieve": frozenset({"retrieve", "generated requests", "asking again", "malformed requests"}),
    "credentials": frozenset({"credentials"}),
    "compatibility": frozenset({"compatibility"}),
    "filter": frozenset({"filters"}),
}


def parts_for(areas: Iterable[str]) -> frozenset[Part] | None:
    """The parts that these areas need; None where they need the whole run."""
    needed = _ALWAYS
    for area in areas:
        if area not in _NEEDS:
            return None
        needed |= _NEEDS[area]
    return needed
