"""The drivers of the TypeScript, Go and Java libraries, each with the newest release from its registry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models_conformance.drivers.builtin import go, java, typescript
from models_conformance.drivers.builtin.catalogue import Prepared
from models_conformance.drivers.builtin.fetcher import Fetcher
from models_conformance.evidence.driver_calls import CallSpec, ItemsSeen, ModelRetrieved, PageSeen, Raised, Unsupported
from models_conformance.evidence.instants import instant
from models_conformance.scenarios.answers import broken, error, error_body, json_text
from models_conformance.scenarios.models import model, plain_models
from models_conformance.scenarios.scenario import Framing, ServerScript
from tests.drivers.builtin.playing import Played, headers, targets
from tests.drivers.builtin.releases import released

FETCHERS: tuple[Fetcher, ...] = (typescript.FETCHER, go.FETCHER, java.FETCHER)
# Makes the libraries print: nothing of that may get between the protocol's lines.
TALKATIVE = {"ANTHROPIC_LOG": "debug"}
RETRIEVE = CallSpec("retrieve", "models", {"model_id": "claude-1"})
LIST = CallSpec("list", "models")


@pytest.fixture(scope="module", params=FETCHERS, ids=lambda fetcher: fetcher.aliases[0])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return released(request.param, tmp_path_factory)


@pytest.fixture(scope="module")
def played(prepared: Prepared) -> Iterator[Played]:
    running = Played(prepared, TALKATIVE)
    yield running
    running.close()


def test_hello_names_the_release_and_where_it_takes_betas(prepared: Prepared, played: Played) -> None:
    hello = played.driver.hello()
    # A major version of Go's from the second on is a module of its own name.
    assert (hello.client.removesuffix(f"/v{prepared.version[0]}"), hello.version) == (prepared.name, prepared.version)
    assert hello.surfaces == ("models", "beta.models")
    assert hello.capabilities >= {"walk", "raw_ids", "betas"}
    assert hello.takes_betas("beta.models")


@pytest.mark.parametrize("surface", ["models", "beta.models"])
def test_a_page_call_passes_its_arguments_and_tells_the_page(played: Played, surface: str) -> None:
    spec = CallSpec("list", surface, {"limit": 2, "after_id": "claude-1"})
    answer, arrived = played.call(spec, ServerScript(models=plain_models(5), prefix="/a/prefix"))
    assert isinstance(answer, PageSeen)
    assert [item["id"] for item in answer.data] == ["claude-2", "claude-3"]
    assert answer.members == {"first_id": "claude-2", "has_more": True, "last_id": "claude-3"}
    (target,) = targets(arrived)
    path, _, query = target.partition("?")
    assert path == "/a/prefix/v1/models"
    assert {"limit=2", "after_id=claude-1"} <= set(query.split("&")) <= {"limit=2", "after_id=claude-1", "beta=true"}


@pytest.mark.parametrize("surface", ["models", "beta.models"])
def test_fields_are_told_as_the_library_holds_them(played: Played, surface: str) -> None:
    sent = model("claude-1", "2025-03-01T12:20:30.123456+02:00", "Ünïcødé \u2028 😀", max_tokens=5, nova={"a": [None]})
    answer, _ = played.call(CallSpec("retrieve", surface, {"model_id": "claude-1"}), ServerScript(models=(sent,)))
    assert isinstance(answer, ModelRetrieved)
    assert {**answer.model, "created_at": instant(answer.model["created_at"])} == {
        "id": "claude-1",
        "type": "model",
        "display_name": sent["display_name"],
        "created_at": instant("2025-03-01T10:20:30.123456Z"),
        "extra": {"max_tokens": 5, "nova": {"a": [None]}},
    }


def test_the_ends_of_an_empty_page_are_null(played: Played) -> None:
    answer, _ = played.call(LIST, ServerScript())
    assert answer == PageSeen((), {"first_id": None, "has_more": False, "last_id": None})


def test_an_id_reaches_the_library_as_it_is(played: Played) -> None:
    spec = CallSpec("retrieve", "models", {"model_id": "vendor/a b?c%2F"})
    _, arrived = played.call(spec, ServerScript(models=(model("vendor/a b?c%2F"),)))
    assert targets(arrived) == ["/v1/models/vendor%2Fa%20b%3Fc%252F"]


def test_a_call_that_the_library_refuses_before_sending_is_told_as_such(played: Played) -> None:
    spec = CallSpec("retrieve", "models", {"model_id": ".."})
    assert played.raises(spec).kind == "argument"
    assert played.call(spec)[1] == []


def test_a_walk_pages_by_itself_to_the_end(played: Played) -> None:
    answer, arrived = played.call(CallSpec("list", "models", {"limit": 2}, walk=True))
    assert isinstance(answer, ItemsSeen)
    assert [item["id"] for item in answer.items] == [f"claude-{number}" for number in range(1, 6)]
    assert not answer.truncated
    assert len(arrived) == 3


def test_a_walk_stops_at_the_asked_number_of_items_without_another_request(played: Played) -> None:
    answer, arrived = played.call(CallSpec("list", "models", {"limit": 2}, walk=True, max_items=2))
    assert isinstance(answer, ItemsSeen)
    assert (len(answer.items), answer.truncated, len(arrived)) == (2, True, 1)


def test_a_walk_that_fails_midway_tells_what_came_before(played: Played) -> None:
    raised = played.raises(CallSpec("list", "models", {"limit": 2}, walk=True), error(500, first=2))
    assert (raised.kind, raised.status) == ("status", 500)
    assert raised.items_before is not None
    assert [item["id"] for item in raised.items_before] == ["claude-1", "claude-2"]


def test_an_error_status_is_told_with_its_type_and_request_id(played: Played) -> None:
    raised = played.raises(RETRIEVE, error(429, "rate_limit_error"))
    assert (raised.kind, raised.status, raised.error_type) == ("status", 429, "rate_limit_error")
    assert raised.request_id is not None
    assert raised.request_id.startswith("req_")


def test_a_type_that_nobody_documented_is_told_as_the_librarys_attribute_has_it(played: Played) -> None:
    assert played.raises(RETRIEVE, error(404, "nova_error")).error_type == "nova_error"


def test_a_request_id_that_the_library_does_not_hand_out_is_not_dug_out_for_it(played: Played) -> None:
    raised = played.raises(RETRIEVE, json_text(404, error_body("not_found_error")))
    assert (raised.status, raised.error_type, raised.request_id) == (404, "not_found_error", None)


def test_a_missing_id_is_told_as_the_caller_meets_it(played: Played) -> None:
    body = '{"object": "model", "created_at": "2025-01-01T00:00:00Z", "display_name": "d", "type": "model"}'
    answer, _ = played.call(RETRIEVE, ServerScript(interventions=(json_text(200, body),)))
    language = played.driver.hello().language
    if language == "java":
        assert isinstance(answer, Raised)
        assert (answer.kind, answer.name) == ("decode", "AnthropicInvalidDataException")
    else:
        assert isinstance(answer, ModelRetrieved)
        assert answer.model.get("id") == {"go": "", "typescript": None}[language]


@pytest.mark.parametrize(
    ("framing", "kind"),
    [("cut-body", "connection"), ("no-answer", "connection"), ("stall-before", "timeout")],
)
def test_a_broken_transport_is_told_apart_from_a_refused_answer(played: Played, framing: Framing, kind: str) -> None:
    spec = CallSpec("list", "models", timeout_seconds=0.5)
    assert played.raises(spec, broken(framing)).kind == kind


@pytest.mark.parametrize("spec", [LIST, RETRIEVE, CallSpec("list", "models", walk=True)])
@pytest.mark.parametrize("body", ['{"data": [', "", "null"])
def test_an_answer_that_cannot_be_read_is_a_refused_answer(played: Played, spec: CallSpec, body: str) -> None:
    answer, _ = played.call(spec, ServerScript(interventions=(json_text(200, body),)))
    # Go's own paging takes null for the end, and so an empty list is what its caller gets.
    if answer != ItemsSeen((), truncated=False):
        assert played.raises(spec, json_text(200, body)).kind == "decode"
    else:
        assert (played.driver.hello().language, body, spec.walk) == ("go", "null", True)


def test_betas_travel_in_their_header(played: Played) -> None:
    for spec in (CallSpec("list", "beta.models", {"betas": ["a-1", "b-2"]}),
                  CallSpec("retrieve", "beta.models", {"model_id": "claude-1", "betas": ["a-1", "b-2"]})):  # fmt: skip
        _, arrived = played.call(spec)
        assert headers(arrived[0])["anthropic-beta"] == "a-1,b-2"


def test_betas_where_the_release_takes_none_are_unsupported_and_nothing_is_sent(played: Played) -> None:
    if played.driver.hello().takes_betas("models"):
        pytest.skip("this release takes betas everywhere")
    answer, arrived = played.call(CallSpec("list", "models", {"betas": ["a-1"]}))
    assert isinstance(answer, Unsupported)
    assert arrived == []


def test_a_surface_that_the_library_lacks_is_unsupported(played: Played) -> None:
    assert isinstance(played.call(CallSpec("list", "async.models"))[0], Unsupported)


def test_the_asked_number_of_retries_is_the_librarys(played: Played) -> None:
    for retries in (0, 1):
        spec = CallSpec("list", "models", max_retries=retries)
        _, arrived = played.call(spec, ServerScript(interventions=(error(500),)))
        assert len(arrived) == 1 + retries


def test_one_program_answers_hundreds_of_calls(played: Played) -> None:
    for _ in range(200):
        assert isinstance(played.call(RETRIEVE)[0], ModelRetrieved)
