"""The loopback fixture server with clients that speak HTTP as they should."""

from __future__ import annotations

import http.client
import shutil
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, header, header_values
from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.scenario import Intervention, ServerScript, Spelling
from tests.scenarios.fixture_samples import (
    CREDENTIALS,
    answer_header,
    intervened,
    models,
    scenario,
    scripts,
    targets,
    walked,
)


@pytest.fixture(scope="module")
def fixture_server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        yield loopback


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as arrival:
        yield arrival


@given(script=scripts())
@settings(max_examples=60)
def test_a_correct_walk_yields_exactly_the_models(
    fixture_server: Loopback, client: httpx.Client, script: ServerScript
) -> None:
    base_url = fixture_server.open(scenario(script))
    seen = list(walked(client, base_url, limit=3))
    arrived = fixture_server.close()
    assert seen == list(script.models)
    assert all(arrival.failure is None and arrival.request.url.startswith(base_url) for arrival in arrived)


def test_what_is_kept_is_what_was_seen(fixture_server: Loopback, client: httpx.Client) -> None:
    base_url = fixture_server.open(scenario(ServerScript(models(3), spelling=Spelling(gzip=True, chunked=True))))
    seen = client.get(f"{base_url}/v1/models?limit=2&x=%7e", headers=CREDENTIALS)
    (arrival,) = fixture_server.close()
    assert arrival.response is not None
    assert arrival.request.url == f"{base_url}/v1/models?limit=2&x=%7e"
    assert arrival.response.body == seen.content
    assert arrival.response.headers == tuple(seen.headers.multi_items())
    assert header(arrival.response.headers, "content-encoding") == "gzip"
    assert arrival.seconds >= 0
    assert arrival.at > 0


def test_connections_are_kept_within_and_between_scenarios(fixture_server: Loopback) -> None:
    opened = []
    connection = None
    for _ in range(3):
        base_url = fixture_server.open(scenario(max_items=100))
        connection = connection or http.client.HTTPConnection(httpx.URL(base_url).host, httpx.URL(base_url).port)
        for _ in range(2):
            connection.request("GET", "/v1/models", headers=CREDENTIALS)
            assert connection.getresponse().read()
            opened.append(connection.sock)
        assert len(fixture_server.close()) == 2
    assert len(set(opened)) == 1
    assert connection is not None
    connection.close()


def test_a_spelling_that_closes_closes_the_connection(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario(ServerScript(models(1), spelling=Spelling(close=True))))
    connection = http.client.HTTPConnection(httpx.URL(base_url).host, httpx.URL(base_url).port)
    connection.request("GET", "/v1/models", headers=CREDENTIALS)
    answer = connection.getresponse()
    assert answer.getheader("connection") == "close"
    assert answer.read()
    assert connection.sock is None
    fixture_server.close()


def test_the_key_is_replaced_wherever_it_stands(fixture_server: Loopback, client: httpx.Client) -> None:
    key = fixture_server.api_key
    base_url = fixture_server.open(intervened(Intervention(redirect="same-host", last=1)))
    headers = {"x-api-key": key, "authorization": f"Bearer {key}", "user-agent": f"me/{key}"}
    client.get(f"{base_url}/v1/models?key={key}", headers=headers)
    (arrival,) = fixture_server.close()
    assert key not in repr(arrival)
    assert arrival.request.url.endswith(f"?key={API_KEY}")
    assert header(arrival.request.headers, "x-api-key") == API_KEY
    assert header(arrival.request.headers, "authorization") == f"Bearer {API_KEY}"
    assert header(arrival.request.headers, "user-agent") == f"me/{API_KEY}"


def test_another_credential_is_not_kept_either(fixture_server: Loopback, client: httpx.Client) -> None:
    base_url = fixture_server.open(scenario())
    headers = {"x-api-key": "sk-real", "authorization": "Bearer sk-real", "cookie": "a=sk-real; b=sk-real"}
    client.get(f"{base_url}/v1/models", headers=headers)
    client.get(f"{base_url}/v1/models", headers={"authorization": "sk-real", "x-api-key": ""})
    first, second = fixture_server.close()
    assert "sk-real" not in repr((first, second))
    assert header(first.request.headers, "x-api-key") == WRONG_KEY
    assert header(first.request.headers, "authorization") == f"Bearer {WRONG_KEY}"
    assert header(second.request.headers, "authorization") == WRONG_KEY
    assert header(second.request.headers, "x-api-key") == ""


