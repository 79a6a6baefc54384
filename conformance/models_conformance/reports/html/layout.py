"""JSON laid out to be read, without changing any token: how a number or a string was spelt is evidence.

Of a long array the elements that need not be looked at are folded away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

Path = tuple[str | int, ...]

# A longer text is shown as it came: laying out megabytes to show a few kilobytes helps nobody.
LONGEST = 256 * 1024
# Indentation grows with depth, so that hostile nesting would make a small body a large page.
_DEEPEST = 32
# A container of scalars up to this long stays on one line: twenty models are then twenty lines.
_ONE_LINE = 160
# Fewer elements in a row take no more lines than the words that stand for them.
_FEWEST = 3
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the laid out text: where it stands (its key at `key`, if it has one) and, of a scalar, what
    it says: a string decoded, anything else as spelt. None for a container."""

    path: Path
    key: int | None
    start: int
    end: int
    says: str | None


@dataclass(frozen=True, slots=True)
class LaidOut:
    text: str
    values: tuple[Value, ...]


# Findings of one subject point to the same few exchanges again and again.
@lru_cache(maxsize=32)
def lay_out(source: str) -> LaidOut | None:
    """`source` indented, or None where it is not one JSON text, too long or nested too deeply."""
    if len(source) > LONGEST:
        return None
    try:
        json.loads(source)
    except (ValueError, RecursionError):
        return None
    tokens = _TOKEN.findall(source)
    single = _on_one_line(tokens)
    return None if single is None else _Writer(tokens, single).write()


def _on_one_line(tokens: list[str]) -> frozenset[int] | None:
    """Positions of the tokens that open a container to be kept on one line. None where nested too deeply."""
    single: set[int] = set()
    # Of each open container: its first token, and whether it holds a container with something in it.
    opened: list[list[int | bool]] = []
    for at, token in enumerate(tokens):
        if token in "{[":
            opened.append([at, False])
            if len(opened) > _DEEPEST:
                return None
        elif token in "}]":
            first, nested = opened.pop()
            if not nested and sum(map(len, tokens[first:at])) <= _ONE_LINE:
                single.add(int(first))
            if opened and at > first + 1:
                opened[-1][1] = True
    return frozenset(single)


@dataclass(slots=True)
class _Frame:
    is_object: bool
    one_line: bool
    start: int
    index: int = 0
    name: str | None = None
    key: int | None = None

    @property
    def step(self) -> str | int:
        return self.name or "" if self.is_object else self.index


@dataclass(slots=True)
class _Writer:
    tokens: list[str]
    single: frozenset[int]
    parts: list[str] = field(default_factory=list)
    length: int = 0
    frames: list[_Frame] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def write(self) -> LaidOut:
        for at, token in enumerate(self.tokens):
            top = self.frames[-1] if self.frames else None
            if token in "{[":
                self.frames.append(_Frame(token == "{", at in self.single, self.length))
                self._put(token)
                self._break()
            elif token in "}]":
                frame = self.frames.pop()
                if not frame.one_line:
                    self._newline()
                self._put(token)
                self._value(frame.start, None)
            elif token == "," and top:
                top.index, top.name, top.key = top.index + 1, None, None
                self._put(", " if top.one_line else ",")
                self._break()
            elif token == ":":
                self._put(": ")
            elif top and top.is_object and top.name is None:
                top.name, top.key = _text_of(token), self.length
                self._put(token)
            else:
                start = self.length
                self._put(token)
                self._value(start, _text_of(token) if token.startswith('"') else token)
        return LaidOut("".join(self.parts), tuple(self.values))

    def _value(self, start: int, says: str | None) -> None:
        path = tuple(frame.step for frame in self.frames)
        self.values.append(Value(path, self.frames[-1].key if self.frames else None, start, self.length, says))

    def _break(self) -> None:
        if not self.frames[-1].one_line:
            self._newline()

    def _newline(self) -> None:
        self._put("\n" + "  " * len(self.frames))

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def _text_of(token: str) -> str:
    text: str = json.loads(token) if "\\" in token else token[1:-1]
    return text


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
