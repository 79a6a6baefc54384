from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from models_conformance.reference.server.messages import Request
from models_conformance.scenarios.fixture.fixture_server import FIXTURE_KEY
from models_conformance.scenarios.fixture.http_messages import Outgoing
from models_conformance.scenarios.fixture.scripted_server import (
    FEWEST_REQUESTS,
    KEPT_BEYOND_THE_END,
    ScriptedServer,
    most_requests,
)
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling
from tests.scenarios.fixture_samples import CREDENTIALS, intervened, models, scenario, scenarios


def spec(path: str = "/v1/models", query: str = "", method: str = "GET", **headers: str) -> Request:
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, path, query, tuple({**CREDENTIALS, **own}.items()))


def answers(played: Scenario, *requests: Request) -> list[Outgoing]:
    scripted = ScriptedServer(played, FIXTURE_KEY)
    return [answer for request in requests if (answer := scripted.answer(request)) is not None]


def value(answer: Outgoing) -> Any:
    return json.loads(answer.body)


def names(answer: Outgoing) -> dict[str, str]:
    return dict(answer.headers)


def test_a_model_is_shown_with_its_members_in_their_order() -> None:
    odd = {"zeta": None, "id": "m", "created_at": 5, "alpha": {"y": 1, "b": [2]}}
    page, model = answers(scenario(ServerScript((odd,))), spec(), spec("/v1/models/m"))
    assert json.dumps(odd, separators=(",", ":")) in page.body.decode()
    assert model.body.decode() == json.dumps(odd, separators=(",", ":"))


def test_an_alias_answers_with_its_model() -> None:
    (model,) = answers(scenario(ServerScript(models(2), {"latest": "m-1"})), spec("/v1/models/latest"))
    assert value(model)["id"] == "m-1"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_api_key": FIXTURE_KEY}, 200),
        ({"x_api_key": "", "authorization": f"Bearer {FIXTURE_KEY}"}, 401),
        ({"x_api_key": f"{FIXTURE_KEY} "}, 401),
        ({"x_api_key": "another"}, 401),
        ({"anthropic_version": ""}, 400),
    ],
)
def test_only_the_key_and_a_version_are_let_in(headers: dict[str, str], status: int) -> None:
    (answer,) = answers(scenario(), spec(**headers))
    assert answer.status == status


def test_a_bearer_token_is_let_in() -> None:
    headers = (("authorization", f"Bearer {FIXTURE_KEY}"), ("anthropic-version", "2026-10-21"))
    (answer,) = answers(scenario(), Request("GET", "/v1/models", "", headers))
    assert answer.status == 200


def test_the_other_host_asks_for_no_credential() -> None:
    scripted = ScriptedServer(scenario(), FIXTURE_KEY)
    request = Request("GET", "/v1/models", "", (("anthropic-version", "2023-06-01"),))
    answer = scripted.answer(request, anyone=True)
    assert answer is not None
    assert answer.status == 200


def test_pages_are_capped_one_after_the_other_and_the_last_cap_stays() -> None:
    script = ServerScript(models(7), page_sizes=(3, 0, 2))
    pages = [
        value(answer)
        for answer in answers(
            scenario(script),
            spec(),
            spec(query="after_id=m-2"),
            spec("/v1/models/m-1"),
            spec(query="limit=0"),
            spec(query="after_id=m-2"),
            spec(query="after_id=m-4"),
        )
    ]
    lists = [page for page in pages if "data" in page]
    assert [[model["id"] for model in page["data"]] for page in lists] == [
        ["m-0", "m-1", "m-2"],
        [],
        ["m-3", "m-4"],
        ["m-5", "m-6"],
    ]
    assert [page["has_more"] for page in lists] == [True, True, True, False]
    assert lists[1]["first_id"] is None


def test_a_page_that_did_not_arrive_takes_no_cap() -> None:
    script = ServerScript(models(5), page_sizes=(3, 1), interventions=(Intervention(last=1, framing="cut-body"),))
    first, again = answers(scenario(script), spec(), spec())
    assert first.body == again.body


def test_a_capped_page_before_a_cursor_ends_at_the_cursor() -> None:
    (page,) = answers(scenario(ServerScript(models(6), page_sizes=(2,))), spec(query="before_id=m-4&limit=4"))
    assert [model["id"] for model in value(page)["data"]] == ["m-2", "m-3"]
    assert value(page)["has_more"] is True


def test_a_stuck_server_shows_its_first_page_for_ever() -> None:
    pages = answers(
        scenario(ServerScript(models(3), stuck=True)), spec(query="limit=2"), spec(query="limit=2&after_id=m-1")
    )
    assert pages[0].body == pages[1].body
    assert value(pages[1])["has_more"] is True


def test_the_envelope_takes_further_members() -> None:
    (page,) = answers(scenario(ServerScript(models(1), envelope={"next": {"a": None}})), spec())
    assert value(page)["next"] == {"a": None}


def test_a_prefix_is_part_of_every_path() -> None:
    here, elsewhere = answers(scenario(ServerScript(models(1), prefix="/a/b/")), spec("/a/b/v1/models"), spec())
    assert (here.status, elsewhere.status) == (200, 404)


