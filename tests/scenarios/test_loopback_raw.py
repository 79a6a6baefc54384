"""The loopback fixture server with clients that speak HTTP as no library would: byte for byte."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, suppress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_conformance.evidence.exchange import header
from models_conformance.scenarios.fixture.http_messages import (
    MOST_BODY_BYTES,
    MOST_HEAD_BYTES,
    Broken,
    Complete,
    Head,
    RequestReader,
)
from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.scenario import ServerScript
from tests.scenarios.fixture_samples import CREDENTIALS, models, scenario, targets

HEADERS = "".join(f"{name}: {value}\r\n" for name, value in CREDENTIALS.items()).encode()


@pytest.fixture(scope="module")
def fixture_server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        yield loopback


def connected(base_url: str) -> socket.socket:
    url = httpx.URL(base_url)
    return socket.create_connection((url.host, url.port or 0), timeout=10)


def spoken(base_url: str, *parts: bytes) -> bytes:
    """All that comes back until the server closes, once the client has nothing more to send."""
    with closing(connected(base_url)) as connection:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def get(target: bytes, version: bytes = b" HTTP/1.1") -> bytes:
    return b"GET " + target + version + b"\r\n" + HEADERS + b"\r\n"


@pytest.mark.parametrize(
    "target",
    [
        b"/v1/models/a b c",
        b"/v1/models/\xc3\xa9\xff",
        b"/v1/models/%zz%",
        b"/v1/models/../..//x?#f?y",
        b"/v1/models/a\x01b\tc",
        b"//v1/models",
    ],
)
def test_a_wrong_target_is_kept_as_it_was_sent(fixture_server: Loopback, target: bytes) -> None:
    base_url = fixture_server.open(scenario())
    assert spoken(base_url, get(target)).startswith(b"HTTP/1.1 404 ")
    arrived = fixture_server.close()
    assert targets(arrived) == [target.decode("latin-1")]
    assert arrived[0].request.url == base_url + target.decode("latin-1")


def test_raw_utf_8_finds_the_model_it_names(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario(ServerScript(({"id": "modèle ü"},))))
    assert b" 200 OK" in spoken(base_url, get("/v1/models/modèle ü".encode()))
    fixture_server.close()


@pytest.mark.parametrize(
    ("target", "url"),
    [(b"*", "{}/*"), (b"v1/models", "{}/v1/models"), (b"?a", "{}?a"), (b"http://h:1/x", "http://h:1/x")],
)
def test_a_target_that_is_no_path_still_makes_a_url(fixture_server: Loopback, target: bytes, url: str) -> None:
    base_url = fixture_server.open(scenario())
    assert spoken(base_url, get(target)).startswith(b"HTTP/1.1 404 ")
    (arrival,) = fixture_server.close()
    assert arrival.request.url == url.format(base_url)


def test_the_target_of_a_proxy_is_answered(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())
    assert b" 200 OK" in spoken(base_url, get(b"http://elsewhere:80/v1/models"))
    fixture_server.close()


def test_header_lines_are_kept_in_order_and_case(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())
    lines = b"X-B: 1 \r\nx-a:\t2\r\nX-b:3\r\n folded\r\nno colon\r\nX-\xe9: \xff\r\n"
    spoken(base_url, b"GET /v1/models HTTP/1.1\r\n" + HEADERS + lines + b"\r\n")
    (arrival,) = fixture_server.close()
    assert arrival.request.headers[len(CREDENTIALS) :] == (
        ("X-B", "1"),
        ("x-a", "2"),
        ("X-b", "3 folded"),
        ("no colon", ""),
        ("X-\xe9", "\xff"),
    )


def test_pipelined_requests_are_answered_in_order(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())
    answer = spoken(base_url, get(b"/v1/models/m-1") + get(b"/v1/models/m-2") + get(b"/nowhere"))
    assert [part[1:4] for part in answer.split(b"HTTP/1.1")[1:]] == [b"200", b"200", b"404"]
    assert targets(fixture_server.close()) == ["/v1/models/m-1", "/v1/models/m-2", "/nowhere"]


def test_a_request_may_come_byte_by_byte(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())
    body = b"POST /v1/models HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nt: 1\r\n\r\n"
    answer = spoken(base_url, *(bytes([byte]) for byte in b"\r\n" + body + get(b"/v1/models")))
    assert answer.count(b"HTTP/1.1 ") == 2
    assert [arrival.request.method for arrival in fixture_server.close()] == ["POST", "GET"]


def test_a_client_is_told_to_go_on_with_its_body(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())
    with closing(connected(base_url)) as connection:
        connection.sendall(b"POST /v1/models HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ab")
        assert connection.recv(1000).startswith(b"HTTP/1.1 405 ")
    assert len(fixture_server.close()) == 1


@pytest.mark.parametrize(
    ("version", "header_line", "kept"),
    [
        (b" HTTP/1.1", b"", True),
        (b" HTTP/1.1", b"Connection: Upgrade, Close\r\n", False),
        (b" HTTP/1.0", b"", False),
        (b" HTTP/1.0", b"connection: keep-alive\r\n", True),
        (b" HTTP/2.0", b"", False),
        (b"", b"", False),
    ],
)
def test_a_connection_goes_on_only_where_the_client_has_it_so(
    fixture_server: Loopback, version: bytes, header_line: bytes, kept: bool
) -> None:
    base_url = fixture_server.open(scenario())
    request = b"GET /v1/models" + version + b"\r\n" + HEADERS + header_line + b"\r\n"
    answer = spoken(base_url, request + request)
    assert answer.count(b"HTTP/1.1 200 OK") == (2 if kept else 1)
    assert (b"connection: close" in answer) is not kept
    fixture_server.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"\r\n\r\n \r\n\r\n",
        b"GET /" + b"a" * (MOST_HEAD_BYTES + 10),
        b"x" * 50 + b" / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_request_ends_the_connection(fixture_server: Loopback, request_bytes: bytes) -> None:
    base_url = fixture_server.open(scenario())
    with closing(connected(base_url)) as connection:
        connection.sendall(request_bytes)
        with suppress(ConnectionResetError):
            assert connection.recv(100) == b""
    assert fixture_server.close() == []


@pytest.mark.parametrize(
    "announced",
    [
        b"content-length: x",
        b"content-length: -1",
        b"content-length: 99999999999",
        b"content-length: " + str(MOST_BODY_BYTES + 1).encode(),
        b"transfer-encoding: chunked\r\n\r\nzz",
        b"transfer-encoding: chunked\r\n\r\nffffffffffffffff",
    ],
)
def test_a_body_that_cannot_be_read_is_answered_and_ends_the_connection(
    fixture_server: Loopback, announced: bytes
) -> None:
    base_url = fixture_server.open(scenario())
    answer = spoken(base_url, b"POST /v1/models HTTP/1.1\r\n" + announced + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert len(fixture_server.close()) == 1


def test_a_body_that_never_comes_is_told_as_such(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())
    assert spoken(base_url, b"POST /v1/models HTTP/1.1\r\ncontent-length: 5\r\n\r\nab") == b""
    (arrival,) = fixture_server.close()
    assert arrival.response is None
    assert arrival.failure is not None
    assert arrival.failure.kind == "timeout"


def test_a_long_id_is_read(fixture_server: Loopback) -> None:
    long = "é" * 20_000
    base_url = fixture_server.open(scenario(ServerScript(({"id": long},))))
    answer = httpx.get(f"{base_url}/v1/models/{long}", headers=CREDENTIALS, trust_env=False)
    assert answer.json() == {"id": long}
    fixture_server.close()


def test_many_models_go_out_whole(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario(ServerScript(models(1000), envelope={"x": "y" * 3_000_000})))
    answer = spoken(base_url, get(b"/v1/models?limit=1000"))
    head, _, body = answer.partition(b"\r\n\r\n")
    (arrival,) = fixture_server.close()
    assert arrival.response is not None
    assert arrival.response.body == body
    assert header(arrival.response.headers, "content-length") == str(len(body))
    assert head.startswith(b"HTTP/1.1 200 OK")


@given(
    st.lists(
        st.sampled_from(
            [
                *(bytes([byte]) for byte in b"\r\n :;09afG\xff"),
                b"GET / HTTP/1.1\r\n",
                b"\r\n\r\n",
                b"content-length: 3\r\n",
                b"transfer-encoding: x\r\n",
            ]
        ),
        max_size=40,
    )
)
@settings(max_examples=300)
def test_any_bytes_are_read_to_their_end_whatever_they_are_cut_into(parts: list[bytes]) -> None:
    assert events(parts) == events([b"".join(parts)])


def events(parts: list[bytes]) -> list[object]:
    reader = RequestReader()
    seen: list[object] = []
    for part in parts:
        reader.feed(part)
        while (event := reader.next()) is not None:
            seen.append(event if isinstance(event, Head) else type(event))
            if isinstance(event, Broken):
                return seen
    assert all(kind is Complete for kind in seen[1::2])
    return seen
