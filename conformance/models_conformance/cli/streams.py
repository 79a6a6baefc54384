"""The standard streams of a command, which stand whatever becomes of them: no verdict depends on who reads it."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Tolerant(io.RawIOBase):
    """Writes as the stream below it does, until that fails: from then on what is written is dropped."""

    def __init__(self, below: io.FileIO, owner: TextIO) -> None:
        self._below = below
        # Which would close it at its own end.
        self._owner = owner
        self.problem: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int | None:
        if self.problem is None:
            try:
                return self._below.write(data)
            except OSError as problem:
                self.problem = problem
        return memoryview(data).nbytes

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._below.isatty()

    def fileno(self) -> int:
        return self._below.fileno()


@dataclass(frozen=True, slots=True)
class Output:
    """What became of standard output."""

    raw: _Tolerant | None

    @property
    def is_abandoned(self) -> bool:
        """Whether its reader has left (`| head`)."""
        problem = self._problem()
        return problem is not None and problem.errno == errno.EPIPE

    @property
    def failure(self) -> str | None:
        """Why it could not be written, other than for want of a reader."""
        problem = self._problem()
        return None if problem is None or problem.errno == errno.EPIPE else problem.strerror or str(problem)

    def _problem(self) -> OSError | None:
        sys.stdout.flush()
        return self.raw.problem if self.raw is not None else None


@contextmanager
def standing_streams() -> Iterator[Output]:
    """Standard streams that are there and take everything, while the context lasts."""
    before = sys.stdin, sys.stdout, sys.stderr
    _open_closed_ones()
    sys.stdout, out = _standing(sys.stdout)
    sys.stderr, _ = _standing(sys.stderr)
    try:
        yield Output(out)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def _open_closed_ones() -> None:
    """A closed descriptor would be given to the next file or socket that is opened, and printed into."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or _opened(0, "r")
    sys.stdout = sys.stdout or _opened(1, "w")
    sys.stderr = sys.stderr or _opened(2, "w")


def _opened(descriptor: int, mode: str) -> TextIO:
    # As the interpreter has its own: without an end.
    return cast("TextIO", open(descriptor, mode, encoding="utf-8", closefd=False))


def _standing(stream: TextIO) -> tuple[TextIO, _Tolerant | None]:
    """The stream over one that tolerates; itself where it is not a descriptor of the process but somebody's capture."""
    # Without a buffer (`python -u`) the text goes to the descriptor itself.
    below = getattr(stream.buffer, "raw", stream.buffer) if isinstance(stream, io.TextIOWrapper) else None
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(below, io.FileIO):
        return stream, None
    raw = _Tolerant(below, stream)
    standing = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        # Whatever a subject is called, printing it must not be what fails.
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
    return standing, raw
