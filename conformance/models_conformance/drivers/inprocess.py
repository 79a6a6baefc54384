"""A driver that is a Python object in this process, under the same protocol and time limits as a program."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import Any

from models_conformance.drivers.interface import NoDriver
from models_conformance.drivers.protocol import (
    ProtocolBreach,
    encoded,
    hello_question,
    question,
    read_answer,
    read_hello,
)
from models_conformance.drivers.stdio import CannotLoad, LineAnswerer, load
from models_conformance.drivers.timeouts import FailureBudget, Timeouts, within
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, DriverFailure, Hello
from models_conformance.support.deadline import NO_LIMIT, Deadline
from models_conformance.support.text import printable


class _Worker:
    """One thread that answers one line after the other. A thread cannot be ended, so a hung one is left to itself."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._questions: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes | DriverFailure] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="driver", daemon=True)
        self._thread.start()

    def send(self, line: bytes, seconds: float) -> bytes | DriverFailure:
        self._questions.put(line)
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            return DriverFailure("hang", f"gave no answer within {seconds:g} s")

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


class ObjectDriver:
    """A driver object as `stdio.py` describes it."""

    def __init__(self, driver: Any, timeouts: Timeouts | None = None) -> None:
        self._driver = driver
        self._timeouts = timeouts or Timeouts()
        self._worker: _Worker | None = None
        self._number = 0
        self._fresh = True
        self._hello: Hello | None = None
        self._failure_budget = FailureBudget(self._timeouts)
        self._deadline = NO_LIMIT

    def until(self, deadline: Deadline) -> None:
        """From now on nothing is waited for beyond the time in which a subject may be asked."""
        self._deadline = deadline

    def hello(self) -> Hello:
        """Who it is. It is asked once. Raises NoDriver."""
        if self._hello is None:
            received = self._send(encoded(hello_question()), within(self._timeouts.hello, self._deadline))
            name = type(self._driver).__name__
            if isinstance(received, DriverFailure):
                raise NoDriver(f"'{name}' is not a driver: it {received.detail}")
            try:
                self._hello = read_hello(received)
            except ProtocolBreach as breach:
                raise NoDriver(f"'{name}' is not a driver: it broke the protocol: {breach}") from None
        return self._hello

    def call(self, spec: CallSpec, connect: Connect) -> Answer:
        """Make one call. After a call that hung, the next one runs in another thread.

        Raises ValueError where the protocol has no such question.
        """
        self._number += 1
        line = encoded(question(self._number, spec, connect))
        if given_up := self._failure_budget.given_up():
            return given_up
        limit = self._timeouts.limit(connect, self._fresh, self._deadline, spec.max_items if spec.walk else 0)
        self._fresh = False
        received = self._send(line, limit)
        if isinstance(received, DriverFailure):
            return self._failure_budget.add(received)
        try:
            answer = read_answer(received, self._number, spec, has_one_empty=self.hello().has_one_empty)
        except ProtocolBreach as breach:
            return self._failure_budget.add(DriverFailure("protocol", f"broke the protocol: {breach}"))
        self._failure_budget.answered()
        return answer

    def close(self) -> None:
        """End the thread; one that hangs is left to itself."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end(within(self._timeouts.ending, self._deadline))

    def _send(self, line: bytes, seconds: float) -> bytes | DriverFailure:
        if self._worker is None:
            self._worker = _Worker(self._driver)
        answered = False
        try:
            received = self._worker.send(line, seconds)
            answered = not isinstance(received, DriverFailure)
        finally:
            # Also after a KeyboardInterrupt: the answer that is still to come belongs to no later question.
            if not answered:
                worker, self._worker = self._worker, None
                worker.end(0.0)
        return received


def load_object(spec: str) -> Any:
    """The driver object that `path/to/file.py:NAME` or `package.module:NAME` names. Raises UsageError."""
    try:
        return load(spec)
    except CannotLoad as problem:
        raise UsageError(printable(str(problem))) from None
