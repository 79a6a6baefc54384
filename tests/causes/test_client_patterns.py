"""Each pattern of clients is recognised by what it is about, and not by its neighbour."""

from __future__ import annotations

from pathlib import Path

from models_conformance.causes.client import CLIENT_PATTERNS
from models_conformance.causes.explaining import causes_of
from models_conformance.evidence.exchange import Exchange, Request, Response
from models_conformance.evidence.particulars import Value, Words
from models_conformance.judges.judgement import Violation
from models_conformance.requirements.register import register, register_of
from tests.test_templates import OCTOBER

LIMIT, CURSOR, KEEPS = "client-sends-limit-as-given", "client-sends-cursor-as-given", "client-walk-keeps-limit"
FOLLOWS = "client-walk-forward-follows-last-id"
KNOWN = register_of(OCTOBER)


def named(*broken: tuple[str, str, str, str]) -> list[tuple[str, str]]:
    """The causes, by id and root, of a requirement each with its kind and parameter, seen with that query."""
    exchanges, violations = {}, []
    for number, (requirement, kind, parameter, query) in enumerate(broken, 1):
        request = Request("GET", f"http://127.0.0.1/v1/models?{query}", ())
        exchanges[number] = Exchange(number, request, Response(200, (), b"{}"))
        values = {"wanted": "5", "sent": "6", "cursor": "a", "query": query, "asked": "b"}
        violations.append((register()[requirement], [Violation(kind, (number,), parameter, "", values, number)]))
    return [(cause.id, cause.root.id) for cause in causes_of(violations, exchanges)]


def test_a_query_that_begins_twice_is_one_cause() -> None:
    assert named(
        (LIMIT, "is-left-out", "limit", "beta=true?limit=5"),
        (CURSOR, "is-left-out", "after_id", "beta=true?after_id=a"),
        (KEEPS, "is-left-out", "limit", "beta=true?limit=5"),
        (FOLLOWS, "does-not-go-on", "after_id", "beta=true?after_id=a"),
    ) == [("query-begins-twice", LIMIT)]


def test_parameters_that_are_left_out_are_one_cause() -> None:
    assert named(
        (LIMIT, "is-left-out", "limit", ""),
        (CURSOR, "is-left-out", "after_id", ""),
        (CURSOR, "is-left-out", "before_id", ""),
        (FOLLOWS, "does-not-go-on", "after_id", ""),
    ) == [("no-parameter-is-sent", LIMIT)]


def test_a_limit_that_is_changed_is_none_of_these() -> None:
    assert named((LIMIT, "is-changed", "limit", "limit=6"), (KEEPS, "is-changed", "limit", "limit=6")) == [
        (LIMIT, LIMIT)
    ]


def test_a_cursor_alone_that_is_left_out_is_not_every_parameter() -> None:
    broken = (CURSOR, "is-left-out", "after_id", "limit=5"), (FOLLOWS, "does-not-go-on", "after_id", "limit=5")
    assert named(*broken) == [(CURSOR, CURSOR)]


def test_a_walk_that_turns_round_is_told_before_the_second_cursor_that_this_brings() -> None:
    turned = [(FOLLOWS, "turns-round", "after_id", "before_id=a")] * 2
    assert named(*turned, ("client-walk-sends-one-cursor", "both-cursors", "", "after_id=a&before_id=b")) == [
        (FOLLOWS, FOLLOWS)
    ]


def test_who_ignores_has_more_has_a_cause_beside_a_wrong_cursor() -> None:
    wrong, stops = (FOLLOWS, "does-not-go-on", "after_id", ""), "client-walk-stops-at-the-end"
    assert named(wrong, (stops, "goes-on-elsewhere", "", "")) == [(FOLLOWS, FOLLOWS)]
    assert named(wrong, (stops, "goes-on", "", "after_id=a")) == [(FOLLOWS, FOLLOWS), (stops, stops)]


def test_what_breaks_a_must_of_clients_is_told_first() -> None:
    unasked, stops = "client-sends-no-unasked-limit", "client-walk-stops-at-the-end"
    assert named((unasked, "is-added", "limit", "limit=6"), (stops, "goes-on", "", "after_id=a")) == [
        (stops, stops),
        (unasked, unasked),
    ]


