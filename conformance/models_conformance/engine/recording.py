"""Judging recordings: the judges of a live run, without a network."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from models_conformance.engine.judging import Judged, judge
from models_conformance.engine.options import RunOptions
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Exchange
from models_conformance.judges.judgement import Observed
from models_conformance.recordings import files
from models_conformance.recordings.dialects import read_found
from models_conformance.recordings.traces import Collector, Recorded
from models_conformance.reports.curl import reproduce
from models_conformance.requirements.register import Requirement, register, select
from models_conformance.result import (
    Finding,
    Observation,
    RequirementResult,
    Result,
    Run,
    Subject,
    Verdict,
    run_verdict,
)
from models_conformance.support.text import counted

SubjectKind = Literal["server", "recording"]
_KINDS: tuple[SubjectKind, ...] = ("server", "recording")
_FINDINGS_SHOWN = 5
_NAMES_SHOWN = 3
# From the worst on. A requirement is inconclusive only where no trace tested it.
_WORST_FIRST: tuple[Verdict, ...] = ("fail", "error", "pass", "inconclusive", "not-applicable")


class _Merged:
    """What all traces together say of one requirement."""

    def __init__(self, requirement: Requirement) -> None:
        self._requirement = requirement
        self._verdicts: set[Verdict] = set()
        self._reasons: dict[str, None] = {}
        self._exercised = 0
        self._findings: list[Finding] = []
        self._more = 0

    def add(self, judged: Judged, recorded: Recorded, exchanges: dict[int, Exchange]) -> None:
        """Take in one trace's judgement; exchanges that findings point at go into `exchanges`."""
        self._verdicts.add(judged.verdict)
        if judged.reason:
            self._reasons[judged.reason] = None
        self._exercised += judged.exercised
        by_number = {exchange.number: exchange for exchange in recorded.trace}
        for violation in judged.violations:
            if len(self._findings) == _FINDINGS_SHOWN:
                self._more += 1
                continue
            culprit = violation.exchanges[0]
            # The file first: a long observation is cut, and without the file nobody finds it.
            place = f"{recorded.path}, {recorded.positions[culprit]}"
            self._findings.append(
                Finding(
                    f"{place}: {violation.observed}",
                    violation.expected,
                    violation.exchanges,
                    reproduce(by_number[culprit], is_trusted=False),
                    self._requirement.advice,
                )
            )
            exchanges.update((number, by_number[number]) for number in violation.exchanges)

    def result(self) -> RequirementResult:
        """The requirement's result: the worst of its children, their findings and counts together."""
        verdict: Verdict = next((one for one in _WORST_FIRST if one in self._verdicts), "inconclusive")
        reason = "" if verdict in ("pass", "fail") else next(iter(self._reasons), "no exchange of the Models API")
        if self._more:
            reason = f"{self._more} further findings of this kind are left out of every report"
        return RequirementResult(self._requirement, verdict, self._exercised, tuple(self._findings), reason)


def judge_recording(paths: Sequence[str | Path], run: RunOptions) -> Result:
    """Judge the recordings that these files and folders hold.

    Each base URL in each file is a subject of its own; what is said of them is put together requirement by
    requirement. A trace of a whole run against a server is judged by what servers are, which is more than can
    be said of other recordings. Exchanges are numbered through all files. Of the options, `seed`, `max_requests` and
    `examples` mean nothing here.

    Raises RecordingError (a UsageError) where a recording cannot be read, and UsageError where `run.only`
    leaves nothing that recordings can be judged by. UnknownRequirement where it matches nothing at all.
    """
    requirements = {kind: select(kind, run.only) for kind in _KINDS}
    started, began = datetime.now(UTC), time.monotonic()
    merged = {requirement.id: _Merged(requirement) for requirement in requirements["recording"]}
    collector, exchanges = Collector(), dict[int, Exchange]()
    notes: dict[Observed, None] = {}
    kinds: set[SubjectKind] = {"recording"}
    read, passed_over, traces = 0, list[str](), 0
    for found in files.find(paths):
        recording = read_found(found)
        if recording is None:
            passed_over.append(str(found.path))
            continue
        read += 1
        for recorded in collector.traces(recording):
            traces += 1
            kind: SubjectKind = "server" if recorded.trace.origin.kind == "server" else "recording"
            kinds.add(kind)
            for judged in judge(recorded.trace, requirements[kind]):
                merged.setdefault(judged.requirement.id, _Merged(judged.requirement)).add(judged, recorded, exchanges)
                notes.update(dict.fromkeys(judged.notes))
        if run.progress is not None:
            run.progress("reading recordings", collector.judged)
    for pattern in run.only:
        if not any(select(kind, [pattern]) for kind in kinds):
            raise UsageError(f"what matches '{pattern}' does not apply to recordings")
    entries = tuple(merged[name].result() for name in register() if name in merged)
    return Result(
        Subject("recording", _short(paths)),
        Run(
            started_at=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(time.monotonic() - began, 3),
            requests=collector.judged,
            seed=run.seed,
            verdict=run_verdict(entries, run.fail_on, run.strict),
            fail_on=run.fail_on,
            strict=run.strict,
        ),
        entries,
        tuple(Observation(note.about, note.did) for note in notes),
        dict(sorted(exchanges.items())),
        tuple(_notes(read, passed_over, traces, collector)),
    )


def _short(paths: Sequence[str | Path]) -> str:
    first = str(paths[0]) if paths else "nothing"
    return first if len(paths) < 2 else f"{first} and {len(paths) - 1} more"


def _notes(read: int, passed_over: list[str], traces: int, collector: Collector) -> Iterator[str]:
    yield (
        f"{counted(read, 'recording')} read, {counted(collector.judged, 'exchange')} of the Models API judged"
        + (f" as {traces} separate catalogues" if traces > 1 else "")
    )
    for why, number in collector.left_out.items():
        if number:
            yield f"{counted(number, 'exchange')} left out: {why}"
    if passed_over:
        yield f"{counted(len(passed_over), 'file')} passed over, no recordings: {_listed(passed_over)}"


def _listed(names: Iterable[str]) -> str:
    all_names = list(names)
    shown = ", ".join(all_names[:_NAMES_SHOWN])
    return f"{shown} and {len(all_names) - _NAMES_SHOWN} more" if len(all_names) > _NAMES_SHOWN else shown
