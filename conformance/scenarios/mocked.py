"""The stage without sockets: respx answers clients on httpx that run in this process.

What a client would send is taken from its request as httpx is about to send it. A stall is over at once, with the
timeout that would have ended it, so nothing here ever waits.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Self

import httpx
import respx

from conformance.evidence.exchange import Failure, Headers
from conformance.scenarios.arriving import STAGE_KEY, evidence, question, without_key
from conformance.scenarios.outgoing import Outgoing
from conformance.scenarios.scenario import Scenario
from conformance.scenarios.stage import Arrived
from conformance.scenarios.wire import Head, framing_headers
from conformance.scenarios.world import Performance

_HOST = "suite.invalid"
_OTHER_HOST = "other.invalid"
_NO_SUCH_HOST = Failure("connect", "no part of the suite answers at this host")


class Mocked:
    """Implements `Stage` for clients on httpx, sync and async. A context manager: httpx is itself again after it.

    `api_key` is what the client has to send. The other host of redirects is `other.invalid`; a request to any third
    host is kept, and fails to connect. No scenario is told from the next by its port, as a client in this process
    has nothing in flight when its call has returned.
    """

    def __init__(self) -> None:
        self.api_key = STAGE_KEY
        self._performance: Performance | None = None
        self._arrived: list[Arrived] = []
        # At the level of the client: httpcore would be given a URL that has been taken apart already.
        self._router = respx.mock(assert_all_called=False, using="httpx")
        self._router.route().mock(side_effect=self._answer)

    def __enter__(self) -> Self:
        self._router.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._router.stop()

    def open(self, scenario: Scenario) -> str:
        """Play this scenario from now on; its base URL. Raises ValueError for a world that cannot be shown."""
        self._performance = Performance(scenario, self.api_key)
        return f"http://{_HOST}{scenario.world.prefix}"

    def close(self) -> list[Arrived]:
        """Stop playing; what arrived since `open`."""
        self._performance = None
        # The router would keep every request and answer of the run.
        self._router.reset()
        arrived, self._arrived = self._arrived, []
        return arrived

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """Raises the httpx exception that a missing answer comes to."""
        at = time.monotonic()
        if self._performance is None:
            raise httpx.ConnectError("no scenario is played", request=request)
        target, host = request.url.raw_path.decode("latin-1"), request.url.host
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        outgoing = self._performance.answer(question(request.method, target, headers), anyone=host == _OTHER_HOST)
        if outgoing is None:
            raise httpx.RemoteProtocolError("closed without an answer", request=request)
        url = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}{target}"
        kept = evidence(request.method, url, headers, self.api_key)
        if host not in {_HOST, _OTHER_HOST}:
            self._arrived.append(Arrived(kept, None, _NO_SUCH_HOST, at, 0.0))
            raise httpx.ConnectError(_NO_SUCH_HOST.detail, request=request)
        framing = framing_headers(outgoing, Head(request.method, target, "HTTP/1.1", headers))
        sent = (*outgoing.headers, *_location(outgoing, host, target), *framing)
        shown = outgoing.response(without_key(sent, self.api_key))
        self._arrived.append(Arrived(kept, shown, outgoing.failure, at, time.monotonic() - at))
        if outgoing.silent:
            raise _problem(outgoing)
        raw = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in sent]
        return httpx.Response(outgoing.status, headers=raw, stream=_Body(outgoing))


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body as far as it goes out, then what the broken transport comes to."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing

    def __iter__(self) -> Iterator[bytes]:
        yield self._outgoing.part
        if self._outgoing.failure is not None:
            raise _problem(self._outgoing)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


def _problem(outgoing: Outgoing) -> httpx.TransportError:
    """What httpx raises where a server breaks the transport like this."""
    detail = outgoing.failure.detail if outgoing.failure else ""
    return httpx.ReadTimeout(detail) if outgoing.stalls else httpx.RemoteProtocolError(detail)


def _location(outgoing: Outgoing, host: str, target: str) -> Headers:
    if outgoing.redirect is None:
        return ()
    other = _HOST if host == _OTHER_HOST else _OTHER_HOST
    return (("location", f"http://{host if outgoing.redirect == 'same-host' else other}{target}"),)
