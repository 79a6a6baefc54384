"""The order of releases, in whatever way a language's registry spells them."""

from __future__ import annotations

import re

Key = tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]

# Numbers are bounded because a version comes from a file: Python refuses to read thousands of digits.
_RELEASE = re.compile(r"\s*v?([0-9]{1,18}(?:\.[0-9]{1,18})*)(.*)", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r"[0-9]{1,18}|[a-z]+", re.IGNORECASE)
# What follows a release rather than leading up to it: post-releases of Python, service packs of Maven.
_LATER = frozenset({"post", "rev", "r", "sp", "p", "final", "ga"})
_EARLIEST = {"dev": -2, "snapshot": -2, "nightly": -2, "canary": -2, "a": -1, "b": 0, "c": 1}
_SPELLINGS = {"alpha": "a", "beta": "b", "pre": "c", "preview": "c", "rc": "c", "m": "b", "milestone": "b"}


def version_key(version: str | None) -> Key:
    """A key that sorts releases oldest first: `v1.9.0` before `1.10.0`, a pre-release before its release.

    Registries disagree (PEP 440, semantic versions, Maven, Go pseudo-versions), and one fleet has them all:
    this orders what they share and never refuses. Build metadata takes no part; what names no number comes first.
    """
    found = _RELEASE.match(version or "")
    if found is None:
        return ((), 0, ((0, 0, version or ""),))
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    parts = [part.lower() for part in _PART.findall(found[2].partition("+")[0])]
    phase = 0 if not parts else 1 if parts[0] in _LATER else -1
    return (tuple(numbers), phase, tuple(_part(part) for part in parts))


def _part(part: str) -> tuple[int, int, str]:
    if part.isdigit():
        # Numbers go before words, as semantic versions have it.
        return (0, int(part), "")
    known = _SPELLINGS.get(part, part)
    return (1, _EARLIEST.get(known, 2), known)
