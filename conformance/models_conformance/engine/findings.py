"""From what the judges words to a result: the one way, for every kind of subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from models_conformance.causes.explaining import Explained, causes_of
from models_conformance.contract.model import Contract
from models_conformance.contract.points import source_of
from models_conformance.contract.public_pages import public_place
from models_conformance.engine.judging import Judged
from models_conformance.engine.options import RunOptions
from models_conformance.evidence.exchange import Exchange
from models_conformance.judges.judgement import Flaky, Observed, Violation
from models_conformance.judges.wording import advice, sentences
from models_conformance.requirements.register import Requirement, scored_in
from models_conformance.result import (
    Cause,
    Clause,
    ContractUsed,
    Finding,
    Observation,
    RequirementResult,
    Result,
    Run,
    Subject,
    run_verdict,
)
from models_conformance.support.deadline import Deadline

# A subject with one defect shows it in many exchanges; nobody reads the sixth proof. But each kind of deviation is
# shown once, or a waiver for one kind would hide another that came behind it.
FINDINGS_SHOWN = 5
KINDS_SHOWN = 25
_ADDED_SHOWN = 5

Reproduce = Callable[[Requirement, Violation], str]


class Place(NamedTuple):
    """Where a recording holds an exchange."""

    file: str
    position: str


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What a run did, beside what was judged: since when, with how many requests, why it `stopped` early if it did and
    whether that was the subject's doing, what it observed and has to note about itself, and whether certificates were
    left unverified."""

    deadline: Deadline
    requests: int
    stopped: str = ""
    is_broken_off: bool = False
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = ()
    insecure: bool = False


def concluded(
    subject: Subject,
    run: RunOptions,
    judged: Sequence[Judged],
    proceedings: Proceedings,
    *,
    contract: Contract,
    api_version: str | None,
    exchanges: Mapping[int, Exchange],
    reproduce: Reproduce,
    places: Mapping[int, Place] | None = None,
) -> Result:
    """The result of a run that was held to `contract` and spoke `api_version`.

    `exchanges` are those of the run by their numbers, `reproduce` gives the shell line that shows a violation again,
    `places` where a recording holds an exchange. What the subject broke off has not passed.
    """
    explained = causes_of(((entry.requirement, entry.violations) for entry in judged), exchanges)
    causes = tuple(_cause(cause, reproduce) for cause in explained)
    cause_of = {(explains.id, explains.deviation): cause.id for cause in explained for explains in cause.explains}
    scored = None if run.gate_added else scored_in(contract.name)
    entries = tuple(
        replace(
            _entry(entry, reproduce, places or {}, cause_of),
            source=clause_in(contract, entry.requirement),
            not_scored="" if scored is None or entry.requirement.id in scored else "added-after-release",
        )
        for entry in judged
    )
    notes = dict.fromkeys(chain.from_iterable(entry.notes for entry in judged))
    return Result(
        subject,
        _run(run, proceedings, entries, notes),
        entries,
        (*(Observation(note.about, note.did, note.key, note.answers) for note in notes), *proceedings.observations),
        {number: exchanges[number] for number in _shown(entries, causes)},
        (*proceedings.notes, *_notes_on_added(entries, contract)),
        causes,
        ContractUsed(
            contract.name, contract.revision, api_version, tuple(sorted(contract.pages.items())), contract.dated
        ),
    )


def _shown(entries: Iterable[RequirementResult], causes: Iterable[Cause]) -> list[int]:
    """The numbers of the exchanges that a finding or a cause names."""
    proofs = [finding.exchanges for entry in entries for finding in entry.findings]
    proofs += [cause.exchanges for cause in causes]
    return sorted({*chain.from_iterable(proofs)})


def _run(
    run: RunOptions, proceedings: Proceedings, entries: tuple[RequirementResult, ...], notes: Iterable[Observed]
) -> Run:
    verdict = run_verdict(entries, run.fail_on, run.strict)
    return Run(
        started_at=proceedings.deadline.started_at,
        seconds=round(proceedings.deadline.elapsed, 3),
        requests=proceedings.requests,
        seed=run.seed,
        verdict="incomplete" if verdict == "passed" and proceedings.is_broken_off else verdict,
        fail_on=run.fail_on,
        strict=run.strict,
        stopped=proceedings.stopped,
        insecure=proceedings.insecure,
        is_broken_off=proceedings.is_broken_off,
        flaky=tuple(f"{note.about}: {note.did}" for note in notes if isinstance(note, Flaky)),
    )


def _notes_on_added(entries: Iterable[RequirementResult], contract: Contract) -> Iterator[str]:
    """A line on what failed and gates nothing, because the suite learned it after this contract was released."""
    added = [entry.requirement.id for entry in entries if entry.not_scored and entry.verdict == "fail"]
    if added:
        shown = ", ".join(added[:_ADDED_SHOWN]) + (", …" if len(added) > _ADDED_SHOWN else "")
        yield f"added after contract {contract.name} was released, and gating only with --gate-added: {shown}"


def clause_in(contract: Contract, requirement: Requirement) -> Clause | None:
    """Where a contract says what a requirement claims; None where it does not."""
    source = source_of(contract, requirement.source)
    if source is None:
        return None
    public = public_place(requirement.source, source.page, source.sha256)
    known = (public.title, public.url) if public is not None else ("", "")
    return Clause(source.page, source.line, source.sha256, *known)


def _cause(explained: Explained, reproduce: Reproduce) -> Cause:
    """A cause as the result has it: shown by the first violation of its root."""
    requirement, violation = explained.root.requirement, explained.first
    return Cause(
        explained.id,
        explained.statement,
        requirement.id,
        explained.follow,
        violation.exchanges,
        reproduce(requirement, violation),
        explained.advice,
    )


# The id of the cause of each deviation from each requirement.
Causes = Mapping[tuple[str, tuple[str, str, str]], str]


def _entry(judged: Judged, reproduce: Reproduce, places: Mapping[int, Place], causes: Causes) -> RequirementResult:
    shown = worth_showing(judged.violations)
    more = len(judged.violations) - len(shown)
    return RequirementResult(
        judged.requirement,
        judged.verdict,
        judged.exercised,
        tuple(_finding(judged.requirement, violation, reproduce, places, causes) for violation in shown),
        f"{more} further findings of these kinds are left out of every report" if more else judged.reason,
    )


def _finding(
    requirement: Requirement, violation: Violation, reproduce: Reproduce, places: Mapping[int, Place], causes: Causes
) -> Finding:
    words = sentences(requirement, violation)
    place = places.get(violation.exchanges[0]) if violation.exchanges else None
    return Finding(
        words.observed,
        words.expected,
        violation.exchanges,
        reproduce(requirement, violation),
        advice(requirement, violation),
        kind=violation.kind,
        parameter=violation.parameter,
        member=violation.member,
        observed_values=words.observed_values,
        expected_values=words.expected_values,
        place=f"{place.file}, {place.position}" if place is not None else "",
        file=place.file if place is not None else "",
        cause=causes.get((requirement.id, violation.deviation), ""),
    )


def worth_showing(violations: Iterable[Violation]) -> list[Violation]:
    """The first violation of each kind, then further ones as far as there is room."""
    firsts: dict[tuple[str, str, str], Violation] = {}
    rest: list[Violation] = []
    for violation in violations:
        if firsts.setdefault(violation.deviation, violation) is not violation:
            rest.append(violation)
    shown = list(firsts.values())[:KINDS_SHOWN]
    return shown + rest[: max(0, FINDINGS_SHOWN - len(shown))]
