"""How long a driver is waited for, and how often it may be lost."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.evidence.calls import Connect, Lost

# What official libraries do when nobody says otherwise.
_DEFAULT_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits in seconds of wall time.

    `hello` covers the start of a JVM, or a package runner that looks for the program first. A call may take `call`
    and, for each attempt, twice the timeout that the client is told: the suite judges clients that are late, so the
    driver's limit stays well clear of the client's. The `first_call` after a start has that much more, for what the
    library loads then. `ending` is from the end of input to the end of the program. `dying` is how long a program
    that has closed its output may take to be gone, and to follow SIGTERM.

    After `losses` lost calls no further driver is started.
    """

    hello: float = 60.0
    call: float = 5.0
    first_call: float = 20.0
    ending: float = 5.0
    dying: float = 1.0
    losses: int = 6

    def limit(self, connect: Connect, first: bool) -> float:
        """The time limit of one call."""
        retries = _DEFAULT_RETRIES if connect.max_retries is None else connect.max_retries
        return self.call + 2 * connect.timeout_seconds * (1 + retries) + (self.first_call if first else 0.0)


class Losses:
    """The lost calls of a driver. After `most` of them it is given up."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lost: list[Lost] = []

    def add(self, lost: Lost) -> Lost:
        """Count one more; returns it."""
        self._lost.append(lost)
        return lost

    def given_up(self) -> Lost | None:
        """The answer to every further call, of the kind of the last loss; None while there is hope."""
        if len(self._lost) < self._most:
            return None
        last = self._lost[-1]
        return Lost(
            last.kind, f"was given up after {len(self._lost)} lost calls, in the last of which it {last.detail}"
        )
