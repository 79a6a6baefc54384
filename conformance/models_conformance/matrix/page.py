"""The matrix as one HTML file that needs no network: a table whose cells lead to their findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

from models_conformance.matrix.comparing import Cell, Column, Matrix, Row
from models_conformance.matrix.silence import Silence
from models_conformance.matrix.words import legend, mark, sign, summaries, word
from models_conformance.reports.curl import shown_command
from models_conformance.reports.html.page import document
from models_conformance.reports.html.visible import visible
from models_conformance.reports.words import LONGEST_SENTENCE, place
from models_conformance.requirements.pages import page_url
from models_conformance.requirements.register import Requirement
from models_conformance.result import Clause, Finding
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
    is_cut: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """A row. `area` is its area's name where the row is the first of it, else ''."""

    requirement: Requirement
    source: Clause | None
    area: str
    cells: tuple[CellView, ...]
    is_quiet: bool
    changes: bool

    @property
    def explained(self) -> tuple[CellView, ...]:
        """The cells that have a block of their own."""
        return tuple(cell for cell in self.cells if cell.anchor)


@dataclass(frozen=True, slots=True)
class TableView:
    """The subjects of one kind."""

    kind: str
    columns: list[ColumnView]
    rows: list[RowView]
    silences: tuple[Silence, ...]


def html(matrix: Matrix) -> str:
    """One HTML document that needs no network, with a table for each kind of subject. Whatever a subject sent is text
    in it, every invisible character shown as its escape. The same matrix gives the same document."""
    places = count()
    tables = [
        TableView(part.kind, list(_columns(part)), list(_rows(part, places)), part.silences) for part in matrix.by_kind
    ]
    notes = list(matrix.notes)
    cut = sum(cell.is_cut for table in tables for row in table.rows for cell in row.cells)
    if cut:
        notes.append(f"Only {MOST_CELLS:,} cells lead to their findings here; {counted(cut, 'more cell')} would.")
    return document(
        "models_conformance.matrix",
        "matrix",
        {"visible": _visible, "line": _line, "page_url": page_url, "place": place},
        tables=tables,
        explained=[row for table in tables for row in table.rows if row.explained],
        causes=list(_causes(matrix)),
        notes=notes,
        summaries=summaries(matrix),
        legend=legend(matrix),
        suite=f"models-conformance {__version__}",
    )


def _visible(text: str) -> Markup:
    return visible(text, longest=LONGEST_SENTENCE)


def _line(finding: Finding) -> str:
    """The line to reproduce it, or how long it is."""
    return "".join(shown_command(finding.reproduce))


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
            f"{verdicts.count('pass')}/{len(verdicts) - verdicts.count('not-applicable')}",
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


def _rows(matrix: Matrix, places: Iterator[int]) -> Iterator[RowView]:
    """The rows; each cell that tells of something takes the next of the `places`, as far as they are shown."""
    area = ""
    for row in matrix.rows:
        cells = [_cell(column, cell, places) for column, cell in zip(matrix.columns, row.cells, strict=True)]
        yield _row(row, row.requirement.area if row.requirement.area != area else "", cells)
        area = row.requirement.area


def _row(row: Row, area: str, cells: list[CellView]) -> RowView:
    changes = any(cell is not None and cell.change for cell in row.cells)
    return RowView(row.requirement, row.newest.source, area, tuple(cells), not row.differs_or_fails, changes)


def _cell(column: Column, cell: Cell | None, places: Iterator[int]) -> CellView:
    has_block = cell is not None and cell.verdict in _EXPLAINED and bool(cell.findings or cell.reason)
    place = next(places) if has_block else 0
    is_cut = place >= MOST_CELLS
    return CellView(
        cell.verdict if cell else "absent",
        sign(cell),
        word(cell),
        cell.change if cell else "",
        f"cell-{place}" if has_block and not is_cut else "",
        _visible(column.report.title),
        cell,
        is_cut,
    )
