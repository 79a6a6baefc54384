from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.exchange import Exchange, Request, Response
from models_conformance.reports.html import render
from models_conformance.reports.html.bodies import SHOWN_BODY, body_view
from models_conformance.reports.html.clues import Clues, clues_of
from models_conformance.reports.html.exchange_view import MOST_EVIDENCE, evidence_of, target_of
from models_conformance.result import Finding, Result
from tests.reports.html.parsed import Page
from tests.reports.result_strategies import exchange, nasty, sample


def clues_about(member: str = "", **values: str) -> Clues:
    return clues_of(Finding("seen", "wanted", (1,), member=member, observed_values=values), "observed")


def page_of_models(count: int) -> bytes:
    return json.dumps(
        {"data": [{"id": f"model-{n}", "type": "model"} for n in range(count)], "has_more": False}
    ).encode()


def with_exchanges(exchanges: Iterable[Exchange], in_a_finding: int = 10) -> Result:
    kept = {exchange.number: exchange for exchange in exchanges}
    numbers = list(kept)
    findings = tuple(
        Finding('it ends with "model-1"', "an end", tuple(numbers[at : at + in_a_finding]))
        for at in range(0, len(numbers), in_a_finding)
    )
    result = sample(list_after_id_is_exclusive="fail")
    entries = tuple(replace(entry, findings=findings if entry.findings else ()) for entry in result.requirements)
    return replace(result, requirements=entries, exchanges=kept)


def test_a_long_body_is_cut_and_its_size_is_said() -> None:
    body = page_of_models(2000)
    view = body_view(body, ())
    assert len(Page(view.shown).text) < SHOWN_BODY * 1.1
    assert f"{len(body) / 1024:.1f} KiB of JSON, indented; the first 8.0 KiB" in view.about
    assert "characters left out" in view.shown


def test_what_is_marked_is_shown_however_far_in_it_stands() -> None:
    view = body_view(page_of_models(2000), (clues_about("has_more", id="model-1990"),))
    assert '<mark class="observed">&#34;model-1990&#34;</mark>' in view.shown
    assert '<mark class="observed">&#34;has_more&#34;: false</mark>' in view.shown
    assert view.shown.count("characters left out") == 2


def test_a_body_that_is_no_text_is_shown_in_hexadecimal() -> None:
    view = body_view(bytes(range(256)) * 40, ())
    assert "10.0 KiB in hexadecimal, the first 512 bytes shown" in view.about
    assert "0020  20 21 22 23" in view.shown


def test_a_text_with_a_few_bytes_that_are_not_utf_8_shows_those() -> None:
    assert 'caf<span class="escape">\\xe9</span>' in body_view(b'{"caf\xe9": "coffee"}', ()).shown


@given(st.binary(max_size=400) | nasty.map(lambda text: text.encode("utf-8", "surrogatepass")), nasty)
def test_any_body_is_shown_as_marks_and_text_alone(body: bytes, sentence: str) -> None:
    view = body_view(body, (clues_about(sentence, id=sentence),))
    assert {tag for tag, _ in Page(view.shown).elements} <= {"span", "mark"}


def test_no_body_makes_a_page_of_any_size() -> None:
    hostile_bodies = (b"\x00" * 5_000_000, b"[" * 100_000, b'"' * 1_000_000, b"[{}," * 60_000 + b"1]", b"\n" * 100_000)
    for body in (*hostile_bodies, json.dumps(["a" * 30] * 9000).encode()):
        assert len(body_view(body, (clues_about(id="a", other="a" * 30),)).shown) < 40 * SHOWN_BODY


def test_evidence_beyond_the_size_of_the_page_is_left_out_and_said_so() -> None:
    body = page_of_models(100)
    result = with_exchanges(replace(exchange(number, "/v1/models", body)) for number in range(1, 3001))
    document = render(result)
    page = Page(document)
    assert MOST_EVIDENCE * 0.9 < len(document) < MOST_EVIDENCE * 1.5
    assert "Evidence is cut: this page shows" in page.text
    assert "Left out: this page shows up to 8.0 MiB of evidence." in page.text
    assert page.of_class("exchange") == 3000


def test_first_findings_of_all_requirements_keep_their_evidence_before_second_ones() -> None:
    result = with_exchanges((exchange(number) for number in range(1, 7)), in_a_finding=2)
    entries = [entry for entry in result.requirements if entry.findings] * 2
    whole = evidence_of(entries, result.exchanges or {}).views
    first = whole[0, 0, 0]
    some = evidence_of(entries, result.exchanges or {}, most=12 * len(first.summary + (first.request_line or "")))
    kept = [place for place, view in some.views.items() if view.request_line is not None]
    in_order = [(entry, finding, place) for finding in range(3) for place in range(2) for entry in range(2)]
    assert kept == in_order[: len(kept)]
    assert 2 <= len(kept) < 12
    assert some.left_out == 12 - len(kept)


def test_times_of_a_retry_count_from_the_first_exchange_of_its_finding() -> None:
    first = replace(exchange(1), at=100.25)
    second = replace(exchange(2), at=100.75, retry_of=1, seconds=0.012)
    text = Page(render(with_exchanges((first, second)))).text
    assert "retry of 1, +0.500 s, took 12 ms" in text


def test_the_target_is_shown_byte_for_byte() -> None:
    assert target_of("http://127.0.0.1:9/v1/../models?a=%zz#\t") == "/v1/../models?a=%zz#\t"
    assert target_of("http://127.0.0.1:9") == "127.0.0.1:9"
    assert target_of("/v1/models") == "/v1/models"


def test_headers_without_number_or_end_are_cut() -> None:
    headers = tuple((f"x-{number}", "v" * 5000) for number in range(500))
    large = Exchange(1, Request("GET", "http://a.test/", headers), Response(200, headers, b""))
    document = render(with_exchanges((large,)))
    assert len(document) < 300_000
    assert "and 436 more header lines" in Page(document).text
    assert "(4,488 more characters)" in document
    assert "characters: the JSON result has the whole command" in document
