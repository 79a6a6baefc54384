"""A result as the JSON of a shields.io endpoint badge."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from models_conformance.reports.words import outcome_of
from models_conformance.result import Result
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


def _message(result: Result) -> tuple[str, str]:
    counts = Counter(outcome_of(entry, result.run.fail_on) for entry in result.requirements)
    passed, waived, warnings = counts["pass"], counts["waived"], counts["lesser"]
    total = counts.total() - counts["observed"] - counts["not-applicable"]
    match result.run.verdict:
        case "error":
            return "suite error", "lightgrey"
        case "failed":
            # Without a violation it is a waiver that is no longer true which fails the run.
            return (f"{counts['fail']} violated" if counts["fail"] else "waivers out of date"), "red"
        case "incomplete":
            return f"incomplete, {passed}/{total} passed", "yellow"
        case "passed":
            parts = [f"{passed}/{total} passed"]
            parts += [f"{waived} waived"] if waived else []
            parts += [counted(warnings, "warning")] if warnings else []
            colour = "yellowgreen" if waived or warnings else "brightgreen" if passed == total else "green"
            return ", ".join(parts), colour
