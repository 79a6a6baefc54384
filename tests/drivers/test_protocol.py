"""Questions keep the protocol's schema; answers are read exactly as it allows, and refused in one clear line."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from models_conformance.contract.shipped import load_schema
from models_conformance.drivers.protocol import (
    MAX_LINE_BYTES,
    ProtocolBreach,
    encoded,
    hello_question,
    question,
    read_answer,
    read_hello,
)
from models_conformance.drivers.schema import is_model
from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    Connect,
    DriverFault,
    Hello,
    ItemsSeen,
    ModelRetrieved,
    PageSeen,
    Raised,
    Unsupported,
)

SCHEMA = load_schema("driver")
PAGE = CallSpec("list", "models")
WALK = CallSpec("list", "models", walk=True, max_items=2)
RETRIEVE = CallSpec("retrieve", "models", {"model_id": "m"})
CALLS = {"pageAnswer": PAGE, "walkAnswer": WALK, "modelAnswer": RETRIEVE}
MODEL = {"id": "m", "created_at": "2025-01-01T00:00:00Z", "display_name": "M", "type": "model", "extra": {"x": [1]}}
RAISED = {"kind": "status", "name": "NotFoundError", "status": 404, "error_type": "not_found_error"}
HELLO = {
    "id": 0,
    "ok": {
        "protocol": 1,
        "client": "c",
        "version": "1",
        "language": "go",
        "surfaces": ["models"],
        "capabilities": ["walk"],
    },
}
ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("pageAnswer", {"id": 7, "ok": {"page": {"data": [MODEL, {}], "first_id": None, "has_more": True}}}),
    ("walkAnswer", {"id": 7, "ok": {"items": [MODEL], "truncated": False}}),
    ("modelAnswer", {"id": 7, "ok": {"model": MODEL}}),
    ("walkAnswer", {"id": 7, "raised": RAISED, "items_before": [MODEL]}),
    ("modelAnswer", {"id": 7, "raised": RAISED}),
    ("pageAnswer", {"id": 7, "unsupported": "no"}),
    ("modelAnswer", {"id": 7, "fault": "no"}),
]


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def allows(name: str, value: object) -> bool:
    """What the shipped schema says, by the library and nothing else."""
    return validator(name).is_valid(value)


def read(answer: object, spec: CallSpec = PAGE) -> Answer:
    return read_answer(json.dumps(answer), 7, spec)


def refusal(line: str | bytes, spec: CallSpec = PAGE) -> str:
    with pytest.raises(ProtocolBreach) as caught:
        read_answer(line, 7, spec)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "answer"), [(kind, answer) for kind, answer in ANSWERS if "extra" in json.dumps(answer)]
)
def test_an_extra_without_members_may_be_a_list_where_the_two_are_one(kind: str, answer: dict[str, Any]) -> None:
    told = json.dumps(answer)
    listed, empty = (told.replace(json.dumps(MODEL["extra"]), extra) for extra in ("[]", "{}"))
    assert read_answer(listed, 7, CALLS[kind], has_one_empty=True) == read_answer(empty, 7, CALLS[kind])
    assert "extra is an array" in refusal(listed, CALLS[kind])


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("kind", "answer"), ANSWERS)
def test_the_schema_of_a_line_allows_each_answer(kind: str, answer: dict[str, Any]) -> None:
    assert Draft202012Validator(SCHEMA).is_valid(answer)
    assert allows(kind, answer)


def test_a_question_holds_what_is_asked_and_no_more() -> None:
    assert hello_question() == {"id": 0, "op": "hello", "protocol": 1}
    spec = CallSpec("list", "beta.models", {"limit": 2, "betas": ("a", "b")}, walk=True, max_items=9)
    assert question(3, spec, Connect("http://h/p", "sk", 5.0, None)) == {
        "id": 3,
        "op": "list",
        "surface": "beta.models",
        "connect": {"base_url": "http://h/p", "api_key": "sk", "timeout_s": 5},
        "args": {"limit": 2, "betas": ["a", "b"]},
        "walk": True,
        "max_items": 9,
    }
    line = question(4, RETRIEVE, Connect("http://h", "sk", 0.25, 0))
    assert line["connect"] == {"base_url": "http://h", "api_key": "sk", "timeout_s": 0.25, "max_retries": 0}
    assert "walk" not in line
    assert "max_items" not in line


@given(st.text(), st.lists(st.text()), st.integers(), st.none() | st.integers(0, 9), st.floats(0.001, 1e6))
def test_every_question_is_one_line_of_the_schema(
    text: str, betas: list[str], limit: int, retries: int | None, seconds: float
) -> None:
    connect = Connect("http://127.0.0.1:1/" + text, text, seconds, retries)
    for name, spec in (
        ("listQuestion", CallSpec("list", "models", {"limit": limit, "after_id": text, "betas": betas})),
        ("retrieveQuestion", CallSpec("retrieve", "models", {"model_id": text, "betas": betas})),
    ):
        line = encoded(question(1, spec, connect))
        assert line.count(b"\n") == 1
        assert line.endswith(b"\n")
        assert allows(name, json.loads(line))
        assert json.loads(line)["args"] == spec.args


@pytest.mark.parametrize(
    "spec",
    [
        CallSpec("list", "models", {"limit": "2"}),
        CallSpec("retrieve", "models", {}),
        CallSpec("list", ""),
        CallSpec("list", "models", walk=True, max_items=0),
    ],
)
def test_there_is_no_question_beyond_the_protocol(spec: CallSpec) -> None:
    with pytest.raises(ValueError, match="the protocol has no such question"):
        question(1, spec, Connect("http://h", "sk", 1, 0))


def test_hello_is_read() -> None:
    assert read_hello(json.dumps(HELLO)) == Hello("c", "1", "go", ("models",), frozenset({"walk"}))
    with_betas = {"id": 0, "ok": {**HELLO["ok"], "betas_on": ["models"], "more": 1}}  # type: ignore[dict-item]
    assert read_hello(json.dumps(with_betas)).betas_on == ("models",)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"id": 1, "ok": {}}, "the answer has id 1, the question was 0"),
        ({"id": False, "ok": {}}, "the answer has id false"),
        ({"id": 0, "ok": {"protocol": 2}}, "hello offers protocol 2, this suite speaks protocol 1"),
        ({"id": 0, "ok": {"protocol": 1}}, "ok lacks client, version, language, surfaces, capabilities"),
        ({"id": 0, "ok": {**HELLO["ok"], "surfaces": []}}, "ok.surfaces is empty"),  # type: ignore[dict-item]
        ({"id": 0, "ok": {**HELLO["ok"], "surfaces": ["a", "a"]}}, "ok.surfaces repeats itself"),  # type: ignore[dict-item]
        ({"id": 0, "fault": "no library"}, 'hello was answered by fault: "no library"'),
        ({"id": 0}, "none of ok, raised, unsupported and fault"),
        ({"id": 0, "ok": 1}, "ok is 1, the protocol wants object"),
    ],
)
def test_a_wrong_hello_is_refused(answer: object, words: str) -> None:
    with pytest.raises(ProtocolBreach) as caught:
        read_hello(json.dumps(answer))
    assert words in str(caught.value)


def test_each_answer_is_read() -> None:
    assert read(ANSWERS[0][1]) == PageSeen((MODEL, {}), {"first_id": None, "has_more": True})
    assert read(ANSWERS[1][1], WALK) == ItemsSeen((MODEL,), False)
    assert read(ANSWERS[2][1], RETRIEVE) == ModelRetrieved(MODEL)
    raised = Raised("status", "NotFoundError", 404, "not_found_error", None, None, (MODEL,))
    assert read(ANSWERS[3][1], WALK) == raised
    assert read(ANSWERS[5][1]) == Unsupported("no")
    assert read(ANSWERS[6][1]) == DriverFault("no")


def test_members_that_the_protocol_does_not_know_are_passed_over() -> None:
    answer = {"id": 7, "took": 3, "ok": {"model": MODEL, "page": 1, "items": None}}
    assert read(answer, RETRIEVE) == ModelRetrieved(MODEL)


def test_what_a_library_does_not_expose_may_be_null() -> None:
    nothing = dict.fromkeys(("name", "status", "error_type", "message", "request_id"))
    assert read({"id": 7, "raised": {"kind": "other", **nothing}, "items_before": None}) == Raised("other", "")
    nobody = dict.fromkeys(MODEL)
    assert read({"id": 7, "ok": {"model": nobody}}, RETRIEVE) == ModelRetrieved(nobody)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "the line is empty"),
        (b"Listening on 8080", '"Listening on 8080" is not an answer'),
        (b"\x1b[31mred", '"\\x1b[31mred" is not an answer'),
        (b'{"id": 7, "ok": "\xff"}', "the line is not UTF-8 at byte 17"),
        (b"[]", "an array of 0 is not an answer"),
        (b"null", "null is not an answer"),
        (b'{"id": 7, "fault": NaN}', "NaN is not JSON"),
        (b'{"id": 7, "fault": "a"} {}', "Extra data"),
        (b'{"id": 7, "fault": "a", "fault": "b"}', 'the member "fault" twice'),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": 7, "ok": ' + b"[" * 500 + b"]" * 500 + b"}", "nested deeper than 200 levels"),
        (b'{"fault": "x"}', "the answer has no id"),
        (b'{"id": "7", "fault": "x"}', 'the answer has id "7", the question was 7'),
        (b'{"id": 6, "fault": "x"}', "the answer has id 6, the question was 7"),
        (b'{"id": 7}', "none of ok, raised, unsupported and fault"),
        (b'{"id": 7, "ok": {}, "fault": "x"}', "ok and fault of ok, raised"),
        (b'{"id": 7, "ok": {}}', "ok lacks page"),
        (b'{"id": 7, "ok": {"items": []}}', "ok holds items, the answer to a page call holds page"),
        (b'{"id": 7, "ok": {"page": {}}}', "ok.page lacks data"),
        (b'{"id": 7, "ok": {"page": {"data": {}}}}', "ok.page.data is an object, the protocol wants array"),
        (b'{"id": 7, "ok": {"page": {"data": [{}, 5]}}}', "ok.page.data[1] is 5, the protocol wants object"),
        (b'{"id": 7, "ok": {"page": {"data": [{"created_at": 5}]}}}', "ok.page.data[0].created_at is 5, the protocol"),
        (b'{"id": 7, "raised": {"kind": "oops"}}', 'raised.kind is "oops", the protocol wants one of status, '),
        (b'{"id": 7, "raised": {"kind": "status", "status": "404"}}', 'raised.status is "404", the protocol wants int'),
        (b'{"id": 7, "unsupported": null}', "unsupported is null, the protocol wants string"),
    ],
)
def test_a_breach_is_told_in_one_line(line: bytes, words: str) -> None:
    assert words in refusal(line)


def test_an_answer_to_another_kind_of_call_is_refused() -> None:
    page, items, model = (json.dumps(ANSWERS[index][1]) for index in range(3))
    assert "the answer to a walk holds items and truncated" in refusal(page, WALK)
    assert "the answer to a retrieve call holds model" in refusal(items, RETRIEVE)
    assert "the answer to a page call holds page" in refusal(model, PAGE)


def test_a_walk_beyond_max_items_is_refused() -> None:
    walk = {"id": 7, "ok": {"items": [{}, {}, {}], "truncated": True}}
    assert "items holds 3 models, asked were at most 2" in refusal(json.dumps(walk), WALK)
    before = {"id": 7, "raised": RAISED, "items_before": [{}, {}, {}]}
    assert "items_before holds 3 models" in refusal(json.dumps(before), WALK)


def test_a_huge_line_is_refused_without_reading_it() -> None:
    assert refusal(b" " * (MAX_LINE_BYTES + 1)) == f"a line of more than {MAX_LINE_BYTES} bytes"


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-1, 8)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
)
names = st.sampled_from(
    ["id", "ok", "raised", "fault", "unsupported", "page", "items", "model", "data", "truncated", "kind", "extra", "x"]
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=8
)


@st.composite
def nearly_right(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An answer of one kind with something replaced, lost or added at one place."""
    kind, answer = draw(st.sampled_from(ANSWERS))
    changed: dict[str, Any] = json.loads(json.dumps(answer))
    place: Any = changed
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and draw(st.booleans()):
            place = place[key]
            continue
        if draw(st.booleans()):
            place[key] = draw(values)
        else:
            del place[key]
        break
    if isinstance(place, dict) and draw(st.booleans()):
        place[draw(names | st.sampled_from(sorted(MODEL)))] = draw(values)
    return draw(st.sampled_from([kind, *CALLS])), changed


@given(nearly_right())
def test_an_answer_is_accepted_exactly_where_the_schema_allows_it(made: tuple[str, dict[str, Any]]) -> None:
    kind, answer = made
    number = answer.get("id")
    listed = [answer.get("items_before"), answer["ok"].get("items") if isinstance(answer.get("ok"), dict) else None]
    short = kind != "walkAnswer" or all(len(models) <= WALK.max_items for models in listed if isinstance(models, list))
    allowed = allows(kind, answer) and not isinstance(number, bool) and number == 7 and short
    if allowed:
        read_answer(json.dumps(answer), 7, CALLS[kind])
    else:
        assert refusal(json.dumps(answer), CALLS[kind])


@given(st.dictionaries(st.sampled_from(sorted(MODEL)) | names, values) | values)
def test_what_passes_for_plainly_a_model_is_one(model: object) -> None:
    assert is_model(model) is allows("model", model)


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()) | st.text().map(str.encode))
def test_garbage_is_refused_and_never_a_crash(line: bytes) -> None:
    for spec in CALLS.values():
        assert refusal(line, spec)
    with pytest.raises(ProtocolBreach):
        read_hello(line)
