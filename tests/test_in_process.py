"""What runs in the process of a test: applications, exchanges that are held, and what a result does in a test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask
import httpx
import pytest
import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from models_conformance import (
    Result,
    UsageError,
    judge_app,
    judge_client,
    judge_exchanges,
    judge_recording,
    judge_server,
)
from models_conformance.reference.server.app import application
from models_conformance.reference.server.ideal import REFERENCE_KEY
from models_conformance.reference.server.messages import Request
from models_conformance.reference.server.serving import behaviour_named, running

QUICK: Any = {"only": "cursor", "examples": 0}
FAULT = "after-id-is-inclusive"


def asgi(fault: str) -> ASGIApp:
    return application(behaviour_named(fault))


def wsgi(fault: str) -> Callable[..., Iterable[bytes]]:
    """A Flask application that answers as the reference does, by what WSGI tells of a request."""
    behaviour = behaviour_named(fault)
    app = flask.Flask("gateway")

    @app.route("/v1/models", defaults={"model_id": None})
    @app.route("/v1/models/<path:model_id>")
    def answer(model_id: str | None) -> flask.Response:
        environ = flask.request.environ
        path, _, query = environ.get("RAW_URI", f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}").partition("?")
        given = behaviour.answer(Request(flask.request.method, path, query, tuple(flask.request.headers)))
        return flask.Response(given.body, given.status, list(given.headers))

    return app


def transport(fault: str) -> httpx.MockTransport:
    """A mock of httpx, as tests make it by hand."""
    behaviour = behaviour_named(fault)

    def handle(request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode().partition("?")
        given = behaviour.answer(Request(request.method, path, query, tuple(request.headers.multi_items())))
        return httpx.Response(given.status, headers=list(given.headers), content=given.body)

    return httpx.MockTransport(handle)


@pytest.mark.parametrize("make", [asgi, wsgi, transport])
def test_an_application_is_judged_without_a_socket(make: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a socket was opened"))
    judge_app(make("ideal"), api_key=REFERENCE_KEY, examples=2).assert_conforms()
    broken = judge_app(make(FAULT), api_key=REFERENCE_KEY, **QUICK)
    assert [entry.requirement.id for entry in broken.violations] == ["list-after-id-is-exclusive"]
    with pytest.raises(AssertionError, match="FAILED list-after-id-is-exclusive") as caught:
        broken.assert_conforms()
    assert broken.text in str(caught.value)
    assert broken.text.rstrip().splitlines()[-1].startswith("FAILED: 1 requirement violated")


@pytest.mark.parametrize("make", [asgi, wsgi])
def test_an_application_can_be_served_on_a_socket(make: Callable[[str], Any]) -> None:
    assert [e.requirement.id for e in judge_app(make(FAULT), api_key=REFERENCE_KEY, loopback=True, **QUICK).violations]


class Living:
    """An application with a lifespan, which raises for models that it does not know."""

    def __init__(self) -> None:
        self.lives: list[str] = []
        self._inner = asgi("ideal")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                message = await receive()
                self.lives.append(message["type"])
                await send({"type": f"{message['type']}.complete"})
            return
        if b"limit=0" in scope["query_string"]:
            raise LookupError("nobody asks for none")
        assert self.lives == ["lifespan.startup"]
        await self._inner(scope, receive, send)


def test_an_application_lives_as_long_as_the_run_and_what_it_raises_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    app = Living()
    result = judge_app(app, api_key=REFERENCE_KEY, only="transport", fail_on="should", examples=0)
    assert app.lives == ["lifespan.startup", "lifespan.shutdown"]
    assert "no-input-is-answered-5xx" in {entry.requirement.id for entry in result.violations}
    assert caplog.text.count("LookupError: nobody asks for none\n") == 1


def test_what_is_no_application_is_refused_in_one_line() -> None:
    with pytest.raises(UsageError, match="judge_app"):
        judge_server(asgi("ideal"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="ASGI 3 or WSGI"):
        judge_app(object())
    with pytest.raises(UsageError, match="no setting max_request; did you mean max_requests"):
        judge_app(asgi("ideal"), max_request=3)  # type: ignore[call-arg]
    for wrong in ({"only": 3}, {"headers": ["a: b"]}, {"api_key": b"k"}):
        with pytest.raises(UsageError, match=r"^\w+: \w+: expected (text|a mapping)"):
            judge_app(asgi("ideal"), **wrong)
    with pytest.raises(UsageError, match="cannot be called with environ, start_response: if it makes the application"):
        judge_app(lambda: asgi("ideal"))
    with pytest.raises(UsageError, match=r"^list: expected the path of a recording"):
        judge_recording(["a.har"])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"^nothing: expected the path of a recording"):
        judge_recording()
    with pytest.raises(UsageError, match=r"a driver object with hello\(\)$"):
        judge_client(object())
    with pytest.raises(UsageError, match=r"^only: no requirement"):
        judge_app(asgi("ideal"), only="zzzz")
    with pytest.raises(UsageError, match=r"401: give a valid key with api_key$") as refused:
        judge_app(asgi("ideal"), examples=0)
    # The place in the test, and the function that refused: what is below says nothing to who called it.
    assert len(refused.traceback) == 2


def test_one_glob_is_one_and_aliases_may_be_a_list() -> None:
    result = judge_app(asgi("ideal"), api_key=REFERENCE_KEY, only="list-limit-*", examples=0)
    assert {entry.requirement.id.rsplit("-", 1)[0][:10] for entry in result.requirements} == {"list-limit"}
    known = ["claude-sonnet-4-5"]
    judge_app(asgi("ideal"), api_key=REFERENCE_KEY, aliases=known, only="retrieve", examples=0).assert_conforms()
    result = judge_app(asgi("ideal"), api_key=REFERENCE_KEY, aliases=["not-there"], only="retrieve", examples=0)
    assert [entry.requirement.id for entry in result.violations] == ["retrieve-alias-answers-model-id"]


HEADERS = {"x-api-key": "sk-ant-0123456789abcdef", "anthropic-version": "2023-06-01"}
MODEL = {"type": "model", "id": "a", "display_name": "A", "created_at": "2026-01-01T00:00:00Z"}
PAGE = {"data": [MODEL], "has_more": False, "first_id": "b", "last_id": "a"}


def of_httpx(page: Any) -> list[Any]:
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=page))) as client:
        return [client.get("http://mock/v1/models", headers=HEADERS)]


def of_requests(page: Any) -> list[Any]:
    response = requests.Response()
    response.status_code, response.headers["content-type"] = 200, "application/json"
    response._content = json.dumps(page).encode()
    response.request = requests.Request("GET", "http://mock/v1/models", headers=HEADERS).prepare()
    return [response]


def of_pairs(page: Any) -> list[Any]:
    request = httpx.Request("GET", "http://mock/v1/models", headers=HEADERS)
    return [(request, httpx.Response(200, json=page)), (httpx.Request("GET", "http://mock/other"), None)]


def of_mappings(page: Any) -> list[Any]:
    request = {"method": "GET", "url": "http://mock/v1/models", "headers": HEADERS}
    return [{"request": request, "response": {"status": 200, "headers": {}, "body": page}}]


def of_flask(page: Any) -> list[Any]:
    app = flask.Flask("gateway")
    app.add_url_rule("/v1/models", "list", lambda: page)
    return [app.test_client().get("/v1/models", headers=HEADERS)]


def of_django(page: Any) -> list[Any]:
    """As Django's test client answers: `request` is not a request, `wsgi_request` is."""
    asked = SimpleNamespace(method="GET", headers=HEADERS, build_absolute_uri=lambda: "http://testserver/v1/models")
    kept = {"headers": {}, "request": {"PATH_INFO": "/v1/models"}, "content": json.dumps(page).encode()}
    return [SimpleNamespace(status_code=200, wsgi_request=asked, **kept)]


