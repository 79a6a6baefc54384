"""A result as Markdown: the summary of a job or a comment on a pull request. Short when green.

Everything that may hold a subject's words stands inside HTML blocks, in `code` or `pre`: there a Markdown reader
interprets nothing, and GitHub and GitLab make no mention, issue reference, emoji or link of what they find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    OUTCOMES,
    cause_lines,
    clause,
    further,
    headline,
    open_causes,
    outcome_of,
    shown_findings,
    verdict_line,
    why,
    with_outcome,
)
from models_conformance.requirements.pages import page_url
from models_conformance.result import RequirementResult, Result
from models_conformance.support.text import counted, printable
from models_conformance.version import __version__

# A comment on GitHub holds 65,536 characters, a job summary a megabyte; what surrounds it needs room, too.
LONGEST = 60_000
# Room for what is said about the cut itself.
_RESERVE = 400
_LONGEST_NAME = 200
_LONGEST_NOTE = 300
_MOST_NOTES = 10
_MOST_CAUSES = 10
_LONGEST_COMMAND = 1500
_SIGNS = {"passed": "✅", "failed": "❌", "incomplete": "⚠️", "error": "💥"}


def render(result: Result) -> str:
    """Markdown of at most `LONGEST` characters, ending in a newline; it says what was cut.

    The same result gives the same text, valid Unicode whatever the subject sent.
    """
    lines = [*_head(result), *_causes(result)]
    shown = [*with_outcome(result, "error", "fail"), *with_outcome(result, "lesser"), *with_outcome(result, "waived")]
    if shown:
        lines += ["", *_table(result, shown)]
    left = add_blocks(lines, (_details(result, entry) for entry in shown))
    if left:
        cut = f"Details of {counted(left, 'more requirement')} are cut to keep this short; the JSON result has all."
        lines += ["", cut]
    return "\n".join(lines) + "\n"


def add_blocks(lines: list[str], blocks: Iterable[Iterable[str]]) -> int:
    """Append blocks of lines, as many as `LONGEST` leaves room for; the number of those that it leaves none for."""
    used, left = sum(len(line) + 1 for line in lines), 0
    for block in blocks:
        text = "\n".join(["", *block])
        if used + len(text) + 1 > LONGEST - _RESERVE:
            left += 1
        elif text:
            used += len(text) + 1
            lines.append(text)
    return left


def code(text: str, longest: int | None = None) -> str:
    """`text` as an HTML code element on one line. Safe inside an HTML block."""
    return f"<code>{escape(printable(text, longest))}</code>"


def cell(text: str, longest: int = _LONGEST_NAME) -> str:
    """`text` for a cell of a pipe table, as code, so that no `@` in a name calls on anybody.

    A cell is not an HTML block. What would end a cell or a code span is written as numeric references instead.
    """
    shown = printable(text, longest)
    if not shown.strip():
        return ""
    if not re.search(r"[|`\\]", shown) and shown == shown.strip():
        return f"`{shown}`"
    return f"<code>{''.join(_reference(character) for character in shown)}</code>"


def _reference(character: str) -> str:
    if character.isascii() and not character.isalnum() and character not in " -":
        # An address is made a link after references are read: an empty comment keeps its parts apart.
        return f"&#{ord(character)};" + ("<!-- -->" if character in "@.:" else "")
    return character


def _head(result: Result) -> list[str]:
    subject, run = result.subject, result.run
    name = f"{subject.name} {subject.version}" if subject.version else subject.name
    facts = f"models-conformance {__version__}, contract {result.contract.shown}, seed {run.seed}"
    lines = [
        f"### {_SIGNS[run.verdict]} Models API conformance: {verdict_line(result)}",
        "",
        f"<p>{escape(subject.kind)} {code(name, _LONGEST_NAME)}<br>{escape(facts)}</p>",
    ]
    if result.notes:
        notes = "".join(f"<li>{code(note, _LONGEST_NOTE)}</li>" for note in result.notes[:_MOST_NOTES])
        rest = len(result.notes) - _MOST_NOTES
        more = f"<li>and {counted(rest, 'more note')}</li>" if rest > 0 else ""
        lines += ["", f"<ul>{notes}{more}</ul>"]
    return lines


def _causes(result: Result) -> Iterator[str]:
    """What is to fix, in one HTML block without a blank line."""
    causes = open_causes(result)
    if not causes:
        return
    yield from ("", "<p><b>To fix</b></p>", "<ol>")
    for cause in causes[:_MOST_CAUSES]:
        yield f"<li>{code(cause.statement, LONGEST_SENTENCE)}"
        # A command is whole or not there.
        for label, text in cause_lines(result, cause):
            if len(text) <= _LONGEST_COMMAND:
                yield f"<br>{label}: {code(text)}"
        yield "</li>"
    yield "</ol>"
    rest = len(causes) - _MOST_CAUSES
    if rest > 0:
        yield f"<p>and {counted(rest, 'more cause')}</p>"


def _table(result: Result, entries: Sequence[RequirementResult]) -> Iterator[str]:
    yield "| requirement | level | verdict | findings | clause |"
    yield "|---|---|---|---:|---|"
    for entry in entries:
        requirement = entry.requirement
        lesser = outcome_of(entry, result.run.fail_on) == "lesser"
        verdict = OUTCOMES["lesser"] if lesser else entry.verdict
        explained, source = _link(requirement.id, page_url(requirement.id)), entry.source
        place = _link(source.title, source.url) if source is not None and source.url else cell(clause(entry))
        yield f"| {explained} | {requirement.level} | {verdict} | {len(entry.findings)} | {place} |"


def _link(text: str, url: str) -> str:
    return f"[{cell(text)}]({url})" if url else cell(text)


def _details(result: Result, entry: RequirementResult) -> Iterator[str]:
    """One collapsible block. No line of it is blank: a blank line would end the HTML block."""
    requirement = entry.requirement
    first = headline(entry.findings[0]) if entry.findings else why(entry)
    yield f"<details><summary><b>{escape(printable(requirement.id))}</b>: {code(first, _LONGEST_NAME)}</summary>"
    yield f"<p>{escape(printable(requirement.statement))}</p>"
    shown, rest = shown_findings(result, entry)
    for block in shown:
        yield "<table>"
        for label, text in block:
            yield f'<tr><th align="left">{label}</th><td>{code(text)}</td></tr>'
        yield "</table>"
    if rest:
        yield f"<p>{escape(further(entry, len(shown)))}</p>"
    if entry.reason:
        yield f"<p>{code(entry.reason, LONGEST_SENTENCE)}</p>"
    yield "</details>"
