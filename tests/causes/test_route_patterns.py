"""Causes of what cannot be reached: the base URL, the route of the list, and that of models."""

from __future__ import annotations

import pytest

from models_conformance.evidence.exchange import Request, Response
from tests.causes.explored import CATALOGUE, IDS, NOT_FOUND, causes, explored, named, right
from tests.judges.builders import HEADERS, Recorder, page

UNKNOWN_CURSOR = {"type": "error", "error": {"type": "invalid_request_error", "message": "unknown cursor"}}


def uniform(status: int, body: bytes, **headers: str) -> Recorder:
    """A server that answers everything alike."""
    recorder = Recorder()
    told = Response(status, tuple(headers.items()), body)
    for target in ("", "?limit=5", "?limit=1000", "?limit=0", "/no-such-model-1"):
        recorder.trace.add(Request("GET", f"http://test/v1/models{target}", HEADERS), told)
    without = HEADERS[1:]
    recorder.trace.add(Request("GET", "http://test/v1/models", without), told)
    return recorder


@pytest.mark.parametrize(
    ("recorder", "cause", "said"),
    [
        (uniform(301, b"", location="/api/v1/models"), "list-is-redirected", '301 to "/api/v1/models"'),
        (uniform(200, b"<!doctype html><title>Console</title>"), "a-web-page-is-answered", "status 200"),
        (uniform(404, b'{"detail": "Not Found"}'), "base-url-is-wrong", "answered 404"),
        (uniform(502, b"<h1>Bad Gateway</h1>"), "upstream-is-down", "answered 502"),
    ],
)
def test_where_nothing_works_that_is_the_one_thing_said(recorder: Recorder, cause: str, said: str) -> None:
    (found,) = causes(recorder)
    assert found.id == cause
    assert said in found.statement
    assert found.root.requirement.level == "must"


def test_a_list_that_is_served_with_a_slash_at_its_end_alone() -> None:
    recorder = uniform(404, b'{"detail": "Not Found"}')
    recorder.add("/v1/models/", {"detail": "Not Found"}, 404, HEADERS)
    assert named(recorder) == [("base-url-is-wrong", "list-documented-request-succeeds")]
    recorder.add("/v1/models/", page(CATALOGUE[:20], True), 200, HEADERS)
    redirecting = uniform(307, b"", location="http://test/v1/models/")
    for served in (recorder, redirecting):
        (found,) = causes(served)
        assert (found.id, found.root.id) == ("route-ends-in-a-slash", "list-documented-request-succeeds")
        assert "the list is at /v1/models/ alone" in found.statement


def test_a_route_that_is_missing_beside_a_list_that_works_is_no_wrong_base_url() -> None:
    recorder = explored()
    for model in IDS[:4]:
        recorder.retrieve(model, {"detail": "Not Found"}, 404)
    recorder.add("/v1/models/%6D-05", {"detail": "Not Found"}, 404, HEADERS)
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("no-retrieve-route", "retrieve-listed-id-succeeds")
    assert "answered 404" in found.statement


def test_ids_that_the_list_shows_otherwise_than_the_server_knows_them_are_one_cause() -> None:
    recorder = Recorder()
    recorder.list(right(None, None, None))
    for model in IDS[:4]:
        recorder.list(UNKNOWN_CURSOR, 5, after=model, status=400)
        recorder.retrieve(model, NOT_FOUND, 404)
    assert named(recorder) == [("listed-ids-are-not-known", "retrieve-listed-id-succeeds")]
    recorder.list(right(5, IDS[5], None), 5, after=IDS[5])
    assert "no-retrieve-route" in dict(named(recorder))


def test_a_site_that_answers_every_model_with_its_front_page_has_no_retrieve_route() -> None:
    recorder = explored()
    for model in IDS[:4]:
        recorder.retrieve(model, b"<!doctype html><div id=app></div>")
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("no-retrieve-route", "body-is-one-json-value")
    assert "answered 200, with a web page" in found.statement


def test_neither_parameters_nor_members_are_lost_with_a_route() -> None:
    """A mock of one list: no retrieval, no parameter read, no has_more, and no dates in its models."""
    models = [{"type": "model", "id": model, "display_name": model} for model in IDS]
    recorder = explored(lambda *asked: {"data": models, "first_id": IDS[0], "last_id": IDS[-1]})
    for model in IDS[:4]:
        recorder.retrieve(model, {"detail": "Not Found"}, 404)
    found = {cause.id: (cause.root.id, cause.follow) for cause in causes(recorder)}
    assert found.keys() == {
        "list-envelope-is-complete",
        "model-is-complete",
        "no-parameter-is-read",
        "no-retrieve-route",
    }
    assert found["no-retrieve-route"] == ("retrieve-listed-id-succeeds", ())
    assert {"list-after-id-is-exclusive", "list-before-id-is-exclusive"} <= {*found["no-parameter-is-read"][1]}


def test_some_models_that_cannot_be_retrieved_are_no_missing_route() -> None:
    recorder = explored()
    for model in CATALOGUE[:4]:
        recorder.retrieve(model.id, model.document())
    for name in IDS[4:8]:
        recorder.retrieve(name, NOT_FOUND, 404)
    assert named(recorder) == [("retrieve-listed-id-succeeds", "retrieve-listed-id-succeeds")]
