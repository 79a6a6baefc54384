"""Running the package managers and compilers of other languages."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path

from models_conformance.drivers.builtin.fetcher import DEFAULT_TOOL_SECONDS, CannotFetch
from models_conformance.drivers.descendants import Descendants, starting
from models_conformance.drivers.environment import fetching_environment

PROGRAMS = Path(__file__).parent / "programs"

_tool_seconds = ContextVar("tool_seconds", default=DEFAULT_TOOL_SECONDS)
_LONGEST = 300
# Only exact releases are fetched: a range or a tag would give another one tomorrow under the same name.
_FINAL = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_RELEASE = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+.][0-9A-Za-z.+-]+)?")


@contextlib.contextmanager
def tools_end_within(seconds: float) -> Iterator[None]:
    """Within it, so long each tool may take in this thread: a whole fetch, or a whole compilation."""
    before = _tool_seconds.set(seconds)
    try:
        yield
    finally:
        _tool_seconds.reset(before)


def exact_release(library: str, version: str) -> str:
    """`version`, if it names one release. Raises CannotFetch."""
    if _RELEASE.fullmatch(version) is None:
        raise CannotFetch(f"'{version}' is not a version of {library}: give it in full, as in 1.2.3")
    return version


def parts_of(version: str) -> tuple[int, ...]:
    """The numbers of a version."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def in_order(versions: Iterable[str]) -> list[str]:
    """Those that are releases and no pre-releases, the oldest first."""
    return sorted((version for version in versions if _FINAL.fullmatch(version)), key=parts_of)


def require(tools: Sequence[str], advice: str) -> None:
    """Raises CannotFetch with `advice` unless all of the `tools` are on the path."""
    if not all(shutil.which(tool) for tool in tools):
        raise CannotFetch(advice)


def run_tool(argv: Sequence[str], folder: Path, doing: str, reason: re.Pattern[str]) -> str:
    """What `argv` writes to standard output when run in `folder`.

    `doing` says in a few words what it is for. Of the output of a failure the group of `reason` goes into the error,
    from the first line where it is found, else the last line. Raises CannotFetch.
    """
    descendants = Descendants(fetching_environment())
    # A session of its own, so that what it starts itself ends with it.
    with starting() as is_own:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env=descendants.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        is_own(process.pid)
    try:
        with _killed_with_this_process(process.pid):
            output, errors = process.communicate(timeout=_tool_seconds.get())
    except subprocess.TimeoutExpired:
        raise CannotFetch(
            f"{doing} failed: {argv[0]} took longer than {_tool_seconds.get():g} s (--fetch-timeout)"
        ) from None
    finally:
        # Also where it has ended: what it left behind in its group and beyond works for nobody.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        descendants.end()
    if process.returncode != 0:
        raise CannotFetch(f"{doing} failed: {_described(errors, output, reason)}")
    return output


def told_by(argv: Sequence[str], doing: str, reason: re.Pattern[str]) -> str:
    """What it writes where there is nothing that it could read or change. Raises CannotFetch."""
    with tempfile.TemporaryDirectory() as folder:
        return run_tool(argv, Path(folder), doing, reason)


@contextlib.contextmanager
def _killed_with_this_process(group: int) -> Iterator[None]:
    """Within it, the end of this process, by whatever signal, is that of the process group, too."""
    # The pipe is closed by the kernel when this process ends.
    with starting() as is_own:
        watcher = subprocess.Popen(
            ["/bin/sh", "-c", 'read _; kill -KILL "-$1"', "sh", str(group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        is_own(watcher.pid)
    try:
        yield
    finally:
        watcher.kill()
        watcher.communicate()


def _described(errors: str, output: str, reason: re.Pattern[str]) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", f"{output}\n{errors}")
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    chosen = [found[1] for line in lines if (found := reason.search(line))]
    return (chosen or lines[-1:] or ["without any output"])[0][:_LONGEST]