@pytest.mark.parametrize(
    ("placement", "header", "body"), [("both", 1, 1), ("header", 1, 0), ("body", 0, 1), ("none", 0, 0)]
)
def test_the_id_of_an_error_stands_where_the_server_says(placement: Any, header: int, body: int) -> None:
    script = ServerScript(models(1), request_id=placement)
    error, _ = answers(scenario(script), spec("/v1/models/none"), spec())
    assert ("request-id" in names(error), "request_id" in value(error)) == (bool(header), bool(body))
    if placement == "both":
        assert names(error)["request-id"] == value(error)["request_id"]


def test_every_spelling_says_the_same() -> None:
    plain = value(answers(scenario(), spec())[0])
    for spelling in (Spelling(ascii_only=False), Spelling(indent=True), Spelling(reversed_keys=True)):
        (page,) = answers(scenario(ServerScript(models(5), spelling=spelling)), spec())
        assert value(page) == plain
        assert page.body != answers(scenario(), spec())[0].body


@pytest.mark.parametrize(
    ("accepts", "gzipped"),
    [("gzip, br", True), ("*", True), ("GZIP;q=0.5", True), ("gzip;q=0, *", False), ("br", False), ("", False)],
)
def test_only_a_client_that_reads_gzip_is_sent_it(accepts: str, gzipped: bool) -> None:
    script = ServerScript(models(5), spelling=Spelling(gzip=True))
    (page,) = answers(scenario(script), spec(accept_encoding=accepts))
    assert page.gzipped is gzipped
    assert ("content-encoding" in names(page)) is gzipped
    shown = page.response(())
    assert shown is not None
    assert len(json.loads(shown.body)["data"]) == 5


def test_a_lone_surrogate_is_escaped_in_every_spelling() -> None:
    script = ServerScript(({"id": "\ud800x"},), spelling=Spelling(ascii_only=False))
    (page,) = answers(scenario(script), spec())
    assert value(page)["data"][0]["id"] == "\ud800x"


def test_interventions_go_by_the_number_of_the_request_for_models() -> None:
    played = intervened(Intervention(first=2, last=3, status=500), Intervention(first=3, status=429))
    statuses = [answer.status for answer in answers(played, spec(), spec("/nowhere"), spec(), spec())]
    assert statuses == [200, 404, 500, 500]


def test_a_status_alone_is_answered_with_its_documented_error() -> None:
    error, unknown = answers(intervened(Intervention(last=1, status=529), Intervention(status=418)), spec(), spec())
    assert value(error)["error"]["type"] == "overloaded_error"
    assert names(error)["request-id"] == value(error)["request_id"]
    assert value(unknown)["error"]["type"] == "invalid_request_error"


def test_a_body_of_its_own_brings_its_own_headers() -> None:
    headers = (("Content-Type", "text/html"), ("Retry-After", "1"), ("Content-Length", "9999"))
    (answer,) = answers(intervened(Intervention(status=503, headers=headers, body="<p>")), spec())
    assert (answer.status, answer.body) == (503, b"<p>")
    assert names(answer) == {"Content-Type": "text/html", "Retry-After": "1"}


def test_a_kept_share_ends_in_the_middle() -> None:
    for keep in (0.0, 0.5, 0.999999):
        whole, cut = answers(intervened(Intervention(first=2, keep=keep)), spec(), spec())
        assert whole.body.startswith(cut.body)
        assert len(cut.body) < len(whole.body)


@pytest.mark.parametrize(("method", "status"), [("HEAD", None), ("GET", 204), ("GET", 304)])
def test_answers_without_a_body_have_none_to_cut(method: str, status: int | None) -> None:
    played = intervened(Intervention(last=1, status=status), Intervention(status=status, framing="cut-body"))
    whole, cut = answers(played, spec(method=method), spec(method=method))
    assert (whole.body, whole.silent) == (b"", False)
    assert cut.silent


def test_a_client_without_end_is_stopped() -> None:
    played = scenario(ServerScript(models(100), page_sizes=(2,)), args={"limit": 5})
    assert most_requests(played) == 50 + 30
    scripted = ScriptedServer(played, FIXTURE_KEY)
    statuses = [answer.status if (answer := scripted.answer(spec())) else None for _ in range(300)]
    assert statuses == [200] * 80 + [400] * KEPT_BEYOND_THE_END + [None] * (220 - KEPT_BEYOND_THE_END)


def test_the_end_is_never_too_near() -> None:
    assert most_requests(scenario(ServerScript())) == FEWEST_REQUESTS
    assert most_requests(intervened(Intervention(first=2, last=50))) > 50
    assert most_requests(scenario(ServerScript(models(9), stuck=True))) == 30
    assert most_requests(scenario(ServerScript(models(9), page_sizes=(0,)))) == FEWEST_REQUESTS


def test_a_server_that_cannot_be_shown_is_refused_at_once() -> None:
    for script in (
        ServerScript(({"id": "a"}, {"id": "a"})),
        ServerScript(aliases={"a": "b"}),
        ServerScript(({"id": "a", "x": float("nan")},)),
    ):
        with pytest.raises(ValueError, match=r"two things|names no model|JSON"):
            ScriptedServer(scenario(script), FIXTURE_KEY)


@given(scenarios())
@settings(max_examples=50)
def test_any_scenario_answers_any_request(played: Scenario) -> None:
    scripted = ScriptedServer(played, FIXTURE_KEY)
    for request in (spec(), spec("/v1/models/m"), spec("%ff\udcff", "limit=%"), spec(method="HEAD")):
        answer = scripted.answer(request)
        assert answer is not None
        shown = answer.response(answer.headers)
        assert (shown is None) is answer.silent
