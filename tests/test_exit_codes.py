"""Exit codes tell the truth: of the verdict, whoever reads it, and of an end that somebody asked for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.serving import running
from tests import sweeps
from tests.drivers.starting import ends

COMMAND = [sys.executable, "-m", "models_conformance"]
FAULTY = "server --models 3 --fault after-id-is-inclusive --only cursor --max-requests 60"
RIGHT = "server --models 3 --only repeat --max-requests 40"
NOBODY = "server http://127.0.0.1:1"


def shell(words: str, redirection: str) -> subprocess.CompletedProcess[str]:
    line = f"{sys.executable} -m models_conformance {words} {redirection}"
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "code", "redirection"),
    sweeps.crossed(
        [(FAULTY, 1), (RIGHT, 0), (NOBODY, 2), ("nonsense", 2), ("faults", 0)],
        [">&-", "2>/dev/full", "<&- >&- 2>&-", "2>&-"],
    ),
)
def test_a_stream_that_is_closed_changes_no_code(words: str, code: int, redirection: str) -> None:
    ran = shell(words, redirection)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", [FAULTY, RIGHT, "requirements", "--version"])
def test_nobody_is_told_that_all_is_well_on_a_full_disk(words: str) -> None:
    ran = shell(words, ">/dev/full")
    assert ran.returncode == 2
    assert told(ran) == ["models-conformance: standard output cannot be written: No space left on device"]


def test_a_reader_who_leaves_changes_no_verdict() -> None:
    ran = shell(FAULTY, "| true; exit ${PIPESTATUS[0]}")
    assert (ran.returncode, told(ran)) == (1, [])


def told(ran: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines on standard error, without those that say how far a slow run has got."""
    return [line for line in ran.stderr.splitlines() if not line.endswith(" requests so far")]


def test_a_report_to_a_fifo_that_nobody_reads_costs_no_verdict(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    ran = shell(f"{FAULTY} --json {fifo}", "")
    assert ran.returncode == 1
    assert told(ran) == [f"models-conformance: --json {fifo}: cannot be written: No such device or address"]


def test_a_report_on_a_full_disk_costs_no_verdict(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    ran = shell(f"{FAULTY} --junit /dev/full --json {kept}", "")
    assert ran.returncode == 1
    assert told(ran) == [
        "models-conformance: --junit /dev/full: cannot be written: No space left on device",
        f"models-conformance: wrote {kept}",
    ]
    assert ran.stdout.splitlines()[-1].startswith("FAILED: ")
    assert json.loads(kept.read_text())["run"]["verdict"] == "failed"


def test_a_folder_that_is_gone_after_the_run_costs_no_verdict(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    options = [f"--{name} {folder}/{name}" for name in ("json", "html", "markdown", "badge", "write-waivers", "trace")]

    class Removing(Behaviour):
        def answer(self, request: Request) -> Response:
            if folder.exists():
                folder.rmdir()
            return super().answer(request)

    with running(Removing()) as server:
        words = f"server {server.url} --api-key {server.api_key} --only repeat --max-requests 40"
        ran = shell(f"{words} {' '.join(options)}", "")
    assert ran.returncode == 0
    problem = "cannot be written: No such file or directory"
    assert sorted(told(ran)) == sorted(f"models-conformance: {words}: {problem}" for words in options)


def test_a_report_that_never_could_be_written_is_told_before_a_request_is_made() -> None:
    ran = shell(f"{NOBODY} --json /nonexistent/r.json", "")
    assert ran.returncode == 2
    assert ran.stderr == "models-conformance: --json /nonexistent/r.json: there is no folder /nonexistent\n"


class Signalling(Behaviour):
    """Signals the process that asks, at one of its requests."""

    def __init__(self, at: int, number: signal.Signals) -> None:
        super().__init__()
        self.at, self.number = at, number
        self.process: subprocess.Popen[str] | None = None

    def answer(self, request: Request) -> Response:
        answer = super().answer(request)
        if self.requests == self.at and self.process is not None:
            self.process.send_signal(self.number)
        return answer


# The first, one of the sweep, some that Hypothesis draws and the last of all.
@pytest.mark.parametrize(
    ("number", "word", "at"),
    sweeps.crossed([(signal.SIGTERM, "terminated"), (signal.SIGINT, "interrupted")], [1, 100, 150, 180, 190]),
)
def test_a_signal_ends_a_run_whatever_it_is_doing(at: int, number: signal.Signals, word: str) -> None:
    behaviour = Signalling(at, number)
    with running(behaviour) as server:
        words = [*COMMAND, "server", server.url, "--api-key", str(server.api_key)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            behaviour.process = process
            out, errors = process.communicate()
    assert process.returncode == 128 + number, errors
    assert (out, errors.splitlines()[-1]) == ("", f"models-conformance: {word}")
    assert "Traceback" not in errors


@contextmanager
def signalled_at_import(module: str, number: signal.Signals, folder: Path) -> Iterator[dict[str, str]]:
    """An environment in which a process signals itself when it imports that module."""
    (folder / "usercustomize.py").write_text(
        "import os, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            sys.meta_path.remove(self)\n"
        f"            os.kill(os.getpid(), {int(number)})\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    yield {**os.environ, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("module", "number"),
    [
        ("enum", signal.SIGINT),
        *sweeps.crossed(
            [("models_conformance.cli.main",), ("click",), ("models_conformance.reports.terminal",)],
            [signal.SIGTERM, signal.SIGINT],
        ),
    ],
)
def test_a_signal_while_modules_are_imported_leaves_no_traceback(
    module: str, number: signal.Signals, tmp_path: Path
) -> None:
    with signalled_at_import(module, number, tmp_path) as environment:
        program = (
            "import sys; sys.path.insert(0, sys.argv.pop(1)); import usercustomize\n"
            "from models_conformance.__main__ import main; main()"
        )
        words = [sys.executable, "-c", program, str(tmp_path), *RIGHT.split()]
        ran = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 128 + number, ran.stderr
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr


def test_drivers_end_with_the_run(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    driver = tmp_path / "driver.sh"
    # It never says hello; what it started waits forever.
    driver.write_text(f"sleep 1000 & echo $! > {mark}.part; mv {mark}.part {mark}; kill -TERM $PPID; wait\n")
    words = [*COMMAND, "client", "--", "bash", str(driver)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 128 + signal.SIGTERM
    assert told(ran) == ["models-conformance: terminated"]
    assert ends(int(mark.read_text()))
