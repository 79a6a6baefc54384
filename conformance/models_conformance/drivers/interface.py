"""What the session knows of a driver, whether it is a program, or an object in this process."""

from __future__ import annotations

from typing import Protocol

from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, Hello
from models_conformance.support.deadline import Deadline


class NoDriver(UsageError):
    """There is no driver to talk to: it cannot be started, or its hello is none. One line, for the user."""


class Driver(Protocol):
    """A client under test. Calls are made one at a time, in one thread."""

    def hello(self) -> Hello:
        """Who it is. Raises NoDriver where it does not start or does not say so as the protocol has it."""

    def until(self, deadline: Deadline) -> None:
        """From now on nothing is waited for beyond the time in which a subject may be asked."""

    def call(self, spec: CallSpec, connect: Connect) -> Answer:
        """Make one call. Never raises: a driver that hangs, ends or breaks the protocol is a `DriverFailure` answer.

        After a `DriverFailure` answer the next call meets a fresh driver, where one can be started.
        """

    def close(self) -> None:
        """End it; nothing of it is left running."""
