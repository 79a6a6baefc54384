"""From what the judges said to the entries of a result: the same for every kind of subject."""

from __future__ import annotations

from collections.abc import Callable

from conformance.judges.base import Violation
from conformance.judges.judging import Judged
from conformance.result import Finding, RequirementResult

# A subject with one defect shows it in many exchanges; nobody reads the sixth proof.
FINDINGS_SHOWN = 5


def entry(judged: Judged, reproduce: Callable[[Violation], str]) -> RequirementResult:
    """A requirement's result. `reproduce` makes the shell line that shows a violation again."""
    shown = judged.violations[:FINDINGS_SHOWN]
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
