"""How evidence about a client is obtained: scenarios are played to it, one call each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import cast

from models_conformance.drivers.interface import Driver
from models_conformance.engine.turns import Turns
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
