"""What was never reached is not judged: a refusal shows something only where the same request made well is answered."""

from __future__ import annotations

from typing import Any

import pytest

from models_conformance.evidence.exchange import Request, Response
from tests.judges.builders import HEADERS, Model, Recorder, answer

CATALOGUE = [Model(f"model-{number}", f"20{60 - number}-01-01T00:00:00Z") for number in range(5)]
KEY, VERSION = HEADERS
BEARER = ("authorization", f"Bearer {KEY[1]}")
WRONG = ("x-api-key", "no-such-key")


def error(kind: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": "no"}, "request_id": "req_1"}


def asked_of(recorder: Recorder, body: object, status: int) -> Recorder:
    """The same answer to everything: with a key, without, with a wrong one, without a version, and out of range."""
    for headers in (HEADERS, (VERSION,), (WRONG, VERSION), (KEY,), (BEARER, VERSION)):
        recorder.add("/v1/models", body, status, headers)
        recorder.add("/v1/models/no-such-model", body, status, headers)
    for query in ("limit=0", "limit=1001", "limit=5", "beta=true"):
        recorder.add(f"/v1/models?{query}", body, status, HEADERS)
    recorder.list(body, betas="files-api-2025-04-14", status=status)
    return recorder


@pytest.mark.parametrize(
    ("status", "body", "failed"),
    [
        (404, {"detail": "Not Found"}, "list-documented-request-succeeds"),
        (301, b"", "list-documented-request-succeeds"),
        (502, b"<h1>Bad Gateway</h1>", "list-documented-request-succeeds"),
        (400, error("invalid_request_error"), "list-documented-request-succeeds"),
        (200, b"<!doctype html><title>Console</title>", "body-is-one-json-value"),
        (200, error("api_error"), "list-envelope-is-complete"),
    ],
)
def test_a_server_that_answers_everything_alike_breaks_one_requirement(status: int, body: object, failed: str) -> None:
    recorder = asked_of(Recorder(), body, status)
    assert recorder.failed() == {failed}
    kept = {name for name, judged in recorder.judged().items() if judged.verdict == "pass"}
    assert not kept & {
        "list-documented-request-succeeds",
        "list-limit-in-range-is-accepted",
        "list-limit-outside-range-is-refused",
        "credentials-missing-is-401",
        "credentials-wrong-is-401",
        "version-missing-is-400",
        "retrieve-unknown-is-not-found",
        "beta-documented-is-accepted",
        "unknown-query-parameter-is-tolerated",
    }


def test_where_no_model_can_be_retrieved_that_alone_is_said() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    missing = {"error": {"message": "Not Found", "code": 404}}
    for headers in (HEADERS, (VERSION,), (WRONG, VERSION), (KEY,)):
        recorder.add(f"/v1/models/{CATALOGUE[0].id}", missing, 404, headers)
    recorder.add("/v1/models/%6Dodel-0", missing, 404, HEADERS)
    recorder.add("/v1/models/no-such-model", missing, 404, HEADERS)
    assert recorder.failed() == {"retrieve-listed-id-succeeds"}


def test_one_model_that_cannot_be_retrieved_says_nothing_of_the_credentials_it_was_asked_with() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.retrieve(CATALOGUE[1].id, CATALOGUE[1].document())
    for headers in (HEADERS, (BEARER, VERSION), (VERSION,)):
        recorder.add(f"/v1/models/{CATALOGUE[0].id}", error("not_found_error"), 404, headers)
    assert recorder.failed() == {"retrieve-listed-id-succeeds"}


@pytest.mark.parametrize(("version", "verdict"), [(None, "pass"), ("2026-10-21", "fail")])
def test_a_key_is_a_token_only_in_the_version_whose_clients_send_it_so(version: str | None, verdict: str) -> None:
    named = ("anthropic-version", version or VERSION[1])
    recorder = Recorder(version=version)
    recorder.add("/v1/models", answer(CATALOGUE, None, None, None), 200, (KEY, named))
    recorder.add("/v1/models", error("authentication_error"), 401, (BEARER, named))
    judged = recorder.judged()["credentials-bearer-is-accepted"]
    assert judged.verdict == verdict
    assert bool(judged.notes) == (verdict == "pass")


@pytest.mark.parametrize(("status", "verdict"), [(400, "pass"), (200, "fail")])
def test_a_gateway_that_takes_tokens_only_is_asked_without_a_version_with_a_token(status: int, verdict: str) -> None:
    recorder = Recorder(credential="bearer")
    body = answer(CATALOGUE, None, None, None)
    recorder.add("/v1/models", error("authentication_error"), 401, HEADERS)
    recorder.add("/v1/models", body, 200, (BEARER, VERSION))
    recorder.add("/v1/models", body if status == 200 else error("invalid_request_error"), status, (BEARER,))
    recorder.add("/v1/models", error("authentication_error"), 401, (VERSION,))
    judged = recorder.judged()
    assert judged["version-missing-is-400"].verdict == verdict
    assert judged["credentials-missing-is-401"].verdict == "pass"
    assert judged["credentials-api-key-is-accepted"].verdict == "fail"


def test_a_limit_and_a_cursor_that_pass_alone_are_not_to_blame_where_both_are_refused() -> None:
    recorder, refusal = Recorder(), error("invalid_request_error")
    recorder.list(answer(CATALOGUE, 2, None, None), 2)
    recorder.list(answer(CATALOGUE, None, "model-1", None), after="model-1")
    recorder.list(refusal, 3, after="model-1", status=400)
    recorder.list(refusal, 3, after="model-1", status=400, betas="files-api-2025-04-14")
    assert recorder.failed() == {"list-documented-request-succeeds"}
    recorder.list(refusal, 3, status=400)
    assert recorder.failed() == {"list-limit-in-range-is-accepted"}


def test_a_limit_among_those_that_fail_alone_is_to_blame_beside_a_cursor_that_was_asked_with_no_other() -> None:
    recorder, refusal = Recorder(), error("invalid_request_error")
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(answer(CATALOGUE, 2, None, None), 2)
    recorder.list(refusal, 500, status=400)
    recorder.list(refusal, 700, after="model-1", status=400)
    assert recorder.failed() == {"list-documented-request-succeeds", "list-limit-in-range-is-accepted"}
    recorder.list(refusal, 1000, status=400)
    assert recorder.failed() == {"list-limit-in-range-is-accepted"}
    recorder.list(answer(CATALOGUE, 600, None, None), 600)
    assert recorder.failed() == {"list-documented-request-succeeds", "list-limit-in-range-is-accepted"}


def test_a_header_is_not_demanded_where_others_like_it_are_answered_without() -> None:
    recorder, beta, optional = Recorder(), "files-api-2025-04-14", "header-anthropic-beta-is-optional"
    recorder.list(error("invalid_request_error"), after="model-1", status=400)
    recorder.list(answer(CATALOGUE, None, "model-1", None), after="model-1", betas=beta)
    recorder.list(answer(CATALOGUE, None, None, None), betas=beta)
    assert optional in recorder.failed()
    recorder.list(answer(CATALOGUE, None, "model-2", None), after="model-2")
    assert optional not in recorder.failed()


def test_a_header_that_is_too_long_for_a_web_server_may_be_refused_by_it() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(b"<h1>Request Header Fields Too Large</h1>", status=431, betas="no-such-beta-" + "a" * 2000)
    assert not recorder.failed()
    recorder.list(b"<h1>Request Header Fields Too Large</h1>", status=431, betas="no-such-beta")
    assert "beta-unknown-is-accepted-or-refused" in recorder.failed()


def test_what_browsers_and_caches_add_is_told_and_never_judged() -> None:
    recorder, origin = Recorder(), ("origin", "https://no-such.example")
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.add("/v1/models", b"", 304, (*HEADERS, ("if-none-match", '"no-such-validator"')))
    recorder.add("/v1/models", b"origin not allowed", 403, (*HEADERS, origin))
    recorder.add("/v1/models", error("authentication_error"), 401, (("authorization", f"bearer {KEY[1]}"), VERSION))
    told = Response(501, (("access-control-allow-origin", "*"),), b"Unsupported method")
    recorder.trace.add(Request("OPTIONS", "http://test/v1/models", (origin,)), told)
    judged = recorder.judged()
    assert not recorder.failed()
    seen = [
        (observation.about.partition(",")[0], observation.did)
        for name in ("conditional-requests", "cross-origin-requests", "credentials-bearer-in-small-letters")
        for observation in judged[name].notes
    ]
    assert seen == [
        ("a list with if-none-match", "304"),
        ("a list for a page of another origin", "403, may be read by nobody"),
        ("a preflight of a page of another origin", "501, may be read by *"),
        ("a list with the key as a bearer token", "401 authentication_error"),
    ]
    assert not judged["other-methods"].notes


def test_an_error_envelope_with_status_200_is_no_incomplete_model() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.retrieve(CATALOGUE[0].id, CATALOGUE[0].document())
    recorder.retrieve("no-such-model", error("not_found_error"))
    assert recorder.failed() == {"retrieve-unknown-is-not-found"}
