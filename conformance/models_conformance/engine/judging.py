"""Judging a trace: run the judge of each requirement and draw its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models_conformance.evidence.exchange import Trace
from models_conformance.judges.client import failure, fields, headers, paging, retry, value, wire
from models_conformance.judges.client.client_evidence import ClientEvidence
from models_conformance.judges.client.registry import CLIENT_JUDGES
from models_conformance.judges.judgement import (
    JUDGES,
    Exercised,
    Judgement,
    NotApplicable,
    NotExercised,
    Observed,
    Violation,
)
from models_conformance.judges.server import (
    beta,
    compatibility,
    credentials,
    cursor,
    envelope,
    errors,
    has_more,
    limit,
    repeat,
    retrieve,
    transport,
    walk,
)
from models_conformance.judges.server import order as ordering
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.register import Requirement
from models_conformance.result import Verdict

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
CLIENT_AREAS = (wire, headers, paging, value, fields, failure, retry)


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was said about one requirement. `tested` are exchange numbers, in order, each once.

    A call of a driver that sent nothing can test a requirement too: `exercised` counts those as well.
    """

    requirement: Requirement
    verdict: Verdict
    tested: tuple[int, ...]
    exercised: int
    violations: tuple[Violation, ...]
    notes: tuple[Observed, ...]
    reason: str


def judge(trace: Trace, requirements: Iterable[Requirement]) -> list[Judged]:
    """Judge a trace by these requirements. Pure: the same trace always has the same verdicts."""
    evidence = Evidence(trace)
    return [_judged(JUDGES[requirement.id](evidence), requirement) for requirement in requirements]


def judge_client_evidence(evidence: ClientEvidence, requirements: Iterable[Requirement]) -> list[Judged]:
    """Judge a client's run by these requirements. Pure, as `judge` is."""
    return [_judged(CLIENT_JUDGES[requirement.id](evidence), requirement) for requirement in requirements]


def _judged(judgements: Iterable[Judgement], requirement: Requirement) -> Judged:
    tested: dict[tuple[int, int], None] = {}
    violations: dict[tuple[str, str], Violation] = {}
    notes: dict[Observed, None] = {}
    reason, applicable = "", True
    for judgement in judgements:
        match judgement:
            case Exercised(number, call):
                tested[number, call] = None
            case Violation(observed, expected):
                violations.setdefault((observed, expected), judgement)
            case Observed():
                notes[judgement] = None
            case NotApplicable(why):
                applicable, reason = False, reason or why
            case NotExercised(why):
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
        tuple(number for number, _ in tested if number),
        len(
            tested.keys()
            | {
                (violation.exchanges[0], 0) if violation.exchanges else (0, violation.call)
                for violation in violations.values()
            }
        ),
        tuple(violations.values()),
        tuple(notes),
        "" if violations or tested else reason or "nothing in this run could test it",
    )
