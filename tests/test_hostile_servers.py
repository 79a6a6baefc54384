"""Whatever answers, a run ends with a verdict or with one line, never with a traceback, and never forever."""

from __future__ import annotations

import json
import socket

import pytest

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.errors import Unreachable, UsageError
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.result import Result
from tests import sweeps
from tests.probing.raw_server import Script, http, raw_server


def judged(script: Script, max_requests: int = 60) -> Result:
    with raw_server(script) as url:
        return judge_server(
            ServerOptions(
                url, "a-secret-key", timeout_seconds=1.0, run=RunOptions(max_requests=max_requests, examples=3)
            )
        )


def failed(result: Result) -> set[str]:
    return {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}


def always(response: bytes) -> Script:
    return lambda connection, _: connection.sendall(response)


DEEP = b'{"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
OPENAI = json.dumps({"object": "list", "data": [{"id": "gpt-4o", "object": "model", "created": 1}]}).encode()


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (http(b"<html></html>", "content-type: text/html"), "body-is-one-json-value"),
        (http(b'{"detail": "Not Found"}', status="404 Not Found"), "list-documented-request-succeeds"),
        (
            http(b"", "location: http://127.0.0.1:1/", status="307 Temporary Redirect"),
            "list-documented-request-succeeds",
        ),
        (http(OPENAI), "list-envelope-is-complete"),
        (http(b"[]"), "list-envelope-is-complete"),
        (http(b"null"), "list-envelope-is-complete"),
        (http(b'{"data": [1, null, {"id": 5}], "has_more": "no"}'), "model-is-complete"),
        (http(b'{"data": {}, "has_more": NaN}'), "body-is-one-json-value"),
        (http(DEEP), "body-is-one-json-value"),
        (http(b"\xff\xfe\x00"), "body-is-one-json-value"),
        (http(b"", status="204 No Content"), "list-documented-request-succeeds"),
        (http(b"oops", status="500 Oops"), "list-documented-request-succeeds"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{}", "response-arrives-whole"),
    ],
)
def test_wrong_answers_are_judged(response: bytes, expected: str) -> None:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response)
        if b"999" in response:
            connection.shutdown(socket.SHUT_RDWR)

    result = judged(script)
    assert expected in failed(result)
    assert result.run.verdict == "failed"
    assert result.run.requests <= 60


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (http(b"{}", status="401 Unauthorized"), "refuses the credentials with 401"),
        (http(b"{}", status="403 Forbidden"), "refuses the credentials with 403"),
        (b"220 smtp.example ESMTP\r\n\r\n", "not HTTP"),
    ],
)
def test_servers_that_cannot_be_judged_get_one_line(response: bytes, says: str) -> None:
    with pytest.raises(Unreachable, match=says) as problem:
        judged(always(response))
    assert "\n" not in str(problem.value)
    assert "a-secret-key" not in str(problem.value)


def test_a_server_that_is_always_busy_is_incomplete() -> None:
    result = judged(always(http(b"{}", "retry-after: 0", status="429 Too Many Requests")))
    assert result.run.verdict == "incomplete"
    assert failed(result) == set()
    assert any("busy" in note for note in result.notes)


def test_a_key_that_is_echoed_everywhere_is_nowhere_in_the_result() -> None:
    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(http(request, "x-echo: a-secret-key", "content-type: text/plain"))

    assert "a-secret-key" not in repr(judged(script))


def test_an_endless_pager_ends_in_a_finding() -> None:
    counter = iter(range(10_000))

    def script(connection: socket.socket, _: bytes) -> None:
        names = [f"model-{next(counter)}" for _ in range(2)]
        data = [
            {"type": "model", "id": name, "display_name": "x", "created_at": "2025-01-01T00:00:00Z"} for name in names
        ]
        connection.sendall(
            http(json.dumps({"data": data, "has_more": True, "first_id": names[0], "last_id": names[1]}).encode())
        )

    result = judged(script, max_requests=200)
    assert failed(result) & {"walk-ends", "list-page-is-full"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com",
        "http://",
        "http://h:99999999",
        "http://user:pass@h",
        "http://h/?a=b",
        "http://[::1",
    ],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        judge_server(ServerOptions(url))


def listing(names: list[str]) -> bytes:
    data = [{"type": "model", "id": name, "display_name": "x", "created_at": "2025-01-01T00:00:00Z"} for name in names]
    return json.dumps({"data": data, "has_more": False, "first_id": names[0], "last_id": names[-1]}).encode()


@pytest.mark.parametrize(
    ("then", "good"),
    sweeps.crossed(
        [
            (http(b"{}", "retry-after: 0", status="429 Too Many Requests"),),
            (http(b"oops", status="500 Oops"),),
            (http(b'{"data": [], "has_more": true, "first_id": null, "last_id": null}'),),
            (http(b"null"),),
        ],
        [1, 2, 12, 45, 110],
    ),
)
def test_a_server_that_goes_wrong_mid_run_has_not_passed(good: int, then: bytes) -> None:
    answered = iter(range(10_000))

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(http(listing(["a", "b"])) if next(answered) < good else then)

    result = judged(script, max_requests=400)
    assert result.run.verdict in ("failed", "incomplete")


def test_a_run_that_the_user_cut_short_may_pass() -> None:
    with running(behaviour_named("ideal")) as server:
        result = judge_server(ServerOptions(server.url, server.api_key, run=RunOptions(max_requests=30)))
    assert result.run.verdict == "passed"
    # What is kept for a last look at the list is not needed where nothing was odd.
    assert 28 <= result.run.requests <= 30
    assert any("limit of 30 requests" in note for note in result.notes)


def plain_list_in(*versions: bytes) -> Script:
    """Another shape of list in every version but these."""

    def script(connection: socket.socket, request: bytes) -> None:
        plain = any(b"anthropic-version: %b" % version in request.lower() for version in versions)
        connection.sendall(http(listing(["a", "b"]) if plain else b'{"models": []}'))

    return script


@pytest.mark.parametrize("other", ["2023-06-01", "2026-10-21"])
def test_no_documented_version_may_have_another_shape(other: str) -> None:
    documented = {"2023-06-01", "2026-10-21"}
    script = plain_list_in(*(version.encode() for version in documented - {other}))
    assert "list-envelope-is-complete" in failed(judged(script, max_requests=400))


def test_what_is_no_documented_version_may_have_another_shape_and_is_reported() -> None:
    result = judged(plain_list_in(b"2023-06-01", b"2026-10-21"), max_requests=400)
    assert "list-envelope-is-complete" not in failed(result)
    assert [note.did for note in result.observations if note.about == 'anthropic-version "not-a-date"'] == ["200"]


def test_many_large_answers_end_the_run_instead_of_the_memory() -> None:
    sizes = iter(range(10_000))

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(http(b'{"padding": "' + b"x" * (7_000_000 + next(sizes)) + b'"}'))

    result = judged(script, max_requests=100)
    assert any("MiB in all" in note for note in result.notes)
    assert result.run.requests < 20
