"""The badge says no more than the run has shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from models_conformance.reports.badge import render, to_document
from models_conformance.result import Result
from tests.reports.result_strategies import results, sample

JUDGED = sum(1 for entry in sample().requirements if entry.requirement.level != "observe")


def shown(**verdicts: str) -> tuple[Any, Any]:
    document = to_document(sample(strict=False, **verdicts))
    return document["message"], document["color"]


def test_everything_passed_is_bright_green() -> None:
    assert shown() == (f"{JUDGED}/{JUDGED} passed", "brightgreen")


def test_what_was_not_judged_counts_among_all_but_not_among_the_passed() -> None:
    assert shown(walk_ends="inconclusive") == (f"{JUDGED - 1}/{JUDGED} passed", "green")


def test_what_does_not_apply_counts_nowhere() -> None:
    assert shown(walk_ends="not-applicable") == (f"{JUDGED - 1}/{JUDGED - 1} passed", "brightgreen")


def test_waived_and_lesser_findings_are_told() -> None:
    assert shown(walk_ends="waived") == (f"{JUDGED - 1}/{JUDGED} passed, 1 waived", "yellowgreen")
    assert shown(error_envelope_is_complete="fail") == (f"{JUDGED - 1}/{JUDGED} passed, 1 warning", "yellowgreen")


def test_violations_are_counted_in_red() -> None:
    assert shown(walk_ends="fail", list_page_is_full="fail") == ("2 violated", "red")


@pytest.mark.parametrize(
    ("verdict", "message"), [("failed", "waivers out of date"), ("incomplete", f"incomplete, {JUDGED}/{JUDGED} passed")]
)
def test_a_run_that_did_not_pass_without_a_violation_says_why(verdict: Any, message: str) -> None:
    result = sample()
    assert to_document(replace(result, run=replace(result.run, verdict=verdict)))["message"] == message


def test_a_broken_suite_is_an_error_of_the_badge() -> None:
    document = to_document(sample(walk_ends="error"))
    assert (document["message"], document["isError"]) == ("suite error", True)


@given(results())
def test_it_is_the_schema_that_shields_reads(result: Result) -> None:
    document = json.loads(render(result))
    assert document["schemaVersion"] == 1
    assert set(document) <= {"schemaVersion", "label", "message", "color", "isError"}
    assert document["label"]
    assert document["message"]
