from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given

from models_conformance.reports.junit import render
from models_conformance.result import Result, gates
from tests.reports.result_strategies import results, sample, with_fail_on_should


def cases(result: Result) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(render(result).encode("utf-8"))
    return {case.attrib["name"]: case for case in root.iter("testcase")}


@given(results())
def test_any_result_makes_xml_that_parses_back(result: Result) -> None:
    root = ElementTree.fromstring(render(result).encode("utf-8"))
    suite = root[0]
    every = list(suite.iter("testcase"))
    gated = any(gates(entry, result.run.fail_on) for entry in result.requirements)
    alone = result.run.verdict in ("failed", "incomplete") and not gated
    found = every[:-1] if alone else every
    assert [(case.attrib["classname"], case.attrib["name"]) for case in found] == [
        (entry.requirement.area, entry.requirement.id) for entry in result.requirements
    ]
    for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert suite.attrib[attribute] == root.attrib.get(attribute) or kind == "skipped"
        assert int(suite.attrib[attribute]) == sum(1 for case in every if case.find(kind) is not None)
    for entry, case in zip(result.requirements, found, strict=True):
        assert (case.find("failure") is not None) is gates(entry, result.run.fail_on)
        assert (case.find("error") is not None) is (entry.verdict == "error")


def test_a_run_that_fails_without_a_requirement_fails_a_case_of_its_own() -> None:
    stale = replace(sample(), notes=("delete waivers.toml, entry 1 (line 1): it expired",))
    stale = replace(stale, run=replace(stale.run, verdict="failed"))
    failure = cases(stale)["verdict"].find("failure")
    assert failure is not None
    assert "delete waivers.toml" in (failure.text or "")
    assert "verdict" not in cases(sample())


def test_what_is_waived_is_skipped_and_its_findings_are_told() -> None:
    case = cases(sample(list_after_id_is_exclusive="waived"))["list-after-id-is-exclusive"]
    assert case.find("skipped") is not None
    assert "list-after-id-is-exclusive" in (case.findtext("system-out") or "")


def test_a_failure_tells_all_that_is_known() -> None:
    failure = cases(sample(list_after_id_is_exclusive="fail"))["list-after-id-is-exclusive"].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "it held b"
    text = failure.text or ""
    for part in (
        "it starts after b",
        "exchange 2",
        "curl -sSi",
        "Let the page start at the position after",
        ".txt:",
    ):
        assert part in text


def test_a_finding_below_the_threshold_is_told_but_fails_nothing() -> None:
    result = sample(body_keys_are_unique="fail")
    case = cases(result)["body-keys-are-unique"]
    assert case.find("failure") is None
    assert "it held b" in (case.findtext("system-out") or "")
    assert cases(with_fail_on_should(result))["body-keys-are-unique"].find("failure") is not None


def test_what_was_not_judged_is_skipped_with_the_reason() -> None:
    skipped = cases(sample(model_id_is_unique="inconclusive"))["model-id-is-unique"].find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "inconclusive: only one model is listed"


def test_where_the_contract_is_silent_nothing_passes() -> None:
    assert cases(sample())["list-both-cursors"].find("skipped") is not None
