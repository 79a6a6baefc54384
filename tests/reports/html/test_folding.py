"""An array is folded around what is marked, and nothing of it is lost."""

from __future__ import annotations

import json
from dataclasses import replace

from models_conformance.reports.html import render
from models_conformance.reports.html.layout import LaidOut, folded, folds, lay_out
from tests.reports.html.parsed import Page
from tests.reports.result_strategies import sample


def laid_out(count: int) -> LaidOut:
    models = [{"id": f"model-{at}", "display_name": f"Model {at} {'of a family' * 9}"} for at in range(count)]
    shown = lay_out(json.dumps({"data": models, "has_more": False}))
    assert shown is not None
    return shown


def test_the_ends_and_what_is_marked_stay() -> None:
    page = laid_out(20)
    marked = page.text.index('"model-7"')
    assert [fold.count for fold in folds(page, [marked])] == [6, 11]
    hidden = "".join(page.text[fold.start : fold.end] for fold in folds(page, [marked]))
    assert [at for at in range(20) if f'"model-{at}"' not in hidden] == [0, 7, 19]


def test_a_short_array_and_one_on_a_line_are_not_folded() -> None:
    short = lay_out(json.dumps({"data": list(range(30))}))
    assert short is not None
    assert folds(short) == folds(laid_out(4)) == []


def test_words_stand_for_what_is_folded() -> None:
    lines = folded(laid_out(20)).splitlines()
    assert "    … 18 more …" in lines
    assert sum('"id"' in line for line in lines) == 2


def test_of_arrays_within_arrays_the_outer_one_is_folded() -> None:
    nested = lay_out(json.dumps([[{"id": "x" * 90}] * 9] * 9))
    assert nested is not None
    outer, *others = folds(nested)
    assert len(others) == 2
    assert {fold.count for fold in (outer, *others)} == {7}


def test_what_is_folded_is_still_on_the_page() -> None:
    result = sample(list_after_id_is_exclusive="fail")
    (number,) = next(entry for entry in result.requirements if entry.findings).findings[0].exchanges[:1]
    exchange = (result.exchanges or {})[number]
    assert exchange.response is not None
    body = json.dumps({"data": [{"id": f"folded-{at}", "display_name": "x" * 170} for at in range(20)]}).encode()
    changed = replace(exchange, response=replace(exchange.response, body=body))
    document = render(replace(result, exchanges={**(result.exchanges or {}), number: changed}))
    assert '<details class="fold"><summary>… 18 more …</summary>' in document
    assert all(f'"folded-{at}"' in Page(document).text for at in range(20))
