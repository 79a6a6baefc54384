"""The driver of the Python library, with an old release and the newest, each fetched from the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from models_conformance.drivers.builtin.catalogue import Prepared
from models_conformance.drivers.builtin.python import FETCHER
from models_conformance.evidence.driver_calls import CallSpec, ItemsSeen, ModelRetrieved, PageSeen, Unsupported
from models_conformance.scenarios.models import model, plain_models
from models_conformance.scenarios.scenario import Intervention, ServerScript
from tests.drivers.builtin.playing import Played, headers, targets
from tests.drivers.builtin.releases import released

OLD = "0.45.0"
SURFACES = ("models", "beta.models", "async.models", "async.beta.models")
BETA = "a-beta-2026-01-01"
HOSTILE_ENVIRONMENT = {
    "ANTHROPIC_AUTH_TOKEN": "another-token",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "ANTHROPIC_CUSTOM_HEADERS": "x-leak: yes",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "",
    "PYTHONPATH": "/nowhere",
}


@pytest.fixture(scope="module", params=[OLD, None], ids=[OLD, "newest"])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return released(FETCHER, tmp_path_factory, request.param)


@pytest.fixture(scope="module")
def played(prepared: Prepared) -> Iterator[Played]:
    running = Played(prepared, HOSTILE_ENVIRONMENT)
    yield running
    running.close()


@pytest.fixture(params=["models", "async.beta.models"])
def surface(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_hello_names_the_release_its_surfaces_and_where_it_takes_betas(prepared: Prepared, played: Played) -> None:
    hello = played.driver.hello()
    assert (hello.client, hello.version, hello.language) == ("anthropic", prepared.version, "python")
    assert hello.surfaces == SURFACES
    assert hello.capabilities >= {"walk", "async", "raw_ids"}
    assert hello.betas_on == (() if prepared.version == OLD else ("beta.models", "async.beta.models"))


def test_a_page_is_told_as_the_library_holds_it(played: Played, surface: str) -> None:
    sent = model("claude-é", "2026-01-02T03:04:05.678901+02:00", "Claude ☃", max_tokens=5, zork=[{"a": None}])
    answer, arrived = played.call(
        CallSpec("list", surface, {"limit": 1}), ServerScript(models=(sent, *plain_models(1)))
    )
    assert isinstance(answer, PageSeen)
    assert answer.data == (
        {
            "id": "claude-é",
            "created_at": "2026-01-02T01:04:05.678901Z",
            "display_name": "Claude ☃",
            "type": "model",
            "extra": {"max_tokens": 5, "zork": [{"a": None}]},
        },
    )
    assert answer.members == {"first_id": "claude-é", "has_more": True, "last_id": "claude-é"}
    assert len(arrived) == 1


def test_only_the_credential_it_is_given_goes_where_it_is_told(played: Played, surface: str) -> None:
    _, (arrived,) = played.call(CallSpec("list", surface), ServerScript(models=plain_models(1), prefix="/a/gateway"))
    sent = headers(arrived)
    assert targets([arrived])[0].split("?")[0] == "/a/gateway/v1/models"
    assert [sent[name] for name in ("x-api-key", "authorization") if name in sent] in (
        ["<api-key>"],
        ["Bearer <api-key>"],
    )
    assert "x-leak" not in sent


def test_a_walk_takes_the_librarys_own_way_and_tells_every_item(played: Played, surface: str) -> None:
    answer, arrived = played.call(CallSpec("list", surface, {"limit": 2}, walk=True))
    assert isinstance(answer, ItemsSeen)
    assert [item["id"] for item in answer.items] == [f"claude-{number}" for number in range(1, 6)]
    assert not answer.truncated
    assert targets(arrived)[1].endswith("after_id=claude-2")


def test_a_walk_of_as_many_as_are_wanted_asks_for_no_more(played: Played, surface: str) -> None:
    answer, arrived = played.call(CallSpec("list", surface, {"limit": 2}, walk=True, max_items=4))
    assert isinstance(answer, ItemsSeen)
    assert (len(answer.items), answer.truncated, len(arrived)) == (4, True, 2)


def test_a_walk_that_fails_midway_tells_what_came_before(played: Played, surface: str) -> None:
    error = '{"type": "error", "error": {"type": "api_error", "message": "m"}, "request_id": null}'
    raised = played.raises(
        CallSpec("list", surface, {"limit": 2}, walk=True),
        Intervention(first=2, status=500, body=error, headers=(("request-id", "req_7"),)),
    )
    assert (raised.kind, raised.status, raised.error_type, raised.request_id) == ("status", 500, "api_error", "req_7")
    assert [item["id"] for item in raised.items_before or ()] == ["claude-1", "claude-2"]


def test_an_unknown_model_is_a_status_error(played: Played, surface: str) -> None:
    raised = played.raises(CallSpec("retrieve", surface, {"model_id": "nobody"}))
    assert (raised.kind, raised.name, raised.status, raised.error_type) == (
        "status",
        "NotFoundError",
        404,
        "not_found_error",
    )
    assert raised.items_before is None


@pytest.mark.parametrize(
    ("intervention", "kind"),
    [
        (Intervention(framing="stall-before"), "timeout"),
        (Intervention(framing="no-answer"), "connection"),
        (Intervention(body="{", keep=1.0), "decode"),
        (Intervention(body="<html></html>", headers=(("content-type", "text/html"),)), "decode"),
        (Intervention(body="[]"), "decode"),
        (Intervention(status=404, body="<html></html>", headers=(("content-type", "text/html"),)), "status"),
    ],
)
@pytest.mark.parametrize(
    "spec",
    [
        CallSpec("list", "models"),
        CallSpec("list", "models", walk=True),
        CallSpec("retrieve", "models", {"model_id": "claude-1"}),
    ],
    ids=["page", "walk", "retrieve"],
)
def test_each_failure_has_its_kind(
    played: Played, surface: str, spec: CallSpec, intervention: Intervention, kind: str
) -> None:
    seconds = 0.2 if kind == "timeout" else spec.timeout_seconds
    assert played.raises(replace(spec, surface=surface, timeout_seconds=seconds), intervention).kind == kind


def test_an_empty_id_is_refused_before_anything_is_sent(played: Played, surface: str) -> None:
    answer, arrived = played.call(CallSpec("retrieve", surface, {"model_id": ""}))
    assert (getattr(answer, "kind", answer), arrived) == ("argument", [])


def test_a_missing_id_is_told_as_the_caller_reads_it(played: Played, surface: str) -> None:
    script = ServerScript(interventions=(Intervention(status=200, body='{"type": "model"}'),))
    answer, _ = played.call(CallSpec("retrieve", surface, {"model_id": "claude-1"}), script)
    assert answer == ModelRetrieved({"id": None, "type": "model", "extra": {}})


def test_a_page_without_data_holds_nothing(played: Played, surface: str) -> None:
    answer, _ = played.call(
        CallSpec("list", surface), ServerScript(interventions=(Intervention(body='{"data": null}'),))
    )
    assert answer == PageSeen((), {})


@pytest.mark.parametrize("operation", ["list", "retrieve"])
def test_betas_are_sent_where_they_can_be_given_and_else_unsupported(played: Played, operation: Any) -> None:
    own: dict[str, Any] = {"model_id": "claude-1"} if operation == "retrieve" else {}
    hello = played.driver.hello()
    for surface in SURFACES:
        answer, arrived = played.call(CallSpec(operation, surface, {**own, "betas": [BETA]}))
        if hello.takes_betas(surface):
            assert isinstance(answer, PageSeen | ModelRetrieved)
            assert headers(arrived[0])["anthropic-beta"] == BETA
        else:
            assert isinstance(answer, Unsupported)
            assert arrived == []


def test_the_librarys_own_number_of_retries_holds_where_none_is_told(played: Played, surface: str) -> None:
    refusal = Intervention(status=529, body="{}", headers=(("retry-after", "0"),))
    spec = CallSpec("list", surface, max_retries=None)
    _, by_default = played.call(spec, ServerScript(interventions=(refusal,)))
    _, never = played.call(replace(spec, max_retries=0), ServerScript(interventions=(refusal,)))
    assert len(by_default) > len(never) == 1


def test_calls_with_ever_other_settings_go_where_each_is_told(played: Played) -> None:
    # More than the driver keeps clients for, each of them twice.
    for prefix in [f"/{number}" for number in range(70)] * 2:
        _, arrived = played.call(CallSpec("list", "models"), ServerScript(models=plain_models(1), prefix=prefix))
        assert targets(arrived) == [f"{prefix}/v1/models"]


def test_a_surface_that_no_release_has_is_unsupported(played: Played) -> None:
    answer, _ = played.call(CallSpec("list", "files"))
    assert isinstance(answer, Unsupported)
