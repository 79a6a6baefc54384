"""SARIF and JUnit as those who read them take them: SARIF by a model of its schema, JUnit by Jenkins' elements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

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


# What SARIF 2.1.0 (OASIS, appendix of the schema) allows in the objects that are written here, and what it demands.
TEXT = ({"text", "markdown", "id", "arguments", "properties"}, {"text"})
SARIF: Mapping[str, tuple[set[str], set[str]]] = {
    "": ({"$schema", "version", "runs", "inlineExternalProperties", "properties"}, {"version", "runs"}),
    "runs": ({"tool", "invocations", "automationDetails", "columnKind", "results", "properties"}, {"tool"}),
    "tool": ({"driver", "extensions", "properties"}, {"driver"}),
    "driver": ({"name", "version", "semanticVersion", "informationUri", "rules", "properties"}, {"name"}),
    "rules": (
        {"id", "name", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties"},
        {"id"},
    ),
    **dict.fromkeys(("shortDescription", "help", "message"), TEXT),
    "defaultConfiguration": ({"level", "enabled", "rank", "parameters", "properties"}, set()),
    "automationDetails": ({"id", "guid", "correlationGuid", "description", "properties"}, set()),
    "invocations": (
        {"executionSuccessful", "exitCode", "startTimeUtc", "toolExecutionNotifications", "properties"},
        {"executionSuccessful"},
    ),
    "toolExecutionNotifications": ({"level", "message", "descriptor", "locations", "properties"}, {"message"}),
    "results": (
        {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "suppressions", "properties"},
        {"message"},
    ),
    "locations": ({"id", "physicalLocation", "logicalLocations", "message", "properties"}, set()),
    "physicalLocation": ({"address", "artifactLocation", "region", "contextRegion", "properties"}, set()),
    "artifactLocation": ({"uri", "uriBaseId", "index", "description", "properties"}, set()),
    "region": ({"startLine", "startColumn", "endLine", "endColumn", "properties"}, set()),
    "suppressions": ({"guid", "kind", "status", "justification", "location", "properties"}, {"kind"}),
}
CHOICES = {
    "level": {"none", "note", "warning", "error"},
    "kind": {"inSource", "external"},
    "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
}
# Lists whose items differ from each other; a list of results may hold equal ones.
OF_ONE_EACH = {"rules", "suppressions", "tags"}
# RFC 3986, 4.1: a URI or a relative reference, with nothing unescaped that is in neither.
URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
RULES: Mapping[str, Callable[[Any], Any]] = {
    **{name: choices.__contains__ for name, choices in CHOICES.items()},
    **dict.fromkeys(("uri", "helpUri", "informationUri"), URI_REFERENCE.fullmatch),
    "startLine": lambda line: line >= 1,
    "ruleIndex": lambda index: index >= -1,
}


def violations_of_sarif(value: Any, name: str = "") -> Iterator[str]:
    """What the schema of SARIF refuses in a document of ours."""
    if isinstance(value, list):
        if name in OF_ONE_EACH and len({json.dumps(item, sort_keys=True) for item in value}) < len(value):
            yield f"{name} holds one twice"
        for item in value:
            yield from violations_of_sarif(item, name)
    elif isinstance(value, dict) and name in ("properties", "partialFingerprints"):
        yield from violations_of_sarif(value.get("tags"), "tags")
    elif isinstance(value, dict):
        allowed, demanded = SARIF[name]
        yield from (f"{name}.{member}" for member in set(value) - allowed | demanded - set(value))
        for member, inner in value.items():
            yield from violations_of_sarif(inner, member)
    elif name in RULES and not RULES[name](value):
        yield f"{name} is {value}"


@settings(max_examples=25)
@given(results())
def test_any_result_is_valid_for_those_who_read_it(result: Result) -> None:
    text = render(result)
    Sarif.model_validate_json(text)
    document = json.loads(text)
    assert document["version"] == "2.1.0"
    assert list(violations_of_sarif(document)) == []
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
