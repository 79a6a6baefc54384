"""Amounts in words."""

from __future__ import annotations


def number(value: int) -> str:
    """`12,345`."""
    return f"{value:,}"


def size(count: int) -> str:
    """A number of bytes in words: `812 bytes`, `5.3 KiB`, `31.0 MiB`."""
    if count < 1024:
        return f"{count} byte" if count == 1 else f"{count} bytes"
    return f"{count / 1024:.1f} KiB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MiB"
