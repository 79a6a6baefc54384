"""Judging a trace: run the judge of each requirement and draw its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.evidence.exchange import Trace
from conformance.judges import (
    beta,
    compatibility,
    credentials,
    cursor,
    envelope,
    errors,
    has_more,
    limit,
    ordering,
    repeat,
    retrieve,
    transport,
    walk,
)
from conformance.judges.base import JUDGES, NotApplicable, Noted, Tested, Unjudged, Violation
from conformance.judges.evidence import Evidence
from conformance.requirements.register import Requirement
from conformance.result import Verdict

# Importing an area's module registers its judges; naming them here keeps the list in one place.
AREAS = (
    transport,
    envelope,
    ordering,
    limit,
    cursor,
    has_more,
    walk,
    repeat,
    retrieve,
    beta,
    credentials,
    errors,
    compatibility,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was said about one requirement. `tested` are exchange numbers, in order, each once."""

    requirement: Requirement
    verdict: Verdict
    tested: tuple[int, ...]
    violations: tuple[Violation, ...]
    notes: tuple[Noted, ...]
    reason: str


def judge(trace: Trace, requirements: Iterable[Requirement]) -> list[Judged]:
    """Judge a trace by these requirements. Pure: the same trace always has the same verdicts."""
    evidence = Evidence(trace)
    return [_judge_one(evidence, requirement) for requirement in requirements]


def _judge_one(evidence: Evidence, requirement: Requirement) -> Judged:
    tested: dict[int, None] = {}
    violations: dict[tuple[str, str], Violation] = {}
    notes: dict[Noted, None] = {}
    reason, applicable = "", True
    for judgement in JUDGES[requirement.id](evidence):
        match judgement:
            case Tested(number):
                tested[number] = None
            case Violation(observed, expected):
                violations.setdefault((observed, expected), judgement)
            case Noted():
                notes[judgement] = None
            case NotApplicable(why):
                applicable, reason = False, reason or why
            case Unjudged(why):
                reason = reason or why
    verdict: Verdict
    if violations:
        verdict = "fail"
    elif tested:
        verdict = "pass"
    else:
        verdict = "inconclusive" if applicable else "not-applicable"
    return Judged(
        requirement,
        verdict,
        tuple(tested),
        tuple(violations.values()),
        tuple(notes),
        "" if violations or tested else reason,
    )
