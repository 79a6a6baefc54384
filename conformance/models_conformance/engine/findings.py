"""From what the judges said to the entries of a result: the same for every kind of subject."""

from __future__ import annotations

from collections.abc import Callable

from models_conformance.engine.judging import Judged
from models_conformance.judges.judgement import Violation
from models_conformance.result import Finding, RequirementResult
from models_conformance.waivers.fingerprint import fingerprint

# A subject with one defect shows it in many exchanges; nobody reads the sixth proof. But each kind of deviation is
# shown once, or a waiver for one kind would hide another that came behind it.
FINDINGS_SHOWN = 5
KINDS_SHOWN = 25


def entry(judged: Judged, reproduce: Callable[[Violation], str]) -> RequirementResult:
    """A requirement's result. `reproduce` makes the shell line that shows a violation again."""
    shown = _worth_showing(judged)
    more = len(judged.violations) - len(shown)
    return RequirementResult(
        judged.requirement,
        judged.verdict,
        judged.exercised,
        tuple(
            Finding(one.observed, one.expected, one.exchanges, reproduce(one), judged.requirement.advice)
            for one in shown
        ),
        f"{more} further findings of this kind are left out of every report" if more else judged.reason,
    )


def _worth_showing(judged: Judged) -> list[Violation]:
    """The first violation of each kind, then further ones as far as there is room."""
    kinds: dict[str, Violation] = {}
    for violation in judged.violations:
        finding = Finding(violation.observed, violation.expected, violation.exchanges)
        kinds.setdefault(fingerprint(judged.requirement.id, finding), violation)
    first = list(kinds.values())[:KINDS_SHOWN]
    rest = [violation for violation in judged.violations if violation not in first]
    return first + rest[: max(0, FINDINGS_SHOWN - len(first))]
