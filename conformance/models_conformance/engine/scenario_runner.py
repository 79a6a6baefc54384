"""How evidence about a client is obtained: scenarios are played to it, one call each, by one driver or by several.

What is not worth the time is left out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import cast

from models_conformance.drivers.interface import Driver
from models_conformance.evidence.driver_calls import Answer, Connect, DriverCall, DriverFailure
from models_conformance.evidence.exchange import API_KEY, Origin, Trace
from models_conformance.evidence.redaction import Redactor
from models_conformance.scenarios.fixture.fixture_server import FIXTURE_KEY, OTHER_FIXTURE_KEY, Arrived, FixtureServer
from models_conformance.scenarios.scenario import Scenario
from models_conformance.support.deadline import NO_LIMIT, Deadline

# Clients are made for a key, and a new one for every call would be slow.
_CALLS_A_KEY = 12
# All answers of a run are kept to be judged together; those of a client that reads its lists come to a tenth of it.
_MOST_KEPT_CHARACTERS = 64 << 20
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


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario, what the client said, and what it sent."""

    scenario: Scenario
    connect: Connect
    answer: Answer
    arrived: tuple[Arrived, ...]
    seconds: float


class ScenarioRunner:
    """One driver with one fixture server. Plays scenarios one at a time."""

    def __init__(self, driver: Driver, fixture_server: FixtureServer, deadline: Deadline = NO_LIMIT) -> None:
        self._driver = driver
        self._deadline = deadline
        self._fixture_server = fixture_server
        self._redactor = Redactor(FIXTURE_KEY)
        self._kept = 0
        self._redactor.add(OTHER_FIXTURE_KEY, API_KEY)
        self._keys = cycle([*[fixture_server.api_key] * _CALLS_A_KEY, *[OTHER_FIXTURE_KEY] * _CALLS_A_KEY])

    def play(self, scenario: Scenario) -> Played:
        """Play one scenario to its end, however the driver fares."""
        spec = scenario.call
        key = self._fixture_server.api_key = next(self._keys)
        base_url = self._fixture_server.open(scenario)
        began = time.monotonic()
        connect = Connect(base_url, key, spec.timeout_seconds, spec.max_retries)
        try:
            answer = self._driver.call(spec, connect)
        finally:
            seconds = time.monotonic() - began
            arrived = self._fixture_server.close()
        shown = Connect(base_url, API_KEY, spec.timeout_seconds, spec.max_retries)
        self._kept += len(repr(answer))
        if self._kept > _MOST_KEPT_CHARACTERS:
            answer = DriverFailure("protocol", f"its answers hold more than {_MOST_KEPT_CHARACTERS >> 20} MiB in all")
        # Errors quote requests, and a dying program its last words.
        redacted = cast("Answer", self._redactor.values(answer))
        return Played(scenario, shown, redacted, tuple(arrived), seconds)

    def play_all(
        self, turns: Turns, played: Callable[[Played], bool] = lambda shown: True, *, most_lost: int | None = None
    ) -> list[Played]:
        """Play what there is, in turn. `played` is called with each, and ends the run with False.

        With `most_lost` others play, too: the rest is left to them after so many calls without an answer.
        """
        shown: list[Played] = []
        lost = 0
        is_first = most_lost is not None
        while lost != most_lost and (turn := turns.take(easy=is_first)) is not None:
            place, scenario = turn
            is_first = hung = False
            try:
                call = self.play(scenario)
                hung = isinstance(call.answer, DriverFailure) and call.answer.kind == "hang"
            finally:
                turns.over(place, hung=hung)
            is_lost = isinstance(call.answer, DriverFailure)
            lost += is_lost
            # Nobody knows whether an answer would have come that was not waited for.
            is_cut_off = is_lost and self._deadline.left_for_asking <= 0
            if not is_cut_off:
                shown.append(call)
            if not played(call) or is_cut_off:
                turns.end()
        return shown


def assemble(name: str, played: Sequence[Played]) -> tuple[Trace, list[DriverCall]]:
    """The trace of all that was sent and the calls that sent it, numbered in the order they are given."""
    trace = Trace(Origin("client", name))
    calls: list[DriverCall] = []
    for call in played:
        numbers = append(trace, call)
        calls.append(DriverCall(len(calls) + 1, call.scenario.call, call.connect, call.answer, numbers, call.seconds))
    return trace, calls


def append(trace: Trace, played: Played) -> tuple[int, ...]:
    """Add what a scenario made the client send to a trace; the numbers of the exchanges."""
    return tuple(
        trace.add(arrived.request, arrived.response, arrived.failure, arrived.seconds, at=arrived.at).number
        for arrived in played.arrived
    )
