"""What the caller gets: hidden members and any order of a walk back are innocent, a lost model is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from models_conformance.evidence.driver_calls import CallSpec, ItemsSeen, ModelRetrieved, PageSeen, Raised
from tests.judges.client.builders import (
    LIST,
    UNREADABLE,
    WALK,
    Run,
    asked_list,
    asked_model,
    asked_walk,
    error,
    judged_call,
    list_target,
    model,
    models,
    page,
    saw_items,
    saw_model,
    saw_page,
    seen,
    served,
    stalled,
)

WHOLE = "client-page-holds-every-model"
ONCE = "client-walk-yields-every-model-once"
ORDER = "client-walk-keeps-order"
ENDS = "client-page-keeps-first-and-last-id"
MORE = "client-page-keeps-has-more"
RETRIEVED = "client-retrieve-returns-the-model"
UNTOUCHED = "client-id-is-untouched"
ACCEPTED = "client-answer-is-accepted"
SPELLING = "client-reads-any-json-spelling"
UNKNOWN = "client-tolerates-unknown-fields"
REFUSED = Raised("argument", "BadArgument")
ABC = page(models("a", "b", "c"), True)


def one_page(answer: PageSeen, wire: Mapping[str, Any] = ABC) -> Run:
    return judged_call(LIST, answer, served("/v1/models", wire))


@pytest.mark.parametrize("ids", ["ab", "abcc", "acb", "", "abcd"])
def test_a_page_that_is_not_the_page_is_found(ids: str) -> None:
    run = one_page(PageSeen(tuple(map(seen, models(*ids))), {}))
    assert run.failed == {WHOLE}
    assert run.blamed(WHOLE) == (1,)
    assert run.kinds(WHOLE) == {("differs", "")}


def test_a_library_may_hide_what_stands_beside_the_models() -> None:
    run = one_page(PageSeen(saw_page(ABC).data, {}))
    assert run.failed == set()
    assert (run.verdict(WHOLE), run.verdict(ENDS), run.verdict(MORE)) == ("pass", "inconclusive", "inconclusive")
    assert run.judged[MORE].reason == "the library does not show has_more"


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_ids_of_an_empty_page_may_be_null_or_empty_text(nothing: str | None) -> None:
    run = one_page(PageSeen((), {"first_id": nothing, "last_id": nothing, "has_more": False}), page([]))
    assert run.failed == set()
    assert run.verdict(ENDS) == "pass"


@pytest.mark.parametrize("member", [{"first_id": "c"}, {"last_id": None}, {"last_id": ""}, {"first_id": "a "}])
def test_another_first_or_last_id_is_found(member: dict[str, str | None]) -> None:
    run = one_page(PageSeen(saw_page(ABC).data, member))
    assert run.failed == {ENDS}
    assert run.kinds(ENDS) == {("is-changed", name) for name in member}


def test_the_ids_of_the_envelope_are_those_that_were_sent_and_not_those_of_the_models() -> None:
    wire = {**ABC, "first_id": "x", "last_id": "y"}
    assert one_page(saw_page(wire), wire).failed == set()
    assert one_page(saw_page(ABC), wire).failed == {ENDS}


@pytest.mark.parametrize("value", [False, None, 1, "true"])
def test_another_has_more_is_found(value: object) -> None:
    run = one_page(PageSeen(saw_page(ABC).data, {"has_more": value}))
    assert run.failed == {MORE}
    assert run.kinds(MORE) == {("is-changed", "has_more")}
    assert "None" not in run.text(MORE)


FIRST, SECOND = page(models("a", "b"), True), page(models("c", "d"))


def walked(items: ItemsSeen, spec: CallSpec = WALK) -> Run:
    return judged_call(spec, items, served("/v1/models", FIRST), served(list_target(after_id="b"), SECOND))


@pytest.mark.parametrize("ids", ["abc", "abbcd", "bcd", "abcde"])
def test_a_walk_that_loses_or_repeats_a_model_is_found(ids: str) -> None:
    run = walked(saw_items(models(*ids)))
    assert run.failed == {ONCE}
    assert run.kinds(ONCE) == {("differs", "")}


@pytest.mark.parametrize("ids", ["dcba", "bacd", "cdab"])
def test_a_walk_forward_in_another_order_is_found(ids: str) -> None:
    run = walked(saw_items(models(*ids)))
    assert run.failed == {ORDER}
    assert run.kinds(ORDER) == {("is-in-another-order", "")}


def test_a_walk_that_the_caller_ends_holds_the_beginning() -> None:
    spec = asked_walk(max_items=3)
    assert walked(saw_items(models(*"abc"), truncated=True), spec).failed == set()
    assert walked(saw_items(models(*"abd"), truncated=True), spec).failed == {ONCE}


def walked_back(ids: str, max_items: int = 100) -> Run:
    """From the end of a list `a` to `e`, two pages towards its head."""
    items = saw_items(models(*ids), truncated=max_items < 100)
    near, far = page(models("c", "d"), True), page(models("a", "b"))
    return judged_call(
        asked_walk(max_items, before_id="e"),
        items,
        served(list_target(before_id="e"), near),
        served(list_target(before_id="c"), far),
    )


@pytest.mark.parametrize("ids", ["cdab", "dcba", "abcd"])
def test_a_walk_back_may_keep_pages_or_go_away_from_the_cursor_or_keep_the_list(ids: str) -> None:
    run = walked_back(ids)
    assert run.failed == set()
    assert (run.verdict(ONCE), run.verdict(ORDER)) == ("pass", "pass")


@pytest.mark.parametrize(("ids", "failed"), [("badc", {ORDER}), ("acbd", {ORDER}), ("cdb", {ONCE}), ("dcbb", {ONCE})])
def test_a_walk_back_in_no_such_order_or_with_a_gap_is_found(ids: str, failed: set[str]) -> None:
    assert walked_back(ids).failed == failed


@pytest.mark.parametrize("ids", ["cda", "dcb", "abc"])
def test_a_walk_back_that_the_caller_ends_holds_the_beginning_of_one_of_them(ids: str) -> None:
    assert walked_back(ids, max_items=3).failed == set()
    assert walked_back("bad", max_items=3).failed == {ONCE}


def test_an_alias_answers_with_the_model_it_stands_for() -> None:
    wire = model("claude-20250101")
    request = served("/v1/models/claude", wire)
    assert judged_call(asked_model("claude"), saw_model(wire), request).failed == set()
    relabelled = judged_call(asked_model("claude"), saw_model(model("claude")), request)
    # The display name of the sample is made from its id, and is another one too.
    assert RETRIEVED in relabelled.failed
    assert relabelled.kinds(RETRIEVED) == {("is-another-model", "id")}
    assert "the id that was asked for" in relabelled.text(RETRIEVED)


def test_another_model_of_the_page_is_no_misspelt_id_though_its_id_is_a_part() -> None:
    wire = page(models("claude-0", "l"))
    run = judged_call(asked_walk(1), saw_items(models("l")), served("/v1/models", wire))
    assert UNTOUCHED not in run.failed
    assert ONCE in run.failed


@pytest.mark.parametrize(
    ("sent", "got"), [("é", "e\u0301"), ("a b", "a%20b"), ("a%2Fb", "a/b"), ("Claude", "claude"), (" a", "a")]
)
def test_a_misspelt_id_is_blamed_on_its_spelling_alone(sent: str, got: str) -> None:
    shown = {**seen(model(sent)), "id": got}
    run = one_page(PageSeen((shown,), {}), page([model(sent)]))
    assert run.failed == {UNTOUCHED}
    assert run.kinds(UNTOUCHED) == {("is-changed", "id")}
    run = judged_call(asked_model("x"), ModelRetrieved(shown), served("/v1/models/x", model(sent)))
    assert run.failed == {UNTOUCHED}


def test_ids_that_differ_in_escapes_alone_are_not_misspelt_but_swapped() -> None:
    run = one_page(saw_page(page(models("a/b", "a%2Fb"))), page(models("a%2Fb", "a/b")))
    assert WHOLE in run.failed
    assert UNTOUCHED not in run.failed


def refused(wire: Mapping[str, Any] | bytes, **headers: str) -> set[str]:
    answer_headers = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    request = served("/v1/models", wire, 200, answer_headers)
    accepted = judged_call(LIST, saw_page(page([])), request).judged
    run = judged_call(LIST, UNREADABLE, request)
    failed = run.failed
    assert {kind for name in failed for kind in run.kinds(name)} == {("is-refused", "")}
    # What is blamed for a refusal is what an acceptance passes.
    assert {accepted[name].verdict for name in failed} == {"pass"}
    return failed


def test_a_refused_answer_is_blamed_on_what_is_unusual_about_it() -> None:
    compact = b'{"data":[],"has_more":false,"first_id":null,"last_id":null}'
    assert refused(compact) == {ACCEPTED}
    assert refused(compact.replace(b":", b" : ")) == {SPELLING}
    assert refused(compact, content_type="application/json; charset=utf-8") == {SPELLING}
    assert refused(compact, content_type="Application/JSON") == {"client-reads-a-content-type-in-any-case"}
    assert refused(compact, transfer_encoding="chunked") == {SPELLING}
    assert refused(page([], object="list")) == {UNKNOWN}
    assert refused(page([model("a", owner="x")])) == {UNKNOWN}
    assert refused(page([model("a", "2025-01-01t00:00:00z", owner="x")])) == {"client-created-at-reads-any-spelling"}


def test_what_is_lost_from_an_answer_that_is_written_unusually_is_blamed_on_that_alone() -> None:
    spread = json.dumps(ABC, indent=2).encode()
    lost = {**ABC, "data": [], "has_more": False, "first_id": None, "last_id": None}
    run = judged_call(LIST, saw_page(lost), served("/v1/models", spread))
    assert run.failed == {SPELLING}
    assert run.blamed(SPELLING) == (1,)
    assert run.kinds(SPELLING) == {("loses-models", "")}
    assert judged_call(LIST, saw_page(ABC), served("/v1/models", spread)).failed == set()
    run = Run()
    run.call(LIST, saw_page(lost), served("/v1/models", spread))
    run.call(LIST, saw_page(lost), served("/v1/models", ABC))
    # Who loses models from ordinary answers too does not lose them to the spelling.
    assert WHOLE in run.failed
    assert SPELLING not in run.failed
    wire = model("a")
    nameless = ModelRetrieved({**seen(wire), "id": None})
    spread = json.dumps(wire, indent=2).encode()
    assert judged_call(asked_model("a"), nameless, served("/v1/models/a", spread)).failed == {SPELLING}


@pytest.mark.parametrize(
    "created_at", ["2025-01-01T00:00:00.123456Z", "2025-01-01T00:00:00+05:30", "1970-01-01T00:00:00Z"]
)
def test_a_fraction_an_offset_and_the_epoch_are_nothing_unusual(created_at: str) -> None:
    assert refused(page([model("a", created_at)])) == {ACCEPTED}


@pytest.mark.parametrize("created_at", ["yesterday", "2025-13-45T00:00:00Z", "2025-01-01"])
def test_a_date_that_is_none_may_be_refused_or_kept_as_text(created_at: str) -> None:
    wire = page([model("a", created_at)])
    for answer in (UNREADABLE, saw_page(wire)):
        run = judged_call(LIST, answer, served("/v1/models", wire))
        assert run.failed == set()
        assert run.verdict(ACCEPTED) == "inconclusive"


@pytest.mark.parametrize(
    "spec",
    [
        asked_list(limit=20),
        asked_list(after_id="claude-1"),
        asked_model("claude-1"),
        asked_list(betas=["a-2025-01-01"]),
    ],
)
def test_an_ordinary_call_that_is_refused_before_anything_is_sent_is_found(spec: CallSpec) -> None:
    run = judged_call(spec, REFUSED)
    assert run.failed == {ACCEPTED}
    assert run.kinds(ACCEPTED) == {("is-refused-unsent", "")}
    assert run.judged[ACCEPTED].violations[0].call == 1


@pytest.mark.parametrize(
    "spec",
    [
        asked_list(limit=0),
        asked_list(after_id="a b"),
        asked_list(after_id="a", before_id="b"),
        asked_model("a/b"),
        asked_model(""),
        asked_model(".."),
        asked_list(betas=["a b"]),
    ],
)
def test_an_unusual_call_may_be_refused(spec: CallSpec) -> None:
    assert judged_call(spec, REFUSED).failed == set()


def test_an_error_in_the_end_is_no_refusal_of_the_answer() -> None:
    run = judged_call(LIST, UNREADABLE, served("/v1/models", error(), 500))
    assert run.verdict(ACCEPTED) == "inconclusive"
    run = judged_call(LIST, UNREADABLE, stalled("/v1/models"))
    assert run.verdict(ACCEPTED) == "inconclusive"


def test_a_wrong_cursor_is_not_blamed_a_second_time_for_what_came_of_it() -> None:
    run = judged_call(asked_list(after_id="a"), UNREADABLE, served("/v1/models?after_id=b", ABC))
    assert run.failed == {"client-sends-cursor-as-given"}


def test_an_answer_without_a_request_is_found() -> None:
    run = judged_call(LIST, saw_page(ABC))
    assert run.failed == {"client-call-is-independent"}
    assert run.kinds("client-call-is-independent") == {("is-kept-from-earlier", "")}
    assert run.judged["client-call-is-independent"].violations[0].call == 1
