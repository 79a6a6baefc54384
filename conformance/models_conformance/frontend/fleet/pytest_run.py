"""A fleet as a pytest run: resolved once, handed to every worker, told as its subjects are judged.

Imported where pytest is installed alone.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from models_conformance.errors import UsageError
from models_conformance.frontend.fleet.fleet_file import read_fleet
from models_conformance.frontend.fleet.subjects import Subject, from_json, subjects_of

SUITE = "models_conformance.suites.fleet"
_HANDED_OVER = "models_conformance_fleet"


class Fleet:
    """The subjects of a run and the folder of their results. `report_line` gets a line as each of them is done."""

    def __init__(
        self, subjects: Sequence[Subject], folder: Path, report_line: Callable[[str], None] | None = None
    ) -> None:
        self.subjects = tuple(subjects)
        self.folder = folder.absolute()
        self._report_line = report_line
        self._began = time.monotonic()
        self._done = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand the fleet to a worker of pytest-xdist: a range means the same releases for all of them."""
        node.workerinput[_HANDED_OVER] = [str(self.folder), [subject.as_json() for subject in self.subjects]]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell how far the run is, and how long it may take yet."""
        if self._report_line is None or report.when != "call":
            return
        self._done += 1
        says = dict(report.user_properties).get("models_conformance_says", "")
        left = (time.monotonic() - self._began) / self._done * (len(self.subjects) - self._done)
        name = report.nodeid.rpartition("[")[2].rstrip("]")
        self._report_line(f"{self._done} of {len(self.subjects)}, {name}: {says} (about {left:.0f} s left)")


def _known(config: pytest.Config) -> Fleet | None:
    return next((plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, Fleet)), None)


def fleet_of(config: pytest.Config) -> Fleet:
    """The fleet of a run. Raises UsageError where none is named."""
    fleet = _known(config)
    if fleet is None:
        raise UsageError("the suite for fleets needs --models-fleet FILE")
    return fleet


def register(config: pytest.Config, file: str | None, folder: Path) -> None:
    """Make the fleet of a run known, unless it is already. Raises UsageError, as `subjects_of` does."""
    if _known(config) is not None:
        return
    handed: Any = getattr(config, "workerinput", {}).get(_HANDED_OVER)
    if handed is not None:
        config.pluginmanager.register(Fleet([from_json(subject) for subject in handed[1]], Path(handed[0])))
    elif file is not None:
        place = Path(config.invocation_params.dir)
        subjects = subjects_of(read_fleet(place / file), lambda doing: None)
        config.pluginmanager.register(Fleet(subjects, place / folder))


def judge_all(subjects: Sequence[Subject], folder: Path, workers: int, report_line: Callable[[str], None]) -> None:
    """Judge them as a pytest run of one test a subject, which sees no file of the project around.

    `report_line` gets a line as each of them is done. Raises UsageError where pytest has no such run, and
    KeyboardInterrupt.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = ["--pyargs", SUITE, "-q", "--noconftest", "-p", "no:cacheprovider", "-c", os.devnull]
    words += ["--rootdir", str(folder), *(["-n", str(workers)] if workers > 1 else [])]
    output = io.StringIO()
    with redirect_stdout(output):
        code = pytest.main(words, [Fleet(subjects, folder, report_line)])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        last = output.getvalue().strip().splitlines()[-1:]
        raise UsageError(f"pytest could not judge the fleet: {' '.join(last) or f'it ended with {code}'}")
