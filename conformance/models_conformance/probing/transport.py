"""Sending one request over HTTP, in bounded time and memory, whatever the server does.

A read timeout alone does not bound an answer that drips: the whole exchange has one deadline, kept by
shutting the socket down under the reader.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from models_conformance.evidence.exchange import Failure, FailureKind, Headers, Response, header
from models_conformance.probing.decoding import NotAsCoded, decoded

_CHUNK_BYTES = 64 * 1024
_WATCH_EVERY_SECONDS = 0.05


class Transport:
    """One server's connections. `timeout` in seconds bounds each exchange, `max_body` in bytes its body."""

    def __init__(self, origin: str, timeout: float, max_body: int) -> None:
        self._origin = origin
        self._timeout = timeout
        self._max_body = max_body
        self._sockets: list[socket.socket] = []
        self._opened = False
        self._watchdog = _Watchdog(self._sockets)
        # httpx would take credentials from .netrc and follow its own environment rules; only the proxy
        # settings of the environment are wanted.
        self._client = httpx.Client(
            trust_env=False,
            proxy=_environment_proxy(origin),
            timeout=timeout,
            follow_redirects=False,
            # The evidence is what was sent: no cookie goes back that no trace shows.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )

    def close(self) -> None:
        """Close all connections."""
        self._watchdog.close()
        self._client.close()
        self._forget_sockets()

    def send(self, method: str, target: str, headers: Headers) -> tuple[Response | None, Failure | None, float]:
        """Send one request to the raw `target`; the response, how it failed, and wall seconds.

        A reused connection that the server had closed in the meantime is opened again once (RFC 9112,
        9.3.1): that race is nobody's fault and no evidence.
        """
        started = time.perf_counter()
        response, failure = self._exchange(method, target, headers)
        if failure is not None and failure.kind == "disconnect" and response is None and not self._opened:
            response, failure = self._exchange(method, target, headers)
        return response, failure, time.perf_counter() - started

    def _exchange(self, method: str, target: str, headers: Headers) -> tuple[Response | None, Failure | None]:
        self._opened = False
        request = self._client.build_request(
            method,
            self._origin + "/",
            headers=[(name.encode("ascii"), value.encode("utf-8")) for name, value in headers],
            extensions={"target": target.encode("ascii"), "trace": self._watch_connections},
        )
        status, body = 0, bytearray()
        received: Headers = ()
        try:
            with (
                self._watchdog.deadline(self._timeout),
                contextlib.closing(self._client.send(request, stream=True)) as response,
            ):
                status = response.status_code
                received = tuple(
                    (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
                )
                for piece in decoded(response.iter_raw(_CHUNK_BYTES), header(received, "content-encoding")):
                    body += piece
                    if len(body) > self._max_body:
                        break
        except NotAsCoded as problem:
            self._forget_sockets()
            return Response(status, received, bytes(body)), Failure("decoding", str(problem))
        except httpx.HTTPError as problem:
            kind, detail = _failure(problem, self._watchdog.expired, self._timeout, bool(status))
            self._forget_sockets()
            return (Response(status, received, bytes(body)) if status else None), Failure(kind, detail)
        if len(body) > self._max_body:
            del body[self._max_body :]
            return (
                Response(status, received, bytes(body)),
                Failure("too-large", f"the body is larger than {self._max_body} bytes"),
            )
        return Response(status, received, bytes(body)), None

    def _watch_connections(self, event: str, info: dict[str, Any]) -> None:
        """httpcore's trace hook: keep a handle on each new connection's socket."""
        if event == "connection.connect_tcp.complete":
            self._opened = True
            self._forget_sockets()
            opened = info["return_value"].get_extra_info("socket")
            if opened is not None:
                # A duplicate, because TLS takes the original socket object apart.
                self._sockets.append(opened.dup())

    def _forget_sockets(self) -> None:
        while self._sockets:
            self._sockets.pop().close()


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


def _failure(problem: httpx.HTTPError, expired: bool, timeout: float, began: bool) -> tuple[FailureKind, str]:
    """What a transport error says about the subject."""
    if expired or isinstance(problem, httpx.TimeoutException):
        if isinstance(problem, httpx.ConnectTimeout):
            return "connect", f"no connection within {timeout:g} s"
        return "timeout", f"no whole response within {timeout:g} s"
    if isinstance(problem, httpx.ConnectError | httpx.ProxyError):
        return "connect", f"no connection: {problem}"
    if isinstance(problem, httpx.RemoteProtocolError) and "disconnected" not in str(problem) and not began:
        return "protocol", f"not HTTP: {problem}"
    what = "the body ends early" if began else "the connection was closed without a response"
    return "disconnect", f"{what}: {problem}" if str(problem) else what


def _environment_proxy(origin: str) -> str | None:
    split = urlsplit(origin)
    if proxy_bypass(split.hostname or ""):
        return None
    return getproxies().get(split.scheme)


@contextlib.contextmanager
def transport(origin: str, timeout: float, max_body: int) -> Iterator[Transport]:
    """A transport that is closed at the end."""
    opened = Transport(origin, timeout, max_body)
    try:
        yield opened
    finally:
        opened.close()
