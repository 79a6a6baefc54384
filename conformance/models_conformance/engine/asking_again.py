"""What is not a habit of a client: the scenario of a finding is played again, alone, and may not show it then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from models_conformance.engine.client_run import ClientRun
from models_conformance.engine.judging import Judged, judge_client_evidence, particulars
from models_conformance.engine.scenario_runner import Played, assemble, ways_to_keep_waiting
from models_conformance.evidence.driver_calls import Answer, DriverFailure, Raised
from models_conformance.judges.client import client_judgements
from models_conformance.judges.client.client_evidence import ClientEvidence
from models_conformance.judges.judgement import Flaky, Violation, by_deviation
from models_conformance.judges.wording import sentences
from models_conformance.requirements.register import Requirement
from models_conformance.support.text import counted

# How often a scenario is asked again before what it showed counts as seen once.
_TIMES = 2
# What so many calls showed is a habit, whatever one of them shows when it is asked again.
_MOST_CALLS_BY_CHANCE = 8
# A client that remembers shows what it does only after the calls that it remembers.
_RUN_UP = 10
# Whether a wait was long enough is seen in the moments alone, and never in what was sent.
_AREA_OF_MOMENTS = "retry"


def shown_by(run: ClientRun, played: Played, requirement: Requirement, wanted: Violation) -> Violation | None:
    """The violation of the kind that is wanted, where this play shows it: another kind is another finding."""
    trace, calls = assemble("", [played])
    evidence = ClientEvidence(run.hello, calls, trace, run.contract, api_version=run.options.run.api_version)
    judged = judge_client_evidence(evidence, [requirement])[0]
    return next((found for found in judged.violations if found.deviation == wanted.deviation), None)


class AskingAgain:
    """Parts the habits of a client from what happened once. `evidence` is that of all that was `played`."""

    def __init__(self, run: ClientRun, evidence: ClientEvidence, played: Sequence[Played]) -> None:
        self._run = run
        self._evidence = evidence
        self._played = played
        self._unrepeated: list[str] = []

    def habits(self, judged: Sequence[Judged]) -> list[Judged]:
        """The same without what the client did not do again. Where nothing more may be asked, all of it is kept."""
        return [self._habits(entry) if entry.violations else entry for entry in judged]

    def _habits(self, judged: Judged) -> Judged:
        kept: dict[tuple[str, ...], Violation] = {}
        notes = list(judged.notes)
        for seen in by_deviation(judged.violations).values():
            repeated, unrepeated = self._played_again(judged.requirement, seen[0])
            if repeated is not None:
                rest = (violation for violation in seen if violation.call not in unrepeated)
                for violation in (repeated, *rest):
                    kept.setdefault(particulars(violation), violation)
            else:
                notes.append(self._flaky(judged.requirement, seen[0], len(unrepeated)))
        exercised = judged.exercised - (len(judged.violations) - len(kept))
        judged = replace(judged, violations=tuple(kept.values()), exercised=exercised, notes=tuple(notes))
        if kept:
            return judged
        if exercised > 0:
            return replace(judged, verdict="pass")
        reason = "what tested it was seen once and not again"
        return replace(judged, exercised=0, verdict="inconclusive", reason=reason)

    def _played_again(self, requirement: Requirement, wanted: Violation) -> tuple[Violation | None, set[int]]:
        """The violation of that kind that a call showed again, and the calls before that did not."""
        occurrences, unrepeated = self._occurrences(requirement, wanted), set[int]()
        if len(occurrences) > _MOST_CALLS_BY_CHANCE:
            return wanted, unrepeated
        for call, violation in occurrences.items():
            # A driver that is lost takes a time limit and a restart: twice is not chance.
            played = self._played[call - 1]
            lost = isinstance(played.answer, DriverFailure)
            is_habit = lost and (len(occurrences) > 1 or self._was_lost_alike(played))
            may_ask = not self._run.stopped and self._run.deadline.left_for_asking > 0
            if is_habit or not may_ask or self._repeats(requirement, violation, lost):
                return violation, unrepeated
            unrepeated.add(call)
        return None, unrepeated

    def _was_lost_alike(self, played: Played) -> bool:
        """Whether another call hung that was kept waiting in the same way, be it that it was to wait there."""
        ways = ways_to_keep_waiting(played.scenario)
        return any(
            other is not played
            and isinstance(other.answer, DriverFailure)
            and other.answer.kind == "hang"
            and not ways.isdisjoint(ways_to_keep_waiting(other.scenario))
            for other in self._played
        )

    def _occurrences(self, requirement: Requirement, wanted: Violation) -> dict[int, Violation]:
        """The first violation of that kind in each call: those of equal particulars are one violation of the run."""
        found: dict[int, Violation] = {}
        for judgement in client_judgements(self._evidence, requirement):
            if isinstance(judgement, Violation) and judgement.deviation == wanted.deviation:
                found.setdefault(judgement.call, judgement)
        return found

    def _repeats(self, requirement: Requirement, violation: Violation, lost: bool) -> bool:
        """Whether the call's own scenario shows it again: alone, or after what the client was asked before it."""
        before = self._played[violation.call - 1]
        for _ in range(1 if lost else _TIMES):
            if self._shows(self._run.ask(before.scenario), before, requirement, violation):
                return True
        if lost or before.scenario.slow:
            return False
        run_up = self._played[max(0, violation.call - 1 - _RUN_UP) : violation.call - 1]
        for earlier in run_up:
            if not earlier.scenario.slow and not isinstance(earlier.answer, DriverFailure):
                self._run.ask(earlier.scenario)
        return self._shows(self._run.ask(before.scenario), before, requirement, violation)

    def _shows(self, again: Played, before: Played, requirement: Requirement, violation: Violation) -> bool:
        if shown_by(self._run, again, requirement, violation) is not None:
            return True
        # Who is to blame may be known from the whole run alone; the same conduct is the same finding.
        return requirement.area != _AREA_OF_MOMENTS and _conduct(again) == _conduct(before)

    def notes(self) -> Iterator[str]:
        """What a reader has to know of the findings that did not repeat."""
        if self._unrepeated:
            which, were = ", ".join(dict.fromkeys(self._unrepeated)), counted(len(self._unrepeated), "finding")
            yield f"{were} did not repeat when the same request was sent again alone, and does not count: {which}."

    def _flaky(self, requirement: Requirement, violation: Violation, times: int) -> Flaky:
        self._unrepeated.append(requirement.id)
        about = f"seen in {times} of {counted(len(self._played), 'call')} and not again"
        return Flaky(about, f"{requirement.id}: {sentences(requirement, violation).observed}")


def _conduct(played: Played) -> tuple[object, ...]:
    """What a client sent and told, without what differs from one play to the next: hosts, moments, messages."""
    sent = []
    for arrived in played.arrived:
        request, url = arrived.request, urlsplit(arrived.request.url)
        headers = tuple((name, value) for name, value in request.headers if name.lower() != "host")
        status = arrived.response.status if arrived.response is not None else None
        sent.append((request.method, url.path, url.query, headers, status))
    return _comparable(played.answer), tuple(sent)


def _comparable(answer: Answer) -> Any:
    match answer:
        case Raised():
            return replace(answer, message=None, request_id=None)
        case DriverFailure(kind):
            return kind
        case _:
            return answer
