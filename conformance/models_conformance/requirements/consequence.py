"""One rule of consequence: who breaks some requirements breaks others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consequence:
    """Who breaks any of `broken` may break all of `follow`, both globs over requirement ids, for that `reason`.

    Where `kinds` are named, globs too, only what is broken in no other way than these follows; where `where` is, only
    from what is broken in one of those ways.
    """

    name: str
    broken: tuple[str, ...]
    follow: tuple[str, ...]
    reason: str
    kinds: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
