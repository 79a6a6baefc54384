from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given

from models_conformance.contract.shipped import SHIPPED, load_contract
from models_conformance.reports.html import render
from models_conformance.reports.html.model import SYMBOLS, page_of
from models_conformance.reports.words import OUTCOMES, outcome_of, tally
from models_conformance.requirements.pages import page_url
from models_conformance.requirements.register import Level, register
from models_conformance.result import Finding, RequirementResult, Result, Verdict
from tests.reports.html.parsed import Page
from tests.reports.result_strategies import results, sample, with_fail_on_should


@given(results())
def test_every_requirement_is_on_the_page_with_its_verdict(result: Result) -> None:
    page = Page(render(result))
    shown = {
        attributes["id"]: attributes["data-verdict"]
        for tag, attributes in page.elements
        if tag == "details" and attributes.get("data-verdict")
    }
    assert shown == {entry.requirement.id: outcome_of(entry, result.run.fail_on) for entry in result.requirements}


@given(results())
def test_every_finding_is_on_the_page(result: Result) -> None:
    findings = [finding for entry in result.requirements for finding in entry.findings]
    page = Page(render(result))
    assert page.of_class("finding") == len(findings)
    assert page.of_class("exchange") == sum(len(finding.exchanges) for finding in findings)


@pytest.mark.parametrize("level", get_args(Level))
@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_a_verdict_has_the_word_that_the_terminal_has(level: Level, verdict: Verdict) -> None:
    requirement = replace(register()["list-after-id-is-exclusive"], level=level)
    entry = RequirementResult(requirement, verdict, 1, (Finding("it held b", "not b", ()),))
    result = replace(sample(), requirements=(entry,))
    (part,) = page_of(result).parts
    assert tally(result, [entry]) == f"1 {part.outcome.word}"


def test_no_two_verdicts_look_alike_without_colour() -> None:
    assert SYMBOLS.keys() == OUTCOMES.keys()
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_a_requirement_tells_its_source_how_often_it_was_tested_and_what_to_do() -> None:
    text = Page(render(sample(list_after_id_is_exclusive="fail"))).text
    for part in (
        "Failed: 1 requirement violated",
        "118 in 1.9 s",
        "Seed",
        "4 exchanges",
        ".txt:",
        "it held b",
        "it starts after b",
        "Let the page start at the position after",
        "curl -sSi --path-as-is",
        "GET /v1/models?after_id=b%2Fc",
        "limit=0",
        "waited 2 s after a 429",
    ):
        assert part in text


def test_a_finding_that_does_not_fail_the_run_is_told_apart() -> None:
    result = sample(body_keys_are_unique="fail")
    assert "should finding" in Page(render(result)).text
    assert "should finding" not in Page(render(with_fail_on_should(result))).text


def test_a_waiver_and_an_open_question_show_their_reason() -> None:
    result = sample(model_id_is_unique="inconclusive", model_is_complete="waived")
    entries = tuple(
        replace(entry, reason="known since May: see the tracker") if entry.verdict == "waived" else entry
        for entry in result.requirements
    )
    document = render(replace(result, requirements=entries))
    for label, reason in (
        ("Waived because", "known since May: see the tracker"),
        ("Not judged because", "only one model is listed"),
    ):
        assert f"<dt>{label}</dt><dd data-search>{reason}</dd>" in document


def test_a_finding_without_exchanges_still_has_its_command() -> None:
    result = sample(list_after_id_is_exclusive="fail")
    alone = Finding("it raised", "a list", (), "python3 -c 'import sdk'", "Return a list.")
    entries = tuple(replace(entry, findings=(alone,) if entry.findings else ()) for entry in result.requirements)
    page = Page(render(replace(result, requirements=entries, exchanges=None)))
    assert "python3 -c 'import sdk'" in page.text
    assert page.of_class("exchange") == 0


def test_an_exchange_that_was_not_kept_is_named() -> None:
    page = Page(render(replace(sample(list_after_id_is_exclusive="fail"), exchanges={})))
    assert "This exchange was not kept in the result." in page.text


def test_what_failed_stands_first_and_what_was_kept_is_folded() -> None:
    page = page_of(sample(walk_ends="fail", model_id_is_unique="inconclusive"))
    assert [(part.outcome.key, part.is_folded) for part in page.parts] == [
        ("fail", False),
        ("inconclusive", False),
        ("pass", True),
        ("observed", True),
    ]
    assert dict(page.facts)["Contract"].endswith("1 page without a date, API version 2023-06-01")


def test_where_nothing_is_wrong_what_was_kept_is_not_folded() -> None:
    parts = {part.outcome.key: part.is_folded for part in page_of(sample()).parts}
    assert parts == {"pass": False, "observed": True}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_contract_has_its_date(name: str) -> None:
    used = replace(sample().contract, name=name, dated=load_contract(name).dated)
    told = dict(page_of(replace(sample(), contract=used)).facts)["Contract"]
    assert (name in told.partition("up to ")[2]) is (name != "first")


def test_a_requirement_links_to_its_page_and_to_itself() -> None:
    links = {
        attributes.get("href") for tag, attributes in Page(render(sample(walk_ends="fail"))).elements if tag == "a"
    }
    assert {"#walk-ends", "#walk-ends.1", page_url("walk-ends")} <= links
