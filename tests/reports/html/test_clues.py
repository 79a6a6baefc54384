from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.particulars import Answer, Json, Model, Path, Value, Words
from models_conformance.reports.html.clues import clues_of, marks_in_json, marks_in_target, marks_in_text
from models_conformance.reports.html.layout import lay_out
from models_conformance.result import Finding
from tests.reports.result_strategies import nasty

PAGE = json.dumps(
    {
        "data": [
            {"id": "claude-2.1", "display_name": None, "type": "model", "created_at": "2023-04-02"},
            {"id": "claude-2", "display_name": "Claude 2", "type": "model", "created_at": "2023-04-01T00:00:00Z"},
        ],
        "has_more": False,
        "last_id": "claude-2",
        "error": {"type": "api_error", "message": "no"},
    }
)


def finding(member: str = "", parameter: str = "", **values: Value) -> Finding:
    return Finding("seen", "wanted", (1,), kind="any", member=member, parameter=parameter, observed_values=values)


def marked_in_page(found: Finding) -> list[str]:
    laid_out = lay_out(PAGE)
    assert laid_out is not None
    return [laid_out.text[mark.start : mark.end] for mark in marks_in_json(laid_out, clues_of(found, "observed"))]


@pytest.mark.parametrize(
    ("found", "marked"),
    [
        (finding("has_more", edge="claude-2"), ['"claude-2"', '"has_more": false', '"claude-2"']),
        (finding("created_at", value="2023-04-02"), ['"2023-04-02"']),
        (finding("display_name", where=Path("data[0].display_name"), found=Json("null")), ['"display_name": null']),
        (finding("last_id", value="claude-2.1"), ['"claude-2.1"', '"last_id": "claude-2"']),
        (finding(where=Path("error.message")), ['"message": "no"']),
        (finding(where=Path("error.request_id")), ['"error"']),
        (finding(answer=Answer(404, "api_error")), ['"api_error"']),
        (finding(here=Model("claude-2", "2023-04-01T00:00:00Z", None, "model")), ['"2023-04-01T00:00:00Z"']),
        (finding(models=("claude-2.1", "claude-3")), ['"claude-2.1"']),
        (finding("first_id"), []),
        (finding(what=Words("claude-2")), []),
    ],
)
def test_the_member_or_value_that_a_finding_names_is_marked(found: Finding, marked: list[str]) -> None:
    assert marked_in_page(found) == marked


@pytest.mark.parametrize(
    ("found", "target", "marked"),
    [
        (finding(cursor="claude-2"), "/v1/models?after_id=claude-2&limit=2", ["claude-2"]),
        (finding(cursor="claude-2"), "/v1/models?after_id=claude-2.1", []),
        (finding(id="a/b c"), "/v1/models/a%2Fb%20c", ["a%2Fb%20c"]),
        (finding(id="a/b c"), "/v1/models/a%2fb%20c", ["a%2fb%20c"]),
        (finding(id="\u202e"), "/v1/models/%E2%80%AE", ["%E2%80%AE"]),
        (finding(parameter="limit", limit="0"), "/v1/models?limit=0", ["limit=0", "0"]),
        (finding(parameter="limit", limit=12), "/v1/models?before_id=a&limit=12", ["limit=12"]),
        (finding(parameter="limit", limit=12), "/v1/models?limit=120", []),
    ],
)
def test_what_was_asked_is_marked_however_a_url_spells_it(found: Finding, target: str, marked: list[str]) -> None:
    marks = marks_in_target(target, clues_of(found, "observed"))
    assert sorted(target[mark.start : mark.end] for mark in marks) == sorted(marked)


def test_each_of_a_list_of_betas_is_marked_in_a_header() -> None:
    clues = clues_of(finding(betas="one-2025,two-2025", answer=Answer(400)), "observed")
    value = "two-2025, three-2025"
    assert [value[mark.start : mark.end] for mark in marks_in_text(value, clues)] == ["two-2025"]
    assert clues.statuses == {400}


@given(nasty.filter(bool), nasty)
def test_a_value_is_found_again_in_an_answer_that_holds_it(value: str, around: str) -> None:
    laid_out = lay_out(json.dumps({"data": [around, value]}))
    assert laid_out is not None
    marks = marks_in_json(laid_out, clues_of(finding(id=value), "observed"))
    assert ("data", 1) in {
        shown.path
        for shown in laid_out.values
        if (shown.start, shown.end) in {(mark.start, mark.end) for mark in marks}
    }


ANYTHING = st.one_of(nasty, st.text(st.sampled_from('"=[]._-a1…%&? {}:,'), max_size=60))


@given(ANYTHING, ANYTHING, st.sampled_from(["limit", "anthropic-beta", ""]), nasty | st.just(PAGE))
def test_any_finding_marks_within_bounds_or_nothing(value: str, path: str, parameter: str, text: str) -> None:
    clues = clues_of(finding(path, parameter, value=value, where=Path(path)), "observed")
    laid_out = lay_out(text)
    found = [(text, marks_in_target(text, clues)), (text, marks_in_text(text, clues))]
    if laid_out is not None:
        found.append((laid_out.text, marks_in_json(laid_out, clues)))
    for within, marks in found:
        assert all(0 <= mark.start <= mark.end <= len(within) for mark in marks)
