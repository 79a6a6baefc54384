"""Members as they were sent: dates as text, a clock of milliseconds and hidden members are innocent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models_conformance.evidence.driver_calls import PageSeen
from tests.judges.client.builders import (
    HELLO,
    LIST,
    Run,
    asked_model,
    judged_call,
    model,
    page,
    saw_model,
    seen,
    served,
)

INSTANT = "client-created-at-is-the-same-instant"
MICROSECONDS = "client-created-at-keeps-microseconds"
SPELLING = "client-created-at-reads-any-spelling"
NAME = "client-display-name-is-untouched"
TYPE = "client-type-is-untouched"
EXTRA = "client-extra-fields-are-faithful"
MIDNIGHT = "2025-01-01T00:00:00Z"


def shown(wire: dict[str, Any], **changes: Any) -> Run:
    """One model of a page, which the caller has with these members changed, or without those that are None."""
    members = {name: value for name, value in {**seen(wire), **changes}.items() if value is not None}
    body = page([wire])
    return judged_call(LIST, PageSeen((members,), {"has_more": False}), served("/v1/models", body))


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        (MIDNIGHT, "2024-12-31T22:00:00-02:00"),
        (MIDNIGHT, "2025-01-01T00:00:00.000000+00:00"),
        ("2025-01-01T05:30:00+05:30", MIDNIGHT),
        ("2025-01-01T00:00:00.123456Z", "2025-01-01T00:00:00.123456Z"),
        ("2025-01-01T00:00:00.123456789Z", "2025-01-01T00:00:00.123456Z"),
        ("2025-01-01t00:00:00z", "2025-01-01t00:00:00z"),
        ("2025-01-01 00:00:00Z", MIDNIGHT),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
    ],
)
def test_the_same_instant_may_be_shown_in_any_spelling(sent: str, got: str) -> None:
    assert shown(model("a", sent), created_at=got).failed == set()


def test_a_clock_of_milliseconds_keeps_the_instant_and_loses_the_rest() -> None:
    run = shown(model("a", "2025-01-01T00:00:00.123456Z"), created_at="2025-01-01T00:00:00.123Z")
    assert run.failed == {MICROSECONDS}
    assert run.kinds(MICROSECONDS) == {("loses-its-fraction", "created_at")}
    assert run.verdict(INSTANT) == "pass"
    assert shown(model("a", "2025-01-01T00:00:00.123Z"), created_at="2025-01-01T00:00:00.123Z").failed == set()
    rounded = shown(model("a", "2025-01-01T00:00:00.999900Z"), created_at="2025-01-01T00:00:01.000Z")
    assert rounded.failed == {MICROSECONDS}


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        (MIDNIGHT, "2025-01-01T00:00:01Z"),
        (MIDNIGHT, "2025-01-01T00:00:00.001Z"),
        (MIDNIGHT, "2025-01-01T00:00:00+01:00"),
        (MIDNIGHT, "2025-01-01"),
        (MIDNIGHT, 1735689600),
        ("2025-01-01T05:30:00+05:30", "2025-01-01T05:30:00Z"),
        ("2025-01-01T00:00:00.5Z", MIDNIGHT),
        ("1970-01-01T00:00:00Z", MIDNIGHT),
    ],
)
def test_another_instant_is_found(sent: str, got: object) -> None:
    run = shown(model("a", sent), created_at=got)
    assert run.failed == {INSTANT}
    assert run.blamed(INSTANT) == (1,)
    assert run.kinds(INSTANT) == {("is-another-instant", "created_at")}


@pytest.mark.parametrize("sent", ["2025-01-01t00:00:00z", "2025-01-01 00:00:00Z", "2025-01-01T00:00:00.1234567Z"])
def test_a_rare_spelling_that_is_misread_is_blamed_on_the_spelling(sent: str) -> None:
    run = shown(model("a", sent), created_at="2025-01-02T00:00:00Z")
    assert run.failed == {SPELLING}
    assert run.kinds(SPELLING) == {("is-misread", "created_at")}


@pytest.mark.parametrize("member", ["created_at", "display_name", "type", "extra"])
def test_a_library_may_hide_a_member(member: str) -> None:
    run = shown(model("a", owner="x"), **{member: None})
    assert run.failed == set()
    judge = {"created_at": INSTANT, "display_name": NAME, "type": TYPE, "extra": EXTRA}[member]
    assert run.verdict(judge) == "inconclusive"


@pytest.mark.parametrize(
    ("sent", "got"),
    [("Claude é", "Claude e\u0301"), ("Claude ", "Claude"), ("a\u0000b", "ab"), ("&amp;", "&"), ("😀", "�")],
)
def test_a_display_name_that_was_touched_is_found(sent: str, got: str) -> None:
    assert shown({**model("a"), "display_name": sent}).failed == set()
    run = shown({**model("a"), "display_name": sent}, display_name=got)
    assert run.failed == {NAME}
    assert run.kinds(NAME) == {("is-changed", "display_name")}


def test_another_type_is_found() -> None:
    run = shown(model("a"), type="ModelInfo")
    assert run.failed == {TYPE}
    assert run.kinds(TYPE) == {("is-changed", "type")}
    assert run.text(TYPE) == 'type of "a" is "model" in the answer and "ModelInfo" to the caller'


@pytest.mark.parametrize(("language", "failed"), [("python", {EXTRA}), ("go", {EXTRA}), ("typescript", set())])
def test_integers_keep_their_digits_where_the_language_has_integers(language: str, failed: set[str]) -> None:
    sent = model("a", n=2**53 + 1, nested={"listed": [2**63 - 1]})
    got = {"n": 2**53, "nested": {"listed": [2**63 - 1]}}
    saw = replace(saw_model(sent), model={**seen(sent), "extra": got})
    run = judged_call(asked_model("a"), saw, served("/v1/models/a", sent), hello=replace(HELLO, language=language))
    assert run.failed == failed
    assert run.kinds(EXTRA) == ({("loses-digits", "")} if failed else set())


@pytest.mark.parametrize(("same", "failed"), [({"{}", "[]"}, set()), ({"[]"}, {EXTRA}), (set(), {EXTRA})])
def test_an_empty_object_is_an_empty_list_where_the_driver_says_so(same: set[str], failed: set[str]) -> None:
    sent = model("a", o={}, nested={"l": []})
    saw = replace(saw_model(sent), model={**seen(sent), "extra": {"o": [], "nested": {"l": {}}}})
    hello = replace(HELLO, same=frozenset(same))
    assert judged_call(asked_model("a"), saw, served("/v1/models/a", sent), hello=hello).failed == failed


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"n": 1, "x": None}, {"n": 1}),
        ({"n": 1}, {"n": 1, "of_a_later_release": 5}),
        ({"n": 1}, {"n": 1.0}),
        ({"o": {"a": 1, "unknown": 2}}, {"o": {"a": 1, "known": None}}),
        ({"at": "2025-01-01T02:00:00+02:00"}, {"at": MIDNIGHT}),
        ({"l": [1, {"a": None}]}, {"l": [1, {"a": None}]}),
    ],
)
def test_what_a_typed_library_makes_of_extra_members_is_innocent(sent: dict[str, Any], got: dict[str, Any]) -> None:
    assert EXTRA not in shown(model("a", **sent), extra=got).failed


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"n": 2**33}, {"n": 0}),
        ({"n": 2**53 - 1}, {"n": 2**53}),
        ({"n": 1}, {"n": "1"}),
        ({"n": 1}, {"n": True}),
        ({"b": False}, {"b": None}),
        ({"x": None}, {"x": False}),
        ({"l": [1, 2]}, {"l": [1]}),
        ({"o": {"a": 1}}, {"o": {"a": 2}}),
        ({"o": {"a": 1}}, {"o": "{'a': 1}"}),
    ],
)
def test_an_extra_member_of_another_value_is_found(sent: dict[str, Any], got: dict[str, Any]) -> None:
    run = shown(model("a", **sent), extra=got)
    assert run.failed == {EXTRA}
    # Whatever the member is called: its name may be made up.
    assert run.kinds(EXTRA) == {("is-changed", "")}
    assert f'"{next(iter(sent))}" of "a"' in run.text(EXTRA)


@pytest.mark.parametrize(("sent", "got"), [({"o": {}}, {"o": []}), ({"l": [[]]}, {"l": [{}]})])
def test_a_language_that_has_one_empty_value_is_told_where_to_say_so(sent: dict[str, Any], got: dict[str, Any]) -> None:
    assert shown(model("a", **sent), extra=got).kinds(EXTRA) == {("mistakes-an-empty", "")}


@pytest.mark.parametrize(
    ("sent", "got", "failed"),
    [
        ({"maxContext": 1}, {"maxcontext": 1}, {("is-renamed", "")}),
        ({" Padded ": 1}, {"Padded": 1}, {("is-renamed", "")}),
        ({"e\u0301tat": 1}, {"\u00e9tat": 1}, {("is-renamed", "")}),
        ({"plan": {"Seats": 2}}, {"plan": {"seats": 2}}, {("is-changed", "")}),
        # Another way to write names is a library's own, and so are members of its own.
        ({"maxContext": 1}, {"max_context": 1}, set()),
        ({"maxContext": 1}, {"maxContext": 1, "maxcontext": 1, "ID": "a"}, set()),
    ],
)
def test_a_member_keeps_its_name(sent: dict[str, Any], got: dict[str, Any], failed: set[tuple[str, str]]) -> None:
    assert shown(model("a", **sent), extra=got).kinds(EXTRA) == failed


def test_members_are_compared_with_those_of_the_same_model() -> None:
    first, second = {**model("a"), "display_name": "One"}, {**model("b"), "display_name": "Two"}
    turned = (seen(second), seen(first))
    run = judged_call(LIST, PageSeen(turned, {}), served("/v1/models", page([first, second])))
    assert run.failed == {"client-page-holds-every-model"}


def test_the_only_model_of_a_retrieval_is_compared_whatever_its_id_became() -> None:
    wire, other = model("a"), {**model("b"), "display_name": "A"}
    run = judged_call(asked_model("a"), saw_model(other), served("/v1/models/a", wire))
    assert run.failed == {"client-retrieve-returns-the-model"}
    assert run.verdict(NAME) == "pass"
