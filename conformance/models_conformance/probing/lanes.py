"""Further connections to one server, each in a thread of its own, so that several requests can be under way at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue

from models_conformance.evidence.exchange import Failure, Headers, Response
from models_conformance.probing.transport import Transport


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request as it goes out, the key in it. It may take `at_most` so many seconds."""

    method: str
    target: str
    headers: Headers
    at_most: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, `began` by a monotonic clock and after so many `seconds`."""

    response: Response | None
    failure: Failure | None
    seconds: float
    began: float


_Job = tuple[Outgoing, "Future[Answered]"]


class Lanes:
    """Up to `most` connections, each opened by `open_lane` when it is first needed."""

    def __init__(self, open_lane: Callable[[], Transport], most: int) -> None:
        self._open_lane = open_lane
        self._most = most
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
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
            began = time.monotonic()
            try:
                response, failure, seconds = lane.send(
                    outgoing.method, outgoing.target, outgoing.headers, outgoing.at_most
                )
            except Exception as problem:  # noqa: BLE001 - handed to the thread that waits for this one
                future.set_exception(problem)
            else:
                future.set_result(Answered(response, failure, seconds, began))