@pytest.mark.parametrize("status", [None, 301, 302, 308])
def test_a_redirect_on_the_same_host_keeps_the_target(
    fixture_server: Loopback, client: httpx.Client, status: int | None
) -> None:
    base_url = fixture_server.open(intervened(Intervention(last=1, status=status, redirect="same-host")))
    seen = client.get(f"{base_url}/v1/models?limit=2", headers=CREDENTIALS, follow_redirects=True)
    first, second = fixture_server.close()
    assert len(seen.json()["data"]) == 2
    assert first.request.url == second.request.url
    assert answer_header(first, "location") == first.request.url
    assert first.response is not None
    assert first.response.status == (status or 307)


def test_a_redirect_to_another_host_needs_no_credential_there(fixture_server: Loopback, client: httpx.Client) -> None:
    script = ServerScript(models(3), prefix="/p", interventions=(Intervention(last=1, redirect="other-host"),))
    base_url = fixture_server.open(scenario(script))
    seen = client.get(f"{base_url}/v1/models/m-1", headers={**CREDENTIALS}, follow_redirects=True)
    first, second = fixture_server.close()
    assert seen.json()["id"] == "m-1"
    assert second.request.url.startswith("http://localhost:")
    assert second.request.url.endswith("/p/v1/models/m-1")
    assert httpx.URL(second.request.url).port != httpx.URL(first.request.url).port
    # httpx takes away `authorization` alone, so this is what a leak looks like.
    assert header(second.request.headers, "x-api-key") == API_KEY


def test_a_redirect_without_end_is_followed_between_the_hosts(fixture_server: Loopback, client: httpx.Client) -> None:
    base_url = fixture_server.open(intervened(Intervention(redirect="other-host")))
    with pytest.raises(httpx.TooManyRedirects):
        client.get(f"{base_url}/v1/models", headers=CREDENTIALS, follow_redirects=True)
    hosts = [httpx.URL(arrival.request.url).host for arrival in fixture_server.close()]
    assert hosts[:4] == ["127.0.0.1", "localhost"] * 2


def test_a_request_with_a_body_is_answered_and_the_next_one_too(fixture_server: Loopback, client: httpx.Client) -> None:
    base_url = fixture_server.open(scenario())
    posted = client.post(f"{base_url}/v1/models", headers=CREDENTIALS, content=b"x" * 300_000)
    chunked = client.post(f"{base_url}/v1/models", headers=CREDENTIALS, content=iter([b"a", b"b" * 70_000, b""]))
    listed = client.get(f"{base_url}/v1/models", headers=CREDENTIALS)
    assert [posted.status_code, chunked.status_code, listed.status_code] == [405, 405, 200]
    assert [arrival.request.method for arrival in fixture_server.close()] == ["POST", "POST", "GET"]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "BREW"])
def test_other_methods_are_answered(fixture_server: Loopback, client: httpx.Client, method: str) -> None:
    base_url = fixture_server.open(scenario())
    assert client.request(method, f"{base_url}/v1/models", headers=CREDENTIALS).status_code == 405
    assert client.get(f"{base_url}/v1/models", headers=CREDENTIALS).status_code == 200
    assert len(fixture_server.close()) == 2


def test_repeated_lines_and_their_case_are_kept(fixture_server: Loopback, client: httpx.Client) -> None:
    base_url = fixture_server.open(scenario())
    lines = [*CREDENTIALS.items(), ("Anthropic-Beta", "a"), ("anthropic-BETA", "b, c")]
    client.get(f"{base_url}/v1/models", headers=lines)
    (arrival,) = fixture_server.close()
    assert header_values(arrival.request.headers, "anthropic-beta") == ["a", "b, c"]
    assert [name for name, _ in arrival.request.headers if name.lower() == "anthropic-beta"] == [
        "Anthropic-Beta",
        "anthropic-BETA",
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("options", [(), ("--http1.0",), ("--compressed",), ("-d", "x", "-H", "Expect: 100-continue")])
def test_curl_is_answered(fixture_server: Loopback, options: tuple[str, ...]) -> None:
    base_url = fixture_server.open(
        scenario(ServerScript(models(2), prefix="/p", spelling=Spelling(gzip=True, chunked=True)))
    )
    headers = [part for name, value in CREDENTIALS.items() for part in ("-H", f"{name}: {value}")]
    command = [
        "curl",
        "-sS",
        "-m",
        "10",
        "--noproxy",
        "*",
        "--path-as-is",
        *headers,
        *options,
        f"{base_url}/v1/models/m-1",
    ]
    done = subprocess.run(command, capture_output=True, check=False, timeout=20)
    (arrival,) = fixture_server.close()
    assert done.returncode == 0
    assert arrival.response is not None
    assert arrival.response.body == done.stdout
    assert targets([arrival]) == ["/p/v1/models/m-1"]
