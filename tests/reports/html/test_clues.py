from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.judges.judgement import quoted
from models_conformance.reports.html.clues import clues_in, marks_in_json, marks_in_target, marks_in_text
from models_conformance.reports.html.layout import lay_out
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


def marked_in_page(sentence: str) -> list[str]:
    laid_out = lay_out(PAGE)
    assert laid_out is not None
    return [laid_out.text[mark.start : mark.end] for mark in marks_in_json(laid_out, clues_in(sentence, "observed"))]


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ('has_more is false on a page that ends with "claude-2"', ['"claude-2"', '"has_more": false', '"claude-2"']),
        ('created_at is "2023-04-02"', ['"2023-04-02"']),
        ('data[0].display_name is null; the schema says type: "string"', ['"display_name": null']),
        ('last_id is "claude-2.1"', ['"claude-2.1"', '"last_id": "claude-2"']),
        ("the 401 body: error.message is missing", ['"message": "no"']),
        ("the 401 body: error.request_id is missing", ['"error"']),
        ("an answer of 404 api_error", ['"api_error"']),
        ('an id that starts with "claude-2.…"', ['"claude-2.1"']),
        ("first_id is missing", []),
        ("the body is empty", []),
    ],
)
def test_the_member_or_value_that_a_sentence_names_is_marked(sentence: str, marked: list[str]) -> None:
    assert marked_in_page(sentence) == marked


@pytest.mark.parametrize(
    ("sentence", "target", "marked"),
    [
        ('the page after "claude-2"', "/v1/models?after_id=claude-2&limit=2", ["claude-2"]),
        ('the page after "claude-2"', "/v1/models?after_id=claude-2.1", []),
        ('retrieving "a/b c"', "/v1/models/a%2Fb%20c", ["a%2Fb%20c"]),
        ('retrieving "a/b c"', "/v1/models/a%2fb%20c", ["a%2fb%20c"]),
        ('the id "\\u202e"', "/v1/models/%E2%80%AE", ["%E2%80%AE"]),
        ('limit="0" is answered 200', "/v1/models?limit=0", ["limit=0"]),
        ("13 models for limit=12", "/v1/models?before_id=a&limit=12", ["limit=12"]),
        ("13 models for limit=12", "/v1/models?limit=120", []),
    ],
)
def test_what_was_asked_is_marked_however_a_url_spells_it(sentence: str, target: str, marked: list[str]) -> None:
    found = marks_in_target(target, clues_in(sentence, "observed"))
    assert [target[mark.start : mark.end] for mark in found] == marked


def test_each_of_a_list_of_betas_is_marked_in_a_header() -> None:
    clues = clues_in('list with betas "one-2025,two-2025" is answered 400', "observed")
    value = "two-2025, three-2025"
    assert [value[mark.start : mark.end] for mark in marks_in_text(value, clues)] == ["two-2025"]
    assert clues.statuses == {400}


@given(nasty, nasty)
def test_a_value_is_found_again_in_the_form_that_judges_quote_it(value: str, around: str) -> None:
    if not value or '"' in value or "\\" in value:
        return
    laid_out = lay_out(json.dumps({"data": [around, value]}))
    assert laid_out is not None
    marks = marks_in_json(laid_out, clues_in(f"it held {quoted(value, 500)}", "observed"))
    assert ("data", 1) in {
        each.path for each in laid_out.values if (each.start, each.end) in {(mark.start, mark.end) for mark in marks}
    }


@given(st.one_of(nasty, st.text(st.sampled_from('"=[]._-a1…%&? {}:,'), max_size=60)), nasty | st.just(PAGE))
def test_any_sentence_marks_within_bounds_or_nothing(sentence: str, text: str) -> None:
    clues = clues_in(sentence, "expected")
    laid_out = lay_out(text)
    found = [(text, marks_in_target(text, clues)), (text, marks_in_text(text, clues))]
    if laid_out is not None:
        found.append((laid_out.text, marks_in_json(laid_out, clues)))
    for within, marks in found:
        assert all(0 <= mark.start <= mark.end <= len(within) for mark in marks)
