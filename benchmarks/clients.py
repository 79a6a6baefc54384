"""What judging a client costs: a whole run of a released SDK, and what the driver itself adds to a call."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from models_conformance.drivers import stdio
from models_conformance.drivers.process import ProgramDriver
from models_conformance.engine.options import DEFAULT_SCENARIOS
from models_conformance.evidence.driver_calls import CallSpec, Connect, PageSeen

_CALLS = 2000
_WARM_UP = 200
_PAGE = 20
# A driver that calls no library: all that is left of a call is the protocol, both ways, and the pipe.
_ECHO = f"""
MODEL = {{"id": "claude-x", "created_at": "2025-01-01T00:00:00Z", "display_name": "Claude X", "type": "model"}}

class Echo:
    def hello(self):
        return {{"protocol": 1, "client": "echo", "version": "1", "language": "python", "surfaces": ["models"],
                 "capabilities": []}}
    def list(self, connect, args, walk, max_items):
        return {{"page": {{"data": [MODEL] * {_PAGE}, "first_id": "a", "has_more": False, "last_id": "b"}}}}
    def retrieve(self, connect, args):
        return {{"model": MODEL}}
"""

# The command, and what it has cost itself and by its children.
_MEASURED = """
import resource, sys
from models_conformance.cli.main import main
try:
    main(sys.argv[1:])
finally:
    for whom in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(whom)
        print(used.ru_utime + used.ru_stime, file=sys.stderr)
"""


def whole_run(release: str) -> tuple[dict[str, object], float]:
    """The `run` of a default run's result, and the wall seconds of the whole process. The release is fetched before."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        command = [sys.executable, "-m", "models_conformance", "client", release, "-q"]
        subprocess.run(
            [*command, "--examples", "0", "--only", "client-uses-get"], stdout=subprocess.DEVNULL, check=True
        )
        started = time.perf_counter()
        # A release with findings ends with 1, and takes longer than one without.
        subprocess.run([*command, "--json", str(path)], stdout=subprocess.DEVNULL, check=False)
        seconds = time.perf_counter() - started
        return json.loads(path.read_text())["run"], seconds


def processor_seconds() -> tuple[float, float]:
    """What a default run of a conforming Python driver costs once its scenarios are drawn: CPU seconds of the suite
    alone, and of its drivers."""
    driver = str(Path(__file__).parents[1] / "examples" / "drivers" / "tutorial_driver.py")
    command = [sys.executable, "-c", _MEASURED, "client", "-q", "--", sys.executable, driver]
    for _ in ("draws", "is measured"):
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    suite, drivers = done.stderr.split()[-2:]
    return float(suite), float(drivers)


def driver_overhead() -> tuple[float, float]:
    """Milliseconds a call through a living Python driver that answers at once: mean and median, pages of 20 models."""
    with tempfile.TemporaryDirectory() as folder:
        echo = Path(folder) / "echo.py"
        echo.write_text(_ECHO)
        driver = ProgramDriver([sys.executable, str(stdio.__file__), f"{echo}:Echo"])
        try:
            driver.hello()
            took = [_timed(driver) for _ in range(_WARM_UP + _CALLS)][_WARM_UP:]
        finally:
            driver.close()
    return statistics.fmean(took) * 1000, statistics.median(took) * 1000


def _timed(driver: ProgramDriver) -> float:
    started = time.perf_counter()
    answer = driver.call(CallSpec("list", "models"), Connect("http://127.0.0.1:1", "k", 5.0, 0))
    seconds = time.perf_counter() - started
    if not isinstance(answer, PageSeen):
        raise SystemExit(f"the echo driver answered {answer}")
    return seconds


SCENARIOS = DEFAULT_SCENARIOS
"""Generated scenarios of a default run, beside the systematic ones."""
