"""What the ideal client makes of answers."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from models_conformance.reference.client.driver import driver_named
from models_conformance.reference.server.catalogue import Catalogue, Model, catalogue_of
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.serving import running
from tests.reference_client.asking import EVERYTHING, JSON, RawRecording, Recording, connect, ids, paged, walked

NOTHING = {"data": [], "has_more": False, "first_id": None, "last_id": None}


def listed(response: Response, **how: Any) -> dict[str, Any]:
    """What a page call comes to where every request is answered so."""
    behaviour = Recording(instead=lambda number, request: response)
    with running(behaviour) as server:
        return driver_named("ideal").list(connect(server, **how), {}, False, EVERYTHING)


@pytest.mark.parametrize("limit", [1, 2, 5, 46, 47, 1000])
def test_a_walk_yields_the_catalogue_in_both_directions(limit: int) -> None:
    catalogue, driver = catalogue_of(47), driver_named("ideal")
    every = [model.id for model in catalogue.models]
    with running(Recording(catalogue)) as server:
        forward = walked(driver, server, limit=limit)["ok"]
        assert (ids(forward["items"]), forward["truncated"]) == (every, False)
        backward = walked(driver, server, limit=limit, before_id=every[-1])["ok"]
        assert sorted(ids(backward["items"])) == sorted(every[:-1])


def test_a_walk_stops_at_as_many_models_as_are_wanted() -> None:
    behaviour = Recording(catalogue_of(9))
    with running(behaviour) as server:
        walk = walked(driver_named("ideal"), server, max_items=3, limit=2)["ok"]
    assert (len(walk["items"]), walk["truncated"], len(behaviour.seen)) == (3, True, 2)


def test_a_walk_whose_later_page_fails_says_what_came_before() -> None:
    error = Response(500, JSON, b"{}")
    behaviour = Recording(catalogue_of(9), lambda number, request: error if number == 3 else None)
    with running(behaviour) as server:
        answer = walked(driver_named("ideal"), server, limit=2)["raised"]
    assert (answer["status"], len(answer["items_before"])) == (500, 4)


def test_a_cursor_that_stands_still_ends_the_walk_with_an_error() -> None:
    page = {"data": [], "has_more": True, "first_id": "claude-opus-5", "last_id": "claude-opus-5"}
    with running(Recording(catalogue_of(1))) as server:
        page["data"] = [paged(driver_named("ideal"), server)["data"][0]]
    stuck = Response(200, JSON, json.dumps(page).encode())
    behaviour = Recording(instead=lambda number, request: stuck)
    with running(behaviour) as server:
        answer = walked(driver_named("ideal"), server)["raised"]
    assert (answer["name"], len(behaviour.seen)) == ("StuckCursor", 2)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-02-17T08:15:30.123456789Z", "2026-02-17T08:15:30.123456Z"),
        ("2026-02-17t05:29:59+05:30", "2026-02-16T23:59:59Z"),
        ("2026-02-17 08:15:30.5-00:00", "2026-02-17T08:15:30.500000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59.000001Z", "1969-12-31T23:59:59.000001Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
    ],
)
def test_a_date_is_the_same_instant_in_any_spelling(written: str, shown: str) -> None:
    with running(Recording(Catalogue([Model("claude", written, "Claude")]))) as server:
        assert paged(driver_named("ideal"), server)["data"][0]["created_at"] == shown


def test_fields_are_shown_as_they_were_sent() -> None:
    extra = {"class": {"nested": [None, 2**53 + 1]}, "größe": "ß"}
    model = Model("claude", "2026-01-01T00:00:00Z", " Cafe\u0301 \ud83d\ude00 ", extra)
    with running(Recording(Catalogue([model]))) as server:
        shown = driver_named("ideal").retrieve(connect(server), {"model_id": "claude"})["ok"]["model"]
    assert (shown["type"], shown["extra"]) == ("model", extra)
    assert shown["display_name"] == " Cafe\u0301 \U0001f600 "


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"null",
        b"[]",
        b"{}",
        b'{"data": []}',
        b'{"data": null, "has_more": false}',
        b'{"object": "list", "data": [{"id": "m"}]}',
        b'{"data": [], "has_more": false, "first_id": null, "last_id": 1}',
        b'{"data": [{"id": "a", "type": "model", "display_name": "A"}], "has_more": false}',
        b'{"data": [], "has_more": false} trailing',
        b'{"data": [], "has_mo',
        b"[" * 5000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_list_is_an_error(body: bytes) -> None:
    assert listed(Response(200, JSON, body))["raised"]["kind"] == "decode"


def test_a_list_of_nothing_is_a_list() -> None:
    assert listed(Response(200, JSON, json.dumps(NOTHING).encode()))["ok"]["page"] == NOTHING


def test_a_refusal_carries_its_status_type_and_request_id() -> None:
    with running(Recording()) as server:
        raised = driver_named("ideal").retrieve(connect(server), {"model_id": "none"})["raised"]
    assert (raised["kind"], raised["status"], raised["error_type"]) == ("status", 404, "not_found_error")
    assert raised["request_id"].startswith("req_")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"no"', b'{"error": "no"}', b'{"error": {"type": 1}}'])
def test_an_error_in_other_words_is_an_error_with_its_status(body: bytes) -> None:
    raised = listed(Response(502, (), body))["raised"]
    assert (raised["kind"], raised["status"], raised.get("error_type")) == ("status", 502, None)


@pytest.mark.parametrize(
    "response",
    [
        Response(200, (("content-length", "900"),), b'{"data":[]}', "raw"),
        Response(200, (("transfer-encoding", "chunked"),), b'b\r\n{"data":[]}', "raw"),
    ],
)
def test_an_answer_that_is_cut_short_is_an_error(response: Response) -> None:
    behaviour = RawRecording(instead=lambda number, request: response)
    with running(behaviour) as server:
        answer = driver_named("ideal").list(connect(server), {}, False, EVERYTHING)
    assert answer["raised"]["kind"] == "connection"


def test_an_answer_that_does_not_come_in_time_is_an_error() -> None:
    late = Response(200, JSON, json.dumps(NOTHING).encode(), delay=0.6)
    assert listed(late, timeout_s=0.2)["raised"]["kind"] == "timeout"


def test_nobody_at_the_address_is_a_connection_error() -> None:
    with running(Recording()) as server:
        gone = connect(server)
    assert driver_named("ideal").list(gone, {}, False, EVERYTHING)["raised"]["kind"] == "connection"


@pytest.mark.parametrize(
    ("status", "max_retries", "requests"),
    [(500, 0, 1), (529, 1, 2), (429, None, 3), (408, 3, 4), (400, 2, 1), (404, 2, 1), (413, 2, 1)],
)
def test_trouble_that_may_pass_is_tried_again_as_often_as_told(
    status: int, max_retries: int | None, requests: int
) -> None:
    behaviour = Recording(instead=lambda number, request: Response(status, JSON, b"{}"))
    with running(behaviour) as server:
        answer = driver_named("ideal").list(connect(server, max_retries=max_retries), {"limit": 2}, False, EVERYTHING)
    assert (answer["raised"]["status"], len(behaviour.seen)) == (status, requests)
    assert all(request == behaviour.seen[0] for request in behaviour.seen)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [("30", 30.0, 30.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0, 0.0), ("soon", 0.0, 0.3), ("²", 0.0, 0.3)],
)
def test_a_repetition_waits_as_long_as_retry_after_says(
    retry_after: str, least: float, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def instead(number: int, request: Request) -> Response | None:
        return Response(429, (*JSON, ("retry-after", retry_after)), b"{}") if number == 1 else None

    waits: list[float] = []
    with running(Recording(instead=instead)) as server:
        monkeypatch.setattr(time, "sleep", waits.append)
        assert "ok" in driver_named("ideal").list(connect(server, max_retries=1), {}, False, EVERYTHING)
    (wait,) = waits
    assert least <= wait <= most


def test_a_wait_of_an_hour_is_an_error_at_once() -> None:
    response = Response(503, (*JSON, ("retry-after", "3600")), b"{}")
    assert listed(response, max_retries=2)["raised"]["status"] == 503
