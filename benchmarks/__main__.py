"""What a run costs: `python -m benchmarks` prints each figure beside its bound.

Timed here and nowhere in the tests, because a shared machine makes timed assertions lie. Runs are whole
processes; the server is a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import httpx

from benchmarks import clients, cookies
from models_conformance.engine.options import RunOptions
from models_conformance.engine.recording import judge_recording
from models_conformance.evidence.exchange import Origin, Trace
from models_conformance.probing.request_specs import list_request
from models_conformance.probing.session import Session
from models_conformance.probing.transport import Transport
from models_conformance.support.deadline import Deadline

_COMMAND = [sys.executable, "-m", "models_conformance"]
_KEY = "reference-key"
_LOOP_REQUESTS = 500
# So many runs make about a thousand exchanges.
_COPIES = 4


@contextmanager
def served(models: int) -> Iterator[str]:
    """The reference server as a process of its own; yields its URL."""
    command = [*_COMMAND, "serve", "--models", str(models), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[0]
        try:
            yield url
        finally:
            process.terminate()


def run(*arguments: str) -> tuple[dict[str, object], float, float]:
    """Run the command; its result's `run`, wall seconds, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        started = time.perf_counter()
        command = [*_COMMAND, "server", *arguments, "-q", "--json", str(path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"the run against the reference ended with {process.returncode}")
        return json.loads(path.read_text())["run"], seconds, usage.ru_maxrss / 1024


def overhead(url: str) -> tuple[float, float]:
    """Milliseconds a request: a bare httpx loop, and a session that records evidence."""
    headers = {"x-api-key": _KEY, "anthropic-version": "2023-06-01"}
    with httpx.Client(headers=headers) as client:
        client.get(url + "/v1/models")
        started = time.perf_counter()
        for _ in range(_LOOP_REQUESTS):
            client.get(url + "/v1/models").raise_for_status()
        bare = time.perf_counter() - started
    with closing(Transport(url, 10, 1 << 25)) as opened:
        session = Session(opened, url, "", _KEY, (), _LOOP_REQUESTS + 1, Deadline(600.0), Trace(Origin("server", url)))
        session.send(list_request())
        started = time.perf_counter()
        for _ in range(_LOOP_REQUESTS):
            session.send(list_request())
        recorded = time.perf_counter() - started
    return bare * 1000 / _LOOP_REQUESTS, recorded * 1000 / _LOOP_REQUESTS


def replaying(url: str) -> tuple[float, int]:
    """Seconds to read and judge that many recorded exchanges: one run's cassettes, as often as needed."""
    with tempfile.TemporaryDirectory() as folder:
        tape = Path(folder) / "run"
        record = [*_COMMAND, "record", url, "-o", str(tape), "--api-key", _KEY, "-q"]
        subprocess.run(record, stdout=subprocess.DEVNULL, check=True)
        for copy in range(_COPIES - 1):
            shutil.copytree(tape, Path(folder) / f"copy-{copy}")
        started = time.perf_counter()
        result = judge_recording([Path(folder)], RunOptions())
        return time.perf_counter() - started, result.run.requests


def report(what: str, figure: float, unit: str, bound: str) -> None:
    """One line: what was measured, the figure, and the bound it is held against."""
    click.echo(f"{what:52} {figure:10.2f} {unit:12} {bound}")


@click.command()
@click.option("--runs", default=5, show_default=True, help="Runs of the default case; medians are printed.")
@click.option("--models", default=100_000, show_default=True, help="Size of the large catalogue.")
@click.option("--client", default="anthropic@2.11.0", show_default=True, help="The SDK release to judge.")
def main(runs: int, models: int, client: str) -> None:
    """Measure the suite against its own reference server, and judging a released SDK."""
    with served(47) as url:
        figures = [run(url, "--api-key", _KEY) for _ in range(runs)]
        report("47 models: requests", float(str(figures[0][0]["requests"])), "requests", "at most 250")
        report("47 models: wall, whole process", statistics.median(wall for _, wall, _ in figures), "s", "at most 4")
        startups = [wall - float(str(facts["seconds"])) for facts, wall, _ in figures]
        report("47 models: start-up and rendering", statistics.median(startups), "s", "under 1")
        bare, recorded = overhead(url)
        report("a request: bare httpx loop", bare, "ms", "")
        report("a request: session that records evidence", recorded, "ms", "")
        report("a request: overhead", recorded - bare, "ms", "printed only")
        seconds, exchanges = replaying(url)
        report(f"{exchanges} recorded exchanges: read and judged", seconds, "s", "at most 2")
    with served(models) as url:
        facts, wall, memory = run(url, "--api-key", _KEY)
        report(f"{models} models: requests", float(str(facts["requests"])), "requests", "at most 400")
        report(f"{models} models: peak memory", memory, "MB", "at most 300")
        report(f"{models} models: wall, whole process", wall, "s", "")
    for length, ratio in cookies.ratios(runs).items():
        bound = f"at most {cookies.MOST_TIMES}"
        report(f"fresh cookies of {length} characters: processor time", ratio, "times none", bound)
    judged = [clients.whole_run(client) for _ in range(runs)]
    report(f"{client}: generated scenarios", clients.SCENARIOS, "scenarios", "at least 300")
    report(f"{client}: requests", float(str(judged[0][0]["requests"])), "requests", "")
    report(f"{client}: wall, whole process", statistics.median(wall for _, wall in judged), "s", "at most 20")
    suite, drivers = clients.processor_seconds()
    report("a Python driver: processor time once drawn", suite + drivers, "s", "at most 5")
    report("a Python driver: that of the suite alone", suite, "s", "")
    mean, median = clients.driver_overhead()
    report("a call of a living Python driver: mean", mean, "ms", "under 1")
    report("a call of a living Python driver: median", median, "ms", "under 1")


if __name__ == "__main__":
    main()
