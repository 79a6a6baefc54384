"""Judging recordings: the judges of a live run, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from models_conformance.engine.findings import Clock, Proceedings, concluded, worth_showing
from models_conformance.engine.judging import Judged, judge, merged
from models_conformance.engine.options import RunOptions
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Exchange
from models_conformance.recordings import files
from models_conformance.recordings.dialects import read_found
from models_conformance.recordings.traces import Collector
from models_conformance.reports.curl import reproduce
from models_conformance.requirements.register import register, select
from models_conformance.result import Result, Subject
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
    requirements = {kind: select(kind, run.only) for kind in _KINDS}
    clock, collector = Clock(), Collector()
    parts: dict[str, list[Judged]] = {requirement.id: [] for requirement in requirements["recording"]}
    # Numbers run through all files, so that what a finding points to is found by its number alone.
    exchanges: dict[int, Exchange] = {}
    places: dict[int, str] = {}
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
            by_number = {exchange.number: exchange for exchange in recorded.trace}
            for judged in judge(recorded.trace, requirements[kind]):
                parts.setdefault(judged.requirement.id, []).append(judged)
                shown = worth_showing(judged.violations)
                for number in {number for violation in shown for number in violation.exchanges}:
                    exchanges[number] = by_number[number]
                    places[number] = f"{recorded.path}, {recorded.positions[number]}"
        if run.progress is not None:
            run.progress("reading recordings", collector.judged)
    for pattern in run.only:
        if not any(select(kind, [pattern]) for kind in kinds):
            raise UsageError(f"what matches '{pattern}' does not apply to recordings")
    return concluded(
        Subject("recording", _short(paths)),
        run,
        [merged(requirement, parts[name]) for name, requirement in register().items() if name in parts],
        Proceedings(clock, collector.judged, notes=tuple(_notes(read, passed_over, traces, collector))),
        exchanges=exchanges.__getitem__,
        reproduce=lambda _, violation: reproduce(exchanges[violation.exchanges[0]], is_trusted=False),
        places=places,
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
