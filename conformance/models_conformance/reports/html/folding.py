"""Which elements of the arrays of a JSON text are folded away, so that a reader sees what is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from models_conformance.reports.html.layout import LaidOut, Path, Value

# Fewer in a row take no more lines than the words that stand for them.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """Whole lines of a laid out text, `start` to `end`, that hold `count` elements of one array."""

    start: int
    end: int
    count: int

    @property
    def words(self) -> str:
        return f"… {self.count:,} more …"


def folds(laid_out: LaidOut, marked: Iterable[int] = ()) -> list[Fold]:
    """The runs of elements that are neither the first nor the last of their array and hold no `marked` position.

    In the order of the text. What lies within another is left out.
    """
    text, places = laid_out.text, sorted(marked)
    arrays: dict[Path, list[Value]] = {}
    for value in laid_out.values:
        if value.path and isinstance(value.path[-1], int):
            arrays.setdefault(value.path[:-1], []).append(value)
    found: list[Fold] = []
    for elements in arrays.values():
        # An array on one line takes no room.
        if len(elements) >= _FEWEST + 2 and "\n" in text[elements[0].start : elements[-1].start]:
            found += _runs(text, elements, places)
    outer: list[Fold] = []
    for fold in sorted(found, key=lambda fold: (fold.start, -fold.end)):
        if not outer or fold.start >= outer[-1].end:
            outer.append(fold)
    return outer


def _runs(text: str, elements: list[Value], places: list[int]) -> Iterator[Fold]:
    inner = elements[1:-1]
    for is_marked, run in groupby(inner, lambda span: any(span.start <= place < span.end for place in places)):
        alike = list(run)
        if not is_marked and len(alike) >= _FEWEST:
            start = text.rfind("\n", 0, alike[0].start) + 1
            yield Fold(start, text.find("\n", alike[-1].end) + 1, len(alike))


def folded(laid_out: LaidOut) -> str:
    """The text with words in place of what is folded."""
    text, parts, at = laid_out.text, [], 0
    for fold in folds(laid_out):
        indent = len(text[fold.start : fold.end]) - len(text[fold.start : fold.end].lstrip())
        parts += [text[at : fold.start], " " * indent, fold.words, "\n"]
        at = fold.end
    return "".join([*parts, text[at:]])
