"""A result as workflow commands, which GitHub shows beside a run, and a guard against those of others.

A runner reads commands from whatever a step prints. Everything a subject sent is therefore escaped here, and
what the other reports print is to be put between the two lines of `guard`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    cause_gates,
    cause_lines,
    clause,
    details,
    further,
    open_causes,
    why,
    with_outcome,
)
from models_conformance.result import Cause, RequirementResult, Result
from models_conformance.support.text import counted, printable

# GitHub shows ten errors and ten warnings of a step, and drops the others without a word.
MOST = 10
_LONGEST_MESSAGE = 3000

Kind = Literal["error", "warning"]


def is_github(environment: Mapping[str, str]) -> bool:
    """Whether this runs in a GitHub workflow."""
    return environment.get("GITHUB_ACTIONS") == "true"


def render(result: Result, environment: Mapping[str, str]) -> str:
    """One command a line: errors for causes, then for requirements, that fail the run, warnings for those that do not;
    the last of ten says how many more there are. Empty where nothing is to be said, and off GitHub."""
    if not is_github(environment):
        return ""
    lines = [*_capped("error", list(_errors(result))), *_capped("warning", list(_warnings(result)))]
    return "".join(f"{line}\n" for line in lines)


def guard(environment: Mapping[str, str], token: str) -> tuple[str, str]:
    """A line to print before other output and one after it, between which the runner obeys nothing.

    Two empty texts off GitHub. `token` must be one that no subject can guess, of letters and digits.
    Raises ValueError for any other.
    """
    if not (token.isascii() and token.isalnum()):
        raise ValueError("a token is made of letters and digits")
    return (f"::stop-commands::{token}\n", f"::{token}::\n") if is_github(environment) else ("", "")


def _errors(result: Result) -> Iterator[tuple[str, str]]:
    yield from (_cause(result, cause) for cause in open_causes(result) if cause_gates(result, cause))
    yield from (_annotation(result, entry) for entry in with_outcome(result, "error", "fail"))
    if result.run.verdict == "failed" and not with_outcome(result, "fail"):
        for note in result.notes:
            yield "models-conformance", printable(note, LONGEST_SENTENCE)


def _warnings(result: Result) -> Iterator[tuple[str, str]]:
    yield from (_cause(result, cause) for cause in open_causes(result) if not cause_gates(result, cause))
    yield from (_annotation(result, entry) for entry in with_outcome(result, "lesser"))
    if result.run.verdict == "incomplete":
        notes = "\n".join(printable(note, LONGEST_SENTENCE) for note in result.notes)
        yield "models-conformance: incomplete", notes or "too little could be judged"


def _cause(result: Result, cause: Cause) -> tuple[str, str]:
    """A title and a message of several lines."""
    lines = [printable(cause.statement, LONGEST_SENTENCE)]
    return "to fix", "\n".join([*lines, *(f"{label}: {text}" for label, text in cause_lines(result, cause))])


def _annotation(result: Result, entry: RequirementResult) -> tuple[str, str]:
    """A title and a message of several lines."""
    requirement = entry.requirement
    title = f"{requirement.id} ({requirement.level})"
    if not entry.findings:
        return title, why(entry)
    lines = [f"{label}: {text}" for label, text in details(entry.findings[0], result)]
    if len(entry.findings) > 1:
        lines.append(further(entry, 1))
    lines.append(f"clause: {clause(entry)}")
    # The runner shows no annotation without a message.
    return title, "\n".join(lines) or requirement.statement


def _capped(kind: Kind, entries: list[tuple[str, str]]) -> Iterator[str]:
    shown = entries if len(entries) <= MOST else entries[: MOST - 1]
    for title, message in shown:
        yield _command(kind, title, message)
    rest = len(entries) - len(shown)
    if rest:
        yield _command(kind, "models-conformance", f"and {counted(rest, f'more {kind}')}, which the reports list")


def _command(kind: Kind, title: str, message: str) -> str:
    name = _data(printable(title)).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={name}::{_data(message[:_LONGEST_MESSAGE])}"


def _data(text: str) -> str:
    """The runner's own escapes, the percent sign first."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
