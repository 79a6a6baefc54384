"""What the sentences of a finding name, and where an exchange holds it: the part to look at.

Best effort on plain sentences of judges. A clue that is not found marks nothing; a mark is a help to the eye
and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from models_conformance.reports.html.layout import LaidOut, Path, Value
from models_conformance.reports.html.visible import Mark, MarkKind

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PARAMETER = re.compile(r'\b([a-z][a-z_]*)=("[^"]*"|[^\s,;:"]+)')
_STATUS = re.compile(r"(?:^|\b(?:answered|status|the) )([1-5][0-9]{2})\b")
_STEP = re.compile(r"[a-z_][a-z0-9_]*|\[[0-9]+\]")
# A member or a header by name: plain English words have none of these characters inside them.
_PATH = re.compile(r"(?<![\w.\[-])[a-z_][a-z0-9_]*(?:\[[0-9]+\]|\.[a-z_][a-z0-9_]*)*(?![\w-])")
_NAME = re.compile(r"(?<![\w-])[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+(?![\w-])")
# Sentences name few things; what a subject sent may look like many.
_MOST_CLUES = 24
_MOST_MARKS = 200
_CUT = "…"
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}|[ntr\\])")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Clues:
    """What one sentence names. `values` were quoted, `beginnings` quoted and cut; `names` were not quoted."""

    kind: MarkKind
    values: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    paths: frozenset[Path] = frozenset()
    parameters: tuple[tuple[str, str], ...] = ()
    statuses: frozenset[int] = frozenset()


def clues_in(sentence: str, kind: MarkKind) -> Clues:
    """Everything that `sentence` names and an exchange may hold."""
    values: list[str] = []
    beginnings: list[str] = []
    parameters = _PARAMETER.findall(sentence)[:_MOST_CLUES]
    without = _PARAMETER.sub("", sentence)
    for raw in _QUOTED.findall(without)[:_MOST_CLUES]:
        if raw.endswith(_CUT):
            beginnings.append(_unescaped(raw[: -len(_CUT)]))
        elif raw:
            # A list of betas is quoted whole and may have been sent as several header lines.
            values += {raw, _unescaped(raw), *raw.split(",")}
    rest = _QUOTED.sub('""', without)
    paths = [_path(text) for text in _PATH.findall(rest) if set(text) & set("._[")]
    return Clues(
        kind,
        frozenset(value for value in values if value),
        tuple(value for value in beginnings if value),
        frozenset(_NAME.findall(rest)[:_MOST_CLUES]),
        frozenset(paths[:_MOST_CLUES]),
        tuple((name, value.strip('"')) for name, value in parameters),
        frozenset(int(status) for status in _STATUS.findall(rest)),
    )


def marks_in_target(target: str, clues: Clues) -> list[Mark]:
    """Where a request target holds the values, spelt in any way a URL can spell them, or the parameters."""
    spelt = {way for value in clues.values for way in _spellings(value)}
    marks = list(_occurrences(target, spelt, clues))
    for name, value in clues.parameters:
        ways = "|".join(re.escape(way) for way in sorted(_spellings(value)))
        pattern = rf"(?<=[?&]){re.escape(name)}=(?:{ways})(?=&|$)"
        marks += (Mark(found.start(), found.end(), clues.kind) for found in re.finditer(pattern, target))
    return marks[:_MOST_MARKS]


def marks_in_text(text: str, clues: Clues) -> list[Mark]:
    """Where a text that is not JSON, or a header's value, holds the values."""
    marks: list[Mark] = []
    for mark in _occurrences(text, clues.values, clues):
        marks.append(mark)
        if len(marks) == _MOST_MARKS:
            break
    return marks


def marks_in_json(laid_out: LaidOut, clues: Clues) -> list[Mark]:
    """Where a JSON text holds the members at the paths, or strings that are the values."""
    marks: list[Mark] = []
    present = {value.path for value in laid_out.values}
    wanted = {_nearest(path, present) for path in clues.paths} - {()}
    for value in laid_out.values:
        if len(marks) == _MOST_MARKS:
            break
        if value.path in wanted:
            marks.append(_member(value, laid_out, clues.kind))
        elif value.says is not None and laid_out.text[value.start] == '"' and _is_named(value.says, clues):
            marks.append(Mark(value.start, value.end, clues.kind))
    return marks


def _is_named(text: str, clues: Clues) -> bool:
    return (
        text in clues.values or text in clues.names or any(text.startswith(beginning) for beginning in clues.beginnings)
    )


def _member(value: Value, laid_out: LaidOut, kind: MarkKind) -> Mark:
    """A scalar with its key; of a container its key alone, or all of a body would be marked."""
    start = value.start if value.key is None else value.key
    if value.says is not None:
        return Mark(start, value.end, kind)
    end = value.start + 1 if value.key is None else laid_out.text.rindex('"', start, value.start) + 1
    return Mark(start, end, kind)


def _nearest(path: Path, present: set[Path]) -> Path:
    """That path, or the longest part of it that is there: what lacks a member that is missing."""
    while path and path not in present:
        path = path[:-1]
    return path


def _occurrences(text: str, wanted: set[str] | frozenset[str], clues: Clues) -> Iterator[Mark]:
    """Whole occurrences only: `claude-2` is not in `claude-2.1`."""
    whole = sorted(wanted, key=lambda text: (-len(text), text))
    parts = [_delimited(re.escape(text), text, text) for text in whole]
    parts += [_delimited(re.escape(beginning), beginning, "") for beginning in clues.beginnings]
    if not parts:
        return
    for found in re.finditer("|".join(parts), text):
        yield Mark(found.start(), found.end(), clues.kind)


def _delimited(pattern: str, first: str, last: str) -> str:
    before = r"(?<![\w-])(?<![\w-]\.)" if re.match(r"\w", first) else ""
    after = r"(?![\w-]|\.\w)" if re.search(r"\w$", last) else ""
    return f"{before}{pattern}{after}"


def _spellings(value: str) -> set[str]:
    text = value.encode("utf-8", "surrogatepass")
    escaped = {quote(text, safe=""), quote(text), quote(text, safe=":,!*'()@$"), quote_plus(text)}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda found: found.group().lower(), spelling) for spelling in escaped}
    return {value, *escaped, *lower}


def _path(text: str) -> Path:
    return tuple(int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(text))


def _unescaped(text: str) -> str:
    """A value as it was before a judge quoted it with Python's escapes."""
    return _ESCAPE.sub(lambda found: _SHORT.get(found[1]) or chr(int(found[1][1:], 16)), text)
