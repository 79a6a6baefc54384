"""Judging recordings: the judges of a live run, without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from models_conformance.contract.points import query_parameters
from models_conformance.contract.shipped import shipped_contracts
from models_conformance.contract.versions import is_judged, version_notes
from models_conformance.engine.findings import Place, Proceedings, concluded, worth_showing
from models_conformance.engine.judging import Judged, in_force, judge, merged, shown_in
from models_conformance.engine.options import RunOptions
from models_conformance.engine.reproducing import Reproducing
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Exchange, Trace
from models_conformance.evidence.exchange_reading import read_call
from models_conformance.judges.judgement import Violation
from models_conformance.recordings import files
from models_conformance.recordings.dialects import Recording, read_found, together
from models_conformance.recordings.problems import AnotherFormError
from models_conformance.recordings.traces import Collector, Recorded
from models_conformance.reports.shells import SHELLS
from models_conformance.requirements.register import register_of, select
from models_conformance.result import Result, Subject
from models_conformance.support.deadline import Deadline
from models_conformance.support.text import counted

SubjectKind = Literal["server", "recording"]
_KINDS: tuple[SubjectKind, ...] = ("server", "recording")
_NAMES_SHOWN = 3


def judge_recording(paths: Sequence[str | Path], run: RunOptions) -> Result:
    """Judge the recordings that these files and folders hold.

    Each base URL in each file is a subject of its own; what is said of them is put together requirement by
    requirement. A trace of a whole run against a server is judged by what servers are, which is more than can
    be said of other recordings. Exchanges are numbered through all files. Of the options, `seed`, `max_requests` and
    `examples` mean nothing here.

    Raises RecordingError (a UsageError) where a recording cannot be read, and UsageError where `run.only`
    leaves nothing that recordings can be judged by. UnknownRequirement where it matches nothing at all.
    """
    judged = _JudgedTraces(run)
    passed_over: dict[str, list[str]] = {}
    parts: dict[str, list[Recording]] = {}
    stopped = ""
    for found in files.find(paths):
        if judged.deadline.left_for_asking <= 0:
            stopped = judged.deadline.reason
            break
        try:
            recording, why = read_found(found), "no recordings"
        except AnotherFormError as refused:
            if found.named:
                raise
            recording, why = None, refused.reason
        if recording is None:
            passed_over.setdefault(why, []).append(str(found.path))
            continue
        if recording.part_of:
            parts.setdefault(recording.part_of, []).append(recording)
            continue
        judged.add(recording)
        if run.progress is not None:
            run.progress("reading recordings", judged.collector.judged)
    for folder, several in parts.items():
        judged.add(together(folder, several) if len(several) > 1 else several[0])
    notes = (f"{counted(judged.recordings, 'recording')} read", *_passed_over(passed_over))
    return judged.result(_short(paths), stopped=stopped, notes=notes)


def judge_held(recording: Recording, run: RunOptions) -> Result:
    """Judge exchanges that somebody holds, as those of a recording are. Raises as `judge_recording` does."""
    judged = _JudgedTraces(run)
    judged.add(recording)
    return judged.result(recording.path)


class _JudgedTraces:
    """What is judged of the traces of one recording after another, and of their exchanges what findings point to.

    Exchanges are numbered through all files, so that what a finding points to is found by its number alone.
    """

    def __init__(self, run: RunOptions) -> None:
        self.deadline = Deadline(run.max_seconds)
        self._run = run
        self._requirements = {kind: select(kind, run.only, run.contracts.contracts) for kind in _KINDS}
        self.collector = Collector(query_parameters((*shipped_contracts(), *run.contracts.contracts)))
        self._versions = _Versions(run.api_version)
        self._used: set[str] = set()
        self.recordings, self._traces = 0, 0
        self._kinds: set[SubjectKind] = {"recording"}
        self._parts: dict[str, list[Judged]] = {
            requirement.id: [] for requirement in in_force(self._requirements["recording"], run.contracts.first)
        }
        self._exchanges: dict[int, Exchange] = {}
        self._places: dict[int, Place] = {}

    def add(self, recording: Recording) -> None:
        """Judge every trace of one recording."""
        self.recordings += 1
        for recorded in self.collector.traces(recording):
            self._traces += 1
            kind: SubjectKind = "server" if recorded.trace.origin.kind == "server" else "recording"
            self._kinds.add(kind)
            trace = self._versions.asked(recorded.trace)
            contract = self._run.contracts.shown_by(shown_in(trace))
            self._used.add(contract.name)
            requirements = in_force(self._requirements[kind], contract)
            for judged in judge(trace, requirements, contract, self.deadline):
                self._parts.setdefault(judged.requirement.id, []).append(judged)
                self._keep(recorded, worth_showing(judged.violations))

    def result(self, name: str, *, stopped: str = "", notes: Sequence[str] = ()) -> Result:
        """What all that was judged comes to. Raises UsageError."""
        run, contracts, deadline = self._run, self._run.contracts.contracts, self.deadline
        for pattern in run.only:
            if not any(select(kind, [pattern], contracts) for kind in self._kinds):
                raise UsageError(f"what matches '{pattern}' does not apply to recordings")
        # The newest that the recordings were held to.
        contract = next((used for used in reversed(contracts) if used.name in self._used), run.contracts.first)
        known = register_of(*contracts).items()
        return concluded(
            Subject("recording", name),
            run,
            [merged(requirement, self._parts[name]) for name, requirement in known if name in self._parts],
            Proceedings(
                deadline,
                self.collector.judged,
                stopped or (deadline.reason if deadline.is_over else ""),
                # Answers in versions that nobody can judge are not evidence: nothing that is kept without them has
                # passed.
                is_broken_off=self._versions.leave_nothing,
                notes=(*self._notes(notes), *self._versions.notes()),
            ),
            contract=contract,
            api_version=run.api_version or self._versions.newest,
            exchanges=self._exchanges,
            reproduce=Reproducing(self._exchanges, SHELLS[run.shell], is_trusted=False),
            places=self._places,
        )

    def _notes(self, others: Sequence[str]) -> Iterator[str]:
        """What was read and left out; the first of the `others` begins the line on what was judged."""
        separate = f" as {self._traces} separate catalogues" if self._traces > 1 else ""
        summary = f"{counted(self.collector.judged, 'exchange')} of the Models API judged{separate}"
        yield ", ".join((*others[:1], summary))
        for why, number in self.collector.left_out.items():
            if number:
                yield f"{counted(number, 'exchange')} left out: {why}"
        yield from others[1:]

    def _keep(self, recorded: Recorded, shown: Iterable[Violation]) -> None:
        wanted = {number for violation in shown for number in violation.exchanges}
        for exchange in recorded.trace:
            if exchange.number in wanted:
                self._exchanges[exchange.number] = exchange
                self._places[exchange.number] = Place(recorded.path, recorded.positions[exchange.number])


class _Versions:
    """The API versions that recorded calls name, as far as they name one. `wanted` is the one that is asked for."""

    def __init__(self, wanted: str | None) -> None:
        self._wanted = wanted
        self._named: Counter[str] = Counter()
        self._silent = 0

    def asked(self, trace: Trace) -> Trace:
        """Count the versions of a trace; returned is the trace as it is to be judged."""
        for exchange in trace:
            call = read_call(exchange, trace.origin.request_headers_kept)
            if call.operation is None:
                continue
            if call.version is not None and trace.origin.kind != "server":
                self._named[call.version] += 1
            else:
                self._silent += 1
        if self._wanted is None or trace.origin.kind == "server":
            return trace
        return Trace(replace(trace.origin, version=self._wanted), tuple(trace), trace.explored)

    def _is_apart(self, version: str) -> bool:
        return self._wanted is not None and is_judged(version) and version != self._wanted

    @property
    def leave_nothing(self) -> bool:
        """Whether every call is left out because of its version."""
        apart = [version for version in self._named if self._is_apart(version) or not is_judged(version)]
        return not self._silent and bool(self._named) and len(apart) == len(self._named)

    @property
    def newest(self) -> str | None:
        """The newest version that judged calls name; None where none names one."""
        return max((version for version in self._named if is_judged(version)), default=None)

    def notes(self) -> list[str]:
        """What a reader has to know of the versions."""
        return version_notes(self._named, "exchange", filter(self._is_apart, self._named))


def _short(paths: Sequence[str | Path]) -> str:
    first = str(paths[0]) if paths else "nothing"
    return first if len(paths) < 2 else f"{first} and {len(paths) - 1} more"


def _passed_over(found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for why, paths in found.items():
        more = len(paths) - _NAMES_SHOWN
        named = ", ".join(paths[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
        yield f"{counted(len(paths), 'file')} passed over, {why}: {named}"
