"""The `curl` that is installed, as the least of clients: nothing is fetched."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from models_conformance.drivers import stdio
from models_conformance.drivers.builtin.fetcher import CannotFetch, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS, require, told_by

_DRIVER = PROGRAMS / "curl" / "driver.py"
_VERSION = re.compile(r"curl (\S+)")


class CurlFetcher:
    """Its only release is the one on the PATH."""

    name = "curl"
    aliases: tuple[str, ...] = ()

    def newest(self) -> str:
        """The version of the curl on the PATH."""
        require(["curl"], "the curl driver needs curl: install it")
        found = _VERSION.match(told_by(["curl", "--version"], "asking curl for its version", _VERSION))
        if found is None:
            raise CannotFetch("the curl on the PATH does not print its version")
        return found[1]

    def versions(self) -> list[str]:
        """The one that there is."""
        return [self.newest()]

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Look that it is there, in that version."""
        installed = self.newest()
        if version != installed:
            raise CannotFetch(f"curl {version} is not fetched: the curl on the PATH is {installed}")

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        """Under the suite's own interpreter: the driver needs its standard library alone."""
        self.install(version, folder, lambda _: None)
        return (sys.executable, "-I", stdio.__file__, f"{_DRIVER}:Driver")


FETCHER = CurlFetcher()