def raised(*kinds: str) -> list[tuple[str, str]]:
    """The causes where an error called ValueError lacks these."""
    violations = []
    for number, kind in enumerate(kinds, 1):
        values: dict[str, Value] = {
            "name": Words("ValueError"),
            "raised": Words("x"),
            "status": 429,
            "served": "a",
            "carried": None,
        }
        requirement = register()[kind.replace("carries-no", "client-error-carries")]
        violations.append((requirement, [Violation(kind, (number,), "", "", values, number)]))
    return [(cause.id, cause.root.id) for cause in causes_of(violations, {})]


def test_an_error_that_comes_of_something_else_is_one_cause() -> None:
    assert raised("carries-no-status", "carries-no-type", "carries-no-request-id") == [
        ("error-says-nothing-of-the-answer", "client-error-carries-status")
    ]


def test_an_error_that_lacks_one_thing_is_about_that() -> None:
    assert raised("carries-no-type") == [("client-error-carries-type", "client-error-carries-type")]


def repeated(*others: tuple[str, str, int]) -> list[tuple[str, str]]:
    """The causes where the second request repeats the first as another one, and more is broken by those requests."""
    exchanges = {}
    for number, method in enumerate(("GET", "POST"), 1):
        request = Request(method, "http://127.0.0.1/v1/models", ())
        exchanges[number] = Exchange(number, request, Response(500, (), b"{}"))
    values = {"first": Words("GET"), "again": Words("POST"), "method": "POST"}
    broken = (("client-retry-repeats-the-request", "repeats-another-request", 2), *others)
    found = [(register()[id], [Violation(kind, (at,), "", "", values, 1)]) for id, kind, at in broken]
    return [(cause.id, cause.root.id) for cause in causes_of(found, exchanges)]


def test_what_repetitions_alone_break_is_one_cause_with_them() -> None:
    repeats = "client-retry-repeats-the-request"
    assert repeated(("client-uses-get", "another-method", 2)) == [("repetition-is-another-request", repeats)]
    assert repeated() == [(repeats, repeats)]
    assert repeated(("client-uses-get", "another-method", 1)) == [(repeats, repeats)]


def test_parameters_in_the_path_are_one_cause() -> None:
    path, request = "client-requests-documented-path", Request("GET", "http://h/v1/models;limit=5", ())
    values = {"wanted": "/v1/models", "path": "/v1/models;limit=5", "sent": "", "asked": "a"}
    broken = (
        (path, "list-goes-elsewhere", ""),
        (LIMIT, "is-left-out", "limit"),
        (FOLLOWS, "does-not-go-on", "after_id"),
    )
    found = [(register()[name], [Violation(kind, (1,), about, "", values, 1)]) for name, kind, about in broken]
    causes = causes_of(found, {1: Exchange(1, request, Response(200, (), b"{}"))})
    assert [(cause.id, cause.root.id) for cause in causes] == [("parameters-stand-in-the-path", path)]


def test_what_follows_a_redirect_alone_is_no_fault_of_first_requests() -> None:
    urls = ("http://h/v1/models?limit=5&after_id=a", "http://h/v1/models", "http://h/v1/models?limit=5")
    moved = Response(307, (("location", urls[0]),), b"")
    exchanges = {
        number: Exchange(number, Request("GET", url, ()), moved if number == 1 else Response(200, (), b"{}"))
        for number, url in enumerate(urls, 1)
    }
    values = {"wanted": "5", "sent": "", "cursor": "a", "query": "?"}

    def roots(number: int) -> list[tuple[str, str]]:
        broken = [
            (register()[name], [Violation("is-left-out", (number,), parameter, "", values, number)])
            for name, parameter in ((LIMIT, "limit"), (CURSOR, "after_id"))
        ]
        return [(cause.id, cause.root.id) for cause in causes_of(broken, exchanges)]

    assert roots(2) == [("redirected-request-is-another", CURSOR)]
    assert roots(3) == [("no-parameter-is-sent", LIMIT)]


def test_members_of_later_revisions_that_are_misread_are_one_cause() -> None:
    values = {"id": "a", "served": "b", "seen": "c"}

    def roots(*members: str) -> list[tuple[str, str]]:
        broken = [
            (KNOWN[f"client-{member}-is-untouched"], [Violation("is-changed", (1,), "", member, values, 1)])
            for member in members
        ]
        return [(cause.id, cause.root.id) for cause in causes_of(broken, {})]

    assert roots("max-tokens", "line") == [("members-are-misread-alike", "client-max-tokens-is-untouched")]
    assert len(roots("max-tokens", "display-name")) == 2


def test_every_pattern_is_recognised_by_a_test_of_this_file() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [pattern.id for pattern in CLIENT_PATTERNS if f'"{pattern.id}"' not in text] == []
