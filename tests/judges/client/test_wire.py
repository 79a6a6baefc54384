"""What goes over the wire: any correct way to write a target is innocent, any other request is found."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models_conformance.evidence.driver_calls import Raised
from tests.judges.client.builders import (
    AUTHORITY,
    LIST,
    Run,
    asked_list,
    asked_model,
    judged_call,
    model,
    models,
    page,
    saw_model,
    saw_page,
    served,
)

PAGE = page(models("a", "b"))
ESCAPES = "client-escapes-model-id-once"
CLIMBS = "client-dot-segments-never-climb"
CURSOR = "client-sends-cursor-as-given"
REFUSED = Raised("argument", "BadArgument")
# Nothing that a URL library could take for a dot segment: those ids have tests of their own.
IDS = st.text(st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=8)
# RFC 3986, 3.3: what a segment may hold as it is.
UNESCAPED = "!$&'()*+,;=:@"


def retrieved(model_id: str, target: str, prefix: str = "") -> Run:
    wire = model(model_id)
    return judged_call(asked_model(model_id), saw_model(wire), served(target, wire), prefix=prefix)


def listed(target: str, prefix: str = "", method: str = "GET", **args: object) -> Run:
    return judged_call(asked_list(**args), saw_page(PAGE), served(target, PAGE, method=method), prefix=prefix)


@pytest.mark.parametrize(
    ("model_id", "segment"),
    [
        ("claude-1", "claude-1"),
        ("claude-1", "%63laude%2D1"),
        ("vendor/claude", "vendor%2Fclaude"),
        ("vendor/claude", "vendor%2fclaude"),
        ("a b", "a%20b"),
        ("a:b@c!d$e&f'g(h)i*j+k,l;m=n", "a:b@c!d$e&f'g(h)i*j+k,l;m=n"),
        ("a:b@c+d", "a%3Ab%40c%2Bd"),
        ("a%2Fb", "a%252Fb"),
        ("claude-é", "claude-%C3%A9"),
        ("a?b#c", "a%3Fb%23c"),
        ("..", "%2E%2E"),
    ],
)
def test_an_id_may_be_escaped_in_any_correct_way(model_id: str, segment: str) -> None:
    run = retrieved(model_id, f"/v1/models/{segment}")
    assert run.failed == set()
    assert run.verdict(CLIMBS if model_id == ".." else ESCAPES) == "pass"


@pytest.mark.parametrize(
    ("model_id", "segment", "why"),
    [
        ("a b", "a+b", "decodes to"),
        ("a b", "a%2520b", "decodes to"),
        ("a b", "a b", "a raw ' '"),
        ("a/b", "a/b", "several segments"),
        ("a%2Fb", "a%2Fb", "decodes to"),
        ("100%", "100%", "a broken escape at '%'"),
        ("é", "%E9", "not UTF-8"),
        ("é", "\xc3\xa9", "a raw '\\xc3'"),
        ("a#b", "a#b", "a raw '#'"),
        ("a?b", "a?b", "which decodes to"),
        ("a", "a/", "which decodes to"),
        ("a", "A", "which decodes to"),
    ],
)
def test_an_id_that_does_not_decode_once_to_itself_is_found(model_id: str, segment: str, why: str) -> None:
    run = retrieved(model_id, f"/v1/models/{segment}")
    assert run.failed == {ESCAPES}
    assert run.blamed(ESCAPES) == (1,)
    assert why in run.text(ESCAPES)


@pytest.mark.parametrize(
    ("target", "failed"),
    [
        ("/v1/models/a%2F..%2Fb", set()),
        ("/v1/models/a%2f%2E%2E%2fb", set()),
        ("/v1/models/b", {ESCAPES}),
        ("/v1/models/a/../b", {ESCAPES, CLIMBS}),
        ("/v1/b", {CLIMBS}),
    ],
)
def test_dot_segments_in_an_id_never_lead_out(target: str, failed: set[str]) -> None:
    assert retrieved("a/../b", target).failed == failed


def test_an_id_of_dots_may_be_refused_instead() -> None:
    run = judged_call(asked_model(".."), REFUSED)
    assert run.failed == set()
    assert run.verdict(CLIMBS) == "pass"
    assert run.verdict(ESCAPES) == "inconclusive"


@pytest.mark.parametrize("target", ["/v1/models", "/v1/models/", "/v1/models?beta=true", "/v1/%6Dodels"])
def test_an_empty_id_that_lists_is_found(target: str) -> None:
    run = judged_call(asked_model(""), Raised("decode", "Unreadable"), served(target, PAGE))
    assert run.failed == {"client-empty-id-never-lists"}
    assert run.blamed("client-empty-id-never-lists") == (1,)


def test_an_empty_id_may_be_refused_without_a_request() -> None:
    run = judged_call(asked_model(""), REFUSED)
    assert run.failed == set()
    assert run.verdict("client-empty-id-never-lists") == "pass"


@pytest.mark.parametrize(
    ("query", "after_id"),
    [
        ("after_id=a%20b", "a b"),
        ("after_id=a+b", "a b"),
        ("after_id=a%2Bb", "a+b"),
        ("after_id=a/b:c@d", "a/b:c@d"),
        ("after_id=%C3%A9", "é"),
        ("%61fter_id=%61&beta=true", "a"),
        ("&after_id=a&", "a"),
        ("after_id=a=b", "a=b"),
    ],
)
def test_a_cursor_may_be_escaped_in_any_correct_way(query: str, after_id: str) -> None:
    run = listed(f"/v1/models?{query}", after_id=after_id)
    assert run.failed == set()
    assert run.verdict(CURSOR) == "pass"


@pytest.mark.parametrize(
    ("query", "after_id"),
    [
        ("after_id=a+b", "a+b"),
        ("after_id=a%252Bb", "a+b"),
        ("after_id=a&b", "a&b"),
        ("after_id=a&after_id=a", "a"),
        ("after_id=50%", "50%"),
        ("after_id=a#b", "a#b"),
        ("afterId=a", "a"),
        ("", "a"),
    ],
)
def test_a_cursor_that_does_not_arrive_as_given_is_found(query: str, after_id: str) -> None:
    run = listed(f"/v1/models?{query}", after_id=after_id)
    assert run.failed == {CURSOR}
    assert run.blamed(CURSOR) == (1,)


def test_swapped_cursors_break_both_rules() -> None:
    run = listed("/v1/models?before_id=a", after_id="a")
    assert run.failed == {CURSOR, "client-sends-no-unasked-cursor"}


@pytest.mark.parametrize("query", ["after_id=", "before_id=null", "before_id=a&after_id=b"])
def test_a_cursor_that_nobody_gave_is_found(query: str) -> None:
    assert listed(f"/v1/models?{query}").failed == {"client-sends-no-unasked-cursor"}


def test_what_a_raw_question_mark_of_an_id_makes_is_blamed_on_escaping_alone() -> None:
    run = retrieved("a?limit=1&after_id=x", "/v1/models/a?limit=1&after_id=x")
    assert run.failed == {ESCAPES}


@pytest.mark.parametrize("text", ["2.0", "02", "2e0", "+2", "two", "2&limit=2"])
def test_a_limit_in_another_spelling_is_found(text: str) -> None:
    assert listed(f"/v1/models?limit={text}", limit=2).failed == {"client-sends-limit-as-given"}


def test_a_limit_that_nobody_gave_is_found() -> None:
    assert listed("/v1/models?limit=100").failed == {"client-sends-no-unasked-limit"}
    # The default says nothing new.
    assert listed("/v1/models?limit=20").failed == set()


def test_a_limit_outside_the_range_is_noted_and_not_judged() -> None:
    run = Run()
    run.call(asked_list(limit=0), saw_page(PAGE), served("/v1/models?limit=0", PAGE))
    run.call(asked_list(limit=1001), REFUSED)
    run.call(asked_list(limit=-1), saw_page(PAGE), served("/v1/models?limit=1", PAGE))
    run.call(asked_list(limit=-2), saw_page(PAGE), served("/v1/models", PAGE))
    assert run.failed == set()
    about = run.judged["client-limit-outside-its-range"]
    assert [(note.about, note.did) for note in about.notes] == [
        ("limit=0", "sent"),
        ("limit=1001", "refused by the client (BadArgument)"),
        ("limit=-1", 'sent as limit="1"'),
        ("limit=-2", "sent without a limit"),
    ]


def test_both_cursors_at_once_are_noted_and_not_judged() -> None:
    run = listed("/v1/models?before_id=b", after_id="a", before_id="b")
    assert run.failed == set()
    assert [note.did for note in run.judged["client-two-cursors"].notes] == ["sends before_id"]


@pytest.mark.parametrize("prefix", ["/gateway", "/a/v1", "/with%20blank", "/a~b"])
@pytest.mark.parametrize("whole_url", [False, True])
def test_a_prefix_is_kept_in_origin_and_absolute_form(prefix: str, whole_url: bool) -> None:
    host = f"http://{AUTHORITY}" if whole_url else ""
    for run in (
        listed(f"{host}{prefix}/v1/models?beta=true", prefix),
        retrieved("a/b", f"{host}{prefix}/v1/models/a%2Fb", prefix),
    ):
        assert run.failed == set()
        assert run.verdict("client-keeps-base-url-prefix") == "pass"
        assert run.verdict("client-requests-documented-path") == "pass"


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        ("/a~b", "/a%7Eb/v1/models"),
        ("/a%7eb", "/a%7eb/v1/models"),
        ("/a%7Eb", "/a~b/v1/models"),
        ("/a%2fb", "/a%2Fb/v1/models"),
        ("/gateway", "/%67ateway/v1/%6Dodels"),
        ("/gateway/", "/gateway/v1/models"),
    ],
)
def test_an_equivalent_spelling_of_the_prefix_keeps_it(prefix: str, path: str) -> None:
    run = listed(path, prefix)
    assert run.failed == set()
    assert run.verdict("client-keeps-base-url-prefix") == "pass"


@pytest.mark.parametrize("path", ["/v1/models", "/gate/v1/models", "/gatewayv1/models", "/GATEWAY/v1/models"])
def test_a_lost_prefix_is_found_and_nothing_else(path: str) -> None:
    assert listed(path, "/gateway").failed == {"client-keeps-base-url-prefix"}


def test_without_a_prefix_nothing_says_whether_one_is_kept() -> None:
    assert listed("/v1/models").verdict("client-keeps-base-url-prefix") == "inconclusive"


@pytest.mark.parametrize("path", ["/v1/models/", "/v2/models", "//v1/models", "/v1/beta/models", "/v1/models/a"])
def test_a_list_from_another_path_is_found(path: str) -> None:
    assert listed(path).failed == {"client-requests-documented-path"}


def test_every_method_but_get_is_found() -> None:
    assert listed("/v1/models", method="POST").failed == {"client-uses-get"}
    assert listed("/v1/models", method="get").failed == {"client-uses-get"}


def test_where_nothing_was_called_nothing_passes() -> None:
    verdicts = {name: judged_requirement.verdict for name, judged_requirement in Run().judged.items()}
    assert set(verdicts.values()) == {"inconclusive", "not-applicable"}
    assert all(judged_requirement.exercised == 0 for judged_requirement in Run().judged.values())


def test_a_violation_is_blamed_on_the_call_that_did_it() -> None:
    run = Run()
    run.call(LIST, saw_page(PAGE), served("/v1/models", PAGE))
    run.call(LIST, saw_page(PAGE), served("/v1/models?limit=30", PAGE))
    (violation,) = run.judged["client-sends-no-unasked-limit"].violations
    assert (violation.call, violation.exchanges) == (2, (2,))
    assert run.judged["client-uses-get"].exercised == 2


@settings(max_examples=40)
@given(IDS)
def test_every_id_escaped_once_passes(model_id: str) -> None:
    assert retrieved(model_id, f"/v1/models/{quote(model_id, safe=UNESCAPED)}").failed == set()


@settings(max_examples=40)
@given(IDS, IDS)
def test_the_escapes_of_another_id_are_found(model_id: str, other: str) -> None:
    assume(model_id != other)
    run = retrieved(model_id, f"/v1/models/{quote(other, safe=UNESCAPED)}")
    assert ESCAPES in run.failed


@pytest.mark.parametrize(
    ("model_id", "segment", "kind"),
    [
        ("a b", "a b", "is-not-escaped"),
        ("a/b", "a/b", "is-not-escaped"),
        ("a?b", "a?b", "is-not-escaped"),
        ("a%2Fb", "a%2Fb", "is-not-escaped"),
        ("a b", "a%2520b", "is-escaped-twice"),
        ("é", "%E9", "is-changed"),
        ("%e9é", "%e9%C3%A9", "is-not-escaped"),
        ("a b", "a+b", "is-changed"),
    ],
)
def test_the_kind_says_how_an_id_was_escaped_whatever_the_id(model_id: str, segment: str, kind: str) -> None:
    assert retrieved(model_id, f"/v1/models/{segment}").kinds(ESCAPES) == {(kind, "model_id")}


@pytest.mark.parametrize(
    ("query", "kind"),
    [("", "is-left-out"), ("limit=20", "is-changed"), ("limit=02", "is-changed"), ("limit=2&limit=2", "is-repeated")],
)
def test_the_kind_says_what_became_of_a_limit(query: str, kind: str) -> None:
    run = listed(f"/v1/models?{query}", limit=2)
    assert run.kinds("client-sends-limit-as-given") == {(kind, "limit")}
    assert "None" not in run.text("client-sends-limit-as-given")
