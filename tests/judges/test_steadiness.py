"""Where equal questions have two answers, that is what is said: no question is blamed for what it varied."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from models_conformance.evidence.exchange import Failure, Request, Response
from tests.judges.builders import HEADERS, Model, Recorder, answer, page

CATALOGUE = [Model(f"model-{number}", f"20{60 - number}-01-01T00:00:00Z") for number in range(12)]
BETA = "files-api-2025-04-14"


@dataclass(frozen=True)
class Named(Model):
    """A model that is told with a name of its own."""

    name: str = ""

    def document(self) -> dict[str, str]:
        return {**super().document(), "display_name": self.name}


def named(name: str) -> list[Model]:
    return [Named(model.id, model.created_at, name) for model in CATALOGUE]


def dated(year: int) -> list[Model]:
    return [Model(model.id, f"{year}-01-01T00:00:00Z") for model in CATALOGUE]


@pytest.mark.parametrize(
    ("member", "versions"),
    [
        ("created_at", [dated(2026), dated(2027), dated(2028)]),
        ("display_name", [named("a"), named("b"), named("c")]),
    ],
)
def test_a_member_that_moves_is_told_once_and_compared_nowhere_else(member: str, versions: list[list[Model]]) -> None:
    first, second, third = versions
    recorder = Recorder()
    recorder.list(answer(first, 1000, None, None), 1000)
    recorder.list(answer(second, 3, None, None), 3)
    recorder.list(answer(second, 1, first[4].id, None), 1, after=first[4].id)
    recorder.list(answer(third, 1000, None, None), 1000, betas=BETA)
    recorder.list(answer(third, 1000, None, None), 1000)
    recorder.retrieve(third[0].id, third[0].document())
    judged = recorder.judged()
    assert recorder.failed() == {"same-question-same-answer"}
    (told,) = judged["same-question-same-answer"].violations
    assert told.member == member


def test_one_id_with_another_name_elsewhere_is_one_model_told_otherwise() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    recorder.list(answer(named("another"), 2, None, None), 2)
    recorder.retrieve(CATALOGUE[0].id, CATALOGUE[0].document())
    assert recorder.failed() == {"retrieve-equals-listed-item"}


def test_one_id_with_nothing_in_common_is_two_models() -> None:
    other = [Named(model.id, "2001-01-01T00:00:00Z", "another") for model in CATALOGUE]
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    recorder.list(answer(other, 2, None, None), 2)
    assert "model-id-is-unique" in recorder.failed()


def test_a_name_that_is_missing_on_one_page_is_the_schemas_business() -> None:
    nameless = answer(CATALOGUE, 3, None, CATALOGUE[5].id)
    for item in nameless["data"]:  # type: ignore[attr-defined]
        item["display_name"] = None
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    recorder.list(nameless, 3, before=CATALOGUE[5].id)
    recorder.retrieve(CATALOGUE[4].id, CATALOGUE[4].document())
    assert recorder.failed() == {"model-is-complete"}


def test_betas_are_not_blamed_where_the_plain_question_varies_as_much() -> None:
    recorder = Recorder()
    for models in (CATALOGUE, CATALOGUE[1:], CATALOGUE, CATALOGUE[1:]):
        recorder.list(answer(models, None, None, None))
    recorder.list(answer(CATALOGUE[1:], None, None, None), betas=BETA)
    recorder.add("/v1/models?beta=true", answer(CATALOGUE[1:], None, None, None), 200, HEADERS)
    failed = recorder.failed()
    assert "same-question-same-answer" in failed
    assert not failed & {"beta-leaves-stable-body-unchanged", "unknown-query-parameter-is-tolerated"}


def test_betas_are_blamed_where_the_plain_question_is_steady() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(answer(CATALOGUE[1:], None, None, None), betas=BETA)
    recorder.list(answer(CATALOGUE, None, None, None))
    assert "beta-leaves-stable-body-unchanged" in recorder.failed()


def repeated(recorder: Recorder, request: Request, response: Response | None, failure: Failure | None = None) -> None:
    """What failed once, and was answered when it was repeated at once."""
    lost = recorder.trace.add(request, response, failure)
    body = json.dumps(answer(CATALOGUE, None, None, None)).encode()
    recorder.trace.add(request, Response(200, (("content-type", "application/json"),), body), retry_of=lost.number)


REFUSED = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}, "request_id": "req_1"}


def test_refusals_at_random_are_blamed_on_nothing_that_was_asked() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    recorder.list(answer(CATALOGUE, None, None, None))
    for _ in range(2):
        recorder.list(REFUSED, status=400)
        recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(REFUSED, 5, status=400)
    recorder.list(REFUSED, betas=BETA, status=400)
    recorder.add("/v1/models", REFUSED, 400, HEADERS[1:])
    assert recorder.failed() == {"same-question-same-answer", "list-documented-request-succeeds"}


def test_a_304_that_no_condition_asked_for_is_told_once() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(b"", status=304)
    recorder.list(b"", betas=BETA, status=304)
    recorder.list(b"", 7, status=304)
    assert recorder.failed() == {"list-documented-request-succeeds"}


@pytest.mark.parametrize(("times", "failed"), [(1, set()), (2, {"no-input-is-answered-5xx"})])
def test_a_server_error_that_does_not_repeat_is_blamed_on_nothing_that_was_asked(times: int, failed: set[str]) -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    request = Request("GET", "http://test/v1/models", (*HEADERS, ("anthropic-beta", BETA)))
    for _ in range(times):
        repeated(recorder, request, Response(502, (), b"<html>"))
    assert recorder.failed() == failed


def test_a_connection_that_breaks_twice_and_is_whole_each_second_time_is_the_connections_fault_alone() -> None:
    recorder = Recorder()
    recorder.list(page(CATALOGUE, False), 1000)
    request = Request("GET", "http://test/v1/models", HEADERS)
    for _ in range(2):
        repeated(recorder, request, None, Failure("disconnect", "closed"))
    assert recorder.failed() == {"response-arrives-whole"}


def test_a_server_that_stops_answering_is_told_since_when_and_nothing_after_it_is_blamed() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    odd = recorder.list(REFUSED, 2, after="\x00", status=400)
    for target in ("/v1/models?limit=2&after_id=%FF", "/v1/models", f"/v1/models/{CATALOGUE[0].id}"):
        recorder.trace.add(Request("GET", f"http://test{target}", HEADERS), None, Failure("timeout", "no answer"))
    assert recorder.failed() == {"response-arrives-whole"}
    (told,) = recorder.judged()["response-arrives-whole"].violations
    assert told.kind == "stops-answering"
    assert told.exchanges == (odd.number + 1, odd.number)


def test_one_question_that_is_never_answered_is_that_questions_fault() -> None:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.trace.add(Request("GET", "http://test/v1/models?limit=7", HEADERS), None, Failure("timeout", "no answer"))
    recorder.list(answer(CATALOGUE, None, None, None))
    told = recorder.judged()["response-arrives-whole"].violations
    assert [violation.kind for violation in told] == ["fails-by-timeout"]
