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
from conformance.judges.base import JUDGES, Judgement, NotApplicable, Noted, Tested, Unjudged, Violation
from conformance.judges.client import failure, fields, headers, paging, retry, value, wire
from conformance.judges.client.base import CLIENT_JUDGES
from conformance.judges.client.evidence import ClientEvidence
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
    notes: tuple[Noted, ...]
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
    notes: dict[Noted, None] = {}
    reason, applicable = "", True
    for judgement in judgements:
        match judgement:
            case Tested(number, call):
                tested[number, call] = None
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
        tuple(number for number, _ in tested if number),
        len(tested.keys() | {(one.exchanges[0], 0) if one.exchanges else (0, one.call) for one in violations.values()}),
        tuple(violations.values()),
        tuple(notes),
        "" if violations or tested else reason or "nothing in this run could test it",
    )
