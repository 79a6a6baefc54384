"""A result as SARIF 2.1.0, what code scanning reads. https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/

A rule for each requirement, a result for each finding that is shown. A server has no line of a file: a result stands at
its URL, one of a recording at its file.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from models_conformance.reports.curl import line_for
from models_conformance.reports.words import LONGEST_SENTENCE, clause, verdict_line, why
from models_conformance.requirements.pages import documentation, page_url
from models_conformance.result import Finding, RequirementResult, Result
from models_conformance.support.text import printable, well_formed
from models_conformance.version import __version__
from models_conformance.waivers.fingerprint import fingerprint

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"must": "error", "should": "warning", "observe": "note"}
_SAFE = "/:@!$&'()*+,;=~-._?%"


def to_document(result: Result) -> dict[str, Any]:
    """The log: one run, whose rules are all requirements that were judged."""
    run = result.run
    rules = {entry.requirement.id: number for number, entry in enumerate(result.requirements)}
    findings = [
        _result(result, entry, finding, rules[entry.requirement.id])
        for entry in result.requirements
        if entry.verdict in ("fail", "waived")
        for finding in entry.findings
    ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "models-conformance",
                        "version": __version__,
                        "semanticVersion": __version__,
                        **({"informationUri": documentation()} if documentation() else {}),
                        "rules": [_rule(entry) for entry in result.requirements],
                    }
                },
                "automationDetails": {"id": _text(f"models-conformance/{result.subject.kind}/{result.subject.name}")},
                "invocations": [
                    {
                        "executionSuccessful": run.verdict != "error",
                        "exitCode": result.exit_code,
                        "startTimeUtc": run.started_at,
                        "toolExecutionNotifications": [
                            {"level": "note", "message": {"text": _text(note)}}
                            for note in (verdict_line(result), *result.notes)
                        ],
                    }
                ],
                "columnKind": "unicodeCodePoints",
                "results": findings,
            }
        ],
    }


def render(result: Result) -> str:
    """The document as text, ASCII only, ending in a newline."""
    text = json.dumps(to_document(result), indent=2, allow_nan=False)
    # The same value: a build system that prints the file finds no ##command[ of its own in it.
    return text.replace("##", "#\\u0023") + "\n"


def _rule(entry: RequirementResult) -> dict[str, Any]:
    requirement = entry.requirement
    rule: dict[str, Any] = {
        "id": requirement.id,
        "shortDescription": {"text": _text(requirement.statement)},
        "help": {"text": _text(f"{requirement.advice or requirement.statement} Clause: {clause(entry)}")},
        "defaultConfiguration": {"level": _LEVELS[requirement.level]},
        "properties": {"tags": [requirement.area, requirement.level]},
    }
    # The page of ours tells where the clause is, and more; a contract of the user's own has clauses alone.
    help_uri = page_url(requirement.id) or (entry.source.url if entry.source is not None else "")
    if help_uri:
        rule["helpUri"] = help_uri
    return rule


def _result(result: Result, entry: RequirementResult, finding: Finding, rule: int) -> dict[str, Any]:
    requirement = entry.requirement
    place = {"artifactLocation": {"uri": _place(result, finding)}, "region": {"startLine": 1}}
    document: dict[str, Any] = {
        "ruleId": requirement.id,
        "ruleIndex": rule,
        "level": _LEVELS[requirement.level],
        "message": {
            "text": _text(f"{requirement.statement} Observed: {finding.observed}. Expected: {finding.expected}.")
        },
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"modelsConformance/v1": fingerprint(requirement.id, finding)},
        "properties": {
            "kind": finding.kind,
            "advice": _text(finding.advice),
            "reproduce": well_formed(line_for(finding, result.exchanges)),
        },
    }
    if entry.verdict == "waived":
        document["suppressions"] = [{"kind": "external", "justification": _text(why(entry))}]
    return document


def _place(result: Result, finding: Finding) -> str:
    """A URI: the file of a recording, the URL of a server, or what a client is called."""
    if finding.file:
        return quote(finding.file.encode("utf-8", "backslashreplace"), safe="/")
    subject = result.subject
    name = subject.url or f"{subject.kind}/{subject.name}"
    return quote(well_formed(name), safe=_SAFE)


def _text(text: str) -> str:
    return printable(text, 2 * LONGEST_SENTENCE)
