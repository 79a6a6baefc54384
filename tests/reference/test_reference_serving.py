"""The reference server over real sockets."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from models_conformance.errors import UsageError
from models_conformance.reference.registry import UnknownVariant
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.samples import escaped_ids
from models_conformance.reference.server.serving import (
    CannotListen,
    RunningServer,
    behaviour_named,
    running,
)


def client_of(server: RunningServer) -> httpx.Client:
    headers = {"x-api-key": server.api_key or "any", "anthropic-version": "2023-06-01"}
    return httpx.Client(base_url=server.url, headers=headers, trust_env=False)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with running(Behaviour(escaped_ids())) as server, client_of(server) as opened:
        yield opened


def test_targets_arrive_as_they_were_sent(client: httpx.Client) -> None:
    for model in escaped_ids().models:
        escaped = "".join(f"%{byte:02X}" for byte in model.id.encode())
        target = f"/v1/models/{escaped}".encode()
        response = client.request("GET", "/", extensions={"target": target})
        assert (response.status_code, response.json()["id"]) == (200, model.id)
        target = f"/v1/models?limit=1&before_id={escaped}".encode()
        assert client.request("GET", "/", extensions={"target": target}).status_code == 200


@pytest.mark.parametrize("target", [b"/v1/models/%00", b"/v1/models/%FF%0A", b"/v1/models/%", b"//", b"/%0a"])
def test_undecodable_targets_are_not_found(client: httpx.Client, target: bytes) -> None:
    response = client.request("GET", "/", extensions={"target": target})
    assert (response.status_code, response.json()["error"]["type"]) == (404, "not_found_error")


def test_a_very_long_id_reaches_the_server(client: httpx.Client) -> None:
    target = b"/v1/models/" + b"a" * 200_000
    response = client.request("GET", "/", extensions={"target": target})
    assert response.json()["error"]["type"] == "not_found_error"


def test_repeated_header_lines_arrive() -> None:
    strict = Behaviour(refused_betas=frozenset({"second"}))
    with running(strict) as server, client_of(server) as opened:
        lines = [("anthropic-beta", "first"), ("anthropic-beta", "second")]
        assert opened.get("/v1/models", headers=lines[:1]).status_code == 200
        assert opened.get("/v1/models", headers=lines).status_code == 400


def test_head_has_no_body_and_the_connection_lives_on(client: httpx.Client) -> None:
    assert client.head("/v1/models").content == b""
    assert client.post("/v1/models", content=b"x" * 10_000).status_code == 405
    assert client.get("/v1/models").status_code == 200


def test_header_request_id_equals_the_body(client: httpx.Client) -> None:
    response = client.get("/v1/models/nobody")
    assert response.headers["request-id"] == response.json()["request_id"]


def test_a_list_of_hundred_thousand_is_walked_quickly() -> None:
    with running(Behaviour(catalogue_of(100_000))) as server, client_of(server) as opened:
        params: dict[str, str | int] = {"limit": 1000}
        for page_number in range(1, 101):
            page = opened.get("/v1/models", params=params).json()
            params["after_id"] = page["last_id"]
            assert page["has_more"] is (page_number < 100)


def test_starting_and_stopping_wait_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", noted)
    with running(Behaviour()) as server, client_of(server) as opened:
        assert opened.get("/v1/models").status_code == 200
    assert not any(waits)


def test_a_server_stops_while_a_client_is_connected() -> None:
    with ExitStack() as until_stopped:
        server = until_stopped.enter_context(running(Behaviour()))
        with client_of(server) as opened:
            assert opened.get("/v1/models").status_code == 200
            until_stopped.close()
            with pytest.raises(httpx.TransportError):
                opened.get("/v1/models")


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{port}: it is in use"):
            running(Behaviour(), port).__enter__()
    with pytest.raises(CannotListen):
        running(Behaviour(), 1_000_000).__enter__()


@pytest.mark.parametrize("name", ["ideal", "after-id-is-inclusive", "no-models"])
def test_a_behaviour_is_found_by_name(name: str) -> None:
    assert behaviour_named(name, 5).catalogue is not None
    assert behaviour_named(name).catalogue is not None


def test_an_unknown_name_offers_those_that_are_close() -> None:
    with pytest.raises(UnknownVariant, match="after-id-is-inclusive") as caught:
        behaviour_named("after-id-inclusive")
    assert isinstance(caught.value, UsageError)
    assert "\n" not in str(caught.value)


# What comes whole and too late is broken for those alone who wait no longer.
LATE = {"largest-page-back-comes-too-late"}
WHOLE = [
    name for name, fault in SERVERS.faults().items() if fault.root == "response-arrives-whole" and name not in LATE
]


PATHS = (
    "",
    "?limit=1000",
    "?before_id=claude-2.0",
    "/claude-sonnet-5",
    "/nobody",
    f"/{catalogue_of(47).models[-1].id}",
)
PATIENCE_BYTES = 8 * 1024 * 1024


@pytest.mark.parametrize("name", WHOLE)
def test_broken_framing_is_broken_on_the_socket(name: str) -> None:
    with running(behaviour_named(name, 47)) as server, client_of(server) as opened:
        # One of them breaks with the hundredth request alone.
        assert any(fails(opened, f"/v1/models{path}") for path in PATHS * 25)


def fails(client: httpx.Client, path: str) -> bool:
    """Whether the answer does not arrive whole, or is larger than anybody would read."""
    received = 0
    try:
        with client.stream("GET", path) as response:
            for piece in response.iter_bytes():
                received += len(piece)
                if received > PATIENCE_BYTES:
                    return True
    except (httpx.TransportError, httpx.DecodingError):
        return True
    return False


@pytest.mark.parametrize("name", SERVERS.oddities())
def test_every_oddity_serves(name: str) -> None:
    with running(behaviour_named(name, 21)) as server, client_of(server) as opened:
        response = opened.get("/v1/models", params={"limit": 2})
        assert response.status_code == 200
        assert isinstance(response.json()["data"], list)


@pytest.mark.parametrize("name", ["content-type-is-missing", "error-is-plain-text", "content-length-is-too-short"])
def test_faults_serve(name: str) -> None:
    with running(behaviour_named(name, 21)) as server, client_of(server) as opened:
        assert opened.get("/v1/models").status_code == 200
        assert opened.get("/v1/models/nobody").status_code == 404


def test_serve_forever_announces_itself_and_ends_on_interrupt() -> None:
    program = (
        "from models_conformance.reference.server.serving import behaviour_named, serve_forever\n"
        "serve_forever(behaviour_named('ideal', 3))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url, _, key = line.strip().partition(" api-key=")
        response = httpx.get(
            f"{url}/v1/models",
            headers={"x-api-key": key, "anthropic-version": "2023-06-01"},
            trust_env=False,
        )
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    assert len(response.json()["data"]) == 3
    assert (process.returncode, rest, errors) == (0, "", "")


def test_names_cost_no_web_framework() -> None:
    program = (
        "import sys\n"
        "from models_conformance.reference.server.serving import behaviour_named\n"
        "behaviour_named('ideal')\n"
        "from models_conformance.reference.server import SERVERS\n"
        "SERVERS.names()\n"
        "print([name for name in ('starlette', 'uvicorn', 'httpx') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
