"""The matrix as one HTML file that needs no network: a table whose cells lead to their findings."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from models_conformance.matrix.comparing import Cell, Column, Matrix, Row
from models_conformance.matrix.words import legend, mark, sign, summary, word
from models_conformance.reports.curl import shown_command
from models_conformance.reports.html.visible import visible
from models_conformance.reports.words import LONGEST_SENTENCE
from models_conformance.requirements.register import Requirement
from models_conformance.result import Finding
from models_conformance.support.text import counted, printable
from models_conformance.version import __version__

# A page of more findings opens slowly and is read by nobody; the table still has every cell.
MOST_CELLS = 1500
# Of each column: what is behind the tenth cause is told by its cells.
MOST_CAUSES = 10
_EXPLAINED = ("fail", "waived", "error", "inconclusive")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column's head. `group` is how many columns the name spans, 0 where the column before began the group."""

    name: Markup
    version: Markup
    group: int
    mark: str
    judged_by: Markup
    counts: str


@dataclass(frozen=True, slots=True)
class CauseView:
    """What is to be mended in one column."""

    column: Markup
    statement: Markup
    root: str
    reproduce: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell. `anchor` is the id of the block that tells of it, '' where there is nothing to tell."""

    key: str
    sign: str
    word: str
    change: str
    anchor: str
    column: Markup
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class RowView:
    """A row. `area` is its area's name where the row is the first of it, else ''."""

    requirement: Requirement
    area: str
    cells: tuple[CellView, ...]
    is_quiet: bool
    changes: bool

    @property
    def explained(self) -> tuple[CellView, ...]:
        """The cells that have a block of their own."""
        return tuple(cell for cell in self.cells if cell.anchor)


def html(matrix: Matrix) -> str:
    """One HTML document: styles and script are in it, and a policy forbids any other. Whatever a subject sent is
    text in it, every invisible character shown as its escape. The same matrix gives the same document."""
    style, script = _asset("matrix.css"), _asset("matrix.js")
    rows, cut = _rows(matrix)
    notes = list(matrix.notes)
    if cut:
        notes.append(f"Only {MOST_CELLS:,} cells lead to their findings here; {counted(cut, 'more cell')} would.")
    return (
        _environment()
        .get_template("matrix.html.j2")
        .render(
            policy="; ".join(_policy(style, script)),
            style=style,
            script=script,
            columns=list(_columns(matrix)),
            causes=list(_causes(matrix)),
            rows=rows,
            silences=matrix.silences,
            notes=notes,
            summary=summary(matrix),
            legend=legend(matrix),
            suite=f"models-conformance {__version__}",
        )
    )


def _policy(style: Markup, script: Markup) -> Iterator[str]:
    yield "default-src 'none'"
    yield f"style-src '{_hash(style)}'"
    yield f"script-src '{_hash(script)}'"
    yield "base-uri 'none'"
    yield "form-action 'none'"
    yield "require-trusted-types-for 'script'"
    yield "trusted-types 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("models_conformance.matrix"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = _visible
    environment.filters["line"] = _line
    return environment


def _visible(text: str) -> Markup:
    return visible(text, longest=LONGEST_SENTENCE)


def _line(finding: Finding) -> str:
    """The line to reproduce it, or how long it is."""
    return "".join(shown_command(finding.reproduce))


@cache
def _asset(name: str) -> Markup:
    """A file of our own, put into the page as it is: escaping would change what the policy's hash is of."""
    return Markup(files("models_conformance.matrix").joinpath("assets", name).read_text("utf-8"))


def _columns(matrix: Matrix) -> Iterator[ColumnView]:
    subjects = [column.report.result.subject for column in matrix.columns]
    groups = [(subject.kind, subject.name) for subject in subjects]
    for at, column in enumerate(matrix.columns):
        begins = at == 0 or groups[at] != groups[at - 1]
        report = column.report
        verdicts = [cell.verdict for cell in (row.cells[at] for row in matrix.rows) if cell is not None]
        yield ColumnView(
            _visible(subjects[at].name),
            _visible(" ".join(filter(None, (subjects[at].version, column.contract and f"[{column.contract}]")))),
            groups.count(groups[at]) if begins else 0,
            mark(column),
            _visible(f"suite {report.suite}, contract {report.against}, {report.result.run.started_at}"),
            f"{verdicts.count('pass')}/{len(verdicts)}",
        )


def _causes(matrix: Matrix) -> Iterator[CauseView]:
    for column in matrix.columns:
        for cause in column.causes[:MOST_CAUSES]:
            yield CauseView(
                _visible(column.report.title),
                _visible(cause.statement),
                printable(cause.root),
                "".join(shown_command(cause.reproduce)),
            )


def _rows(matrix: Matrix) -> tuple[list[RowView], int]:
    views: list[RowView] = []
    explained = cut = 0
    area = ""
    for at, row in enumerate(matrix.rows):
        cells = []
        for nth, (column, cell) in enumerate(zip(matrix.columns, row.cells, strict=True)):
            has_block = cell is not None and (cell.verdict in _EXPLAINED and bool(cell.findings or cell.reason))
            explained += has_block
            cut += has_block and explained > MOST_CELLS
            cells.append(_cell(f"cell-{at}-{nth}" if has_block and explained <= MOST_CELLS else "", column, cell))
        views.append(_row(row, row.requirement.area if row.requirement.area != area else "", cells))
        area = row.requirement.area
    return views, cut


def _row(row: Row, area: str, cells: list[CellView]) -> RowView:
    changes = any(cell is not None and cell.change for cell in row.cells)
    return RowView(row.requirement, area, tuple(cells), not row.differs_or_fails, changes)


def _cell(anchor: str, column: Column, cell: Cell | None) -> CellView:
    key = cell.verdict if cell else "absent"
    return CellView(
        key, sign(cell), word(cell), cell.change if cell else "", anchor, _visible(column.report.title), cell
    )
