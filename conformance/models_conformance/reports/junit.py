"""A result as JUnit XML, one test case per requirement: what CI systems read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree

from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    explanation,
    headline,
    outcome_of,
    verdict_line,
    why,
)
from models_conformance.result import RequirementResult, Result
from models_conformance.support.text import printable


def render(result: Result) -> str:
    """The XML text, with its declaration.

    A requirement fails its test case only where it gates the run: findings below `--fail-on` are written to
    the case's system-out. Nothing a subject sent can break the XML, because no control character gets here.
    """
    run = result.run
    cases = [_case(result, entry) for entry in result.requirements]
    # What fails a run beside its requirements would else be all green: an early end, waivers that are out of date.
    if run.verdict in ("failed", "incomplete") and all(case.find("failure") is None for case in cases):
        case = ElementTree.Element("testcase", classname="run", name="verdict", time="0")
        _add(case, "failure", verdict_line(result), _verdict(result))
        cases.append(case)
    totals = _totals(result, cases)
    # Jenkins' schema has no `skipped` for all suites together, and refuses a file with what it does not have.
    root = ElementTree.Element("testsuites", {name: value for name, value in totals.items() if name != "skipped"})
    suite = ElementTree.SubElement(root, "testsuite", totals, timestamp=printable(run.started_at, LONGEST_SENTENCE))
    properties = ElementTree.SubElement(suite, "properties")
    subject = result.subject
    facts = {"subject": subject.name, "url": subject.url, "seed": str(run.seed), "verdict": run.verdict}
    for name, value in facts.items():
        if value is not None:
            ElementTree.SubElement(properties, "property", name=name, value=printable(value, LONGEST_SENTENCE))
    suite.extend(cases)
    output = ElementTree.SubElement(suite, "system-out")
    output.text = _verdict(result)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _verdict(result: Result) -> str:
    return "\n".join([verdict_line(result), *(printable(note, LONGEST_SENTENCE) for note in result.notes)])


def _totals(result: Result, cases: Sequence[ElementTree.Element]) -> dict[str, str]:
    held = Counter(child.tag for case in cases for child in case)
    subject = result.subject
    parts = ("models-conformance", subject.kind, subject.name, subject.version)
    return {
        "tests": str(len(cases)),
        "failures": str(held["failure"]),
        "errors": str(held["error"]),
        "skipped": str(held["skipped"]),
        "name": " ".join(printable(part, LONGEST_SENTENCE) for part in parts if part),
        "time": f"{result.run.seconds:.3f}",
    }


def _case(result: Result, entry: RequirementResult) -> ElementTree.Element:
    requirement = entry.requirement
    # No request belongs to one requirement alone, so none can claim a share of the time.
    case = ElementTree.Element("testcase", classname=requirement.area, name=requirement.id, time="0")
    kind = outcome_of(entry, result.run.fail_on)
    if kind == "error":
        _add(case, "error", why(entry), explanation(result, entry))
    elif kind == "fail":
        first = headline(entry.findings[0], 200) if entry.findings else why(entry)
        _add(case, "failure", first, explanation(result, entry))
    elif kind == "lesser":
        ElementTree.SubElement(case, "system-out").text = explanation(result, entry)
    elif entry.verdict == "waived":
        ElementTree.SubElement(case, "skipped", message=f"waived: {why(entry)}")
        ElementTree.SubElement(case, "system-out").text = explanation(result, entry)
    elif kind != "pass":
        ElementTree.SubElement(case, "skipped", message=f"{kind}: {why(entry)}")
    return case


def _add(case: ElementTree.Element, kind: str, message: str, text: str) -> None:
    ElementTree.SubElement(case, kind, message=message).text = text
