"""The Go module github.com/anthropics/anthropic-sdk-go, from v1.2.0 on."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from models_conformance.drivers.builtin.fetcher import CannotFetch, Launch, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS, exact_release, require, run_tool

_MODULE = "github.com/anthropics/anthropic-sdk-go"
_ADVICE = "the Go driver needs go: install Go 1.24 or newer"
_TELLING = re.compile(r"^(?:go: )?(.*(?:unknown revision|requires go|dial tcp|: 4\d\d |\.go:\d+:\d+: ).*)")
# The oldest language version that the program is written in; `go get` raises it to what the release asks for.
_MANIFEST = "module driver\n\ngo 1.21\n"


class GoFetcher:
    """Fetches and builds with go: the driver is one binary. Versions may be written as Go does, with a leading v."""

    name = _MODULE
    aliases: tuple[str, ...] = ("go",)

    def newest(self) -> str:
        """The newest release, pre-releases left out, without Go's leading v. Raises CannotFetch."""
        require(["go"], _ADVICE)
        with tempfile.TemporaryDirectory() as folder:
            argv = ["go", "list", "-m", "-f", "{{.Version}}", f"{_MODULE}@latest"]
            return (
                run_tool(argv, Path(folder), f"asking go for the newest {_MODULE}", _TELLING).strip().removeprefix("v")
            )

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Fetch that release and build the driver into `folder`, which exists and is empty. Raises CannotFetch."""
        release = f"v{exact_release(_MODULE, version).removeprefix('v')}"
        require(["go"], _ADVICE)
        progress(f"fetching {_MODULE} {release} with go")
        (folder / "go.mod").write_text(_MANIFEST, encoding="utf-8")
        shutil.copy(PROGRAMS / "go" / "main.go", folder)
        run_tool(["go", "get", f"{_MODULE}@{release}"], folder, f"fetching {_MODULE} {release}", _TELLING)
        progress(f"building the driver for {_MODULE} {release}")
        # Read-only, for go would else look for what an old release lacks in a newer one, and build that.
        try:
            run_tool(
                ["go", "build", "-mod=readonly", "-buildvcs=false", "-o", "driver", "."],
                folder,
                "building the driver",
                _TELLING,
            )
        except CannotFetch as failed:
            raise CannotFetch(f"{_MODULE} {release}: {failed} (supported from v1.2.0 on)") from None

    def launch(self, version: str, folder: Path) -> Launch:
        """How to start the driver with the release that `install` put into `folder`."""
        return Launch((str(folder / "driver"),))


FETCHER = GoFetcher()
