from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models_conformance.reports.html.layout import LONGEST, lay_out

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
documents: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@given(documents, st.sampled_from([None, 0, 3]), st.booleans())
def test_only_blanks_between_tokens_change(document: Any, indent: int | None, ascii_only: bool) -> None:
    source = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    laid_out = lay_out(source)
    assert laid_out is not None
    assert json.dumps(json.loads(laid_out.text)) == json.dumps(document)
    again = lay_out(laid_out.text)
    assert again == laid_out
    for value in laid_out.values:
        assert json.dumps(json.loads(laid_out.text[value.start : value.end])) == json.dumps(at(document, value.path))


@given(st.text(st.sampled_from('{}[]:,"\\ ab1.\ud800\u202e\x00'), max_size=30) | st.text(max_size=30))
def test_garbage_is_not_laid_out_and_breaks_nothing(source: str) -> None:
    laid_out = lay_out(source)
    try:
        json.loads(source)
    except ValueError:
        assert laid_out is None


def test_spelling_is_evidence_and_is_kept() -> None:
    source = '{"a":1.00,"a":1E2,"\\u0062":"\\u202e","c":NaN}'
    laid_out = lay_out(source)
    assert laid_out is not None
    assert laid_out.text == '{"a": 1.00, "a": 1E2, "\\u0062": "\\u202e", "c": NaN}'
    assert [value.path for value in laid_out.values if value.says == "\u202e"] == [("b",)]


def test_objects_of_a_few_scalars_stay_on_one_line() -> None:
    laid_out = lay_out('{"data":[{"id":"a","type":"model"},{"id":"b","type":"model"}],"has_more":false}')
    assert laid_out is not None
    assert laid_out.text.splitlines() == [
        "{",
        '  "data": [',
        '    {"id": "a", "type": "model"},',
        '    {"id": "b", "type": "model"}',
        "  ],",
        '  "has_more": false',
        "}",
    ]


def test_what_would_grow_when_laid_out_is_left_as_it_came() -> None:
    assert lay_out("[" * 200 + "]" * 200) is None
    assert lay_out("[" * 100_000 + "]" * 100_000) is None
    assert lay_out('"' + "a" * LONGEST + '"') is None
