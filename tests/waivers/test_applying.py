"""Waivers excuse what they name and nothing else, and fail the run where they are no longer true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.reports.as_json import render
from models_conformance.result import Result, Subject
from models_conformance.waivers.applying import apply
from models_conformance.waivers.fingerprint import fingerprint
from tests.reports.result_strategies import results
from tests.waivers.samples import (
    EXCLUSIVE,
    ITSELF,
    OTHER_SIDE,
    TODAY,
    failed,
    incomplete,
    judged,
    result,
    waiver,
    waivers,
)

BROKEN = result(failed(EXCLUSIVE, ITSELF), judged("walk-ends"))


def only_note(found: Result) -> str:
    (note,) = found.notes
    assert found.run.verdict == "failed"
    assert found.exit_code == 1
    return note


def test_a_waived_requirement_is_shown_with_its_reason_and_does_not_gate() -> None:
    after = apply(BROKEN, waivers(waiver(link="https://example.com/1")), TODAY)
    entry = after.requirements[0]
    assert (entry.verdict, entry.findings) == ("waived", (ITSELF,))
    assert entry.reason == "waived until 2026-12-31: fixed upstream (https://example.com/1) [w.toml, entry 1 (line 9)]"
    assert (after.run.verdict, after.notes) == ("passed", ())


def test_a_different_finding_under_the_same_id_is_not_excused() -> None:
    both = result(failed(EXCLUSIVE, ITSELF, OTHER_SIDE))
    after = apply(both, waivers(waiver(finding=fingerprint(EXCLUSIVE, ITSELF))), TODAY)
    entry = after.requirements[0]
    assert entry.verdict == "fail"
    assert entry.findings == (OTHER_SIDE, ITSELF)
    assert entry.reason.startswith("waived of these 2 findings: the last (waived until ")
    assert (after.run.verdict, after.notes) == ("failed", ())


def test_a_waiver_holds_through_its_last_day_and_then_fails_the_run() -> None:
    last = waivers(waiver(expires=TODAY))
    assert apply(BROKEN, last, TODAY).run.verdict == "passed"
    after = apply(BROKEN, last, TODAY + timedelta(days=1))
    assert after.requirements[0].verdict == "fail"
    assert only_note(after) == f"delete w.toml, entry 1 (line 9), {EXCLUSIVE}: it expired after 2026-08-17"


def test_a_waiver_whose_requirement_passes_is_to_be_deleted() -> None:
    after = apply(result(judged(EXCLUSIVE)), waivers(waiver()), TODAY)
    assert only_note(after).endswith(f"{EXCLUSIVE}: what it names now passes")


def test_an_expired_waiver_of_a_requirement_that_passes_is_told_once() -> None:
    after = apply(result(judged(EXCLUSIVE)), waivers(waiver(expires=date(2020, 1, 1))), TODAY)
    assert "expired" in only_note(after)


def test_a_fingerprint_that_is_gone_is_to_be_deleted_and_the_present_one_named() -> None:
    after = apply(BROKEN, waivers(waiver(finding="000000000000")), TODAY)
    assert fingerprint(EXCLUSIVE, ITSELF) in only_note(after)
    assert after.requirements[0].verdict == "fail"


def test_a_requirement_that_nobody_knows_is_told_with_the_nearest() -> None:
    after = apply(BROKEN, waivers(waiver(), waiver("list-after-id-is-exklusive")), TODAY)
    assert only_note(after) == (
        "delete w.toml, entry 2 (line 18), list-after-id-is-exklusive: no requirement matches it; "
        f"did you mean {EXCLUSIVE} or list-before-id-is-exclusive or list-after-id-is-immediate?"
    )


def test_each_waiver_to_delete_has_a_line_of_its_own() -> None:
    after = apply(result(judged(EXCLUSIVE), judged("walk-ends")), waivers(waiver(), waiver("walk-ends")), TODAY)
    assert [note.split(",")[1] for note in after.notes] == [" entry 1 (line 9)", " entry 2 (line 18)"]


def test_a_glob_is_in_use_where_any_that_it_matches_fails() -> None:
    after = apply(
        result(failed(EXCLUSIVE, ITSELF), judged("list-after-id-is-immediate")), waivers(waiver("list-*")), TODAY
    )
    assert (after.run.verdict, after.notes) == ("passed", ())


@pytest.mark.parametrize("verdict", ["inconclusive", "not-applicable"])
def test_what_could_not_be_judged_makes_no_waiver_stale(verdict: str) -> None:
    entry = judged(EXCLUSIVE, "inconclusive" if verdict == "inconclusive" else "not-applicable")
    after = apply(result(entry, judged("walk-ends")), waivers(waiver()), TODAY)
    assert (after.run.verdict, after.notes) == ("passed", ())


def test_what_was_not_among_those_judged_makes_no_waiver_stale() -> None:
    after = apply(result(judged("walk-ends")), waivers(waiver(), waiver(expires=date(2020, 1, 1))), TODAY)
    assert (after.run.verdict, after.notes) == ("passed", ())


def test_a_waiver_for_another_subject_says_nothing() -> None:
    other = waivers(waiver(subject="acme@1.*"), waiver("walk-ends", subject="acme"))
    after = apply(BROKEN, other, TODAY)
    assert (after.requirements, after.notes) == (BROKEN.requirements, ())
    mine = replace(BROKEN, subject=Subject("client", "acme", "1.3"))
    assert apply(mine, waivers(waiver(subject="acme@1.*")), TODAY).run.verdict == "passed"


def test_a_run_that_ended_early_stays_incomplete_and_judges_no_waiver() -> None:
    early = incomplete(result(judged(EXCLUSIVE)))
    after = apply(early, waivers(waiver()), TODAY)
    assert (after.run.verdict, after.notes) == ("incomplete", ())


def test_strict_is_kept() -> None:
    open_one = result(failed(EXCLUSIVE, ITSELF), judged("walk-ends", "inconclusive"), strict=True)
    assert apply(open_one, waivers(waiver()), TODAY).run.verdict == "incomplete"


def test_a_suite_that_broke_stays_an_error() -> None:
    broke = result(failed(EXCLUSIVE, ITSELF), judged("walk-ends", "error"))
    assert apply(broke, waivers(waiver(), waiver("no-such")), TODAY).run.verdict == "error"


@given(results())
def test_without_waivers_nothing_changes(found: Result) -> None:
    assert apply(found, waivers(), TODAY) == found


@given(results(), st.sampled_from(["*", "list-*", "walk-ends"]))
def test_no_finding_is_ever_lost_and_the_result_stays_valid(found: Result, pattern: str) -> None:
    after = apply(found, waivers(waiver(pattern)), TODAY)
    for before, entry in zip(found.requirements, after.requirements, strict=True):
        assert set(entry.findings) == set(before.findings)
    assert render(after)
