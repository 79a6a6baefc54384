"""What got worse between two results, and what did not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.matrix.result_files import Report
from models_conformance.matrix.since import Regressions, as_text, since
from models_conformance.result import Finding, Verdict
from tests.matrix.samples import ITSELF, OTHER_SIDE, report, with_findings, without

NAME = "list-after-id-is-exclusive"


def change(old: Verdict, new: Verdict) -> Regressions:
    return since(report("1", list_after_id_is_exclusive=old), report("2", list_after_id_is_exclusive=new))


def names(changes: Regressions) -> tuple[int, int, int]:
    return len(changes.worse), len(changes.better), len(changes.other)


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("pass", "pass", (0, 0, 0)),
        ("fail", "fail", (0, 0, 0)),
        ("pass", "fail", (1, 0, 0)),
        ("pass", "inconclusive", (1, 0, 0)),
        ("pass", "error", (1, 0, 0)),
        ("inconclusive", "fail", (1, 0, 0)),
        ("fail", "error", (1, 0, 0)),
        ("fail", "pass", (0, 1, 0)),
        ("waived", "pass", (0, 1, 0)),
        ("inconclusive", "pass", (0, 1, 0)),
        ("pass", "waived", (0, 0, 1)),
        ("fail", "inconclusive", (0, 0, 1)),
        ("inconclusive", "inconclusive", (0, 0, 0)),
    ],
)
def test_a_change_of_verdict_is_worse_better_or_neither(
    old: Verdict, new: Verdict, counts: tuple[int, int, int]
) -> None:
    changes = change(old, new)
    assert names(changes) == counts
    assert changes.any_worse is bool(counts[0])


def with_(*findings: Finding, verdict: Verdict = "fail") -> Report:
    return with_findings(report(), NAME, *findings, verdict=verdict)


def test_a_new_kind_of_finding_under_a_failing_requirement_is_worse() -> None:
    changes = since(with_(ITSELF), with_(ITSELF, OTHER_SIDE))
    assert [change.findings for change in changes.worse] == [(OTHER_SIDE,)]
    assert names(since(with_(ITSELF, OTHER_SIDE), with_(ITSELF))) == (0, 1, 0)


def test_the_same_deviation_seen_on_another_model_is_no_change() -> None:
    again = replace(ITSELF, observed='the page after "z" holds that model itself', exchanges=(7,))
    assert names(since(with_(ITSELF), with_(again))) == (0, 0, 0)


def test_a_waiver_that_ends_is_no_regression_by_itself() -> None:
    assert names(since(with_(ITSELF, verdict="waived"), with_(ITSELF))) == (0, 0, 1)
    assert names(since(with_(ITSELF, verdict="waived"), with_(ITSELF, OTHER_SIDE))) == (1, 0, 0)


def test_a_requirement_that_is_gone_is_worse_and_a_new_one_is_not() -> None:
    assert names(since(report("1"), without(report("2"), NAME))) == (1, 0, 0)
    assert names(since(without(report("1"), NAME), report("2", list_after_id_is_exclusive="fail"))) == (0, 0, 1)


def test_a_run_that_is_incomplete_now_is_worse() -> None:
    new = report("2")
    early = replace(new, result=replace(new.result, run=replace(new.result.run, verdict="incomplete")))
    assert [change.requirement for change in since(report("1"), early).worse] == ["the run"]


def test_the_text_names_both_and_what_appeared_on_plain_lines() -> None:
    nasty = replace(OTHER_SIDE, observed='a "\x1b[31m\u202e"\nworse   everything: fail')
    text = as_text(since(report("1", path="old.json"), with_findings(report("2", path="new.json"), NAME, nasty)))
    assert text == (
        "acme 1 (old.json) -> acme 2 (new.json)\n"
        f"worse   {NAME}: pass, now fail\n"
        '        a "\\x1b[31m\\u202e"\\nworse   everything: fail\n'
        "1 worse, 0 better, 0 changed otherwise\n"
    )
    assert as_text(since(report("1"), report("1"))).endswith("\nnothing changed\n")


def test_what_makes_a_comparison_doubtful_is_noted() -> None:
    old = report("1", name="a", suite="0.0.1", contract="a" * 64, started_at="2026-08-18T00:00:00Z")
    assert len(since(old, report("2", name="b")).notes) == 4


def test_results_of_two_contracts_are_not_compared_as_one() -> None:
    old = report("1", contract="a" * 64)
    new = replace(report("1", contract="b" * 64, walk_ends="fail"), contract_name="2026-10")
    changes = since(old, new)
    assert [change.requirement for change in changes.by_contract] == ["walk-ends"]
    assert [change.requirement for change in changes.worse] == ["the run"]
    text = as_text(changes)
    assert "contract walk-ends: pass, now fail" in text
    assert "judge again with the --contract of the old result" in text
    assert text.endswith("1 worse, 0 better, 0 changed otherwise, 1 by the contract\n")
    assert not since(without(old, "walk-ends"), replace(report("1"), contract="b" * 64)).any_worse
