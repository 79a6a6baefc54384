"""What a requirement's verdict means for the run: the words, symbols and order that the page has for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models_conformance.reports.words import is_judged
from models_conformance.result import RequirementResult, gates


@dataclass(frozen=True, slots=True)
class Outcome:
    """`key` names it in the page's styles and links, `word` in its text; `symbol` stands beside the word."""

    key: str
    word: str
    symbol: str


# What matters most first: the order of counts and filters, and which one marks an area.
OUTCOMES = {
    outcome.key: outcome
    for outcome in (
        Outcome("error", "broke the suite", "E"),
        Outcome("fail", "failed", "✗"),
        Outcome("lesser", "should finding", "!"),
        Outcome("waived", "waived", "~"),
        Outcome("inconclusive", "not judged", "?"),
        Outcome("pass", "passed", "✓"),
        Outcome("not-applicable", "not applicable", "–"),
        Outcome("observed", "observed", "·"),
    )
}


def outcome_of(entry: RequirementResult, fail_on: Literal["must", "should"]) -> Outcome:
    """The outcome of a requirement: a failure that does not gate is told apart, and silence is not judged."""
    if entry.verdict == "fail":
        return OUTCOMES["fail" if gates(entry, fail_on) else "lesser"]
    return OUTCOMES[entry.verdict if is_judged(entry) or entry.verdict == "error" else "observed"]
