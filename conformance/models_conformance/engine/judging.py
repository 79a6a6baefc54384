"""Judging evidence: the contract that it shows, and the verdict that the judge of each requirement comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from models_conformance.contract.choosing import Shown
from models_conformance.contract.model import Contract
from models_conformance.contract.points import source_of
from models_conformance.contract.versions import VERSION_HEADER
from models_conformance.evidence.exchange import Trace
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.judges.client import client_judgements
from models_conformance.judges.client.client_evidence import ClientEvidence
from models_conformance.judges.judgement import (
    Exercised,
    Flaky,
    Judgement,
    NotApplicable,
    NotExercised,
    Observed,
    Violation,
)
from models_conformance.judges.server import server_judgements
from models_conformance.judges.server.catalogue_changes import sides
from models_conformance.judges.server.repeat import flaky_answer
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.register import Requirement, register_of
from models_conformance.result import Verdict
from models_conformance.support.deadline import NO_LIMIT, Deadline, TimeIsUp
from models_conformance.support.text import counted

# The requirement that compares one answer with the next: what changed in between is told beside it.
_OF_CHANGES = "same-question-same-answer"
_DEEPEST = 6
# Models of one list have the same members: more of them show nothing new.
_MODELS_READ = 50
_ANSWERS_READ = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was said about one requirement. `exercised` counts the exchanges, and the calls of a driver that sent
    nothing, that tested it."""

    requirement: Requirement
    verdict: Verdict
    exercised: int
    violations: tuple[Violation, ...]
    notes: tuple[Observed, ...]
    reason: str


def judge(
    trace: Trace, requirements: Sequence[Requirement], contract: Contract, deadline: Deadline = NO_LIMIT
) -> list[Judged]:
    """Judge a trace by these requirements of a contract. Pure: the same trace always has the same verdicts, in time."""
    try:
        evidence = Evidence(trace, contract, deadline)
    except TimeIsUp as late:
        return [_unjudged(requirement, late) for requirement in requirements]
    judged = _judged_apart(evidence, requirements, deadline)
    if evidence.origin.kind != "recording" or not evidence.apart:
        return judged
    apart = ", ".join(ascii(version[:30]) for version in sorted(set(evidence.apart)))
    why = f"{counted(len(evidence.apart), 'call')} left out, of {VERSION_HEADER} {apart}"
    # What was left out may well have held a model: "no model was seen" alone would not be true.
    return [
        replace(entry, reason=f"{why}; in the rest: {entry.reason}") if entry.verdict == "inconclusive" else entry
        for entry in judged
    ]


def _judged_apart(evidence: Evidence, requirements: Sequence[Requirement], deadline: Deadline) -> list[Judged]:
    """What each side of a change of the catalogue says, together: neither can contradict the other."""
    parts, changes = sides(evidence)
    by_part = [_judged_steadily(part, requirements, deadline) for part in parts]
    observations = tuple(change.observation() for change in changes)
    together = [
        merged(requirement, parts) if changes else parts[0]
        for requirement, *parts in zip(requirements, *by_part, strict=True)
    ]
    return _noted(together, *observations)


def _noted(judged: Iterable[Judged], *notes: Observed) -> list[Judged]:
    """The same, with notes on how one answer differs from the next."""
    return [
        replace(entry, notes=(*entry.notes, *notes)) if entry.requirement.id == _OF_CHANGES else entry
        for entry in judged
    ]


def _judged_steadily(evidence: Evidence, requirements: Sequence[Requirement], deadline: Deadline) -> list[Judged]:
    """What the evidence says, the one answer left out that did not repeat.

    That answer is the odd one only where all else agrees without it: nobody is blamed who was not before.
    """
    contract = evidence.contract
    judged = _judged(partial(server_judgements, evidence), requirements, contract, deadline)
    odd = flaky_answer(evidence)
    if odd is None:
        return judged
    without = Evidence(evidence.trace, contract, whole=evidence, flaky=odd.number)
    steady = _judged(partial(server_judgements, without), requirements, contract, deadline)
    if any(now.violations and not was.violations for was, now in zip(judged, steady, strict=True)):
        return judged
    note = Flaky("an answer that did not repeat", f"exchange {odd.number}: {evidence.summary(odd)}")
    return _noted(steady, note)


def judge_client_evidence(
    evidence: ClientEvidence, requirements: Iterable[Requirement], deadline: Deadline = NO_LIMIT
) -> list[Judged]:
    """Judge a client's run by these requirements. Pure, as `judge` is."""
    return _judged(partial(client_judgements, evidence), requirements, evidence.contract, deadline)


