"""Asking several questions at once where the way to the server is long, with the evidence of asking one by one.

What enters the trace is in the order of the plan, and only what could have been said at any moment of its window:
an answer that is as the list had been told before, or a plain refusal. Whatever else comes (news, a contradiction, a
server error, a broken connection, a request to come later) may be the doing of the overlap, or of the order in which
the server happened to see the requests: it is not evidence, its window is asked again one by one, and so is the rest.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from queue import SimpleQueue

from models_conformance.evidence.exchange import NOT_RECORDED, Exchange
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.probing.forecast import Forecast
from models_conformance.probing.request_specs import RequestSpec, goes_alone
from models_conformance.probing.session import Session, SessionOver
from models_conformance.probing.transport import Answered, Outgoing, Transport

MOST_AT_ONCE = 8
# An answer takes this much longer than one that was asked for alone where so many share its time: not at all, or all.
_SHARED_BY_FEW, _SHARED_BY_MOST = 0.6, 0.85
_QUICK = 1.5
# Below it, requests one by one are quick enough; above, so many at once that a run has about this much for each.
_SHORT_SECONDS = 0.05
_WANTED_SECONDS = 0.025


class Lanes:
    """Up to `most` further connections to one server, each in a thread of its own, and opened when first needed."""

    def __init__(self, open_lane: Callable[[], Transport], most: int) -> None:
        self._open_lane = open_lane
        self._most = most
        self._jobs: SimpleQueue[tuple[Outgoing, Future[Answered]] | None] = SimpleQueue()
        self._lanes: list[Transport] = []
        self._under_way = 0

    def send(self, outgoing: Outgoing) -> Future[Answered]:
        """Send it as soon as a lane is free."""
        future: Future[Answered] = Future()
        if len(self._lanes) < self._most and self._under_way >= len(self._lanes):
            lane = self._open_lane()
            self._lanes.append(lane)
            threading.Thread(target=self._run, args=(lane,), name="lane", daemon=True).start()
        self._under_way += 1
        self._jobs.put((outgoing, future))
        return future

    def landed(self) -> None:
        """One that was sent has been taken in."""
        self._under_way -= 1

    def close(self) -> None:
        """Close all connections, whatever is under way on them."""
        for _ in self._lanes:
            self._jobs.put(None)
        while self._lanes:
            self._lanes.pop().close()

    def _run(self, lane: Transport) -> None:
        while (job := self._jobs.get()) is not None:
            outgoing, future = job
            try:
                answered = lane.send(outgoing)
            except Exception as problem:  # noqa: BLE001 - handed to the thread that waits for this one
                future.set_exception(problem)
            else:
                future.set_result(answered)


class Overlapping:
    """Asks through a session, up to `at_once` questions at the same time; by the measured round trip where None."""

    def __init__(self, session: Session, lanes: Lanes | None, at_once: int | None) -> None:
        self.session = session
        self._lanes = lanes
        self._at_once = at_once
        self._trip: float | None = None
        self._width = 1
        self.forecast: Forecast | None = None
        """What is expected of the server; None where questions are asked one by one."""
        self._under_way: deque[tuple[RequestSpec, Future[Answered]]] = deque()
        self.again = 0
        """How many answers were not evidence, since others were under way."""

    def begin(self, forecast: Forecast) -> None:
        """From now on, answers can be told from news."""
        if self._lanes is None:
            return
        if self._at_once is None:
            trip = min((exchange.seconds for exchange in self.session.trace), default=0.0)
            self._at_once = 1 if trip < _SHORT_SECONDS else min(MOST_AT_ONCE, int(trip / _WANTED_SECONDS))
            self._trip = trip
        self._width = self._at_once if self._trip is None else min(2, self._at_once)
        self.forecast = forecast if self._at_once > 1 else None

    def settle(self) -> None:
        """Wait until nothing is under way: what is asked next depends on an answer, or must be alone."""
        wait([answer for _, answer in self._under_way])

    def answers(self, specs: Iterable[RequestSpec]) -> Iterator[tuple[RequestSpec, Reading]]:
        """Each question with its answer, in order; taken from `specs` when it is to be sent. Raises SessionOver."""
        upcoming = iter(specs)
        alone: RequestSpec | None = None
        ended, over = False, None
        while True:
            while not ended and alone is None and len(self._under_way) < self._width:
                spec = next(upcoming, None)
                try:
                    if spec is None:
                        ended = True
                    elif self._lanes is None or self.forecast is None or goes_alone(spec):
                        alone = spec
                    else:
                        self._under_way.append((spec, self._lanes.send(self.session.launch(spec))))
                except SessionOver as reason:
                    ended, over = True, reason
            if self._under_way:
                yield from self._landed()
            elif alone is not None:
                spec, alone = alone, None
                yield spec, self.session.send(spec)
            elif over is not None:
                raise over
            else:
                return

    def _suit(self, seconds: float) -> None:
        """Go on with more at once as long as that costs no answer any time, with fewer where they wait for each other:
        a server that answers one by one would come too late with the last of many."""
        if self._trip is None:
            return
        if self._width == 1 or seconds < self._trip * max(_QUICK, _SHARED_BY_FEW * self._width):
            self._width = min(self._width + 1, self._at_once or 1)
        elif seconds > self._trip * _SHARED_BY_MOST * self._width:
            self._width -= 1

    def _landed(self) -> Iterator[tuple[RequestSpec, Reading]]:
        """The answer to the oldest question under way; where it is none to rely on, all that are under way anew."""
        assert self._lanes is not None
        oldest, answer = self._under_way[0]
        answered = None if answer.exception() is not None else answer.result()
        if answered is not None and self._is_calm(oldest, answered):
            self._under_way.popleft()
            self._lanes.landed()
            self._suit(answered.seconds)
            yield oldest, Reading(self.session.admit(oldest, answered))
            return
        if self.session.deadline.left_for_asking <= 0:
            # What is under way was not waited for: nobody knows what would have come.
            self._under_way.clear()
            raise SessionOver(self.session.deadline.reason, by_limit=True)
        self.settle()
        self.forecast, self._width = None, 1
        specs = [spec for spec, _ in self._under_way]
        self._under_way.clear()
        self.again += len(specs)
        if answered is not None:
            self.session.wait_for(self._reading(oldest, answered))
        for spec in specs:
            yield spec, self.session.send(spec)

    def _is_calm(self, spec: RequestSpec, answered: Answered) -> bool:
        if self.forecast is None:
            return False
        reading = self._reading(spec, answered)
        return not reading.back_pressure and self.forecast.holds_for(spec, reading)

    def _reading(self, spec: RequestSpec, answered: Answered) -> Reading:
        """The answer read, before it is known whether it is evidence."""
        request = self.session.request(spec)
        return Reading(Exchange(NOT_RECORDED, request, answered.response, answered.failure))
