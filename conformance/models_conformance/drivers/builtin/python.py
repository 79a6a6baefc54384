"""Fetches releases of the Python library `anthropic` with pip, or with uv where there is no pip.

Both read the user's own settings, so a mirror, a proxy or a certificate that they are told of is used here too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models_conformance.drivers import stdio
from models_conformance.drivers.builtin.fetcher import CannotFetch, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS, in_order, parts_of, require, run_tool, told_by

_PACKAGE = "anthropic"
_DRIVER = PROGRAMS / "python" / "driver.py"
_FIRST_WITH_MODELS = (0, 41)
_FIRST_WITH_AIOHTTP = (0, 55)
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
# Building from source would run whatever the package's author wrote. Both managers know the option.
_NO_BUILDS = ("--only-binary", ":all:")
_NO_WHEEL = re.compile(r"No matching distribution|no usable wheels")
_HOW_TO_ALLOW = (
    " (nothing is built from source: for what has no wheel, name a folder with one that you built in PIP_FIND_LINKS,"
    " with uv in UV_FIND_LINKS)"
)
_ADVICE = f"the Python driver needs pip or uv: run '{sys.executable} -m ensurepip', or install uv"
# Of pip the reason of its first retry, else its last word; of uv the cause.
_REASON = re.compile(r"(?:broken by '(?=\w+Error)|ERROR: (?=No matching )|cause: (?=Failed to fetch|Because ))(.+)")


@dataclass(frozen=True)
class PythonFetcher:
    """Each release lives in a virtual environment of its own, made for the interpreter that runs the suite.

    `name` is what pip is asked for, an extra included; `driver` is the class that drives it; `first` is the oldest
    release that has what it needs.
    """

    name: str
    aliases: tuple[str, ...]
    driver: str
    first: tuple[int, int]

    def newest(self) -> str:
        """The newest release that this interpreter can run, as the package manager itself chooses it."""
        doing = f"asking {_manager()} for the newest {_PACKAGE}"
        if _manager() == "pip":
            resolve = ("install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-")
            report = json.loads(told_by((*_PIP, *resolve, *_NO_BUILDS, _PACKAGE), doing, _REASON))
            return str(report["install"][0]["metadata"]["version"])
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "requirements.in").write_text(_PACKAGE, encoding="utf-8")
            compiling = ("uv", "pip", "compile", "--quiet", "--no-deps", "--no-header", "--no-annotate")
            argv = (*compiling, *_NO_BUILDS, "--python", sys.executable, "requirements.in")
            return run_tool(argv, Path(folder), doing, _REASON).strip().rpartition("==")[2]

    def versions(self) -> list[str]:
        """Every release that pip knows for this interpreter, the oldest first. Raises CannotFetch."""
        if _manager() != "pip":
            raise CannotFetch(f"only pip lists the releases of {_PACKAGE}: run '{sys.executable} -m ensurepip'")
        argv = (*_PIP, "index", "versions", *_NO_BUILDS, _PACKAGE)
        output = told_by(argv, f"asking pip for the releases of {_PACKAGE}", _REASON)
        listed = re.search(r"^Available versions: (.+)$", output, re.MULTILINE)
        known = in_order(listed[1].split(", ") if listed else [])
        return [version for version in known if parts_of(version)[:2] >= self.first]

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Make the environment and install the release with what it needs."""
        if parts_of(version)[:2] < self.first:
            what = "Models API" if self.first == _FIRST_WITH_MODELS else "client on aiohttp"
            first = f"{self.first[0]}.{self.first[1]}.0"
            raise CannotFetch(f"{_PACKAGE} {version} has no {what}; {first} is the first release that has")
        progress(f"fetching {self.name} {version} with {_manager()}")
        self.with_packages(folder, [f"{self.name}=={version}"], f"fetching {_PACKAGE} {version}")

    def with_packages(self, folder: Path, requirements: Sequence[str], doing: str) -> None:
        """Make a virtual environment in `folder` that has these, of wheels alone. Raises CannotFetch."""
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
        interpreter = str(_interpreter(folder))
        if not requirements:
            return
        if _manager() == "pip":
            # What is never imported need not be compiled.
            options = ("--quiet", "--no-input", "--no-compile", *_NO_BUILDS)
            argv: tuple[str, ...] = (*_PIP, "--python", interpreter, "install", *options)
        else:
            argv = ("uv", "pip", "install", "--quiet", "--python", interpreter, *_NO_BUILDS)
        try:
            run_tool((*argv, *requirements), folder, doing, _REASON)
        except CannotFetch as failed:
            raise CannotFetch(f"{failed}{_HOW_TO_ALLOW if _NO_WHEEL.search(str(failed)) else ''}") from None

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        """Isolated: neither the user's PYTHONPATH nor packages of their home reach the library."""
        return (str(_interpreter(folder)), "-I", stdio.__file__, f"{_DRIVER}:{self.driver}")


def _manager() -> str:
    """Which of the two there is. Raises CannotFetch."""
    if importlib.util.find_spec("pip") is not None:
        return "pip"
    require(["uv"], _ADVICE)
    return "uv"


def _interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


FETCHER = PythonFetcher(_PACKAGE, ("python",), "Driver", _FIRST_WITH_MODELS)
ON_AIOHTTP = PythonFetcher(f"{_PACKAGE}[aiohttp]", (), "DriverOnAiohttp", _FIRST_WITH_AIOHTTP)
