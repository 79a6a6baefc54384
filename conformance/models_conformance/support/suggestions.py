"""What somebody may have meant by a name that nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 3
_LEAST_LIKENESS = 0.5


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean A or B?` with the known names that are like `name`, the likest first; empty where none is."""
    close = get_close_matches(name, list(known), n=_MOST, cutoff=_LEAST_LIKENESS)
    return f"did you mean {' or '.join(close)}?" if close else ""
