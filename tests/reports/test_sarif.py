"""SARIF and JUnit as those who read them take them: SARIF by a model of its schema, JUnit by Jenkins' elements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given, settings
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from models_conformance.reports import junit
from models_conformance.reports.sarif import render, to_document
from models_conformance.result import Clause, Result
from tests.reports.result_strategies import results, sample

# What junit-10.xsd of Jenkins' xUnit plugin allows: the children and the attributes of each element.
JENKINS: Mapping[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname", "id", "package", "file"},
    ),
    "properties": ({"property"}, set()),
    "property": (set(), {"name", "value"}),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        {"name", "time", "classname", "group"},
    ),
    "skipped": (set(), {"type", "message"}),
    "error": (set(), {"type", "message"}),
    "failure": (set(), {"type", "message"}),
    "system-out": (set(), set()),
}


@settings(max_examples=25)
@given(results())
def test_any_result_is_valid_for_those_who_read_it(result: Result) -> None:
    Sarif.model_validate_json(render(result))
    for element in ElementTree.fromstring(junit.render(result)).iter():
        children, attributes = JENKINS[element.tag]
        assert {child.tag for child in element} <= children
        assert set(element.attrib) <= attributes


def test_a_violation_is_a_result_of_its_rule() -> None:
    result = sample(walk_ends="fail")
    entries = tuple(
        replace(entry, source=Clause("p.md", 3, title="Models", url="https://docs.example/models#:~:text=limit"))
        for entry in result.requirements
    )
    (run,) = to_document(replace(result, requirements=entries))["runs"]
    rules = run["tool"]["driver"]["rules"]
    (found,) = run["results"]
    assert rules[found["ruleIndex"]]["id"] == found["ruleId"] == "walk-ends"
    assert rules[found["ruleIndex"]]["helpUri"] == "https://docs.example/models#:~:text=limit"
    assert found["level"] == "error"
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found["partialFingerprints"]
    assert "suppressions" not in found
    assert run["invocations"][0]["exitCode"] == 1
    excused = tuple(replace(entry, verdict="waived") if entry.findings else entry for entry in entries)
    (waived,) = to_document(replace(result, requirements=excused))["runs"][0]["results"]
    assert waived["suppressions"][0]["kind"] == "external"
    json.loads(render(result))
