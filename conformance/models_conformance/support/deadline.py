"""The one time limit of a run: what is asked, judged, made small and rendered looks at the same clock."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

T = TypeVar("T")

# What is kept of the limit for judging and rendering, once nothing more is asked.
_KEPT_SHARE = 0.1
_MOST_KEPT_SECONDS = 15.0


class TimeIsUp(Exception):
    """The limit was reached before something was done; the message says so."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`seconds` of wall time from `began`, by a monotonic clock, which was `started_at` by the calendar (RFC 3339)."""

    seconds: float = math.inf
    began: float = field(default_factory=time.monotonic)
    started_at: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds until all of the run has to be over; negative after it."""
        return self.seconds - self.elapsed

    @property
    def left_for_asking(self) -> float:
        """Seconds until the subject is asked nothing more, so that what it said can still be judged and rendered."""
        return self.left - min(self.seconds * _KEPT_SHARE, _MOST_KEPT_SECONDS)

    @property
    def reason(self) -> str:
        """Why a run ended early that this limit has cut short."""
        return f"the time limit of {self.seconds:g} s was reached"

    @property
    def is_over(self) -> bool:
        """Whether all of the run has to be over."""
        return self.left <= 0

    def within(self, items: Iterable[T]) -> Iterator[T]:
        """The same, one by one, as far as the time goes. Raises TimeIsUp."""
        end = self.began + self.seconds
        for item in items:
            if time.monotonic() >= end:
                raise TimeIsUp(self.reason)
            yield item


NO_LIMIT = Deadline()
