"""A driver that is a Python object in this process, under the same protocol and time limits as a program."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import Any

from models_conformance.drivers.interface import Driver, DriverExited, NoDriver
from models_conformance.drivers.protocol import ProtocolBreach, encoded, hello_question, read_answer, read_hello
from models_conformance.drivers.stdio import CannotLoad, LineAnswerer, load
from models_conformance.drivers.timeouts import Timeouts, within
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, DriverFailure, Hello
from models_conformance.support.text import printable


class _Worker:
    """One thread that answers one line after the other. A thread cannot be ended, so a hung one is left to itself."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._questions: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes | DriverFailure] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="driver", daemon=True)
        self._thread.start()

    def send(self, line: bytes, seconds: float) -> bytes:
        """The answer. Raises DriverExited."""
        self._questions.put(line)
        try:
            received = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise DriverExited(DriverFailure("hang", f"gave no answer within {seconds:g} s")) from None
        if isinstance(received, DriverFailure):
            raise DriverExited(received)
        return received

    def end(self, seconds: float) -> None:
        """Let the thread end after the question it is at; wait so long for it."""
        self._questions.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        with contextlib.closing(LineAnswerer(self._driver)) as answerer:
            while (line := self._questions.get()) is not None:
                try:
                    self._answers.put(answerer.line(line))
                except (SystemExit, KeyboardInterrupt) as problem:
                    # A program would have ended here.
                    self._answers.put(DriverFailure("exit", printable(f"raised {problem!r}")))


class ObjectDriver(Driver):
    """A driver object as `stdio.py` describes it. After a call that hung, the next one runs in another thread."""

    def __init__(self, driver: Any, timeouts: Timeouts | None = None) -> None:
        super().__init__(timeouts)
        self._driver = driver
        self._worker: _Worker | None = None

    def hello(self) -> Hello:
        if self._hello is None:
            refused = f"'{type(self._driver).__name__}' is not a driver: it"
            try:
                received = self._send(encoded(hello_question()), within(self._timeouts.hello, self._deadline))
                self._hello = read_hello(received)
            except DriverExited as ended:
                raise NoDriver(f"{refused} {ended.failure.detail}") from None
            except ProtocolBreach as breach:
                raise NoDriver(f"{refused} broke the protocol: {breach}") from None
        return self._hello

    def close(self) -> None:
        self._leave_worker(within(self._timeouts.ending, self._deadline))

    def _answer(self, line: bytes, spec: CallSpec, connect: Connect) -> Answer:
        received = self._send(line, self._limit(spec, connect))
        try:
            return read_answer(received, self._number, spec, has_one_empty=self.hello().has_one_empty)
        except ProtocolBreach as breach:
            raise DriverExited(DriverFailure("protocol", f"broke the protocol: {breach}")) from None

    def _send(self, line: bytes, seconds: float) -> bytes:
        if self._worker is None:
            self._worker = _Worker(self._driver)
        with contextlib.ExitStack() as lost:
            # Also after a KeyboardInterrupt: the answer that is still to come belongs to no later question.
            lost.callback(self._leave_worker, 0.0)
            received = self._worker.send(line, seconds)
            lost.pop_all()
        return received

    def _leave_worker(self, seconds: float) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end(seconds)


def load_object(spec: str) -> Any:
    """The driver object that `path/to/file.py:NAME` or `package.module:NAME` names. Raises UsageError."""
    try:
        return load(spec)
    except CannotLoad as problem:
        raise UsageError(printable(str(problem))) from None
