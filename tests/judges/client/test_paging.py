"""How a client walks: prefetch, short pages and either direction are innocent, a lost or endless walk is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.evidence.driver_calls import Answer, CallSpec, DriverFailure
from tests.judges.client.builders import (
    HEADERS,
    HELLO,
    UNREADABLE,
    WALK,
    Run,
    Wire,
    asked_walk,
    dropped,
    error,
    judged_call,
    list_target,
    models,
    page,
    saw_items,
    served,
    status_error,
)

FORWARD = "client-walk-forward-follows-last-id"
BACKWARD = "client-walk-backward-follows-first-id"
ONE_CURSOR = "client-walk-sends-one-cursor"
STOPS = "client-walk-stops-at-the-end"
GOES_ON = "client-walk-goes-on-while-has-more"
FAILS = "client-walk-fails-with-a-failing-page"
ENDS = "client-walk-ends-where-the-cursor-stands-still"
KEEPS_LIMIT = "client-walk-keeps-limit"
KEEPS_BETAS = "client-walk-keeps-betas"
WALKING = {FORWARD, BACKWARD, ONE_CURSOR, STOPS, GOES_ON, FAILS, ENDS, KEEPS_LIMIT, KEEPS_BETAS}
ABC = models("a", "b", "c")
FIRST, SECOND = page(ABC[:2], True), page(ABC[2:])
HUNG = DriverFailure("hang", "gave no answer")


def start(**parameters: str | int) -> Wire:
    return served(list_target(**parameters), FIRST)


def end(**parameters: str | int) -> Wire:
    return served(list_target(**parameters), SECOND)


def walked(*sent: Wire, spec: CallSpec = WALK, answer: Answer | None = None) -> Run:
    return judged_call(spec, answer or saw_items(ABC), *sent)


def test_a_walk_in_two_pages_is_judged_and_innocent() -> None:
    run = walked(start(limit=2), end(limit=2, after_id="b"), spec=asked_walk(limit=2))
    assert run.failed == set()
    passed = {FORWARD, ONE_CURSOR, STOPS, GOES_ON, KEEPS_LIMIT}
    assert {name for name in WALKING if run.verdict(name) == "pass"} == passed


def test_a_library_that_does_not_walk_is_not_judged_by_walks() -> None:
    run = Run(replace(HELLO, capabilities=frozenset({"betas"})))
    assert {run.verdict(name) for name in WALKING} == {"not-applicable"}
    without_betas = Run(replace(HELLO, capabilities=frozenset({"walk"})))
    assert {name for name in WALKING if without_betas.verdict(name) == "not-applicable"} == {KEEPS_BETAS}


def test_where_a_library_could_walk_and_did_not_nothing_is_said() -> None:
    assert {Run().verdict(name) for name in WALKING} == {"inconclusive"}


@pytest.mark.parametrize(
    ("then", "failed"),
    [
        ({"before_id": "a"}, {FORWARD}),
        ({"after_id": "a"}, {FORWARD}),
        ({}, {FORWARD}),
        ({"after_id": "b", "before_id": "a"}, {ONE_CURSOR}),
    ],
)
def test_a_walk_that_asks_for_another_page_is_found(then: dict[str, str | int], failed: set[str]) -> None:
    run = walked(start(), end(**then))
    assert run.failed == failed


def test_the_proof_of_a_wrong_cursor_is_the_request_and_the_page_before_it() -> None:
    assert walked(start(), end(after_id="a")).blamed(FORWARD) == (2, 1)


def test_a_cursor_of_the_next_page_that_is_sent_twice_is_two_cursors() -> None:
    run = walked(start(), served("/v1/models?after_id=b&after_id=b", SECOND))
    assert run.failed == {FORWARD, ONE_CURSOR}


def test_a_cursor_that_was_made_a_list_is_told_as_it_was_sent() -> None:
    run = walked(start(), served("/v1/models?after_id%5B%5D=a&after_id%5B%5D=b", SECOND))
    assert run.failed == {FORWARD, ONE_CURSOR}
    assert run.kinds(FORWARD) == {("repeats-the-cursor", "after_id")}
    assert run.text(FORWARD).endswith('asks for after_id[]="a" and after_id[]="b"')


def test_a_limit_that_was_made_a_list_is_told_as_it_was_sent() -> None:
    later = served("/v1/models?limit%5B0%5D=2&limit%5B1%5D=2&after_id=b", SECOND)
    run = walked(start(limit=2), later, spec=asked_walk(limit=2))
    assert run.text(KEEPS_LIMIT).endswith('is asked for without limit, limit[0]="2" and limit[1]="2" instead')


@pytest.mark.parametrize(
    ("then", "kind"),
    [({"after_id": "c"}, "goes-on"), ({"before_id": "a"}, "goes-on-elsewhere"), ({}, "goes-on-elsewhere")],
)
def test_who_asks_behind_the_end_with_the_right_cursor_ignores_has_more(then: dict[str, str], kind: str) -> None:
    run = walked(start(), end(after_id="b"), served(list_target(**then), page([])))
    assert run.failed == {STOPS}
    assert run.kinds(STOPS) == {(kind, "has_more")}


def test_what_was_got_behind_the_end_was_not_made_up() -> None:
    again = served(list_target(after_id="c"), FIRST)
    run = walked(start(), end(after_id="b"), again, answer=saw_items(models("a", "b", "c", "a", "b")))
    assert run.failed == {STOPS}
    lost = walked(start(), end(after_id="b"), again, answer=saw_items(models("a", "c", "a", "b")))
    assert lost.failed == {STOPS, "client-walk-yields-every-model-once"}


def backward(*sent: Wire, spec: CallSpec | None = None) -> Run:
    return walked(*sent, spec=spec or asked_walk(before_id="d"), answer=saw_items(models("b", "c", "a")))


NEAREST, FARTHEST = page(models("b", "c"), True), page(models("a"))


def test_a_walk_back_follows_the_first_id() -> None:
    run = backward(served(list_target(before_id="d"), NEAREST), served(list_target(before_id="b"), FARTHEST))
    assert run.failed == set()
    assert (run.verdict(BACKWARD), run.verdict(FORWARD)) == ("pass", "inconclusive")


@pytest.mark.parametrize(
    ("then", "failed"),
    [
        ({"after_id": "c"}, {BACKWARD}),
        ({"before_id": "c"}, {BACKWARD}),
        ({"before_id": "b", "after_id": "c"}, {ONE_CURSOR}),
    ],
)
def test_a_walk_back_that_turns_round_is_found(then: dict[str, str | int], failed: set[str]) -> None:
    run = backward(served(list_target(before_id="d"), NEAREST), served(list_target(**then), FARTHEST))
    assert run.failed == failed


def test_a_walk_that_was_given_both_cursors_may_send_both() -> None:
    spec = asked_walk(after_id="0", before_id="9")
    both = list_target(after_id="0", before_id="9")
    run = walked(served(both, FIRST), end(after_id="b", before_id="9"), spec=spec)
    assert run.failed == set()


@pytest.mark.parametrize("limit", [{}, {"limit": 1}, {"limit": 20}])
def test_a_limit_that_is_lost_on_a_later_page_is_found(limit: dict[str, str | int]) -> None:
    run = walked(start(limit=2), end(**limit, after_id="b"), spec=asked_walk(limit=2))
    assert run.failed == {KEEPS_LIMIT}
    assert run.blamed(KEEPS_LIMIT) == (2,)


@pytest.mark.parametrize(
    ("lines", "verdict"), [(("x,y",), "pass"), (("y", "x"), "pass"), (("x",), "fail"), ((), "fail")]
)
def test_every_beta_rides_on_every_page(lines: tuple[str, ...], verdict: str) -> None:
    first = served("/v1/models", FIRST, headers=(*HEADERS, ("anthropic-beta", "x,y")))
    later = (*HEADERS, *(("anthropic-beta", line) for line in lines))
    run = walked(first, served(list_target(after_id="b"), SECOND, headers=later), spec=asked_walk(betas=["x", "y"]))
    assert run.verdict(KEEPS_BETAS) == verdict
    assert run.failed == (set() if verdict == "pass" else {KEEPS_BETAS})


def test_a_request_after_the_end_is_found_with_the_page_that_said_so() -> None:
    run = walked(start(), end(after_id="b"), served(list_target(after_id="c"), page([])))
    assert run.failed == {STOPS}
    assert run.blamed(STOPS) == (3, 2)


def test_a_walk_that_stops_at_a_short_page_is_found() -> None:
    run = walked(start(limit=5), spec=asked_walk(limit=5), answer=saw_items(ABC[:2]))
    assert run.failed == {GOES_ON}
    assert "holds 2 models of a limit of 5" in run.text(GOES_ON)


def test_a_caller_who_wants_no_more_ends_a_walk_early() -> None:
    run = walked(start(), spec=asked_walk(max_items=2), answer=saw_items(ABC[:2], truncated=True))
    assert run.failed == set()


@pytest.mark.parametrize(
    "ahead",
    [end(after_id="b"), served(list_target(after_id="b"), error(), 500), dropped(list_target(after_id="b"))],
)
def test_a_library_may_ask_one_page_ahead_of_its_caller_whatever_becomes_of_it(ahead: Wire) -> None:
    run = walked(start(), ahead, spec=asked_walk(max_items=2), answer=saw_items(ABC[:2], truncated=True))
    assert run.failed == set()


@pytest.mark.parametrize(
    "later",
    [
        served(list_target(after_id="b"), error(), 500),
        served(list_target(after_id="b"), "<html>", 200, (("content-type", "text/html"),)),
        served(list_target(after_id="b"), ""),
        dropped(list_target(after_id="b")),
        dropped(list_target(after_id="b"), b'{"data": ['),
    ],
    ids=["refused", "web page", "nothing", "closed", "cut"],
)
def test_a_later_page_that_fails_is_an_error_and_no_short_list(later: Wire) -> None:
    raised = walked(start(), later, answer=replace(status_error(500, "api_error"), items_before=()))
    short = walked(start(), later, answer=saw_items(ABC[:2]))
    assert (raised.failed, raised.verdict(FAILS)) == (set(), "pass")
    assert short.failed == {FAILS}
    assert short.blamed(FAILS) == (2,)


def test_a_later_page_of_another_shape_is_for_the_judge_of_unreadable_answers() -> None:
    run = walked(start(), served(list_target(after_id="b"), {"object": "list"}), answer=saw_items(ABC[:2]))
    assert run.failed == {"client-unreadable-answer-is-an-error"}
    assert run.verdict(FAILS) == "inconclusive"


def test_a_retried_page_is_one_step_of_the_walk() -> None:
    refused = served(list_target(after_id="b"), error(), 529)
    run = walked(start(), refused, end(after_id="b"), spec=replace(WALK, max_retries=2))
    assert run.failed == set()
    assert run.verdict(FORWARD) == "pass"


def stuck(times: int, answer: Answer) -> Run:
    again = [served(list_target(after_id="b"), FIRST) for _ in range(times)]
    return walked(start(), *again, answer=answer)


@pytest.mark.parametrize("answer", [UNREADABLE, saw_items(ABC[:2]), saw_items([*ABC[:2], *ABC[:2]])])
def test_a_cursor_that_stands_still_may_end_a_walk_in_any_way(answer: Answer) -> None:
    run = stuck(2, answer)
    assert run.failed == set()
    assert run.verdict(ENDS) == "pass"


def test_a_walk_that_goes_on_for_ever_is_found_in_few_requests() -> None:
    run = stuck(9, saw_items([*ABC[:2]] * 10, truncated=True))
    assert run.failed == {ENDS}
    assert len(run.blamed(ENDS)) == 3
    assert stuck(1, HUNG).failed == {ENDS}


def test_an_empty_page_that_claims_more_ends_a_walk_in_any_way() -> None:
    empty = served(list_target(after_id="b"), page([], True))
    for answer in (UNREADABLE, saw_items(ABC[:2])):
        assert walked(start(), empty, answer=answer).failed == set()


def test_a_driver_that_was_lost_says_nothing_about_where_a_walk_ends() -> None:
    run = walked(start(), end(after_id="b"), answer=DriverFailure("exit", "ended with status 1"))
    assert run.failed == set()
    assert run.verdict(STOPS) == "inconclusive"
