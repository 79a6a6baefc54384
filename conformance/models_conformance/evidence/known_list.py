"""The part of a list that a page shows, where the list is known: what a right server answers, in places."""

from __future__ import annotations


def stretch(count: int, size: int, *, after: int | None = None, before: int | None = None) -> tuple[slice, bool]:
    """Which of `count` models, newest first, stand on a page of `size`, and whether more follow in its direction.

    `after` and `before` are the places of the cursors, at most one of them given.
    """
    if before is not None:
        return slice(max(0, before - size), before), before > size
    start = 0 if after is None else after + 1
    return slice(start, start + size), start + size < count
