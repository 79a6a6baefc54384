"""A result as the JSON of a shields.io endpoint badge."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from models_conformance.reports.words import is_judged
from models_conformance.result import Result, gates
from models_conformance.support.text import counted

LABEL = "models api"


def to_document(result: Result) -> dict[str, Any]:
    """The badge: `56/56 passed`, `3 violated`, `incomplete`, `suite error`.

    What could not be judged counts among all but not among the passed, so that a badge never claims more than a
    run has shown. Where no certificate was verified, it says `insecure`.
    """
    message, colour = _message(result)
    if result.run.insecure:
        message += ", insecure"
    document: dict[str, Any] = {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour}
    if result.run.verdict == "error":
        document["isError"] = True
    return document


def render(result: Result) -> str:
    """The document as text, ending in a newline."""
    return json.dumps(to_document(result), indent=2, sort_keys=True) + "\n"


def _colour(verdicts: Collection[str]) -> str:
    """Of a run that passed."""
    if "waived" in verdicts or "fail" in verdicts:
        return "yellowgreen"
    return "brightgreen" if set(verdicts) <= {"pass"} else "green"


def _message(result: Result) -> tuple[str, str]:
    verdicts = [
        entry.verdict for entry in result.requirements if is_judged(entry) and entry.verdict != "not-applicable"
    ]
    passed, waived = verdicts.count("pass"), verdicts.count("waived")
    match result.run.verdict:
        case "error":
            return "suite error", "lightgrey"
        case "failed":
            violated = sum(1 for entry in result.requirements if gates(entry, result.run.fail_on))
            # Without a violation it is a waiver that is no longer true which fails the run.
            return (f"{violated} violated" if violated else "waivers out of date"), "red"
        case "incomplete":
            return f"incomplete, {passed}/{len(verdicts)} passed", "yellow"
        case "passed":
            warnings = verdicts.count("fail")
            parts = [f"{passed}/{len(verdicts)} passed"]
            parts += [f"{waived} waived"] if waived else []
            parts += [counted(warnings, "warning")] if warnings else []
            return ", ".join(parts), _colour(verdicts)
