"""The connections of the loopback stage, and the scenario that is played on them. All of it lives in one event loop."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Protocol

from conformance.evidence.exchange import Failure, Headers, Request, Response
from conformance.scenarios.arriving import evidence, own_target, question, url_of, without_key
from conformance.scenarios.outgoing import Outgoing
from conformance.scenarios.scenario import Scenario
from conformance.scenarios.stage import Arrived
from conformance.scenarios.wire import Broken, Complete, Head, RequestReader, framing_headers, written
from conformance.scenarios.world import Performance

# A client that opens connections without end is refused further ones before the system runs out of them.
_MOST_CONNECTIONS = 512
_NEVER_ANSWERED = Failure("timeout", "the body that the request announced did not come to its end")


@dataclass(slots=True)
class Record:
    """One request; what became of it is filled in when it is known."""

    request: Request
    at: float
    response: Response | None = None
    failure: Failure | None = _NEVER_ANSWERED
    seconds: float = 0.0

    def end(self) -> None:
        """Nothing more goes out."""
        self.seconds = time.monotonic() - self.at

    def arrived(self) -> Arrived:
        """The record as evidence."""
        return Arrived(self.request, self.response, self.failure, self.at, self.seconds)


@dataclass(slots=True)
class Play:
    """A scenario while it is played."""

    scenario: Scenario
    performance: Performance
    records: list[Record] = field(default_factory=list)

    @property
    def leaves_stragglers(self) -> bool:
        """Whether the client may still send something after the call has returned."""
        asked = self.scenario.asked
        left_early = asked.walk and asked.max_items <= len(self.scenario.world.models)
        broken = any(record.failure for record in self.records)
        return self.scenario.slow or left_early or broken or self.performance.beyond_the_end


class House(Protocol):
    """What a connection knows of the server it belongs to."""

    api_key: str
    play: Play | None
    strayed: bool
    connections: set[Connection]

    def listens_at(self, authority: str) -> bool:
        """Whether that port has not been given up."""

    def other_than(self, authority: str) -> str:
        """The authority of the host that a redirect from this one leads to."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request whose head is read and answered in thought, and whose body is still to be read."""

    head: Head
    outgoing: Outgoing
    record: Record


class Connection(asyncio.Protocol):
    """One connection of a client. Requests are answered in order, each with one write."""

    def __init__(self, house: House, authority: str, anyone: bool) -> None:
        """`anyone` is for the host that redirects lead to."""
        self._house = house
        self._authority = authority
        self._anyone = anyone
        self._reader = RequestReader()
        self._transport: asyncio.Transport | None = None
        self._pending: _Pending | None = None
        self._stalled: Record | None = None

    @property
    def midway(self) -> bool:
        """Whether the client has sent a part of a request."""
        return self._reader.midway

    def abort(self) -> None:
        """End the connection at once."""
        self._end_stall()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._house.connections.add(self)
        if len(self._house.connections) > _MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_stall()
        self._house.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing() or self._stalled is not None:
            return
        self._reader.feed(data)
        while not transport.is_closing() and self._stalled is None and (event := self._reader.next()) is not None:
            if isinstance(event, Head):
                self._begin(transport, event)
            elif self._pending is not None:
                pending, self._pending = self._pending, None
                self._answer(transport, pending, persistent=isinstance(event, Complete) and pending.head.persistent)
            elif isinstance(event, Broken):
                transport.close()

    def _begin(self, transport: asyncio.Transport, head: Head) -> None:
        """A request has arrived: this is where it is counted."""
        house, at = self._house, time.monotonic()
        if house.play is None or not house.listens_at(self._authority):
            house.strayed = True
            transport.abort()
            return
        asked = question(head.method, head.target, head.headers)
        outgoing = house.play.performance.answer(asked, anyone=self._anyone)
        if outgoing is None:
            transport.abort()
            return
        url = url_of(self._authority, head.target)
        record = Record(evidence(head.method, url, head.headers, house.api_key), at)
        house.play.records.append(record)
        self._pending = _Pending(head, outgoing, record)
        if head.waits:
            transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _answer(self, transport: asyncio.Transport, pending: _Pending, persistent: bool) -> None:
        head, outgoing, record = pending.head, pending.outgoing, pending.record
        headers = (*outgoing.headers, *self._location(outgoing, head), *framing_headers(outgoing, head))
        if answer := written(outgoing, headers, head):
            transport.write(answer)
        if outgoing.stalls:
            self._stalled = record
        elif outgoing.closes or not persistent:
            transport.close()
        record.response = outgoing.response(without_key(headers, self._house.api_key))
        record.failure = outgoing.failure
        record.end()

    def _location(self, outgoing: Outgoing, head: Head) -> Headers:
        if outgoing.redirect is None:
            return ()
        same = outgoing.redirect == "same-host"
        authority = self._authority if same else self._house.other_than(self._authority)
        return (("location", f"http://{authority}{own_target(head.target)}"),)

    def _end_stall(self) -> None:
        stalled, self._stalled = self._stalled, None
        if stalled is not None:
            stalled.end()
