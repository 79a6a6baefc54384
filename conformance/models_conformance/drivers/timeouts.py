"""How long a driver is waited for, and how often it may be lost."""

from __future__ import annotations

from dataclasses import dataclass

from models_conformance.evidence.driver_calls import Connect
from models_conformance.support.deadline import NO_LIMIT, Deadline

# What official libraries do unless they are told otherwise.
_DEFAULT_RETRIES = 2
DEFAULT_HELLO_SECONDS = 60.0
# Walks up to here are among the calls that `call` is meant for.
_USUAL_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds of wall time.

    `hello` covers the start of a JVM, or a package runner that looks for the program first. A call may take `call`
    and, for each attempt, one and a half times the timeout that the client is told: the suite judges clients that
    are late, so the driver's limit stays well clear of the client's. The `first_call` of all has that much more, for
    what the library loads then; a walk for more than a thousand models has `item` for each beyond. `ending` is from
    the end of input to the end of the program. `dying` is how long a program that has closed its output may take to
    be gone, and to follow SIGTERM.

    After `failure_budget` failed calls, or `failures_at_once` without an answer between them, no driver is started.
    """

    hello: float = DEFAULT_HELLO_SECONDS
    call: float = 5.0
    first_call: float = 20.0
    item: float = 0.03
    ending: float = 5.0
    dying: float = 1.0
    failure_budget: int = 6
    failures_at_once: int = 3

    def limit(self, connect: Connect, first: bool, deadline: Deadline = NO_LIMIT, items: int = 0) -> float:
        """The time limit of one call for so many models, no more than the run has left for it."""
        retries = _DEFAULT_RETRIES if connect.max_retries is None else connect.max_retries
        seconds = self.call + 1.5 * connect.timeout_seconds * (1 + retries) + (self.first_call if first else 0.0)
        seconds += self.item * max(0, items - _USUAL_ITEMS)
        return within(seconds, deadline)


def within(seconds: float, deadline: Deadline) -> float:
    """So many seconds, or what the run has left for its subject."""
    return max(0.0, min(seconds, deadline.left_for_asking))
