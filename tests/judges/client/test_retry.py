"""What a client repeats: an unheard request may go out once more, a refused one never, and every wait has a floor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.evidence.driver_calls import Answer, CallSpec, DriverFailure, Raised
from tests.judges.client.builders import (
    CONNECTION,
    HEADERS,
    LIST,
    TIMED_OUT,
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
    saw_page,
    served,
    stalled,
    status_error,
)

NO_MORE = "client-retries-no-more-than-told"
END = "client-retries-come-to-an-end"
REFUSED = "client-never-retries-a-refused-request"
SAME = "client-retry-repeats-the-request"
WAITS = "client-honours-retry-after"
TIMEOUT = "client-timeout-ends-a-stalled-answer"
PAGE = page(models("a"))
GOT = saw_page(PAGE)
HUNG = DriverFailure("hang", "gave no answer")


def spec(max_retries: int | None = 2, **args: object) -> CallSpec:
    return replace(LIST, args=args, max_retries=max_retries)


def failing(status: int = 500, target: str = "/v1/models", **more: object) -> Wire:
    return served(target, error(), status, **more)  # type: ignore[arg-type]


def fine(target: str = "/v1/models", **more: object) -> Wire:
    return served(target, PAGE, **more)  # type: ignore[arg-type]


def gave_up(status: int = 500) -> Raised:
    return status_error(status, "api_error")


@pytest.mark.parametrize(("most", "attempts"), [(0, 1), (1, 2), (2, 3), (2, 1)])
def test_as_many_repetitions_as_told_or_fewer_pass(most: int, attempts: int) -> None:
    run = judged_call(spec(most), gave_up(), *[failing()] * attempts)
    assert (run.failed, run.verdict(NO_MORE)) == (set(), "pass")


@pytest.mark.parametrize(("most", "attempts"), [(0, 2), (1, 3), (2, 5)])
def test_more_repetitions_than_told_are_found(most: int, attempts: int) -> None:
    run = judged_call(spec(most), gave_up(), *[failing()] * attempts)
    assert run.failed == {NO_MORE}
    assert run.blamed(NO_MORE) == tuple(range(1, most + 3))
    assert run.kinds(NO_MORE) == {("is-repeated-too-often", "")}


def test_a_request_that_nobody_answered_may_go_out_once_more() -> None:
    unheard = dropped("/v1/models")
    assert judged_call(spec(0), CONNECTION, unheard, unheard).failed == set()
    assert judged_call(spec(0), CONNECTION, unheard, unheard, unheard).failed == {NO_MORE}
    assert judged_call(spec(0), GOT, unheard, fine()).failed == set()


def test_an_answer_that_began_or_stalled_is_no_unheard_request() -> None:
    begun = dropped("/v1/models", b'{"data"')
    assert judged_call(spec(0), CONNECTION, begun, begun).failed == {NO_MORE}
    silent = stalled("/v1/models")
    assert judged_call(spec(0), TIMED_OUT, silent, silent).failed == {NO_MORE}


def test_each_page_of_a_walk_has_its_own_repetitions() -> None:
    first = page(models("a", "b"), True)
    later = list_target(after_id="b")
    steps = (failing(), served("/v1/models", first), failing(529, later), served(later, page(models("c"))))
    walk = replace(spec(1), walk=True)
    assert judged_call(walk, saw_items(models(*"abc")), *steps).failed == set()


def test_what_follows_a_redirect_is_no_repetition() -> None:
    there = served("/v1/models", "", 307, (("location", "/v1/models"),))
    run = judged_call(spec(0), GOT, there, fine())
    assert run.failed == set()
    assert run.verdict(SAME) == "inconclusive"


def test_a_policy_of_its_own_has_to_end() -> None:
    run = judged_call(spec(None), gave_up(), *[failing()] * 20)
    assert (run.failed, run.verdict(END), run.verdict(NO_MORE)) == (set(), "pass", "inconclusive")
    for endless in (
        judged_call(spec(None), gave_up(), *[failing()] * 21),
        judged_call(spec(None), HUNG, *[failing()] * 2),
    ):
        assert endless.failed == {END}
        assert endless.kinds(END) == {("never-gives-up", "")}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413])
def test_what_no_repetition_changes_is_not_repeated(status: int) -> None:
    once = judged_call(spec(), gave_up(status), failing(status))
    assert (once.failed, once.verdict(REFUSED)) == (set(), "pass")
    again = judged_call(spec(), gave_up(status), failing(status), failing(status))
    assert again.failed == {REFUSED}
    assert again.blamed(REFUSED) == (2, 1)
    assert again.kinds(REFUSED) == {("repeats-a-refusal", "")}


def test_without_retries_nothing_says_what_is_never_repeated() -> None:
    assert judged_call(spec(0), gave_up(404), failing(404)).verdict(REFUSED) == "inconclusive"


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503, 529])
@pytest.mark.parametrize("repeats", [False, True])
def test_whether_anything_else_is_repeated_is_noted_and_not_judged(status: int, repeats: bool) -> None:
    sent = (failing(status), fine()) if repeats else (failing(status),)
    run = judged_call(spec(), GOT if repeats else gave_up(status), *sent)
    assert run.failed == set()
    (note,) = run.judged["client-retries-by-status"].notes
    assert (note.about, note.did) == (f"status {status}", "is retried" if repeats else "is not retried")


@pytest.mark.parametrize(
    "again",
    [
        {"target": "/v1/models?limit=2&after_id=a%20b"},
        {"target": "/v1/models?after_id=a+b&limit=2"},
        {"headers": (*HEADERS, ("anthropic-beta", "y"), ("anthropic-beta", "x"), ("x-stainless-retry-count", "1"))},
    ],
)
def test_a_repetition_may_be_spelt_in_another_way(again: dict[str, object]) -> None:
    target, headers = "/v1/models?after_id=a%20b&limit=2", (*HEADERS, ("anthropic-beta", "x,y"))
    call = spec(limit=2, after_id="a b", betas=["x", "y"])
    second = fine(**{"target": target, "headers": headers, **again})  # type: ignore[arg-type]
    run = judged_call(call, GOT, failing(target=target, headers=headers), second)
    assert (run.failed, run.verdict(SAME)) == (set(), "pass")


@pytest.mark.parametrize(
    ("again", "also"),
    [
        ({"target": "/v1/models"}, set()),
        ({"target": "/v1/models?limit=3"}, set()),
        ({"target": "/v1/models?limit=2&attempt=2"}, set()),
        ({"target": "/v1/models/?limit=2"}, {"client-requests-documented-path"}),
        ({"method": "POST"}, {"client-uses-get"}),
        ({"headers": HEADERS}, set()),
        ({"headers": (HEADERS[0], ("anthropic-version", "2026-10-21"), ("anthropic-beta", "x"))}, set()),
    ],
)
def test_a_repetition_that_asks_something_else_is_found(again: dict[str, object], also: set[str]) -> None:
    target, headers = "/v1/models?limit=2", (*HEADERS, ("anthropic-beta", "x"))
    second = fine(**{"target": target, "headers": headers, **again})  # type: ignore[arg-type]
    run = judged_call(spec(limit=2, betas=["x"]), GOT, failing(target=target, headers=headers), second)
    assert run.failed == {SAME} | also
    assert run.blamed(SAME) == (2, 1)
    assert run.kinds(SAME) == {("repeats-another-request", "")}


def waited(seconds: float, seconds_given: str, status: int = 429) -> Run:
    """The answer took half a second, and so long after its end the request was repeated."""
    first = failing(status, answer_headers=(("retry-after", seconds_given),), at=100.0, seconds=0.5)
    return judged_call(spec(), GOT, first, fine(at=100.5 + seconds))


@pytest.mark.parametrize("seconds", [0.9, 1.0, 1.5, 60.0])
def test_a_repetition_may_come_later_and_as_early_as_clocks_are_sharp(seconds: float) -> None:
    run = waited(seconds, "1")
    assert (run.failed, run.verdict(WAITS)) == (set(), "pass")


@pytest.mark.parametrize("seconds", [0.0, 0.5, 0.89])
@pytest.mark.parametrize("status", [429, 503, 529])
def test_a_repetition_before_its_time_is_found(seconds: float, status: int) -> None:
    run = waited(seconds, "1", status)
    assert run.failed == {WAITS}
    assert run.blamed(WAITS) == (2, 1)
    assert run.kinds(WAITS) == {("repeats-too-early", "retry-after")}


@pytest.mark.parametrize("seconds_given", ["0", "soon", "", "-1", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_wait_of_none_no_number_or_a_past_date_is_not_judged(seconds_given: str) -> None:
    assert waited(0.0, seconds_given).verdict(WAITS) == "inconclusive"


@pytest.mark.parametrize("value", ["61", "86400", "Thu, 31 Dec 2099 23:59:59 GMT"])
def test_what_is_too_long_to_wait_for_is_no_leave_to_repeat_at_once(value: str) -> None:
    assert waited(1.0, value).failed == {WAITS}
    ended = judged_call(spec(), gave_up(429), failing(429, answer_headers=(("retry-after", value),)))
    assert ended.failed == set()


def test_a_call_that_does_not_end_although_the_server_has_answered_is_the_clients_fault() -> None:
    run = judged_call(spec(), HUNG, failing(429, answer_headers=(("retry-after", "86400"),)))
    assert run.failed == {END}
    assert run.kinds(END) == {("never-ends", "")}
    assert judged_call(spec(0), HUNG, fine()).failed == {END}


DATES = (("date", "Mon, 02 Mar 2026 10:00:00 GMT"), ("retry-after", "Mon, 02 Mar 2026 10:00:03 GMT"))


@pytest.mark.parametrize(("seconds", "failed"), [(0.5, {WAITS}), (1.8, {WAITS}), (2.0, set()), (3.0, set())])
def test_a_date_is_measured_from_that_of_its_answer(seconds: float, failed: set[str]) -> None:
    first = failing(429, answer_headers=DATES, at=100.0, seconds=0.5)
    run = judged_call(spec(), GOT, first, fine(at=100.5 + seconds))
    assert run.failed == failed
    if failed:
        assert "(the date 2 s ahead)" in run.text(WAITS)
    # Without the hour of the answer a date says nothing.
    alone = failing(429, answer_headers=DATES[1:], at=100.0, seconds=0.5)
    assert judged_call(spec(), GOT, alone, fine(at=100.5)).verdict(WAITS) == "inconclusive"


@pytest.mark.parametrize("value", ["61", "3600"])
def test_who_waits_for_up_to_an_hour_does_as_told(value: str) -> None:
    run = judged_call(spec(), HUNG, failing(429, answer_headers=(("retry-after", value),)))
    assert (run.failed, run.verdict(WAITS)) == (set(), "pass")


def test_a_walk_that_is_not_through_in_time_may_be_slow() -> None:
    more = served("/v1/models", page(models("a"), True))
    assert judged_call(asked_walk(), HUNG, more).failed == set()
    assert judged_call(asked_walk(), HUNG, served("/v1/models", page(models("a")))).failed == {END}


def test_a_call_that_hangs_after_its_last_repetition_does_not_end() -> None:
    assert judged_call(spec(1), HUNG, failing(429), failing(429)).failed == {END}


@pytest.mark.parametrize("judge", [WAITS, SAME])
def test_a_client_that_never_repeats_is_not_judged_by_how_it_does(judge: str) -> None:
    first = failing(429, answer_headers=(("retry-after", "1"),))
    assert judged_call(spec(), gave_up(429), first).verdict(judge) == "not-applicable"
    # Where nothing called for a repetition, nobody knows.
    assert judged_call(spec(0), gave_up(429), first).verdict(judge) == "inconclusive"
    assert judged_call(spec(), gave_up(404), failing(404)).verdict(judge) == "inconclusive"


@pytest.mark.parametrize("part", [None, b'{"data"'])
@pytest.mark.parametrize(
    ("answer", "verdict"), [(TIMED_OUT, "pass"), (CONNECTION, "pass"), (HUNG, "fail"), (GOT, "fail")]
)
def test_a_timeout_ends_an_answer_that_stalls(part: bytes | None, answer: Answer, verdict: str) -> None:
    run = judged_call(spec(0), answer, stalled("/v1/models", part))
    assert run.verdict(TIMEOUT) == verdict
    assert run.failed == (set() if verdict == "pass" else {TIMEOUT})
    if verdict == "fail":
        assert run.kinds(TIMEOUT) == {("never-ends" if answer is HUNG else "is-a-value", "")}


def test_a_driver_that_died_while_an_answer_stalled_says_nothing_of_timeouts() -> None:
    run = judged_call(spec(0), DriverFailure("exit", "ended with status 1"), stalled("/v1/models"))
    assert (run.failed, run.verdict(TIMEOUT)) == (set(), "inconclusive")
