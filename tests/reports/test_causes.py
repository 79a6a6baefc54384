"""Every report leads with what to fix; what follows stands below."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

from models_conformance.matrix.comparing import compare
from models_conformance.matrix.markdown import markdown as matrix_markdown
from models_conformance.matrix.page import html as matrix_page
from models_conformance.matrix.result_files import parse_result
from models_conformance.reports import as_json, html, junit, markdown
from models_conformance.reports.annotations import render as annotated
from models_conformance.reports.words import explanation
from models_conformance.result import Cause, Finding, Result
from tests.reports.result_strategies import sample
from tests.reports.test_terminal import shown

IGNORED = Cause(
    "cursor-is-ignored",
    "after_id changes nothing",
    "list-after-id-is-exclusive",
    ("walk-ends",),
    (2,),
    "curl http://127.0.0.1:9999/v1/models",
    "Read the cursor from the query.",
)
OPEN = Cause("version-is-not-checked", "no version is asked for", "version-missing-is-400", (), (2,), "", "Ask for it.")


def caused(*, waived: bool = False) -> Result:
    """Two causes: one breaks two musts, the other a should."""
    result = sample(list_after_id_is_exclusive="fail", walk_ends="fail", version_missing_is_400="fail")
    entries = []
    for entry in result.requirements:
        cause = OPEN.id if entry.requirement.id == OPEN.root else IGNORED.id
        findings = tuple(replace(finding, cause=cause) for finding in entry.findings)
        is_waived = waived and entry.verdict == "fail" and cause == IGNORED.id
        entries.append(replace(entry, findings=findings, verdict="waived" if is_waived else entry.verdict))
    return replace(result, requirements=tuple(entries), causes=(IGNORED, OPEN))


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_the_terminal_leads_with_causes() -> None:
    text = shown(caused())
    assert in_order(text, "To fix", "1. after_id changes nothing", "2. no version is asked for", "transport")
    assert in_order(
        text, "breaks    list-after-id-is-exclusive (must)", "and so    walk-ends", "reproduce curl", "advice"
    )


def test_a_quiet_terminal_names_causes_first() -> None:
    lines = shown(caused(), "quiet").splitlines()
    assert lines[:2] == ["cause after_id changes nothing", "cause no version is asked for"]


def test_what_is_waived_is_not_to_be_mended() -> None:
    text = shown(caused(waived=True))
    assert "1. no version is asked for" in text
    assert "after_id changes nothing" not in text


def test_where_all_is_well_nothing_is_to_be_mended() -> None:
    assert "To fix" not in shown(sample()) + markdown.render(sample()) + html.render(sample())


def test_markdown_leads_with_causes() -> None:
    assert in_order(
        markdown.render(caused()),
        "To fix",
        "after_id changes nothing",
        "no version is asked for",
        "| requirement |",
    )


def test_the_page_leads_with_causes_and_their_requirements_are_links() -> None:
    page = html.render(caused())
    assert in_order(page, "To fix", "after_id changes nothing", '<a href="#walk-ends">', "Failed <span>2</span>")


def test_each_failure_of_junit_names_its_cause() -> None:
    cases = ElementTree.fromstring(junit.render(caused()).encode()).iter("testcase")
    failures = {case.attrib["name"]: str(failure.text) for case in cases for failure in case.iter("failure")}
    assert failures.keys() == {"list-after-id-is-exclusive", "walk-ends"}
    assert all("cause      after_id changes nothing" in text for text in failures.values())


def test_an_explanation_names_the_cause() -> None:
    result = caused()
    entry = next(entry for entry in result.requirements if entry.requirement.id == "walk-ends")
    assert "cause      after_id changes nothing" in explanation(result, entry)


def test_annotations_lead_with_causes() -> None:
    lines = annotated(caused(), {"GITHUB_ACTIONS": "true"}).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    warnings = [line for line in lines if line.startswith("::warning")]
    assert "after_id changes nothing" in errors[0]
    assert len(errors) == 3
    assert "no version is asked for" in warnings[0]


def test_the_document_has_causes_and_each_finding_names_one() -> None:
    document = as_json.to_document(caused())
    assert [cause["id"] for cause in document["causes"]] == [IGNORED.id, OPEN.id]
    assert document["causes"][0] == {
        "id": IGNORED.id,
        "statement": IGNORED.statement,
        "root": IGNORED.root,
        "explains": ["walk-ends"],
        "exchanges": [2],
        "reproduce": IGNORED.reproduce,
        "advice": IGNORED.advice,
    }
    named = {finding["cause"] for entry in document["requirements"] for finding in entry["findings"]}
    assert named == {IGNORED.id, OPEN.id}


def test_causes_are_read_back_and_lead_the_matrix() -> None:
    read = parse_result(as_json.render(caused()).encode(), "r.json")
    assert read.result.causes == (IGNORED, OPEN)
    matrix = compare([read])
    assert in_order(matrix_markdown(matrix), "To fix", "after_id changes nothing", "| requirement |")
    assert in_order(matrix_page(matrix), "To fix", "after_id changes nothing", '<main id="matrix"')


def test_a_result_from_before_there_were_causes_is_read() -> None:
    document = as_json.to_document(caused())
    del document["causes"]
    for entry in document["requirements"]:
        for finding in entry["findings"]:
            del finding["cause"]
    read = parse_result(json.dumps(document).encode(), "old.json")
    assert read.result.causes == ()
    assert "To fix" not in matrix_markdown(compare([read]))


def test_further_findings_are_named() -> None:
    result = sample(list_envelope_is_complete="fail")
    members = ("first_id", "has_more", "last_id", "data", "type")
    findings = tuple(
        Finding(f"{name} is missing", "all four", (2,), kind="is-missing", member=name) for name in members
    )
    entries = tuple(
        replace(entry, findings=findings) if entry.verdict == "fail" else entry for entry in result.requirements
    )
    result = replace(result, requirements=entries)
    assert "and 2 more findings: data, type" in shown(result)
    assert "and 4 more findings: has_more, last_id, data, type" in shown(result, "quiet")
    assert "and 2 more findings: data, type" in markdown.render(result)
