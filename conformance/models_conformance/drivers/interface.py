"""What a run knows of a driver, whether it is a program, or an object in this process: calls, counted and timed."""

from __future__ import annotations

from abc import ABC, abstractmethod

from models_conformance.drivers.protocol import encoded, question
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, DriverFailure, Hello
from models_conformance.support.deadline import NO_LIMIT, Deadline


class NoDriver(UsageError):
    """There is no driver to talk to: it cannot be started, or its hello is none. One line, for the user."""


class DriverExited(Exception):
    """There is no answer; `failure` says how. What was asked is of no further use."""

    def __init__(self, failure: DriverFailure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Driver(ABC):
    """A client under test. Calls are made one at a time, in one thread."""

    def __init__(self, timeouts: Timeouts | None) -> None:
        self._timeouts = timeouts or Timeouts()
        self._hello: Hello | None = None
        self._number = 0
        self._fresh = True
        self._failures: list[DriverFailure] = []
        # Those since the last answer: before it they were not a habit.
        self._failures_at_once = 0
        self._deadline = NO_LIMIT

    @abstractmethod
    def hello(self) -> Hello:
        """Who it is. It is asked once. Raises NoDriver where it does not start or does not say so as the protocol has
        it."""

    @abstractmethod
    def close(self) -> None:
        """End it; nothing of it is left running but a thread that hangs."""

    @abstractmethod
    def _answer(self, line: bytes, spec: CallSpec, connect: Connect) -> Answer:
        """What it answers to the question on that line. Raises DriverExited."""

    def until(self, deadline: Deadline) -> None:
        """From now on nothing is waited for beyond the time in which a subject may be asked."""
        self._deadline = deadline

    def call(self, spec: CallSpec, connect: Connect) -> Answer:
        """Make one call. A driver that hangs, ends or breaks the protocol is a `DriverFailure` answer; the next call
        meets a fresh driver, where one can be started.

        Raises ValueError where the protocol has no such question.
        """
        self._number += 1
        line = encoded(question(self._number, spec, connect))
        failed, limits = len(self._failures), self._timeouts
        if failed >= limits.failure_budget or self._failures_at_once >= limits.failures_at_once:
            last = self._failures[-1]
            why = f"was given up after {failed} failed calls, in the last of which it {last.detail}"
            return DriverFailure(last.kind, why)
        try:
            answer = self._answer(line, spec, connect)
        except DriverExited as ended:
            self._failures.append(ended.failure)
            self._failures_at_once += 1
            return ended.failure
        self._failures_at_once = 0
        return answer

    def _limit(self, spec: CallSpec, connect: Connect) -> float:
        """How many seconds the call may take that is made now."""
        fresh, self._fresh = self._fresh, False
        return self._timeouts.limit(connect, fresh, self._deadline, spec.max_items if spec.walk else 0)
