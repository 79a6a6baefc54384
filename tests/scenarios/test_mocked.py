"""The fixture server in this process, with clients on httpx, sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings

from models_conformance.evidence.exchange import API_KEY, header
from models_conformance.scenarios.fixture.mocked import Mocked
from models_conformance.scenarios.fixture.scripted_server import KEPT_BEYOND_THE_END, STUCK_REQUESTS
from models_conformance.scenarios.scenario import Framing, Intervention, ServerScript, Spelling
from tests.scenarios.fixture_samples import (
    CREDENTIALS,
    answer_header,
    failures,
    intervened,
    models,
    scenario,
    scripts,
    targets,
    walked,
)


@pytest.fixture(scope="module")
def fixture_server() -> Iterator[Mocked]:
    with Mocked() as mocked:
        yield mocked


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60) as arrival:
        yield arrival


@given(script=scripts())
@settings(max_examples=40)
def test_a_correct_walk_yields_exactly_the_models(
    fixture_server: Mocked, client: httpx.Client, script: ServerScript
) -> None:
    base_url = fixture_server.open(scenario(script))
    seen = list(walked(client, base_url, limit=3))
    arrived = fixture_server.close()
    assert seen == list(script.models)
    assert all(arrival.failure is None and arrival.request.url.startswith(base_url) for arrival in arrived)


async def in_async(url: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as client:
        return await client.get(url, headers=CREDENTIALS, follow_redirects=True)


def test_an_async_client_is_answered(fixture_server: Mocked) -> None:
    base_url = fixture_server.open(scenario(ServerScript(models(3), spelling=Spelling(gzip=True, chunked=True))))
    assert len(asyncio.run(in_async(f"{base_url}/v1/models")).json()["data"]) == 3
    (arrival,) = fixture_server.close()
    assert answer_header(arrival, "content-encoding") == "gzip"


@pytest.mark.parametrize(
    ("framing", "kind"),
    [
        ("cut-body", "disconnect"),
        ("cut-chunk", "disconnect"),
        ("no-answer", "disconnect"),
        ("stall-before", "timeout"),
        ("stall-within", "timeout"),
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_broken_answer_reaches_the_client_as_httpx_has_it(
    fixture_server: Mocked, client: httpx.Client, framing: Framing, kind: str, asynchronous: bool
) -> None:
    problem = httpx.ReadTimeout if kind == "timeout" else httpx.RemoteProtocolError
    base_url = fixture_server.open(intervened(Intervention(framing=framing)))
    # The client's own patience is a minute: a stall that waited would hold this test up.
    url = f"{base_url}/v1/models"
    with pytest.raises(problem):
        _ = asyncio.run(in_async(url)) if asynchronous else client.get(url, headers=CREDENTIALS)
    assert failures(fixture_server.close()) == [kind]


def test_redirects_lead_to_the_same_target(fixture_server: Mocked, client: httpx.Client) -> None:
    hops = (Intervention(last=1, redirect="same-host"), Intervention(first=2, last=2, redirect="other-host"))
    base_url = fixture_server.open(scenario(ServerScript(models(2), prefix="/p", interventions=hops)))
    seen = client.get(f"{base_url}/v1/models/m-1?x=%2F", headers=CREDENTIALS, follow_redirects=True)
    assert seen.json()["id"] == "m-1"
    assert [arrival.request.url for arrival in fixture_server.close()] == [
        *["http://suite.invalid/p/v1/models/m-1?x=%2F"] * 2,
        "http://other.invalid/p/v1/models/m-1?x=%2F",
    ]


def test_a_third_host_cannot_be_reached_and_is_told(fixture_server: Mocked, client: httpx.Client) -> None:
    fixture_server.open(scenario())
    with pytest.raises(httpx.ConnectError):
        client.get("https://api.example.com:8443/v1/models", headers=CREDENTIALS)
    (arrival,) = fixture_server.close()
    assert arrival.request.url == "https://api.example.com:8443/v1/models"
    assert header(arrival.request.headers, "x-api-key") == API_KEY
    assert failures([arrival]) == ["connect"]


@pytest.mark.parametrize("target", ["/v1/models/a%2Fb%20c?x=%7e+%2B", "/v1/models/%C3%A9", "/v1/models/..%2f;a=b"])
def test_the_target_is_kept_as_httpx_would_send_it(client: httpx.Client, fixture_server: Mocked, target: str) -> None:
    base_url = fixture_server.open(scenario())
    client.get(f"{base_url}{target}", headers=CREDENTIALS)
    assert targets(fixture_server.close()) == [target]


def test_no_key_is_kept(fixture_server: Mocked, client: httpx.Client) -> None:
    base_url = fixture_server.open(intervened(Intervention(last=1, redirect="same-host")))
    client.get(
        f"{base_url}/v1/models?key={fixture_server.api_key}",
        headers={"authorization": f"Bearer {fixture_server.api_key}"},
    )
    arrived = fixture_server.close()
    assert fixture_server.api_key not in repr(arrived)
    assert header(arrived[0].request.headers, "authorization") == f"Bearer {API_KEY}"


def test_outside_of_a_scenario_nothing_is_kept(fixture_server: Mocked, client: httpx.Client) -> None:
    with pytest.raises(httpx.ConnectError):
        client.get("http://suite.invalid/v1/models")
    fixture_server.open(scenario())
    assert fixture_server.close() == []


def test_a_client_that_never_stops_is_stopped(fixture_server: Mocked, client: httpx.Client) -> None:
    base_url = fixture_server.open(scenario(ServerScript(models(3), stuck=True)))
    for _ in range(STUCK_REQUESTS + KEPT_BEYOND_THE_END):
        client.get(f"{base_url}/v1/models", headers=CREDENTIALS)
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(f"{base_url}/v1/models", headers=CREDENTIALS)
    assert len(fixture_server.close()) == STUCK_REQUESTS + KEPT_BEYOND_THE_END
