"""The Go module github.com/anthropics/anthropic-sdk-go, from v1.2.0 on, whatever its major version.

A major version from 2 on is a module of its own for Go: its path ends in /v2 and so on.
"""

from __future__ import annotations

import re
from pathlib import Path

from models_conformance.drivers.builtin.fetcher import CannotFetch, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS, exact_release, require, run_tool, told_by

_MODULE = "github.com/anthropics/anthropic-sdk-go"
ADVICE = "the Go driver needs go: install Go 1.24 or newer"
_REASON = re.compile(r"^(?:go: )?(.*(?:unknown revision|requires go|dial tcp|: 4\d\d |\.go:\d+:\d+: ).*)")
# The oldest language version that the program is written in; `go get` raises it to what the release asks for.
_MANIFEST = "module driver\n\ngo 1.21\n"
# From this major version on, the path of a module says which it is.
_FIRST_OF_ITS_OWN = 2
_RELEASED = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+")
_IMPORTED = re.compile(r'(")' + re.escape(_MODULE) + r'(["/])')


def _module(major: int) -> str:
    """The path of that major version."""
    return _MODULE if major < _FIRST_OF_ITS_OWN else f"{_MODULE}/v{major}"


class GoFetcher:
    """Fetches and builds with go: the driver is one binary. Versions may be written as Go does, with a leading v."""

    name = _MODULE
    aliases: tuple[str, ...] = ("go",)

    def newest(self, major: int | None = None) -> str:
        """The newest release, of that major version where one is given, without Go's leading v. Raises CannotFetch."""
        listed = self._listed(major) if major is not None else self.versions()
        if not listed:
            raise CannotFetch(f"{_MODULE} has no release" if major is None else f"{_MODULE} has no release v{major}")
        return listed[-1]

    def versions(self) -> list[str]:
        """Every release, pre-releases left out, the oldest first. Raises CannotFetch."""
        found = self._listed(1)
        major = 2
        while more := self._listed(major):
            found += more
            major += 1
        return found

    def _listed(self, major: int) -> list[str]:
        """The releases of one major version, the oldest first; none where there is no such module."""
        require(["go"], ADVICE)
        module = _module(major)
        argv = ["go", "list", "-m", "-versions", module]
        try:
            listing = told_by(argv, f"asking go for the releases of {module}", _REASON)
        except CannotFetch:
            # A major version that nobody made is not a failure; that nothing is to be had at all is one.
            if major < _FIRST_OF_ITS_OWN:
                raise
            return []
        return [version.removeprefix("v") for version in listing.split()[1:] if _RELEASED.fullmatch(version)]

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Fetch that release and build the driver into `folder`, which exists and is empty. Raises CannotFetch."""
        release = f"v{exact_release(_MODULE, version).removeprefix('v')}"
        require(["go"], ADVICE)
        module = _module(int(release.removeprefix("v").partition(".")[0]))
        progress(f"fetching {_MODULE} {release} with go")
        self.write_program(module, folder)
        run_tool(["go", "get", f"{module}@{release}"], folder, f"fetching {module} {release}", _REASON)
        self.build(folder, f"{_MODULE} {release}", progress)

    def write_program(self, module: str, folder: Path) -> None:
        """The driver and its manifest; the driver imports that module."""
        (folder / "go.mod").write_text(_MANIFEST, encoding="utf-8")
        program = (PROGRAMS / "go" / "main.go").read_text(encoding="utf-8")
        (folder / "main.go").write_text(_IMPORTED.sub(rf"\g<1>{module}\g<2>", program), encoding="utf-8")

    def build(self, folder: Path, what: str, progress: Progress) -> None:
        progress(f"building the driver for {what}")
        # Read-only, for go would else look for what an old release lacks in a newer one, and build that.
        try:
            run_tool(
                ["go", "build", "-mod=readonly", "-buildvcs=false", "-o", "driver", "."],
                folder,
                "building the driver",
                _REASON,
            )
        except CannotFetch as failed:
            raise CannotFetch(f"{what}: {failed} (supported from v1.2.0 on)") from None

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        return (str(folder / "driver"),)


FETCHER = GoFetcher()
