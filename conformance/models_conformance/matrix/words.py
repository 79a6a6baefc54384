"""The words and signs that every rendering of a matrix shares."""

from __future__ import annotations

from models_conformance.matrix.comparing import Cell, Column, Matrix
from models_conformance.support.text import counted

ABSENT = "not in the run"
_SIGNS = {
    "pass": ("✓", "passed"),
    "fail": ("✗", "failed"),
    "waived": ("~", "waived"),
    "inconclusive": ("?", "never exercised"),
    "not-applicable": ("–", "not applicable"),
    "error": ("E", "the suite broke"),
}
_DIFFERS = "†"


def sign(cell: Cell | None) -> str:
    """One character for a cell, a blank text where there is none."""
    return _SIGNS[cell.verdict][0] if cell else ""


def word(cell: Cell | None) -> str:
    """What a cell says, in words: `failed, broke here, 2 findings`."""
    if cell is None:
        return ABSENT
    parts = [_SIGNS[cell.verdict][1]]
    parts += [{"broke": "broke here", "fixed": "fixed here"}[cell.change]] if cell.change else []
    parts += [counted(len(cell.findings), "finding")] if cell.findings else []
    parts += [f"tested by {counted(cell.exercised, 'exchange')}"] if cell.verdict == "pass" else []
    return ", ".join(parts)


def mark(column: Column) -> str:
    """What stands beside a column that was judged otherwise than most."""
    return _DIFFERS if column.suite_differs or column.contract_differs else ""


def legend(matrix: Matrix) -> str:
    """What the signs mean, of those that the matrix has."""
    present = {cell.verdict for row in matrix.rows for cell in row.cells if cell}
    parts = [f"{symbol} {word}" for verdict, (symbol, word) in _SIGNS.items() if verdict in present]
    if any(cell is None for row in matrix.rows for cell in row.cells):
        parts.append(f"blank {ABSENT}")
    if any(mark(column) for column in matrix.columns):
        parts.append(f"{_DIFFERS} judged with another suite or contract than most")
    return " · ".join(parts)


def summaries(matrix: Matrix) -> list[str]:
    """A line for each kind of subject: how many requirements are kept by all, broken somewhere, and changing."""
    parts = matrix.by_kind
    return [f"{part.kind}: {_summary(part)}" for part in parts] if len(parts) > 1 else [_summary(matrix)]


def _summary(matrix: Matrix) -> str:
    cells = [[cell for cell in row.cells if cell] for row in matrix.rows]
    broken = sum(1 for row in cells if any(cell.verdict in ("fail", "waived", "error") for cell in row))
    parts = [f"{matrix.alike} of {counted(matrix.applicable, 'requirement')} kept"]
    if len(matrix.columns) > 1:
        parts[0] += f" in all {len(matrix.columns)} columns"
    parts += [f"{broken} broken somewhere"] if broken else []
    for change, word in (("broke", "broke"), ("fixed", "fixed")):
        count = sum(1 for row in cells for cell in row if cell.change == change)
        parts += [f"{count} {word} by a release"] if count else []
    return ", ".join(parts)
