"""A body as the page shows it: laid out where it is JSON, as text where it is text, in hexadecimal where not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from models_conformance.reports.html.clues import Clues, marks_in_json, marks_in_text
from models_conformance.reports.html.layout import LONGEST, Fold, folds, lay_out
from models_conformance.reports.html.visible import Mark, visible

# So much of a body is shown from its beginning: a page of 47 models fits.
SHOWN_BODY = 8 * 1024
# What is marked further in is shown too, with so much around it, so many times.
_AROUND = 160
_MOST_EXCERPTS = 8
_SHOWN_BYTES = 512
_ROW = 16
# Bytes that no text has, or that are not UTF-8; more of them than this and it is not text.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\udc80-\udcff]")
_MOST_NOT_TEXT = 0.1


def size(count: int) -> str:
    """A number of bytes in words: `812 bytes`, `5.3 KiB`, `31.0 MiB`."""
    if count < 1024:
        return f"{count} byte" if count == 1 else f"{count} bytes"
    return f"{count / 1024:.1f} KiB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MiB"


@dataclass(frozen=True, slots=True)
class BodyView:
    """`about` says what was done to show it: its form, its size and what was left out."""

    shown: Markup
    about: str


def body_view(body: bytes, clues: Sequence[Clues]) -> BodyView:
    """The body with what the clues name marked. Never more than a few times SHOWN_BODY long."""
    whole = size(len(body))
    if not body:
        return BodyView(Markup(""), "no body")
    text = body[: LONGEST + 1].decode("utf-8", "surrogateescape")
    if len(_NOT_TEXT.findall(text[:SHOWN_BODY])) > _MOST_NOT_TEXT * len(text[:SHOWN_BODY]):
        cut = f", the first {size(_SHOWN_BYTES)} shown" if len(body) > _SHOWN_BYTES else ""
        return BodyView(Markup("\n").join(_dump(body[:_SHOWN_BYTES])), f"{whole} in hexadecimal{cut}")
    laid_out = lay_out(text) if len(body) <= LONGEST and not _NOT_TEXT.search(text) else None
    if laid_out is None:
        marks = [mark for clue in clues for mark in marks_in_text(text[:LONGEST], clue)]
        shown, is_cut = _cut(text[:LONGEST], marks)
        return BodyView(shown, f"{whole}, as it came" + _cut_words(is_cut or len(body) > LONGEST))
    marks = [mark for clue in clues for mark in marks_in_json(laid_out, clue)]
    shown, is_cut = _cut(laid_out.text, marks, folds(laid_out, [mark.start for mark in marks]))
    return BodyView(shown, f"{whole} of JSON, indented" + _cut_words(is_cut))


def _cut_words(is_cut: bool) -> str:
    return f"; the first {size(SHOWN_BODY)} and what is marked are shown" if is_cut else ""


def _cut(text: str, marks: list[Mark], folded: Sequence[Fold] | None = None) -> tuple[Markup, bool]:
    """The beginning of a text and excerpts around later marks, with the length of each gap between them. A text that
    was laid out is shown line by line, and what is `folded` in it opens by a click."""
    spans = [(0, min(SHOWN_BODY, len(text)))]
    for mark in sorted(marks, key=lambda mark: mark.start):
        start, end = max(0, mark.start - _AROUND), min(len(text), min(mark.end, mark.start + _AROUND) + _AROUND)
        if start <= spans[-1][1]:
            # Joined to the beginning only as far as the marked part, or many marks would show all of a body.
            spans[-1] = (spans[-1][0], max(end if mark.end > spans[-1][1] else 0, spans[-1][1]))
        elif len(spans) <= _MOST_EXCERPTS:
            spans.append((start, end))
    parts: list[Markup] = []
    at = 0
    for start, end in spans:
        parts += [_gap(start - at)] if start > at else []
        for first, last, fold in _pieces(start, end, folded or ()):
            within = [
                Mark(mark.start - first, mark.end - first, mark.kind) for mark in marks if first <= mark.start < last
            ]
            shown = visible(text[first:last], within, lines=True)
            parts.append(shown if folded is None else _lines(shown, fold))
        at = end
    if at < len(text):
        parts.append(_gap(len(text) - at))
    return Markup("").join(parts), len(spans) > 1 or at < len(text)


def _pieces(start: int, end: int, folded: Sequence[Fold]) -> Iterator[tuple[int, int, Fold | None]]:
    """A span in pieces, with the fold of each that is folded away."""
    for fold in folded:
        if start <= fold.start < end:
            if start < fold.start:
                yield start, fold.start, None
            yield fold.start, min(fold.end, end), fold
            start = min(fold.end, end)
    if start < end:
        yield start, end, None


def _lines(shown: Markup, fold: Fold | None) -> Markup:
    """An element for each line gives a wrapped one a hanging indent. No token of JSON holds a line feed."""
    lines = "<span>" + str(shown).removesuffix("\n").replace("\n", "\n</span><span>") + "\n</span>"
    return Markup(f'<details class="fold"><summary>{fold.words}</summary>{lines}</details>' if fold else lines)


def _gap(characters: int) -> Markup:
    return Markup('\n<span class="cut">… {:,} characters left out …</span>\n').format(characters)


def _dump(body: bytes) -> Iterator[Markup]:
    for at in range(0, len(body), _ROW):
        row = body[at : at + _ROW]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
        yield Markup("{}").format(f"{at:04x}  {row.hex(' '):<{3 * _ROW}} {letters}")
