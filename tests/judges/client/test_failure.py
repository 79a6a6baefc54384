"""What the caller gets where no value came: an error, with what the answer said about itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    DriverFailure,
    DriverFault,
    ItemsSeen,
    PageSeen,
    Raised,
    Unsupported,
)
from tests.judges.client.builders import (
    CONNECTION,
    LIST,
    TIMED_OUT,
    UNREADABLE,
    WALK,
    Run,
    Wire,
    asked_model,
    compact,
    dropped,
    error,
    judged_call,
    model,
    models,
    page,
    saw_model,
    saw_page,
    served,
    stalled,
    status_error,
)

NEVER_A_VALUE = "client-error-is-never-a-value"
STATUS = "client-error-carries-status"
TYPE = "client-error-carries-type"
REQUEST_ID = "client-error-carries-request-id"
BARE = "client-error-without-envelope-is-a-status-error"
NEVER_A_LIST = "client-unreadable-answer-is-never-a-list"
IS_AN_ERROR = "client-unreadable-answer-is-an-error"
OTHER_STATUS = "client-other-status-is-no-success"
CUT = "client-cut-answer-is-an-error"
HTML = (("content-type", "text/html"),)
EMPTY = PageSeen((), {"has_more": False})
WITH_ID = (("request-id", "req_1"),)


def refused(answer: Answer, status: int = 404, spec: CallSpec = LIST, body: object = None, **more: object) -> Run:
    body = error("not_found_error", "req_1") if body is None else body
    target = "/v1/models/a" if spec.operation == "retrieve" else "/v1/models"
    return judged_call(spec, answer, served(target, body, status, **more))  # type: ignore[arg-type]


def test_an_error_that_carries_all_it_was_told_passes() -> None:
    run = refused(status_error(404, "not_found_error", "req_1"), answer_headers=WITH_ID)
    assert run.failed == set()
    assert {run.verdict(requirement) for requirement in (NEVER_A_VALUE, STATUS, TYPE, REQUEST_ID)} == {"pass"}


@pytest.mark.parametrize(
    ("raised", "failed"),
    [
        (status_error(400, "not_found_error", "req_1"), {STATUS}),
        (Raised("other", "Exception"), {STATUS, TYPE, REQUEST_ID}),
        (status_error(404, "invalid_request_error", "req_1"), {TYPE}),
        (status_error(404, None, "req_1"), {TYPE}),
        (status_error(404, "not_found_error", "req_2"), {REQUEST_ID}),
        (status_error(404, "not_found_error"), {REQUEST_ID}),
    ],
)
def test_an_error_that_loses_something_is_found(raised: Raised, failed: set[str]) -> None:
    run = refused(raised, answer_headers=WITH_ID)
    assert run.failed == failed
    assert all(run.blamed(requirement) == (1,) for requirement in failed)


@pytest.mark.parametrize(
    ("raised", "status", "error_type", "request_id"),
    [
        (Raised("other", "Exception"), "carries-no-status", "carries-no-type", "carries-no-request-id"),
        (
            status_error(500, "api_error", "req_2"),
            "carries-another-status",
            "carries-another-type",
            "carries-another-request-id",
        ),
    ],
)
def test_an_error_that_carries_nothing_is_told_from_one_that_carries_something_else(
    raised: Raised, status: str, error_type: str, request_id: str
) -> None:
    run = refused(raised, answer_headers=WITH_ID)
    assert run.kinds(STATUS) == {(status, "")}
    assert run.kinds(TYPE) == {(error_type, "type")}
    assert run.kinds(REQUEST_ID) == {(request_id, "request-id")}
    bare = judged_call(LIST, raised, served("/v1/models", "<html>", 404))
    assert bare.kinds(BARE) == {(status, "")}
    assert "null" not in "".join(run.text(requirement) for requirement in (STATUS, TYPE, REQUEST_ID))


def test_a_type_is_lost_to_a_spelling_where_good_answers_are_lost_to_it_too() -> None:
    encoded = (("content-encoding", "gzip"),)
    run = Run()
    run.call(LIST, status_error(404), served("/v1/models", error("not_found_error"), 404, encoded))
    assert run.failed == {TYPE}
    run = Run()
    run.call(LIST, status_error(404), served("/v1/models", error("not_found_error"), 404, encoded))
    run.call(LIST, UNREADABLE, served("/v1/models", page(models("a")), 200, encoded))
    assert run.failed == {"client-reads-any-json-spelling"}


def test_an_unknown_status_and_type_are_carried_like_any_other() -> None:
    run = refused(status_error(418, "teapot_error"), 418, body=error("teapot_error"))
    assert run.failed == set()
    assert run.verdict(TYPE) == "pass"


def test_a_request_id_that_no_answer_had_is_found() -> None:
    assert refused(status_error(404, "api_error"), body=error()).verdict(REQUEST_ID) == "pass"
    assert refused(status_error(404, "api_error", "req_9"), body=error()).failed == {REQUEST_ID}


@pytest.mark.parametrize("carried", [None, "req_1"])
def test_a_request_id_that_only_the_body_has_is_noted_and_not_judged(carried: str | None) -> None:
    run = refused(status_error(404, "not_found_error", carried))
    assert run.failed == set()
    assert run.verdict(REQUEST_ID) == "inconclusive"
    (note,) = run.judged["client-request-id-of-the-body"].notes
    assert note.did == ("is carried by the error" if carried else "is not carried by the error")


@pytest.mark.parametrize(
    ("spec", "answer"), [(LIST, EMPTY), (WALK, ItemsSeen((), False)), (asked_model("a"), saw_model(model("a")))]
)
def test_a_refusal_that_reaches_the_caller_as_a_value_is_found(spec: CallSpec, answer: Answer) -> None:
    run = refused(answer, spec=spec)
    assert run.failed == {NEVER_A_VALUE}
    assert run.kinds(NEVER_A_VALUE) == {("is-a-value", "")}


OPENAI = {"error": {"message": "no", "type": "invalid_request_error", "code": None}}


@pytest.mark.parametrize("body", [OPENAI, "", "<html>", "[]", '"failed"', {"type": "error", "error": "no"}])
def test_an_error_in_other_words_keeps_its_status_and_need_have_no_type(body: object) -> None:
    right = refused(status_error(404), body=body)
    assert right.failed == set()
    assert (right.verdict(BARE), right.verdict(STATUS), right.verdict(TYPE)) == ("pass", "inconclusive", "inconclusive")
    assert refused(UNREADABLE, body=body).failed == {BARE}


NO_JSON = ["", "<html>", "OK", '{"data": [', '["cut"']
OTHER_SHAPES = [
    '{"data": []} trailing',
    '{"data": [NaN]}',
    "null",
    "[]",
    "{}",
    '"claude"',
    compact(error()).decode(),
    '{"data": []}',
    '{"data": [{"id": "m"}]}',
]


@pytest.mark.parametrize("body", NO_JSON)
def test_what_is_not_json_is_never_an_empty_list(body: str) -> None:
    right = judged_call(LIST, UNREADABLE, served("/v1/models", body))
    assert right.failed == set()
    assert (right.verdict(NEVER_A_LIST), right.verdict(IS_AN_ERROR)) == ("pass", "pass")
    for spec, answer in ((LIST, EMPTY), (WALK, ItemsSeen((), False))):
        run = judged_call(spec, answer, served("/v1/models", body, 200, HTML))
        assert run.failed == {NEVER_A_LIST}
        assert run.blamed(NEVER_A_LIST) == (1,)
        assert run.kinds(NEVER_A_LIST) == {("is-an-empty-list", "")}
    assert judged_call(LIST, saw_page(page(models("a"))), served("/v1/models", body)).failed == {IS_AN_ERROR}


@pytest.mark.parametrize("body", OTHER_SHAPES)
def test_what_begins_with_json_or_has_another_shape_is_an_error_by_plain_reading_only(body: str) -> None:
    run = judged_call(LIST, EMPTY, served("/v1/models", body))
    assert run.failed == {IS_AN_ERROR}
    assert run.kinds(IS_AN_ERROR) == {("is-a-value", "")}
    assert run.verdict(NEVER_A_LIST) == "inconclusive"
    assert judged_call(LIST, UNREADABLE, served("/v1/models", body)).failed == set()


@pytest.mark.parametrize("body", [*NO_JSON, *OTHER_SHAPES, compact(page([])).decode()])
def test_a_model_that_is_none_is_an_error(body: str) -> None:
    made_up = saw_model(model("a"))
    assert judged_call(asked_model("a"), made_up, served("/v1/models/a", body)).failed == {IS_AN_ERROR}
    assert judged_call(asked_model("a"), UNREADABLE, served("/v1/models/a", body)).failed == set()


def test_a_redirect_that_is_not_followed_is_no_value() -> None:
    there = (("location", "/v1/models"),)
    assert judged_call(LIST, EMPTY, served("/v1/models", "", 307, there)).failed == {IS_AN_ERROR}
    assert judged_call(LIST, status_error(307), served("/v1/models", "", 307, there)).failed == set()


def test_an_answer_to_another_question_is_blamed_on_the_question_alone() -> None:
    run = judged_call(asked_model("a"), saw_model(model("a")), served("/v1/models", error(), 500))
    assert run.failed == {"client-requests-documented-path"}


@pytest.mark.parametrize("cut", [dropped("/v1/models"), dropped("/v1/models", compact(page(models("a", "b")))[:40])])
def test_an_answer_that_is_cut_short_is_an_error(cut: Wire) -> None:
    assert judged_call(LIST, CONNECTION, cut).verdict(CUT) == "pass"
    outcomes: tuple[tuple[Answer, str], ...] = (
        (EMPTY, "is-a-value"),
        (saw_page(page(models("a"))), "is-a-value"),
        (DriverFailure("hang", "gave no answer"), "never-ends"),
    )
    for answer, kind in outcomes:
        run = judged_call(LIST, answer, cut)
        assert run.failed == {CUT}
        assert run.kinds(CUT) == {(kind, "")}


def test_a_whole_body_on_a_broken_connection_is_still_cut() -> None:
    whole = page(models("a"))
    assert judged_call(LIST, saw_page(whole), dropped("/v1/models", compact(whole))).failed == {CUT}


def test_a_stalled_answer_is_for_the_judge_of_timeouts() -> None:
    run = judged_call(LIST, TIMED_OUT, stalled("/v1/models"))
    assert (run.failed, run.verdict(CUT)) == (set(), "inconclusive")


@pytest.mark.parametrize(
    "nothing",
    [
        Unsupported("no betas"),
        DriverFault("no idea"),
        DriverFailure("exit", "ended"),
        DriverFailure("protocol", "chatter"),
    ],
)
def test_a_driver_that_says_nothing_of_the_client_proves_nothing(nothing: Answer) -> None:
    for sent in (served("/v1/models", error(), 500), served("/v1/models", "<html>"), dropped("/v1/models")):
        assert judged_call(LIST, nothing, sent).failed == set()


def test_an_error_that_a_retry_overcame_is_no_error() -> None:
    wire = page(models("a"))
    spec = replace(LIST, max_retries=2)
    run = judged_call(spec, saw_page(wire), served("/v1/models", error(), 500), served("/v1/models", wire))
    assert run.failed == set()
    assert run.verdict(NEVER_A_VALUE) == "inconclusive"


@pytest.mark.parametrize("status", [201, 203, 206, 300])
def test_what_was_asked_for_under_another_status_is_no_success(status: int) -> None:
    held = page(models("a"))
    taken = judged_call(LIST, saw_page(held), served("/v1/models", held, status))
    assert taken.failed == {OTHER_STATUS}
    assert taken.text(OTHER_STATUS) == f"the caller gets a list of 1 model from an answer of status {status}"
    raised = judged_call(LIST, status_error(status), served("/v1/models", held, status))
    assert (raised.failed, raised.verdict(OTHER_STATUS)) == (set(), "pass")


def test_an_answer_that_was_not_modified_is_no_empty_list() -> None:
    run = judged_call(LIST, saw_page(page([])), served("/v1/models", "", 304))
    assert run.failed == {OTHER_STATUS}
