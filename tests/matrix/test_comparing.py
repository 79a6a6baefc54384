"""The matrix says what broke in which release, what was fixed, and what must be compared with care."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.matrix.comparing import Cell, Matrix, compare
from models_conformance.matrix.markdown import markdown
from tests.matrix.samples import report, without

NAME = "walk-ends"


def cells(matrix: Matrix, name: str = NAME) -> list[Cell | None]:
    (row,) = [row for row in matrix.rows if row.requirement.id == name]
    return list(row.cells)


def changes(matrix: Matrix) -> list[str]:
    return [cell.change if cell else "none" for cell in cells(matrix)]


def test_columns_are_sorted_by_name_then_version() -> None:
    matrix = compare([report("1.10"), report("1.9"), report("0.1", name="Zeta"), report("2.0", name="Beta")])
    assert [column.report.title for column in matrix.columns] == ["acme 1.9", "acme 1.10", "Beta 2.0", "Zeta 0.1"]


def test_what_passed_before_broke_and_what_passes_again_is_fixed() -> None:
    matrix = compare([report("3"), report("2", walk_ends="fail"), report("1")])
    assert changes(matrix) == ["", "broke", "fixed"]


def test_a_release_that_settled_nothing_is_looked_past() -> None:
    matrix = compare([report("1"), report("2", walk_ends="inconclusive"), report("3", walk_ends="fail")])
    assert changes(matrix) == ["", "", "broke"]


def test_a_waived_deviation_is_a_broken_one() -> None:
    matrix = compare([report("1"), report("2", walk_ends="waived"), report("3", walk_ends="fail"), report("4")])
    assert changes(matrix) == ["", "broke", "", "fixed"]


def test_subjects_are_not_compared_with_each_other() -> None:
    matrix = compare([report("1", name="a"), report("2", name="b", walk_ends="fail")])
    assert changes(matrix) == ["", ""]


def test_only_rows_that_fail_or_differ_are_shown_and_the_others_counted() -> None:
    first = report("1", walk_ends="inconclusive", list_page_is_full="fail")
    matrix = compare([first, report("2", walk_ends="inconclusive", list_page_is_full="fail")])
    assert [row.requirement.id for row in matrix.shown] == ["list-page-is-full"]
    assert matrix.alike == len(matrix.rows) - 2


def test_what_is_about_no_column_is_neither_kept_nor_counted() -> None:
    matrix = compare([report("1", walk_ends="not-applicable"), report("2", walk_ends="not-applicable")])
    assert matrix.alike == matrix.applicable == len(matrix.rows) - 1
    one_sided = compare([report("1", walk_ends="not-applicable"), report("2")])
    assert one_sided.alike == one_sided.applicable == len(one_sided.rows)


def test_a_requirement_that_a_run_did_not_have_has_no_cell() -> None:
    matrix = compare([report("1"), without(report("2"), NAME)])
    assert cells(matrix)[1] is None
    assert NAME in [row.requirement.id for row in matrix.shown]


def test_of_two_results_on_one_release_the_later_counts_and_that_is_said() -> None:
    late = report(path="late.json", started_at="2026-08-18T00:00:00Z", walk_ends="fail")
    matrix = compare([late, report(path="early.json")])
    assert [cell.verdict if cell else None for cell in cells(matrix)] == ["fail"]
    assert matrix.notes == ("acme 1.0 has 2 results: late.json, started last, counts; left out: early.json",)


def test_results_of_another_suite_or_contract_are_marked_and_said() -> None:
    matrix = compare(
        [report("1", suite="0.1.0"), report("2", suite="0.2.0"), report("3", suite="0.2.0", contract="f" * 64)]
    )
    assert [(column.suite_differs, column.contract_differs) for column in matrix.columns] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert [note.split("(")[0] for note in matrix.notes] == [
        "Judged with different versions of the suite ",
        "Judged against different contracts ",
    ]


def test_columns_of_two_contracts_are_told_apart_and_not_compared() -> None:
    old, new = report("1", contract="a" * 64), report("2", contract="b" * 64, walk_ends="fail")
    matrix = compare([without(old, NAME), replace(new, contract_name="2026-10")])
    assert [column.contract for column in matrix.columns] == ["a" * 12, "2026-10"]
    assert f"Only contract 2026-10 asks 1 requirement: {NAME}." in matrix.notes
    assert not any(cell.change for row in matrix.rows for cell in row.cells if cell)
    assert "`2026-10`" in markdown(matrix)


def test_one_release_judged_by_two_suites_has_two_columns() -> None:
    assert len(compare([report(suite="0.1.0"), report(suite="0.2.0")]).columns) == 2


def test_the_order_of_the_files_does_not_matter() -> None:
    reports = [report("1"), report("2", walk_ends="fail"), report("1", suite="0.0.9", path="old.json")]
    assert compare(reports) == compare(reports[::-1])


def test_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([])
