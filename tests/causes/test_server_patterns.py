"""Each pattern of servers is recognised by what it is about, and not by its neighbour."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from models_conformance.causes.case import Case, deviations
from models_conformance.causes.patterns import Pattern
from models_conformance.causes.server import SERVER_PATTERNS
from models_conformance.evidence.exchange import WRONG_KEY, Failure, Request
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import violation
from models_conformance.requirements.register import register
from tests.causes.explored import CATALOGUE, IDS, NOT_FOUND, causes, explored, named, right, without_key
from tests.judges.builders import HEADERS, Model, Recorder, answer, page


def ignores(*cursors: str) -> Recorder:
    return explored(
        lambda limit, after, before: right(
            limit, None if "after_id" in cursors else after, None if "before_id" in cursors else before
        )
    )


@pytest.mark.parametrize(
    ("cursors", "root", "said"),
    [
        (("after_id",), "list-after-id-is-exclusive", "after_id changes nothing"),
        (("before_id",), "list-before-id-is-immediate", "before_id changes nothing"),
        (("after_id", "before_id"), "list-after-id-is-exclusive", "after_id and before_id change nothing"),
    ],
)
def test_a_cursor_that_is_ignored(cursors: Sequence[str], root: str, said: str) -> None:
    (found,) = causes(ignores(*cursors))
    assert (found.id, found.root.id) == ("cursor-is-ignored", root)
    assert said in found.statement
    assert "limit is honoured" in found.statement


def head_before(limit: int | None, after: str | None, before: str | None) -> object:
    """Who takes the models before the cursor, and then the first of them."""
    if before is None:
        return right(limit, after, None)
    preceding = CATALOGUE[: IDS.index(before)]
    return page(preceding[: limit or 20], len(preceding) > (limit or 20))


def test_the_head_before_a_model_is_no_ignored_cursor() -> None:
    assert named(explored(head_before)) == [("cursor-counts-from-the-head", "list-before-id-is-immediate")]


def test_a_limit_that_is_missed_where_none_is_given_does_not_follow_from_a_cursor() -> None:
    def all_of_it(limit: int | None, after: str | None, before: str | None) -> object:
        return head_before(limit or len(CATALOGUE), after, before)

    assert [(cause.id, cause.follow) for cause in causes(explored(all_of_it))] == [
        ("list-default-page-is-20", ()),
        ("cursor-counts-from-the-head", ()),
    ]


def test_a_list_in_another_order_does_not_follow_from_parameters_that_are_not_read() -> None:
    turned = CATALOGUE[::-1]
    for listing in (
        lambda limit, after, before: page(turned, False),
        lambda limit, after, before: answer(turned, limit, None, before),
    ):
        found = named(explored(listing))
        assert ("list-is-newest-first", "list-is-newest-first") in found
        assert len(found) == 2


def test_cursors_that_are_swapped() -> None:
    (found,) = causes(explored(lambda limit, after, before: right(limit, before, after)))
    assert (found.id, found.root.id) == ("cursors-are-swapped", "list-after-id-is-exclusive")


@pytest.mark.parametrize("cursor", ["after_id", "before_id"])
def test_a_cursor_that_is_inclusive(cursor: str) -> None:
    def inclusive(limit: int | None, after: str | None, before: str | None) -> object:
        size = limit or 20
        if after is not None and cursor == "after_id":
            start = IDS.index(after)
            return page(CATALOGUE[start : start + size], start + size < len(CATALOGUE))
        if before is not None and cursor == "before_id":
            end = IDS.index(before) + 1
            return page(CATALOGUE[max(0, end - size) : end], end > size)
        return right(limit, after, before)

    (found,) = causes(explored(inclusive))
    assert (found.id, found.root.id) == ("cursor-is-inclusive", f"list-{cursor.replace('_', '-')}-is-exclusive")
    assert cursor in found.statement


def test_one_model_that_its_own_page_holds_is_no_inclusive_cursor() -> None:
    def once(limit: int | None, after: str | None, before: str | None) -> object:
        if after == IDS[7]:
            return page(CATALOGUE[7 : 7 + (limit or 20)], (limit or 20) + 7 < len(CATALOGUE))
        return right(limit, after, before)

    assert named(explored(once)) == [("list-after-id-is-exclusive", "list-after-id-is-exclusive")]


def test_a_limit_that_is_ignored() -> None:
    (found,) = causes(explored(lambda _, after, before: right(None, after, before)))
    assert (found.id, found.root.id) == ("limit-is-ignored", "list-page-is-within-limit")
    assert "limit=1 is answered with 20 models" in found.statement


def test_a_page_of_one_model_too_many_is_no_ignored_limit() -> None:
    found = named(explored(lambda limit, after, before: right(limit and min(limit + 1, 1000), after, before)))
    assert found == [("list-page-is-within-limit", "list-page-is-within-limit")]


def test_a_server_that_reads_no_parameter() -> None:
    (found,) = causes(explored(lambda *_: right(None, None, None)))
    assert found.id == "no-parameter-is-read"
    assert "the same 20 models" in found.statement


def test_betas_that_change_the_answer() -> None:
    recorder = explored()
    for limit in (None, 5, 10):
        recorder.list(page(CATALOGUE[1 : (limit or 20)], True), limit, betas="files-api-2025-04-14")
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("betas-change-the-answer", "beta-leaves-stable-body-unchanged")
    assert "a list is not" in found.statement


def test_a_member_that_moves() -> None:
    recorder = Recorder()
    for second in range(6):
        now = [Model(name, f"2026-01-01T00:00:{second:02}Z") for name in IDS]
        recorder.list(answer(now, 1000, None, None), 1000)
        recorder.retrieve(IDS[second], now[second].document() | {"created_at": f"2026-01-01T00:01:{second:02}Z"})
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("member-moves", "same-question-same-answer")
    assert found.statement.startswith("created_at of a model")


def test_answers_that_differ() -> None:
    recorder = Recorder()
    for turn in range(8):
        recorder.list(answer(CATALOGUE[turn % 2 :], None, None, None))
        recorder.list(answer(CATALOGUE[turn % 2 :], 5, IDS[7], None), 5, after=IDS[7])
    found = causes(recorder)
    assert found[0].id == "answers-differ"
    assert found[0].root.id == "same-question-same-answer"


def test_a_catalogue_that_changed_once_in_the_run_is_not_to_be_mended() -> None:
    recorder = Recorder()
    for catalogue in (CATALOGUE, CATALOGUE, *[CATALOGUE[:3] + CATALOGUE[4:]] * 2):
        explored(lambda limit, after, before, now=catalogue: answer(now, limit, after, before), recorder)  # type: ignore[misc]
    differing = Case(
        deviations(register()["same-question-same-answer"], [violation("has-other-models", 91, 46, what=Words("x"))]),
        {exchange.number: Reading(exchange) for exchange in recorder.trace},
    )
    assert pattern("catalogue-changed-in-the-run").recognise(differing) is not None
    assert {cause.id for cause in causes(recorder)} <= {"catalogue-changed-in-the-run"}


def test_answers_that_go_to_and_fro_are_no_change_of_the_catalogue() -> None:
    recorder = Recorder()
    for turn in range(8):
        recorder.list(answer(CATALOGUE[turn % 2 :], None, None, None))
    assert "catalogue-changed-in-the-run" not in {cause for cause, _ in named(recorder)}


def pattern(name: str) -> Pattern:
    return next(pattern for pattern in SERVER_PATTERNS if pattern.id == name)


def test_errors_that_are_gzip_and_do_not_say_so() -> None:
    recorder = explored()
    recorder.retrieve(IDS[0], CATALOGUE[0].document())
    for name in ("no-such-a", "no-such-b"):
        recorder.retrieve(name, gzip.compress(json.dumps(NOT_FOUND).encode()), 404)
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("coding-without-its-header", "error-envelope-is-complete")
    assert "gzip (1f 8b)" in found.statement


def test_an_error_envelope_with_status_200() -> None:
    recorder = explored()
    recorder.retrieve(IDS[0], CATALOGUE[0].document())
    for name in ("no-such-a", "no-such-b"):
        recorder.retrieve(name, NOT_FOUND, 200)
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("error-envelope-with-status-200", "retrieve-unknown-is-not-found")


def test_the_shape_of_another_api() -> None:
    foreign = [{"id": name, "object": "model", "created": 1700000000, "owned_by": "us"} for name in IDS]
    recorder = explored(lambda *_: {"object": "list", "data": foreign})
    found = causes(recorder)
    assert (found[0].id, found[0].root.id) == ("openai-shape", "list-envelope-is-complete")
    assert "lists have" in found[0].statement


@pytest.mark.parametrize(
    ("missing", "wrong", "cause", "root"),
    [
        (200, 200, "credentials-are-not-checked", "credentials-missing-is-401"),
        (403, 403, "bad-credentials-have-another-answer", "credentials-wrong-is-401"),
        (401, 200, "credentials-wrong-is-401", "credentials-wrong-is-401"),
    ],
)
def test_credentials_that_are_not_checked(missing: int, wrong: int, cause: str, root: str) -> None:
    bodies = {
        200: right(None, None, None),
        401: {"type": "error", "error": {"type": "authentication_error", "message": "no"}},
        403: {"type": "error", "error": {"type": "permission_error", "message": "no"}},
    }
    recorder = explored()
    without_key(recorder, bodies[missing], missing)
    without_key(recorder, bodies[wrong], wrong, WRONG_KEY)
    assert named(recorder) == [(cause, root)]


def test_a_version_that_is_not_asked_for() -> None:
    recorder = explored()
    recorder.add("/v1/models", right(None, None, None), 200, HEADERS[:1])
    assert named(recorder) == [("version-is-not-checked", "version-missing-is-400")]


def test_the_shape_of_errors_that_come_from_elsewhere_is_no_cause_of_its_own() -> None:
    recorder = explored()
    recorder.retrieve("no-such-a", NOT_FOUND, 404)
    for model in IDS[:4]:
        recorder.retrieve(model, {"detail": "Not Found"}, 404)
    recorder.retrieve(IDS[5], CATALOGUE[5].document())
    (found,) = causes(recorder)
    assert found.root.id == "retrieve-listed-id-succeeds"
    assert found.follow == ("error-envelope-is-complete",)


def test_the_shape_of_all_errors_is_a_cause_of_its_own() -> None:
    recorder = explored()
    recorder.retrieve("no-such-a", {"detail": "Not Found"}, 404)
    recorder.retrieve(IDS[4], {"detail": "Not Found"}, 404)
    recorder.retrieve(IDS[5], CATALOGUE[5].document())
    assert named(recorder) == [
        ("retrieve-listed-id-succeeds", "retrieve-listed-id-succeeds"),
        ("error-envelope-is-complete", "error-envelope-is-complete"),
    ]


def test_every_pattern_is_recognised_by_a_test() -> None:
    of_servers = (
        "test_server_patterns.py",
        "test_route_patterns.py",
        "test_walking_patterns.py",
        "test_answer_patterns.py",
    )
    text = "".join(Path(__file__).with_name(name).read_text("utf-8") for name in of_servers)
    assert [pattern.id for pattern in SERVER_PATTERNS if f'"{pattern.id}"' not in text] == []


FOREIGN_PAGE = {"object": "list", "data": [{"object": "model", "id": model, "owned_by": "x"} for model in IDS]}


def one_page(recorder: Recorder | None = None) -> Recorder:
    """A server that answers every list request with all of its models."""
    return explored(lambda *asked: page(CATALOGUE, False), recorder)


def test_the_list_of_another_api_without_a_version_is_no_other_page() -> None:
    """A gateway that tells two APIs apart by the version still reads no parameter of this one."""
    recorder = one_page()
    recorder.add("/v1/models", FOREIGN_PAGE, 200, HEADERS[:1])
    assert [cause.id for cause in causes(recorder)] == ["no-parameter-is-read", "version-is-not-checked"]


def test_a_cursor_that_is_ignored_beside_a_limit_that_is_ignored_is_not_said_to_honour_it() -> None:
    recorder = explored(lambda limit, after, before: page(CATALOGUE if limit != 2 else CATALOGUE[:-1], False))
    ignored = next(cause for cause in causes(recorder) if cause.id == "cursor-is-ignored")
    assert "limit is honoured" not in ignored.statement


def test_an_error_that_only_odd_requests_meet_comes_after_the_list() -> None:
    """A gateway dies of a request without a key; with one it answers, and reads no parameter."""
    recorder = one_page()
    without_key(recorder, b"Internal Server Error", 500)
    named_causes = [cause.id for cause in causes(recorder)]
    assert named_causes.index("no-parameter-is-read") < named_causes.index("no-input-is-answered-5xx")


def test_what_a_retrieved_model_of_another_api_lacks_is_one_cause() -> None:
    recorder = explored()
    for model in IDS[:4]:
        recorder.retrieve(model, {"object": "model", "id": model, "owned_by": "x"})
    recorder.retrieve("no-such-model", {"error": {"message": "no such model", "type": "model_not_found"}}, 404)
    (found,) = causes(recorder)
    assert (found.id, found.root.id) == ("openai-shape", "model-is-complete")
    assert "error-envelope-is-complete" in found.follow


def test_models_of_this_api_in_the_envelope_of_another_are_no_foreign_list() -> None:
    recorder = explored(lambda *asked: {"object": "list", "has_more": False, "data": page(CATALOGUE, False)["data"]})
    assert named(recorder)[0] == ("list-envelope-is-complete", "list-envelope-is-complete")


def test_errors_of_a_framework_are_not_those_of_another_api() -> None:
    recorder = explored()
    for model in IDS[:4]:
        recorder.retrieve(model, {"object": "model", "id": model, "owned_by": "x"})
    recorder.retrieve("no-such-model", {"detail": "Not Found"}, 404)
    assert [cause.id for cause in causes(recorder)] == ["openai-shape", "error-envelope-is-complete"]


def test_a_server_that_dies_at_the_end_is_no_excuse_for_what_it_answered_before() -> None:
    recorder = explored()
    for model in IDS[:4]:
        recorder.retrieve(model, CATALOGUE[IDS.index(model)].document())
    recorder.retrieve("no-such-model", CATALOGUE[0].document())
    without_key(recorder, page(CATALOGUE[:20], True), 200, WRONG_KEY)
    for target in ("/v1/models/%zz", "/v1/models", "/v1/models"):
        failure = Failure("disconnect", "connection reset by peer")
        recorder.trace.add(Request("GET", "http://test" + target, HEADERS), None, failure)
    assert {cause.id: cause.follow for cause in causes(recorder)} == {
        "response-arrives-whole": (),
        "retrieve-unknown-is-not-found": (),
        "credentials-wrong-is-401": (),
    }
