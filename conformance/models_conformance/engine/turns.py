"""Whose turn it is: scenarios handed to one driver or to several at once, without those not worth the time."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator

from models_conformance.scenarios.scenario import Scenario

_HANGS_A_WAY = 2
# What retry-after asks for in so many digits of seconds, or as a date so many seconds ahead, outlasts any call.
_DIGITS_OF_A_LONG_WAIT = 2
_SECONDS_OF_A_LONG_WAIT = 10.0
# What official clients do: so many repetitions, the first after half a second, each next after twice that.
_USUAL_RETRIES = 2
_FIRST_WAIT_SECONDS = 0.5
# On a loopback, where pages are short.
_SECONDS_A_MODEL = 0.004
_SECONDS_OF_A_HANG = 5.0

Turn = tuple[int, Scenario]
"""The place of a scenario in their order, and the scenario."""


class Turns:
    """Scenarios in order, each handed out once, to whichever thread asks.

    A way to keep a client waiting that made it hang twice is not shown again: each costs a time limit. However many
    threads ask, together they are given what one alone would be: while it is open whether a scenario is worth its
    time, it is kept back until those before it are over.
    """

    def __init__(self, scenarios: Iterable[Scenario] | None = None) -> None:
        """Of `scenarios`; without them, of those that `add` is to bring: who asks before waits."""
        self._left: list[Turn] = []
        # Of those that may hang yet, or did.
        self._ways: dict[int, set[str]] = {}
        self._hung: set[int] = set()
        self._are_all = False
        self._changed = threading.Condition()
        if scenarios is not None:
            self.add(scenarios)

    def add(self, scenarios: Iterable[Scenario]) -> None:
        """All of the scenarios, at once."""
        with self._changed:
            self._left = list(enumerate(scenarios))
            self._ways = {place: ways for place, scenario in self._left if (ways := ways_to_keep_waiting(scenario))}
            self._are_all = True
            self._changed.notify_all()

    def end(self) -> None:
        """Hand out no more."""
        self.add(())

    @property
    def are_left(self) -> bool:
        """Whether there are any that nobody has taken."""
        return bool(self._left)

    def take(self, *, easy: bool = False) -> Turn | None:
        """The next one, which `over` has to be told of; None at the end.

        `easy`: rather one that no long wait is a part of, the last of these.
        """
        with self._changed:
            while self._left or not self._are_all:
                ready = (turn for turn in self._in_order(easy) if not self._may_be_shown_enough(turn[0], self._ways))
                if (turn := next(ready, None)) is not None:
                    self._left.remove(turn)
                    return turn
                self._changed.wait()
            return None

    def over(self, place: int, *, hung: bool) -> None:
        """The scenario at that place has been played."""
        with self._changed:
            if hung:
                self._hung.add(place)
                for turn in [turn for turn in self._left if self._may_be_shown_enough(turn[0], self._hung)]:
                    self._left.remove(turn)
                    del self._ways[turn[0]]
            else:
                self._ways.pop(place, None)
            self._changed.notify_all()

    def _in_order(self, easy: bool) -> Iterator[Turn]:
        if easy:
            yield from (turn for turn in reversed(self._left) if turn[0] not in self._ways)
        yield from self._left

    def _may_be_shown_enough(self, place: int, hanging: Collection[int]) -> bool:
        """Whether a way of the scenario at that place is shown often enough if those `hanging` before it hang."""
        for way in self._ways.get(place, ()):
            if sum(earlier < place and way in self._ways.get(earlier, ()) for earlier in hanging) >= _HANGS_A_WAY:
                return True
        return False


def longest_first(scenarios: Iterable[Scenario]) -> list[Scenario]:
    """The longer they are likely to keep a client, the earlier."""
    return sorted(scenarios, key=_likely_seconds, reverse=True)


def _likely_seconds(scenario: Scenario) -> float:
    if ways_to_keep_waiting(scenario):
        return _SECONDS_OF_A_HANG
    most = _USUAL_RETRIES if scenario.call.max_retries is None else scenario.call.max_retries
    seconds = _SECONDS_A_MODEL * len(scenario.server.models)
    for failing in scenario.server.interventions:
        times = most if failing.last is None else min(most, failing.last - failing.first + 1)
        seconds += (failing.retry_at or 0.0) + _FIRST_WAIT_SECONDS * (2**times - 1)
    return seconds


def ways_to_keep_waiting(scenario: Scenario) -> set[str]:
    """How the server of a scenario breaks the transport, and whether it asks for a wait that outlasts the call."""
    ways: set[str] = set()
    for intervention in scenario.server.interventions:
        if intervention.framing != "whole":
            ways.add(intervention.framing)
        waits = [value for name, value in intervention.headers if name.lower() == "retry-after"]
        is_long_until = (intervention.retry_at or 0.0) >= _SECONDS_OF_A_LONG_WAIT
        if is_long_until or any(len(value) >= _DIGITS_OF_A_LONG_WAIT for value in waits):
            ways.add("retry-after")
    return ways
