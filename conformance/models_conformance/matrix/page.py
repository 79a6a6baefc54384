"""The matrix as one HTML file that needs no network: a table whose cells lead to their findings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from markupsafe import Markup

from models_conformance.matrix.comparing import Cell, Column, Matrix
from models_conformance.matrix.words import legend, mark, sign, summaries, word
from models_conformance.reports.curl import shown_command
from models_conformance.reports.html.page import document
from models_conformance.reports.html.visible import visible
from models_conformance.reports.words import LONGEST_SENTENCE, place
from models_conformance.requirements.pages import page_url
from models_conformance.support.text import counted, printable
from models_conformance.version import __version__

# A page of more findings opens slowly and is read by nobody; the table still has every cell.
MOST_CELLS = 1500
# Of each column: what is behind the tenth cause is told by its cells.
MOST_CAUSES = 10
_EXPLAINED = ("fail", "waived", "error", "inconclusive")

View = dict[str, Any]
"""What the template reads of a column, a row or a cell, by name."""


def html(matrix: Matrix) -> str:
    """One HTML document that needs no network, with a table for each kind of subject. Whatever a subject sent is text
    in it, every invisible character shown as its escape. The same matrix gives the same document."""
    places = count()
    tables: list[View] = [
        {
            "kind": part.kind,
            "columns": list(_columns(part)),
            "rows": list(_rows(part, places)),
            "undocumented": part.undocumented,
        }
        for part in matrix.by_kind
    ]
    rows = [row for table in tables for row in table["rows"]]
    notes = list(matrix.notes)
    cut = sum(cell["is_cut"] for row in rows for cell in row["cells"])
    if cut:
        notes.append(f"Only {MOST_CELLS:,} cells lead to their findings here; {counted(cut, 'more cell')} would.")
    return document(
        "models_conformance.matrix",
        "matrix",
        {"visible": _visible, "line": _line, "page_url": page_url, "place": place, "printable": printable},
        tables=tables,
        explained=[row for row in rows if row["explained"]],
        causes=[(column, cause) for column in matrix.columns for cause in column.causes[:MOST_CAUSES]],
        notes=notes,
        summaries=summaries(matrix),
        legend=legend(matrix),
        suite=f"models-conformance {__version__}",
    )


def _visible(text: str) -> Markup:
    return visible(text, longest=LONGEST_SENTENCE)


def _line(reproduce: str) -> str:
    """The line to reproduce something, or how long it is."""
    return "".join(shown_command(reproduce))


def _columns(matrix: Matrix) -> Iterator[View]:
    """The heads. `group` is how many columns the name spans, 0 where the column before began the group."""
    subjects = [column.report.result.subject for column in matrix.columns]
    groups = [(subject.kind, subject.name) for subject in subjects]
    for at, column in enumerate(matrix.columns):
        begins = at == 0 or groups[at] != groups[at - 1]
        report = column.report
        verdicts = [cell.verdict for cell in (row.cells[at] for row in matrix.rows) if cell is not None]
        yield {
            "name": _visible(subjects[at].name),
            "version": _visible(
                " ".join(filter(None, (subjects[at].version, column.contract and f"[{column.contract}]")))
            ),
            "group": groups.count(groups[at]) if begins else 0,
            "mark": mark(column),
            "judged_by": _visible(f"suite {report.suite}, contract {report.against}, {report.result.run.started_at}"),
            "counts": f"{verdicts.count('pass')}/{len(verdicts) - verdicts.count('not-applicable')}",
        }


def _rows(matrix: Matrix, places: Iterator[int]) -> Iterator[View]:
    """The rows; `area` is '' where a row is not the first of it. Each cell that tells of something takes the next of
    the `places`, as far as they are shown."""
    area = ""
    for row in matrix.rows:
        cells = [_cell(column, cell, places) for column, cell in zip(matrix.columns, row.cells, strict=True)]
        yield {
            "requirement": row.requirement,
            "source": row.newest.source,
            "area": row.requirement.area if row.requirement.area != area else "",
            "cells": cells,
            "explained": [cell for cell in cells if cell["anchor"]],
            "is_quiet": not row.differs_or_fails,
            "changes": any(cell is not None and cell.change for cell in row.cells),
        }
        area = row.requirement.area


def _cell(column: Column, cell: Cell | None, places: Iterator[int]) -> View:
    """A cell. `anchor` is the id of the block that tells of it, '' where there is nothing to tell."""
    has_block = cell is not None and cell.verdict in _EXPLAINED and bool(cell.findings or cell.reason)
    place = next(places) if has_block else 0
    is_cut = place >= MOST_CELLS
    return {
        "key": cell.verdict if cell else "absent",
        "sign": sign(cell),
        "word": word(cell),
        "change": cell.change if cell else "",
        "anchor": f"cell-{place}" if has_block and not is_cut else "",
        "column": _visible(column.report.title),
        "cell": cell,
        "is_cut": is_cut,
    }
