"""Sending one request over HTTP, in bounded time and memory, whatever the server does.

A read timeout alone does not bound an answer that drips: the whole exchange has one deadline, kept by
shutting the socket down under the reader.
"""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpcore

from models_conformance.evidence.exchange import Failure, FailureKind, Headers, Response, header
from models_conformance.probing.certificates import Remedy, explained
from models_conformance.probing.connections import CONNECTION_PROBLEMS, Dialer, credentials, refusal
from models_conformance.probing.decoding import NotAsCoded, decoded
from models_conformance.probing.network import DIRECT, Proxy, Route

_WATCH_EVERY_SECONDS = 0.05
# Servers close what is idle for longer than a few seconds.
_IDLE_SECONDS = 5.0
_PROXY_ASKS = 407


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request as it goes out, the key in it. It may take `at_most` so many seconds."""

    method: str
    target: str
    headers: Headers
    at_most: float = math.inf


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, `began` by a monotonic clock and after so many `seconds`."""

    response: Response | None
    failure: Failure | None
    seconds: float
    began: float


class Sender(Protocol):
    """A way to a server: over HTTP as a `Transport`, or into an application in this process."""

    remedy: Remedy

    @property
    def forwarding(self) -> Proxy | None:
        """The proxy that answers in the server's place, if any."""

    def send(self, outgoing: Outgoing) -> Answered:
        """Send one request."""

    def close(self) -> None:
        """Close all that is open."""


class Transport:
    """One server's connections, over the `route` to it. `timeout` in seconds bounds each exchange, `max_body` in bytes
    its body. `remedy` is what would help where the last connection could not be opened; `forwarding` is the proxy that
    is told whole URLs and answers in the server's place.

    Nothing is sent but what is given to it, beside what the proxy is told: no cookies, no credentials of `.netrc`.
    """

    def __init__(self, origin: str, timeout: float, max_body: int, route: Route = DIRECT) -> None:
        self._origin = origin
        self._timeout = self._limit = timeout
        self._max_body = max_body
        self._route = route
        self._sockets: list[socket.socket] = []
        self._opened = False
        self._watchdog = _Watchdog(self._sockets)
        self.remedy: Remedy = ""
        split = urlsplit(origin)
        self._server = split.scheme.encode(), (split.hostname or "").encode("ascii"), split.port
        # A proxy is asked for a tunnel to what is spoken to in TLS; else it is told the whole URL.
        self.forwarding = route.proxy if split.scheme == "http" else None
        self._pool = httpcore.ConnectionPool(
            ssl_context=route.tls,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=Dialer(route.proxy, split.scheme == "https", route.proxy_tls, self._watch),
        )

    def close(self) -> None:
        """Close all connections."""
        self._watchdog.close()
        self._pool.close()
        self._forget_sockets()

    def send(self, outgoing: Outgoing) -> Answered:
        """Send one request. Raises ProxyRefuses.

        A reused connection that the server had closed in the meantime is opened again once (RFC 9112,
        9.3.1): that race is nobody's fault and no evidence.
        """
        self._limit = min(self._timeout, outgoing.at_most)
        began = time.monotonic()
        response, failure = self._exchange(outgoing)
        if failure is not None and failure.kind == "disconnect" and response is None and not self._opened:
            response, failure = self._exchange(outgoing)
        return Answered(response, failure, time.monotonic() - began, began)

    def _exchange(self, outgoing: Outgoing) -> tuple[Response | None, Failure | None]:
        self._opened, self.remedy = False, ""
        status, body, failure = 0, bytearray(), None
        received: Headers = ()
        try:
            with (
                self._watchdog.deadline(self._limit),
                contextlib.closing(self._pool.handle_request(self._request(outgoing))) as response,
            ):
                if self.forwarding is not None and response.status == _PROXY_ASKS:
                    reason = response.extensions.get("reason_phrase", b"").decode("ascii", "replace")
                    raise refusal(self.forwarding, response.status, reason, "forwards nothing")
                status = response.status
                received = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
                for piece in decoded(response.iter_stream(), header(received, "content-encoding")):
                    body += piece
                    if len(body) > self._max_body:
                        break
        except NotAsCoded as problem:
            failure = Failure("decoding", str(problem))
        except CONNECTION_PROBLEMS as problem:
            kind, detail = self._failure(problem, bool(status))
            proxy = self._route.proxy
            failure = Failure(kind, f"{detail} (through the proxy {proxy.name})" if proxy else detail)
        if failure is not None:
            self._forget_sockets()
        elif len(body) > self._max_body:
            del body[self._max_body :]
            failure = Failure("too-large", f"the body is larger than {self._max_body} bytes")
        return (Response(status, received, bytes(body)) if status else None), failure

    def _request(self, outgoing: Outgoing) -> httpcore.Request:
        scheme, host, port = self._server
        target, headers = outgoing.target, outgoing.headers
        if self.forwarding is not None:
            # RFC 9112, 3.2.2.
            target, headers = self._origin + target, (*credentials(self.forwarding), *headers)
        return httpcore.Request(
            outgoing.method,
            httpcore.URL(scheme=scheme, host=host, port=port, target=target.encode("ascii")),
            headers=[(name.encode("ascii"), value.encode("utf-8")) for name, value in headers],
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._limit)},
        )

    def _watch(self, opened: socket.socket) -> None:
        """Keep a handle on each new connection's socket."""
        self._opened = True
        self._forget_sockets()
        # A duplicate, because TLS takes the original socket object apart.
        self._sockets.append(opened.dup())

    def _forget_sockets(self) -> None:
        while self._sockets:
            self._sockets.pop().close()

    def _failure(self, problem: Exception, began: bool) -> tuple[FailureKind, str]:
        """What a transport error says about the subject."""
        if self._watchdog.expired or isinstance(problem, httpcore.TimeoutException):
            if isinstance(problem, httpcore.ConnectTimeout):
                return "connect", f"no connection within {self._timeout:g} s"
            return "timeout", f"no whole response within {self._timeout:g} s"
        refused = explained(problem)
        if refused is not None:
            self.remedy = refused.remedy
            return "connect", f"no connection: {refused.reason}"
        if isinstance(problem, httpcore.ConnectError):
            return "connect", f"no connection: {problem}"
        if isinstance(problem, httpcore.RemoteProtocolError) and "disconnected" not in str(problem) and not began:
            return "protocol", f"not HTTP: {problem}"
        what = "the body ends early" if began else "the connection was closed without a response"
        return "disconnect", f"{what}: {problem}" if str(problem) else what


class _Watchdog:
    """Shuts the connections down when an exchange's time is up; `expired` says that it did.

    One thread looks at the clock for the whole session: starting a timer for each request costs more than
    a request to a local server.
    """

    def __init__(self, sockets: list[socket.socket]) -> None:
        self.expired = False
        self._sockets = sockets
        self._deadline: float | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Bound what happens inside to that many seconds."""
        self.expired = False
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._closed.wait(_WATCH_EVERY_SECONDS):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self.expired = True
                for connection in list(self._sockets):
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
