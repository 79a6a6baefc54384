"""Sending one request over HTTP, in bounded time and memory, whatever the server does.

A read timeout alone does not bound an answer that drips: the whole exchange has one deadline, kept by
shutting the socket down under the reader. A proxy is a way to connect and nothing else: it is asked for a tunnel
(RFC 9112, 3.2.3) or is spoken to in the server's place, and what it refuses is told as its own.
"""

from __future__ import annotations

import base64
import contextlib
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpcore

from models_conformance.evidence.exchange import Failure, FailureKind, Headers, Response, header
from models_conformance.probing.certificates import Remedy, explained
from models_conformance.probing.decoding import NotAsCoded, decoded
from models_conformance.probing.network import DIRECT, Proxy, Route, authority

_WATCH_EVERY_SECONDS = 0.05
# Servers close what is idle for longer than a few seconds.
_IDLE_SECONDS = 5.0
_PROXY_ASKS = 407
_CONNECTION_PROBLEMS = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class ProxyRefuses(Exception):
    """The proxy cannot be reached, or does not do what it is asked: no evidence about a server. The message is one
    line that names the proxy, without its credentials."""


def _credentials(proxy: Proxy) -> Headers:
    """The header line with which a proxy is given the credentials of its variable; none where that has none."""
    if not proxy.user and not proxy.password:
        return ()
    token = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
    return (("Proxy-Authorization", f"Basic {token}"),)


def _refusal(proxy: Proxy, status: int, reason: str, doing: str) -> ProxyRefuses:
    """The error for a proxy that answers with that status itself. `doing` is what it was asked for."""
    status_line = f"{status} {reason}".strip()
    if status != 407:
        return ProxyRefuses(f"the proxy {proxy.name} {doing}: it answers {status_line}")
    given = "refuses the credentials of" if _credentials(proxy) else "asks for credentials in"
    return ProxyRefuses(
        f"the proxy {proxy.name} {given} ${proxy.variable} (http://user:password@…): it answers {status_line}"
    )


class _Dialer(httpcore.NetworkBackend):
    """Opens connections, through `proxy` where one is given, and shows each new socket to `opened`.

    With `tunnels`, the proxy is asked for a tunnel to the server. `proxy_tls` is for a proxy that is spoken to in TLS.
    """

    def __init__(
        self,
        proxy: Proxy | None,
        tunnels: bool,
        proxy_tls: ssl.SSLContext | None,
        opened: Callable[[socket.socket], None],
    ) -> None:
        self._proxy = proxy
        self._tunnels = tunnels
        self._proxy_tls = proxy_tls
        self._opened = opened
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection over which the server's bytes go. Raises ProxyRefuses and what httpcore raises."""
        proxy = self._proxy
        if proxy is None:
            return self._connect(host, port, timeout, local_address, socket_options)
        try:
            stream = self._connect(proxy.host, proxy.port, timeout, local_address, socket_options)
            if self._proxy_tls is not None:
                stream = stream.start_tls(self._proxy_tls, proxy.host, timeout)
            return self._tunnel(proxy, stream, authority(host, port), timeout) if self._tunnels else stream
        except _CONNECTION_PROBLEMS as problem:
            refused = explained(problem)
            why = refused.reason if refused else str(problem) or "it does not answer"
            raise ProxyRefuses(f"no connection through the proxy {proxy.name}: {why}") from None

    def _connect(self, host: str, port: int, *how: Any) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(host, port, *how)
        self._opened(stream.get_extra_info("socket"))
        return stream

    def _tunnel(
        self, proxy: Proxy, stream: httpcore.NetworkStream, target: str, timeout: float | None
    ) -> httpcore.NetworkStream:
        origin = httpcore.Origin(proxy.scheme.encode(), proxy.host.encode(), proxy.port)
        url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target.encode("ascii"))
        request = httpcore.Request(
            "CONNECT",
            url,
            headers=[("Host", target), *_credentials(proxy)],
            extensions={"timeout": dict.fromkeys(("read", "write"), timeout)},
        )
        response = httpcore.HTTP11Connection(origin, stream).handle_request(request)
        if not 200 <= response.status <= 299:
            stream.close()
            reason = response.extensions.get("reason_phrase", b"").decode("ascii", "replace")
            raise _refusal(proxy, response.status, reason, f"opens no tunnel to {target}")
        tunnel: httpcore.NetworkStream = response.extensions["network_stream"]
        return tunnel


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
            network_backend=_Dialer(route.proxy, split.scheme == "https", route.proxy_tls, self._watch),
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
                    raise _refusal(self.forwarding, response.status, reason, "forwards nothing")
                status = response.status
                received = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
                for piece in decoded(response.iter_stream(), header(received, "content-encoding")):
                    body += piece
                    if len(body) > self._max_body:
                        break
        except NotAsCoded as problem:
            failure = Failure("decoding", str(problem))
        except _CONNECTION_PROBLEMS as problem:
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
            target, headers = self._origin + target, (*_credentials(self.forwarding), *headers)
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
