"""Patterns of statuses, of what nobody has to send, and of who stands before a server."""

from __future__ import annotations

import json

import pytest

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Request, Response
from models_conformance.evidence.exchange_reading import NO_SUCH
from tests.causes.explored import CATALOGUE, IDS, NOT_FOUND, causes, explored, named, right, without_key
from tests.judges.builders import HEADERS, Recorder, answer, page


def test_a_success_under_another_status_is_one_cause() -> None:
    """A page that more models follow is 206, whatever it was asked with; the last one is 200."""
    recorder = Recorder()
    for limit in (None, 1, 2, 5, 1000):
        recorder.list(right(limit, None, None), limit, status=200 if limit == 1000 else 206)
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("success-has-another-status", "list-documented-request-succeeds")
    assert "206" in found.statement


def test_errors_of_several_types_under_one_status_are_one_cause() -> None:
    recorder = explored()
    for model in IDS[:4]:
        recorder.retrieve(model, CATALOGUE[IDS.index(model)].document())
    recorder.retrieve("no-such-model", NOT_FOUND, 400)
    unauthorised = {"type": "error", "error": {"type": "authentication_error", "message": "no"}}
    without_key(recorder, unauthorised, 400)
    without_key(recorder, unauthorised, 400, WRONG_KEY)
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("errors-have-another-status", "error-type-matches-status")
    assert {"credentials-missing-is-401", "credentials-wrong-is-401"} <= {*found.follow}


def test_the_right_type_under_the_wrong_status_of_a_credential_is_about_the_credential() -> None:
    recorder = explored()
    without_key(recorder, {"type": "error", "error": {"type": "authentication_error", "message": "no"}}, 403)
    (found,) = causes(recorder)
    assert (found.root.id, found.follow) == ("credentials-missing-is-401", ("error-type-matches-status",))


@pytest.mark.parametrize("body", [b"<title>Log in</title>", b'{"data": [], "has_more": 1}'])
def test_what_stands_in_place_of_a_refusal_is_about_the_refusal(body: bytes) -> None:
    recorder = explored()
    for key in ((), (("x-api-key", WRONG_KEY),)):
        request = Request("GET", "http://test/v1/models", (*key, *HEADERS[1:]))
        recorder.trace.add(request, Response(200, (("content-type", "application/json"),), body))
    (found,) = causes(recorder)
    assert (found.id, found.root.requirement.area) == ("credentials-are-not-checked", "credentials")


def test_what_a_framework_refuses_in_its_own_way_is_one_cause() -> None:
    recorder = explored()
    detail = {"detail": [{"msg": "field required"}]}
    without_key(recorder, {"type": "error", "error": {"type": "authentication_error", "message": "no"}}, 401)
    for limit in ("0", "-1", "1001", "abc"):
        recorder.add(f"/v1/models?limit={limit}", detail, 422, HEADERS)
    recorder.add("/v1/models", detail, 422, tuple(pair for pair in HEADERS if pair[0] != "anthropic-version"))
    (found,) = causes(recorder)
    assert (found.root.id, found.follow) == ("error-envelope-is-complete", ("version-missing-is-400",))


def test_errors_without_an_envelope_for_requests_of_several_kinds_are_a_cause_of_their_own() -> None:
    """A framework that has no retrieve route either, and whose errors are its own everywhere."""
    recorder, detail = explored(), {"detail": "no"}
    for model in IDS[:9]:
        recorder.retrieve(model, detail, 404)
    without_key(recorder, detail, 401)
    recorder.add("/v1/models?limit=0", detail, 422, HEADERS)
    assert named(recorder) == [
        ("no-retrieve-route", "retrieve-listed-id-succeeds"),
        ("error-envelope-is-complete", "error-envelope-is-complete"),
    ]


def test_a_model_for_every_id_says_nothing_of_how_errors_are_written() -> None:
    recorder, detail = explored(), {"detail": "field required"}
    recorder.retrieve("no-such-model", CATALOGUE[0].document())
    recorder.add("/v1/models", detail, 422, tuple(pair for pair in HEADERS if pair[0] != "anthropic-version"))
    (unknown, version) = causes(recorder)
    assert (unknown.root.id, unknown.follow) == ("retrieve-unknown-is-not-found", ())
    assert {version.root.id, *version.follow} == {"version-missing-is-400", "error-envelope-is-complete"}


def test_a_gateway_that_tells_its_apis_apart_by_their_headers_has_one_cause() -> None:
    """Whoever names no version is answered as by OpenAI's API, and so is a token."""
    recorder = explored()
    listed = {"object": "list", "data": [{"id": IDS[0], "object": "model", "created": 1, "owned_by": "x"}]}
    recorder.add("/v1/models", listed, 200, HEADERS[:1])
    recorder.add("/v1/models", listed, 200, (("authorization", f"Bearer {API_KEY}"), *HEADERS[1:]))
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("openai-shape", "list-envelope-is-complete")
    assert "version-missing-is-400" in found.follow


@pytest.mark.parametrize("odd", [b"", page([], False)])
def test_a_body_that_comes_now_and_then_whatever_is_asked_is_one_cause(odd: object) -> None:
    recorder = explored()
    for told in (odd, right(2, None, None), odd):
        recorder.list(told, 2)
    recorder.add("/v1/models?limit=1001", odd, 200, HEADERS)
    recorder.retrieve(IDS[3], odd)
    assert named(recorder) == [("answers-differ", "same-question-same-answer")]


def test_what_only_undocumented_input_changes_is_about_that_input() -> None:
    few = answer(CATALOGUE[:3], None, None, None)
    parameter = explored()
    for target in ("?beta=true", "?beta=true&limit=1", "?beta=true&limit=2"):
        parameter.add(f"/v1/models{target}", few, 200, HEADERS)
    header = explored()
    for target in ("", "?limit=1", "?limit=2"):
        header.add(f"/v1/models{target}", few, 200, (*HEADERS, (f"x-{NO_SUCH}", "1")))
    assert named(parameter) == [("unknown-parameter-changes-the-answer", "unknown-query-parameter-is-tolerated")]
    assert named(header) == [("unknown-header-changes-the-answer", "unknown-header-is-tolerated")]


@pytest.mark.parametrize("is_one_name_for_all", [False, True])
def test_an_answer_that_a_cache_gives_to_everyone(is_one_name_for_all: bool) -> None:
    recorder = Recorder()
    body = json.dumps(right(None, None, None)).encode()

    def ask(headers: tuple[tuple[str, str], ...], name: str, target: str = "") -> None:
        told = (("content-type", "application/json"), ("request-id", "req_0" if is_one_name_for_all else name))
        recorder.trace.add(Request("GET", f"http://test/v1/models{target}", headers), Response(200, told, body))

    ask(HEADERS, "req_1", "?limit=20")
    ask(HEADERS, "req_2")
    ask(HEADERS[1:], "req_2")
    ask((("x-api-key", WRONG_KEY), *HEADERS[1:]), "req_2")
    ask(tuple(pair for pair in HEADERS if pair[0] != "anthropic-version"), "req_2")
    found = [cause.id for cause in causes(recorder)]
    expected = ["credentials-are-not-checked", "version-is-not-checked"]
    assert found == (expected if is_one_name_for_all else ["cache-answers-everyone"])
