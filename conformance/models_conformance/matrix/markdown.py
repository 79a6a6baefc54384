"""The matrix as Markdown: a compact table, the rows that matter, and the findings behind them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from models_conformance.matrix.comparing import Cell, Column, Matrix, Row
from models_conformance.matrix.words import legend, mark, sign, summaries
from models_conformance.reports.markdown import add_blocks, cell, code
from models_conformance.reports.words import LONGEST_SENTENCE
from models_conformance.requirements.register import Requirement
from models_conformance.support.text import counted, printable

_LONGEST_REASON = 200
# Of each column the first few, and of many columns as many as a page holds: below, every finding is told.
_MOST_CAUSES = 3
_MOST_SHOWN = 30


def markdown(matrix: Matrix) -> str:
    """Markdown of about `reports.markdown.LONGEST` characters at most, ending in a newline; a table of very many
    columns alone may be longer. Only requirements that are broken or differ are rows; the others are counted."""
    lines = [f"### Models API compatibility: {'; '.join(summaries(matrix))}", ""]
    lines += _causes(matrix)
    parts = matrix.by_kind
    for part in parts:
        lines += [f"#### {part.kind}", ""] if len(parts) > 1 else []
        lines += [*_table(part), ""] if part.shown else []
        lines += [_rest(part), *([""] if part is not parts[-1] else [])]
    any_shown = any(part.shown for part in parts)
    lines += ["", legend(matrix)] if any_shown else []
    if matrix.notes:
        lines += ["", f"<ul>{''.join(f'<li>{code(note, LONGEST_SENTENCE)}</li>' for note in matrix.notes)}</ul>"]
    for part in parts:
        lines += _undocumented(part)
    left = add_blocks(lines, (_findings(part, row) for part in parts for row in part.shown))
    if left:
        lines += ["", f"Findings of {counted(left, 'more requirement')} are cut to keep this short; --html has all."]
    return "\n".join(lines) + "\n"


def _causes(matrix: Matrix) -> Iterator[str]:
    """What is to be fixed in each column, in one HTML block without a blank line."""
    shown = [(column, cause) for column in matrix.columns for cause in column.causes[:_MOST_CAUSES]]
    if not shown:
        return
    yield "<p><b>To fix, the most important of each first</b></p>"
    yield "<ul>"
    for column, cause in shown[:_MOST_SHOWN]:
        yield f"<li>{code(column.report.title, _LONGEST_REASON)}: {code(cause.statement, LONGEST_SENTENCE)}</li>"
    if len(shown) > _MOST_SHOWN:
        yield f"<li>and {counted(len(shown) - _MOST_SHOWN, 'more cause')}</li>"
    yield from ("</ul>", "")


def _table(matrix: Matrix) -> Iterator[str]:
    yield f"| requirement | {' | '.join(_heading(column) for column in matrix.columns)} |"
    yield f"|---|{':---:|' * len(matrix.columns)}"
    area = ""
    for row in matrix.shown:
        if row.requirement.area != area:
            area = row.requirement.area
            yield f"| **{_plain(area)}** |{' |' * len(matrix.columns)}"
        yield f"| {_named(row.requirement)} | {' | '.join(_cell(cell) for cell in row.cells)} |"


def _undocumented(matrix: Matrix) -> Iterator[str]:
    """What the columns do where it is undocumented: where they differ, and of what they share the number."""
    differing = [behaviour for behaviour in matrix.undocumented if behaviour.differs][:_MOST_SHOWN]
    if not differing:
        return
    alike = len(matrix.undocumented) - len(differing)
    yield from ("", f"Undocumented behaviour (reported, never judged; {counted(alike, 'further answer')} alike)", "")
    yield f"| tried | {' | '.join(_heading(column) for column in matrix.columns)} |"
    yield f"|---|{'---|' * len(matrix.columns)}"
    for behaviour in differing:
        columns = (cell(", ".join(answers)) or "–" for answers in behaviour.answers)
        yield f"| {cell(behaviour.about)} | {' | '.join(columns)} |"


def _heading(column: Column) -> str:
    subject = column.report.result.subject
    version = f" {cell(subject.version)}" if subject.version else ""
    contract = f" [{cell(column.contract)}]" if column.contract else ""
    return f"{cell(subject.name)}{version}{contract}{mark(column)}"


def _named(requirement: Requirement) -> str:
    return f"{cell(requirement.id)}{' (should)' if requirement.level == 'should' else ''}"


def _cell(cell: Cell | None) -> str:
    shown = sign(cell)
    return f"{shown} **{cell.change}**" if cell and cell.change else shown


def _rest(matrix: Matrix) -> str:
    left_out = [row for row in matrix.rows if not row.differs_or_fails]
    alike = sum(row.passes_everywhere for row in left_out)
    other = len(left_out) - alike
    text = f"{counted(alike, 'further requirement')} passed or not applicable in every column"
    return f"{text}, {other} never exercised in any." if other else f"{text}."


def _findings(matrix: Matrix, row: Row) -> Iterator[str]:
    """A collapsible block with the first finding of each broken cell; no blank line, which would end it."""
    broken = [
        (column, entry)
        for column, entry in zip(matrix.columns, row.cells, strict=True)
        if entry is not None and entry.verdict in ("fail", "waived", "error")
    ]
    if not broken:
        return
    yield f"<details><summary><b>{escape(printable(row.requirement.id))}</b></summary>"
    yield f"<p>{escape(printable(row.requirement.statement, LONGEST_SENTENCE))}</p>"
    yield "<ul>"
    for column, entry in broken:
        text = entry.findings[0].observed if entry.findings else entry.reason
        reason = f"<br>{code(entry.reason, _LONGEST_REASON)}" if entry.verdict == "waived" and entry.reason else ""
        title = code(column.report.title, _LONGEST_REASON)
        yield f"<li>{title} {entry.verdict}: {code(text, LONGEST_SENTENCE)}{reason}</li>"
    yield "</ul>"
    yield "</details>"


def _plain(text: str) -> str:
    """The name of an area, which another version of the suite may have chosen."""
    return "".join(character if character.isalnum() or character in " -" else " " for character in text)
