"""How evidence about a client is obtained: scenarios are played to it, one call each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import cast

from models_conformance.drivers.interface import Driver
from models_conformance.evidence.driver_calls import Answer, Connect, DriverCall, DriverFailure
from models_conformance.evidence.exchange import API_KEY, Origin, Trace
from models_conformance.evidence.redaction import Redactor
from models_conformance.scenarios.fixture.arriving import FIXTURE_KEY, OTHER_FIXTURE_KEY
from models_conformance.scenarios.fixture.fixture_server import Arrived, FixtureServer
from models_conformance.scenarios.scenario import Scenario
from models_conformance.support.deadline import NO_LIMIT, Deadline

_HANGS_A_WAY = 2
# What retry-after asks for in so many digits of seconds, or as a date so far ahead, outlasts any call.
_DIGITS_OF_A_LONG_WAIT = 2
# Clients are made for a key, and a new one for every call would be slow.
_CALLS_A_KEY = 12
# All answers of a run are kept to be judged together; those of a client that reads its lists come to a tenth of it.
_MOST_KEPT_CHARACTERS = 64 << 20


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
        self, scenarios: Iterable[Scenario], played: Callable[[Played], bool] = lambda shown: True
    ) -> list[Played]:
        """Play them in order. `played` is called with each, and ends the run with False.

        A way to keep a client waiting that made it hang twice is not shown again: each costs a time limit.
        """
        shown: list[Played] = []
        hung: Counter[str] = Counter()
        for scenario in scenarios:
            ways = _ways_to_keep_waiting(scenario)
            if any(hung[way] >= _HANGS_A_WAY for way in ways):
                continue
            call = self.play(scenario)
            if isinstance(call.answer, DriverFailure) and self._deadline.left_for_asking <= 0:
                # Nobody knows whether an answer would have come: it was not waited for.
                played(call)
                break
            shown.append(call)
            if isinstance(call.answer, DriverFailure) and call.answer.kind == "hang":
                hung.update(ways)
            if not played(call):
                break
        return shown


def _ways_to_keep_waiting(scenario: Scenario) -> set[str]:
    """How the server of a scenario breaks the transport, and whether it asks for a wait that outlasts the call."""
    ways: set[str] = set()
    for intervention in scenario.server.interventions:
        if intervention.framing != "whole":
            ways.add(intervention.framing)
        waits = [value for name, value in intervention.headers if name.lower() == "retry-after"]
        if any(len(value) >= _DIGITS_OF_A_LONG_WAIT for value in (*waits, str(intervention.retry_at or ""))):
            ways.add("retry-after")
    return ways


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
