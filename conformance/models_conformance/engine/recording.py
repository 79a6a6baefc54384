"""Judging recordings: the judges of a live run, without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from models_conformance.contract.model import Contract
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
    deadline = Deadline(run.max_seconds)
    judged = _JudgedTraces(run, deadline)
    passed_over: dict[str, list[str]] = {}
    parts: dict[str, list[Recording]] = {}
    stopped = ""
    for found in files.find(paths):
        if deadline.left_for_asking <= 0:
            stopped = deadline.reason
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
    return _concluded(judged, run, _short(paths), stopped=stopped, notes=notes)


def judge_held(recording: Recording, run: RunOptions) -> Result:
    """Judge exchanges that somebody holds, as those of a recording are. Raises as `judge_recording` does."""
    judged = _JudgedTraces(run, Deadline(run.max_seconds))
    judged.add(recording)
    return _concluded(judged, run, recording.path)


def _concluded(
    judged: _JudgedTraces, run: RunOptions, name: str, *, stopped: str = "", notes: Sequence[str] = ()
) -> Result:
    """What all that was judged comes to. Raises UsageError."""
    for pattern in run.only:
        if not any(select(kind, [pattern], run.contracts.contracts) for kind in judged.kinds):
            raise UsageError(f"what matches '{pattern}' does not apply to recordings")
    return concluded(
        Subject("recording", name),
        run,
        judged.merged(),
        Proceedings(
            judged.deadline,
            judged.collector.judged,
            stopped or (judged.deadline.reason if judged.deadline.is_over else ""),
            # Answers in versions that nobody can judge are not evidence: nothing that is kept without them has passed.
            is_broken_off=judged.versions.leave_nothing,
            notes=(*_notes(judged, notes), *judged.versions.notes()),
        ),
        contract=judged.contract,
        api_version=run.api_version or judged.versions.newest,
        exchanges=judged.exchanges,
        reproduce=Reproducing(judged.exchanges, SHELLS[run.shell], is_trusted=False),
        places=judged.places,
    )


class _JudgedTraces:
    """What is judged of the traces of one recording after another, and of their exchanges what findings point to.

    Exchanges are numbered through all files, so that what a finding points to is found by its number alone.
    """

    def __init__(self, run: RunOptions, deadline: Deadline) -> None:
        self.deadline = deadline
        self._requirements = {kind: select(kind, run.only, run.contracts.contracts) for kind in _KINDS}
        self.collector = Collector(query_parameters((*shipped_contracts(), *run.contracts.contracts)))
        self.versions = _Versions(run.api_version)
        self._contracts = run.contracts
        self.used: dict[str, Contract] = {}
        self.recordings, self.traces = 0, 0
        self.kinds: set[SubjectKind] = {"recording"}
        self.parts: dict[str, list[Judged]] = {
            requirement.id: [] for requirement in in_force(self._requirements["recording"], run.contracts.first)
        }
        self.exchanges: dict[int, Exchange] = {}
        self.places: dict[int, Place] = {}

    def add(self, recording: Recording) -> None:
        """Judge every trace of one recording."""
        self.recordings += 1
        for recorded in self.collector.traces(recording):
            self.traces += 1
            kind: SubjectKind = "server" if recorded.trace.origin.kind == "server" else "recording"
            self.kinds.add(kind)
            trace = self.versions.asked(recorded.trace)
            contract = self._contracts.shown_by(shown_in(trace))
            self.used.setdefault(contract.name, contract)
            requirements = in_force(self._requirements[kind], contract)
            for judged in judge(trace, requirements, contract, self.deadline):
                self.parts.setdefault(judged.requirement.id, []).append(judged)
                self._keep(recorded, worth_showing(judged.violations))

    def merged(self) -> list[Judged]:
        """What all traces together say, in the order of the register."""
        known = register_of(*self._contracts.contracts)
        return [merged(requirement, self.parts[name]) for name, requirement in known.items() if name in self.parts]

    @property
    def contract(self) -> Contract:
        """The newest of the contracts that the recordings were held to."""
        used = [self.used.get(contract.name) for contract in reversed(self._contracts.contracts)]
        return next((contract for contract in used if contract is not None), self._contracts.first)

    def _keep(self, recorded: Recorded, shown: Iterable[Violation]) -> None:
        wanted = {number for violation in shown for number in violation.exchanges}
        for exchange in recorded.trace:
            if exchange.number in wanted:
                self.exchanges[exchange.number] = exchange
                self.places[exchange.number] = Place(recorded.path, recorded.positions[exchange.number])


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


def _notes(judged: _JudgedTraces, others: Sequence[str]) -> Iterator[str]:
    """What was read and left out; the first of the `others` begins the line on what was judged."""
    summary = f"{counted(judged.collector.judged, 'exchange')} of the Models API judged" + (
        f" as {judged.traces} separate catalogues" if judged.traces > 1 else ""
    )
    yield ", ".join((*others[:1], summary))
    for why, number in judged.collector.left_out.items():
        if number:
            yield f"{counted(number, 'exchange')} left out: {why}"
    yield from others[1:]


def _passed_over(found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for why, paths in found.items():
        more = len(paths) - _NAMES_SHOWN
        named = ", ".join(paths[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
        yield f"{counted(len(paths), 'file')} passed over, {why}: {named}"