def of_mappings_as_responses_are_called(page: Any) -> list[Any]:
    request = {"url": "http://mock/v1/models", "headers": HEADERS}
    return [{"request": request, "response": {"status_code": 200, "json": page}}]


@pytest.mark.parametrize(
    "make",
    [of_httpx, of_requests, of_pairs, of_mappings, of_flask, of_django, of_mappings_as_responses_are_called],
)
def test_exchanges_that_a_test_holds_are_judged(make: Callable[[Any], list[Any]]) -> None:
    judge_exchanges(make({**PAGE, "first_id": "a"})).assert_conforms()
    result = judge_exchanges(make(PAGE))
    assert {entry.requirement.id for entry in result.violations} == {"list-ids-equal-ends-of-data"}
    assert "0123456789" not in result.text
    assert result.subject.kind == "recording"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([7], "expected a response of httpx"),
        ([({"url": "http://mock/v1/models"}, SimpleNamespace(status_code=200, headers={}))], "without content"),
        ([(None, None)], "no request"),
        ([httpx.Response(200)], "give a pair"),
        ("text", "a sequence"),
        ([({"url": "http://mock/v1/models"}, {"status": "ok"})], "no HTTP status"),
    ],
)
def test_what_is_no_exchange_is_refused(wrong: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        judge_exchanges(wrong)


def test_a_result_writes_its_reports(tmp_path: Path) -> None:
    with running(behaviour_named("ideal")) as server:
        result = judge_server(server.url, api_key=server.api_key, **QUICK)
    assert isinstance(result, Result)
    for kind in ("html", "json", "junit", "markdown", "sarif"):
        getattr(result, f"write_{kind}")(tmp_path / f"write_{kind}")
    assert (tmp_path / "write_html").read_text().startswith("<!doctype html>")
    assert json.loads((tmp_path / "write_json").read_text())["run"]["verdict"] == "passed"
    assert json.loads((tmp_path / "write_sarif").read_text())["version"] == "2.1.0"
    with pytest.raises(UsageError, match="write_html"):
        result.write_html(tmp_path / "missing" / "r.html")
