"""What the session knows of a driver, whether it is a program, or an object in this process."""

from __future__ import annotations

from typing import Protocol

from conformance.evidence.calls import Answer, Asked, Connect, Hello
from conformance.options import UsageError


class NoDriver(UsageError):
    """There is no driver to talk to: it cannot be started, or its hello is none. One line, for the user."""


class Driver(Protocol):
    """A client under test. Calls are made one at a time, in one thread."""

    def hello(self) -> Hello:
        """Who it is. Raises NoDriver where it does not start or does not say so as the protocol has it."""

    def call(self, asked: Asked, connect: Connect) -> Answer:
        """Make one call. Never raises: a driver that hangs, ends or breaks the protocol is a `Lost` answer.

        After a `Lost` answer the next call meets a fresh driver, where one can be started.
        """

    def close(self) -> None:
        """End it; nothing of it is left running."""
