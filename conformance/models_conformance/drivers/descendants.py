"""What a started program has started itself is found, and ended with it, also where it left for a session of its own.

Whatever a program starts inherits a mark in the environment, which Linux shows under /proc. What has emptied its
environment is found as a child of this process, where this process adopts orphans.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

_MARK = "MODELS_CONFORMANCE_STARTED"
_PROCESSES = Path("/proc")
# prctl(2).
_PR_SET_CHILD_SUBREAPER = 36
# Something that starts the next one before it is killed is met again; a fork bomb is not won against.
_ROUNDS = 20


class Descendants:
    """All that comes of one started program. `environment` is what it is to be started with.

    Where this process adopts orphans, any that it has are taken for its descendants.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._token = secrets.token_hex(8)
        self.environment = {**environment, _MARK: self._token}

    def end(self) -> None:
        """End by SIGKILL what is left of them. Where there is no /proc nothing is found."""
        for _ in range(_ROUNDS):
            with _Adoption.lock:
                found = [*self._marked(), *_adopted()]
                for process in found:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(process, signal.SIGKILL)
                        _reap(process)
            if not found:
                return

    def _marked(self) -> Iterator[int]:
        wanted = f"{_MARK}={self._token}".encode()
        for process in _processes():
            # It may be gone by now, or be somebody else's.
            with contextlib.suppress(OSError):
                # A zombie's is empty.
                if wanted in (_PROCESSES / str(process) / "environ").read_bytes().split(b"\0"):
                    yield process


class _Adoption:
    """Whether orphans become children of this process, and which children are none."""

    is_on: ClassVar[bool] = False
    own: ClassVar[set[int]] = set()
    # Until it is told that it is none, a child that was started looks like an orphan to who ends another program.
    lock: ClassVar[threading.Lock] = threading.Lock()


def adopt_orphans() -> None:
    """Let all that is started from here on, and loses its parent, become a child of this process (Linux only).

    Only for a process that starts nothing but drivers and their tools: it has to end and reap what it adopts.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        _Adoption.is_on = library.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


@contextlib.contextmanager
def starting() -> Iterator[Callable[[int], None]]:
    """Within it a child is started, and what it gives is told its process id: it is reaped by whoever started it."""
    with _Adoption.lock:
        yield _Adoption.own.add


def _adopted() -> Iterator[int]:
    if not _Adoption.is_on:
        return
    for process in _processes():
        if process not in _Adoption.own and _parent(process) == os.getpid():
            yield process


def _reap(process: int) -> None:
    """Take the status of an adopted child, so that it does not stay as a zombie; others have a parent of their own."""
    if process not in _Adoption.own:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)


def _processes() -> Iterator[int]:
    with contextlib.suppress(OSError):
        for entry in os.listdir(_PROCESSES):
            if entry.isdecimal():
                yield int(entry)


def _parent(process: int) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        # The name, in brackets, may hold anything.
        return int((_PROCESSES / str(process) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    return None
