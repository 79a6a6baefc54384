"""A transport ends every exchange in bounded time and memory and says how it went."""

from __future__ import annotations

import gzip
import socket
import time
from contextlib import closing

import pytest

from models_conformance.evidence.exchange import Failure, Response
from models_conformance.probing.transport import Outgoing, Transport
from tests.probing.raw_server import Script, http, raw_server

HOST = (("host", "h"),)


def send(script: Script, timeout: float = 0.6, max_body: int = 10_000) -> tuple[Response | None, Failure | None]:
    with raw_server(script) as url, closing(Transport(url, timeout, max_body)) as opened:
        answered = opened.send(Outgoing("GET", "/v1/models", (("host", "h"), ("accept-encoding", "gzip"))))
        return answered.response, answered.failure


def test_a_whole_response_is_kept_as_it_came() -> None:
    response, failure = send(lambda connection, _: connection.sendall(http(b"{}", "X-Twice: a", "x-twice: b")))
    assert failure is None
    assert response == Response(200, (("content-length", "2"), ("X-Twice", "a"), ("x-twice", "b")), b"{}")


def drip(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _number in range(100):
        connection.sendall(b"x")
        time.sleep(0.1)


def drip_headers(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        connection.sendall(f"x-{number}: 1\r\n".encode())
        time.sleep(0.1)


@pytest.mark.parametrize("script", [drip, drip_headers, lambda *_: time.sleep(30)], ids=["body", "headers", "silence"])
def test_slow_bytes_end_at_the_deadline(script: Script) -> None:
    """Each read succeeds within the timeout, the exchange does not."""
    _, failure = send(script)
    assert failure is not None
    assert (failure.kind, failure.detail) == ("timeout", "no whole response within 0.6 s")


def endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")


def bomb(connection: socket.socket, _: bytes) -> None:
    connection.sendall(http(gzip.compress(b"0" * 50_000_000), "content-encoding: gzip"))


@pytest.mark.parametrize("script", [endless, bomb])
def test_a_body_past_the_cap_is_cut_and_said_so(script: Script) -> None:
    response, failure = send(script, timeout=10)
    assert failure is not None
    assert failure.kind == "too-large"
    assert response is not None
    assert len(response.body) == 10_000


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", "disconnect"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}", "disconnect"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "disconnect"),
        (http(b"not gzip at all", "content-encoding: gzip"), "decoding"),
    ],
)
def test_broken_answers_are_told_apart(sent: bytes, kind: str) -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_RDWR)

    _, failure = send(script)
    assert failure is not None
    assert failure.kind == kind


def test_a_closed_port_is_a_failure_to_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with closing(Transport(f"http://127.0.0.1:{port}", 1, 1000)) as opened:
        failure = opened.send(Outgoing("GET", "/", HOST)).failure
    assert failure is not None
    assert failure.kind == "connect"


def test_the_target_goes_out_byte_for_byte() -> None:
    seen: list[bytes] = []

    def script(connection: socket.socket, request: bytes) -> None:
        seen.append(request.split(b" ")[1])
        connection.sendall(http(b"{}"))

    target = "/gw/v1/models/a%2fb/../%2E%2e/%zz?limit=+1&&after_id=%00"
    with raw_server(script) as url, closing(Transport(url, 2, 1000)) as opened:
        opened.send(Outgoing("GET", target, HOST))
    assert seen == [target.encode()]


def test_a_connection_closed_between_requests_is_opened_again() -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(http(b"{}"))
        connection.shutdown(socket.SHUT_RDWR)

    with raw_server(script) as url, closing(Transport(url, 2, 1000)) as opened:
        failures = [opened.send(Outgoing("GET", "/", HOST)).failure for _ in range(20)]
    assert failures == [None] * 20


def test_no_cookie_goes_back_that_nobody_shows() -> None:
    requests: list[bytes] = []

    def script(connection: socket.socket, request: bytes) -> None:
        requests.append(request)
        connection.sendall(http(b"{}", "set-cookie: sid=1; Path=/"))

    with raw_server(script) as url, closing(Transport(url, 0.6, 10_000)) as opened:
        for _ in range(2):
            opened.send(Outgoing("GET", "/v1/models", HOST))
    assert [b"cookie" in request.lower() for request in requests] == [False, False]
