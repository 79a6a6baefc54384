"""SARIF and JUnit as those who read them take them: SARIF by a model of its schema, JUnit by Jenkins' elements."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from models_conformance.reports import junit
from models_conformance.reports.sarif import render, to_document
from models_conformance.requirements.pages import page_url
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


# What it demands, and how it has a time.
REQUIRED: Mapping[str, set[str]] = {
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"name"},
    "property": {"name", "value"},
}
SUREFIRE_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def test_the_validator_of_those_who_made_sarif_takes_it(tmp_path: Path) -> None:
    validator = shutil.which("sarif-multitool")
    if validator is None:
        pytest.skip("sarif-multitool (npm install -g @microsoft/sarif-multitool) is not on this machine")
    file = tmp_path / "result.sarif"
    file.write_text(render(sample(walk_ends="fail", body_keys_are_unique="fail", model_is_complete="waived")))
    said = subprocess.run(
        [validator, "validate", file, "--log", "Inline"], capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stdout
    assert "error" not in said.stdout


@settings(max_examples=25)
@given(results())
def test_any_result_is_valid_for_those_who_read_it(result: Result) -> None:
    Sarif.model_validate_json(render(result))
    for element in ElementTree.fromstring(junit.render(result)).iter():
        children, attributes = JENKINS[element.tag]
        assert {child.tag for child in element} <= children
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib) <= attributes
        if element.tag in ("testsuites", "testsuite"):
            assert SUREFIRE_TIME.fullmatch(element.attrib["time"])


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
    assert rules[found["ruleIndex"]]["helpUri"] == page_url("walk-ends")
    assert found["level"] == "error"
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found["partialFingerprints"]
    assert "suppressions" not in found
    assert run["invocations"][0]["exitCode"] == 1
    excused = tuple(replace(entry, verdict="waived") if entry.findings else entry for entry in entries)
    (waived,) = to_document(replace(result, requirements=excused))["runs"][0]["results"]
    assert waived["suppressions"][0]["kind"] == "external"
    json.loads(render(result))
