"""Text that a subject sent, as markup: every character is either plainly visible or shown as its escape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from markupsafe import Markup, escape

from models_conformance.support.text import UNSAFE, escape_of

MarkKind = Literal["observed", "expected"]

_PERHAPS_UNSAFE = re.compile(r"[^\x20-\x7e]+")
# And every blank but the common one: evidence has to show which it was.
_UNSAFE = UNSAFE | {"Zs"}
# Letters and marks by category, but drawn as nothing: fillers, joiners, variation selectors, the blank braille cell.
_DRAWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# What decoding with `surrogateescape` makes of the bytes 80 to FF where they are not UTF-8.
_FIRST_BYTE, _LAST_BYTE = 0xDC80, 0xDCFF


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text, `start` to `end`, that a finding names: in what was observed or what was expected."""

    start: int
    end: int
    kind: MarkKind


def visible(text: str, marks: Iterable[Mark] = (), *, lines: bool = False, longest: int | None = None) -> Markup:
    """`text` as markup that holds no element but `<mark>` and `<span class="escape">`.

    With `lines`, line feeds and tabs are kept, for an element that preserves them. Cut after `longest`
    characters, where given, with the number of those left out.
    """
    rest = 0
    if longest is not None and len(text) > longest:
        text, rest = text[:longest], len(text) - longest
    parts: list[str] = []
    at = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.kind != "observed", -mark.end)):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start >= end:
            continue
        parts += _escaped(text[at:start], lines)
        parts += (f'<mark class="{mark.kind}">', *_escaped(text[start:end], lines), "</mark>")
        at = end
    parts += _escaped(text[at:], lines)
    if rest:
        parts.append(f'<span class="cut">… ({rest:,} more characters)</span>')
    return Markup("".join(parts))


def _escaped(text: str, lines: bool) -> list[str]:
    parts: list[str] = []
    at = 0
    for found in _PERHAPS_UNSAFE.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts += _runs(found.group(), lines)
        at = found.end()
    parts.append(escape(text[at:]))
    return parts


def _runs(text: str, lines: bool) -> Iterator[str]:
    """Runs of characters that are all safe, or all not: one element for a thousand NULs, not a thousand."""
    for is_unsafe, run in groupby(text, lambda character: _is_unsafe(character, lines)):
        if is_unsafe:
            yield f'<span class="escape">{"".join(map(_escape_of, run))}</span>'
        else:
            yield escape("".join(run))


def _is_unsafe(character: str, lines: bool) -> bool:
    if character in "\n\t":
        return not lines
    return unicodedata.category(character) in _UNSAFE or _DRAWN_AS_NOTHING.match(character) is not None


def _escape_of(character: str) -> str:
    if _FIRST_BYTE <= ord(character) <= _LAST_BYTE:
        return f"\\x{ord(character) - 0xDC00:02x}"
    return escape_of(character)
