"""One living program and its three pipes: a line in, a line out, within a time limit.

All three pipes are served by whoever waits, in one thread: a program that floods standard error, or does not read
while it writes, can block neither itself nor the suite.
"""

from __future__ import annotations

import contextlib
import math
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from models_conformance.drivers.descendants import Descendants, starting
from models_conformance.drivers.interface import DriverExited
from models_conformance.drivers.protocol import MAX_LINE_BYTES
from models_conformance.evidence.driver_calls import DriverFailure, DriverFailureKind
from models_conformance.support.text import printable

_CHUNK = 1 << 16
# More than a pipe holds, so that what a dead program left is read; bounded, for a child of it may still be writing.
_DRAIN_ROUNDS = 64
# How often to look whether the program has ended while a child of its own holds its output open.
_LOOK_SECONDS = 0.05
_ENDING_LOOK_SECONDS = 0.005
# After SIGKILL only the kernel can be late.
_KILLED_SECONDS = 5.0
_KEPT_ERROR_BYTES = 16 * 1024
_LAST_WORDS = 5
_LONGEST_LINE = 300


class Program:
    """A program in a process group of its own, until `finish` or `kill`."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], dying: float) -> None:
        """Start it. `dying` is how many seconds it may take to be gone once it is ending.

        Raises OSError, and ValueError for arguments that no program can have.
        """
        self._dying = dying
        self._descendants = Descendants(env)
        with starting() as is_own:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._descendants.environment,
                bufsize=0,
                start_new_session=True,
            )
            is_own(self._process.pid)
        streams = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._pipes = tuple(stream for stream in streams if stream)
        self._in, self._out, self._err = (stream.fileno() for stream in self._pipes)
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._in, self._out, self._err):
            os.set_blocking(descriptor, False)
        self._selector.register(self._out, selectors.EVENT_READ)
        self._selector.register(self._err, selectors.EVENT_READ)
        self._unsent = b""
        self._output = bytearray()
        self._searched = 0
        self._errors = b""
        self._takes_input = True
        self._gives_output = True
        self._over = False

    @property
    def left(self) -> bytes:
        """What it has written beyond the lines received, as far as it has been read."""
        return bytes(self._output)

    def unasked(self) -> bytes:
        """The same, as far as it has arrived."""
        self._drain()
        return self.left

    def send(self, line: bytes) -> None:
        """Write what the pipe takes at once; `receive` writes the rest."""
        self._unsent += line
        self._write()
        if self._unsent:
            self._selector.register(self._in, selectors.EVENT_WRITE)

    def receive(self, seconds: float) -> bytes:
        """The next line, once all that was sent has been taken. Raises DriverExited."""
        deadline = time.monotonic() + seconds
        while True:
            if not self._unsent and (line := self._line()) is not None:
                return line
            if len(self._output) > MAX_LINE_BYTES:
                raise self.exited("protocol", f"wrote more than {MAX_LINE_BYTES} bytes without the end of a line")
            if not self._takes_input or not self._gives_output:
                raise self._ended()
            left = deadline - time.monotonic()
            if left <= 0:
                part = ", only a part of a line" if self._output else ""
                raise self.exited("hang", f"gave no answer within {seconds:g} s{part}")
            if not self._pump(min(left, _LOOK_SECONDS)) and self._process.poll() is not None:
                # A child of its own may hold the pipe open forever; what the program itself wrote is there by now.
                self._drain()
                self._gives_output = False

    def finish(self, seconds: float) -> int | None:
        """End its input, then whatever is left of it.

        Returns the status it ended with by itself, negative for a signal; None where it had to be killed.
        """
        try:
            self._close_input()
            status = self._wait(seconds)
            self._drain()
        finally:
            self.kill(seconds)
        return status

    def kill(self, seconds: float = math.inf) -> None:
        """End the program and all it has started, at the latest by SIGKILL, and that after so many `seconds`."""
        if self._over:
            return
        self._over = True
        try:
            if self._process.poll() is None:
                self._signal(signal.SIGTERM)
                self._wait(min(self._dying, seconds))
        finally:
            # Also where the program itself is gone: its children are in the same group.
            self._signal(signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_KILLED_SECONDS)
            # And those that are in no group of it any more.
            self._descendants.end()
            self._selector.close()
            for stream in self._pipes:
                stream.close()

    def exited(self, kind: DriverFailureKind, what: str) -> DriverExited:
        """The end of it as an exception, with the last lines of its standard error."""
        if not self._over:
            self._drain()
        words = self._last_words()
        return DriverExited(DriverFailure(kind, f"{what}; its standard error ends with: {words}" if words else what))

    def _ended(self) -> DriverExited:
        """It has closed a pipe; a moment later it is known whether that was its end."""
        status = self._wait(self._dying)
        if status is None:
            which = "output" if not self._gives_output else "input"
            return self.exited("protocol", f"closed its standard {which} and runs on")
        if status < 0:
            return self.exited("signal", f"was killed by {_signal_name(-status)}")
        return self.exited("exit", f"ended with status {status} where an answer was due")

    def _wait(self, seconds: float) -> int | None:
        deadline = time.monotonic() + seconds
        while (status := self._process.poll()) is None and time.monotonic() < deadline:
            self._pump(_ENDING_LOOK_SECONDS)
        return status

    def _drain(self) -> None:
        for _ in range(_DRAIN_ROUNDS):
            if not self._pump(0.0):
                return

    def _pump(self, seconds: float) -> bool:
        """Wait for the pipes and move what can be moved; whether anything was."""
        ready = self._selector.select(seconds)
        for key, _ in ready:
            if key.fd == self._in:
                self._write()
                if not self._unsent and self._takes_input:
                    self._selector.unregister(self._in)
            else:
                self._read(key.fd)
        return bool(ready)

    def _read(self, descriptor: int) -> None:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            self._selector.unregister(descriptor)
            if descriptor == self._out:
                self._gives_output = False
        elif descriptor == self._err:
            self._errors = (self._errors + chunk)[-_KEPT_ERROR_BYTES:]
        elif len(self._output) <= MAX_LINE_BYTES:
            self._output += chunk

    def _write(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._close_input()

    def _close_input(self) -> None:
        if not self._takes_input:
            return
        self._takes_input = False
        self._unsent = b""
        with contextlib.suppress(KeyError):
            self._selector.unregister(self._in)
        self._pipes[0].close()

    def _line(self) -> bytes | None:
        end = self._output.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._output)
            return None
        line = bytes(self._output[:end])
        del self._output[: end + 1]
        self._searched = 0
        return line

    def _signal(self, number: signal.Signals) -> None:
        # The group is named after the program, which leads it. Others answer for their dead with "not permitted".
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _last_words(self) -> str:
        lines = self._errors.decode("utf-8", "backslashreplace").splitlines()
        last_lines = [line.strip() for line in lines if line.strip()][-_LAST_WORDS:]
        return " | ".join(printable(line[:_LONGEST_LINE]) for line in last_lines)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
