"""One subject of a fleet judged in a process of its own, and its result kept for the next time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from models_conformance.frontend.fleet.subjects import Subject
from models_conformance.support import files

_ENDING_SECONDS = 10.0
# The last word of a run is its verdict; what went wrong instead is its last word, too.
_LONGEST_WORD = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """How judging a subject ended: the exit code of its run, and its last word."""

    code: int
    says: str


def result_file(folder: Path, subject: Subject) -> Path:
    """Where the result of a subject is."""
    return folder / "results" / f"{subject.slug}.json"


def earlier_outcome(subject: Subject, folder: Path) -> Outcome | None:
    """How an earlier run of the same subject ended; None where there was none."""
    ended = _ended_file(folder, subject)
    key, _, rest = (ended.read_text(encoding="utf-8") if ended.is_file() else "").partition("\n")
    code, _, says = rest.partition("\n")
    return Outcome(int(code), says) if key == subject.key else None


def kept(subject: Subject, folder: Path) -> Outcome | None:
    """How an earlier run of the same subject ended that left a result, and need not be made again."""
    return earlier_outcome(subject, folder) if result_file(folder, subject).is_file() else None


def judge(subject: Subject, folder: Path) -> Outcome:
    """Judge it, or take the result that an earlier run of the same left in `folder`."""
    if (earlier := kept(subject, folder)) is not None:
        return earlier
    result, ended = result_file(folder, subject), _ended_file(folder, subject)
    for path in (result, ended):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    tail = ("--", *subject.program) if subject.program else ()
    # The report's options stand before the words of the subject end in a --.
    command, *rest = subject.words
    outcome = _run([sys.executable, "-m", "models_conformance", command, "--json", str(result), "-q", *rest, *tail])
    files.write(str(ended), "the fleet's folder", f"{subject.key}\n{outcome.code}\n{outcome.says}")
    return outcome


def _ended_file(folder: Path, subject: Subject) -> Path:
    return folder / "ended" / f"{subject.slug}.txt"


def _run(argv: list[str]) -> Outcome:
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    try:
        output, errors = process.communicate()
    except BaseException:
        # Whatever ends this process ends the run; it ends its driver itself.
        process.terminate()
        try:
            process.communicate(timeout=_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    lines = [line for line in (output.splitlines() or errors.splitlines()) if line.strip()]
    failed = [line for line in errors.splitlines() if line.strip()] if process.returncode not in (0, 1, 3) else []
    return Outcome(process.returncode, (failed or lines or ["without any output"])[-1][:_LONGEST_WORD])
