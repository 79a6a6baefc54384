"""What a finding names, and where an exchange holds it: the part to look at.

A clue that is not found marks nothing; a mark is a help to the eye and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, quote_plus

from models_conformance.evidence.particulars import Answer, Model, Words
from models_conformance.evidence.particulars import Path as MemberPath
from models_conformance.evidence.particulars import Value as Particular
from models_conformance.reports.html.layout import LaidOut, Path, Value
from models_conformance.reports.html.visible import Mark, MarkKind
from models_conformance.result import Finding

_STEP = re.compile(r"[^.\[\]]+|\[[0-9]+\]")
# Sentences name few things; what a subject sent may look like many.
_MOST_CLUES = 24
_MOST_MARKS = 200


@dataclass(frozen=True, slots=True)
class Clues:
    """What one side of a finding names. `names` are parameters, headers and members by name."""

    kind: MarkKind
    values: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    paths: frozenset[Path] = frozenset()
    parameters: tuple[tuple[str, str], ...] = ()
    statuses: frozenset[int] = frozenset()


def clues_of(finding: Finding, kind: MarkKind) -> Clues:
    """Everything that one side of a finding names and an exchange may hold, from its particulars."""
    particulars = finding.observed_values if kind == "observed" else finding.expected_values
    named = list(particulars.items())[:_MOST_CLUES]
    values = {text for _, value in named for text in _texts(value) if text}
    paths = {_path(value) for _, value in named if isinstance(value, MemberPath)}
    statuses = {value.status for _, value in named if isinstance(value, Answer) and value.status is not None}
    if isinstance(status := particulars.get("status"), int):
        statuses.add(status)
    if finding.member:
        paths.add((finding.member,))
    given = particulars.get("value", particulars.get(finding.parameter, particulars.get("cursor")))
    return Clues(
        kind,
        frozenset(values),
        frozenset({finding.parameter, finding.member} - {""}),
        frozenset(paths),
        ((finding.parameter, str(given)),) if finding.parameter and given is not None else (),
        frozenset(statuses),
    )


def _texts(value: Particular) -> Sequence[str | None]:
    """The texts of a particular that an exchange may hold as they are."""
    match value:
        case MemberPath() | Words():
            return ()
        case str():
            # A list of betas may have been sent as several header lines.
            return (value, *value.split(","))
        case tuple():
            return value[:_MOST_CLUES]
        case Model():
            return (value.created_at, value.display_name)
        case Answer():
            return (value.error_type,)
        case _:
            return ()


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
    return list(islice(_occurrences(text, clues.values, clues), _MOST_MARKS))


def marks_in_json(laid_out: LaidOut, clues: Clues) -> list[Mark]:
    """Where a JSON text holds the members at the paths, or strings that are the values."""
    marks: list[Mark] = []
    named = clues.values | clues.names
    present = {value.path for value in laid_out.values}
    wanted = {_nearest(path, present) for path in clues.paths} - {()}
    for value in laid_out.values:
        if len(marks) == _MOST_MARKS:
            break
        if value.path in wanted:
            marks.append(_member(value, laid_out, clues.kind))
        elif value.says is not None and laid_out.text[value.start] == '"' and value.says in named:
            marks.append(Mark(value.start, value.end, clues.kind))
    return marks


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


def _occurrences(text: str, wanted: Set[str], clues: Clues) -> Iterator[Mark]:
    """Whole occurrences only: `claude-2` is not in `claude-2.1`."""
    parts = [_delimited(text) for text in sorted(wanted, key=lambda text: (-len(text), text))]
    for found in re.finditer("|".join(parts), text) if parts else ():
        yield Mark(found.start(), found.end(), clues.kind)


def _delimited(text: str) -> str:
    before = r"(?<![\w-])(?<![\w-]\.)" if re.match(r"\w", text) else ""
    after = r"(?![\w-]|\.\w)" if re.search(r"\w$", text) else ""
    return f"{before}{re.escape(text)}{after}"


def _spellings(value: str) -> set[str]:
    text = value.encode("utf-8", "surrogatepass")
    escaped = {quote(text, safe=""), quote(text), quote(text, safe=":,!*'()@$"), quote_plus(text)}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda found: found.group().lower(), spelling) for spelling in escaped}
    return {value, *escaped, *lower}


def _path(text: str) -> Path:
    return tuple(int(step[1:-1]) if step.startswith("[") else step for step in _STEP.findall(text))