def _judged(
    judge_of: Callable[[Requirement], Iterator[Judgement]],
    requirements: Iterable[Requirement],
    contract: Contract,
    deadline: Deadline,
) -> list[Judged]:
    """Each requirement judged; nothing is said of one that the contract has no source for."""
    judged = []
    for requirement in requirements:
        judgements: Iterable[Judgement] = [
            NotApplicable(f"the contract in force does not document {requirement.source}")
        ]
        try:
            if source_of(contract, requirement.source) is not None:
                judgements = judge_of(requirement)
            judged.append(verdict_of(deadline.within(judgements), requirement))
        except TimeIsUp as late:
            judged.append(_unjudged(requirement, late))
    return judged


def in_force(requirements: Iterable[Requirement], contract: Contract) -> list[Requirement]:
    """Those that this contract has the facts for, as far as they come from a template."""
    known = register_of(contract)
    return [requirement for requirement in requirements if not requirement.template or requirement.id in known]


def _unjudged(requirement: Requirement, late: TimeIsUp) -> Judged:
    return Judged(requirement, "inconclusive", 0, (), (), f"{late} before it was judged")


def verdict_of(judgements: Iterable[Judgement], requirement: Requirement) -> Judged:
    """The verdict that judgements about one requirement come to. No exercise and no violation is never `pass`."""
    tested: dict[tuple[int, int], None] = {}
    violations: dict[tuple[str, ...], Violation] = {}
    notes: dict[Observed, None] = {}
    reason, applicable = "", True
    for judgement in judgements:
        match judgement:
            case Exercised(number, call):
                tested[number, call] = None
            case Violation():
                violations.setdefault(particulars(judgement), judgement)
            case Observed():
                notes[judgement] = None
            case NotApplicable(why):
                applicable, reason = False, reason or why
            case NotExercised(why):
                reason = reason or why
    verdict: Verdict = "inconclusive" if applicable else "not-applicable"
    if violations or tested:
        verdict, reason = ("fail" if violations else "pass"), ""
    elif not reason:
        reason = "nothing in this run could test it"
    culprits = {violation.culprit for violation in violations.values()}
    return Judged(requirement, verdict, len(tested.keys() | culprits), tuple(violations.values()), tuple(notes), reason)


def particulars(violation: Violation) -> tuple[str, ...]:
    """What a reader would be told of it: two violations of the same particulars are one."""
    values = (f"{name}={value!r}" for name, value in sorted(violation.values.items()))
    return (*violation.deviation, *values)


# From the worst on. A requirement is inconclusive only where no trace tested it.
_WORST_FIRST: tuple[Verdict, ...] = ("fail", "error", "pass", "inconclusive", "not-applicable")


def merged(requirement: Requirement, parts: Sequence[Judged]) -> Judged:
    """What several traces together say of one requirement: the worst verdict, all violations and notes."""
    verdicts = {part.verdict for part in parts}
    verdict: Verdict = next((verdict for verdict in _WORST_FIRST if verdict in verdicts), "inconclusive")
    reasons = (part.reason for part in parts if part.reason)
    return Judged(
        requirement,
        verdict,
        sum(part.exercised for part in parts),
        tuple(violation for part in parts for violation in part.violations),
        tuple(note for part in parts for note in part.notes),
        "" if verdict in ("pass", "fail") else next(reasons, "no exchange of the Models API"),
    )


def shown_in(trace: Trace) -> Shown:
    """The members that models of a trace have, and the versions of what was asked.

    Of a run against a server the one version counts that it is judged with; of a recording all that were answered.
    """
    members: set[str] = set()
    versions: set[str] = set()
    read = 0
    for exchange in trace:
        reading = Reading(exchange, trace.origin.request_headers_kept)
        if reading.call.operation is None or reading.status != 200 or read >= _ANSWERS_READ:
            continue
        read += 1
        if reading.call.version is not None:
            versions.add(reading.call.version)
        for model in _models(reading.parse().value):
            members.update(_paths(model, "", 0))
    ordinary = trace.origin.version
    return Shown(frozenset(members), frozenset(versions if ordinary is None else {ordinary}))


def _models(value: Any) -> list[Any]:
    if not isinstance(value, dict):
        return []
    data = value.get("data")
    return data[:_MODELS_READ] if isinstance(data, list) else [value]


def _paths(value: Any, above: str, depth: int) -> Iterator[str]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for name, part in value.items():
        yield above + name
        yield from _paths(part, f"{above}{name}.", depth + 1)
