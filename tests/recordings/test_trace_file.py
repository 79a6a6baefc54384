"""The suite's own format loses nothing, and says where it was cut or damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.exchange import (
    API_KEY,
    Exchange,
    Failure,
    FailureKind,
    Origin,
    Request,
    Response,
    Trace,
)
from models_conformance.recordings.problems import RecordingError
from models_conformance.recordings.trace_file import parse_trace
from tests.recordings.reading import read_trace
from tests.recordings.samples import failed, judged, recorded, verdicts
from tests.recordings.writers import write_trace

# Lone surrogates too: they are what is left of header bytes that were not text.
TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
HEADERS = st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)
NUMBERS = st.integers(min_value=1, max_value=10**6)
EXCHANGES = st.builds(
    Exchange,
    NUMBERS,
    st.builds(Request, TEXT, TEXT, HEADERS),
    st.none() | st.builds(Response, st.integers(100, 999), HEADERS, st.binary(max_size=40) | st.text().map(str.encode)),
    st.none() | st.builds(Failure, st.sampled_from(get_args(FailureKind)), TEXT),
    st.floats(min_value=0, allow_nan=False, allow_infinity=False),
    st.none() | NUMBERS,
)
ORIGINS = st.builds(
    Origin,
    st.sampled_from(["server", "recording", "client"]),
    TEXT,
    st.booleans(),
    st.none() | st.dictionaries(TEXT, st.none() | TEXT, max_size=3),
    st.sampled_from(["key", "bearer"]),
)


@given(ORIGINS, st.lists(EXCHANGES, max_size=4))
def test_any_trace_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, origin: Origin, exchanges: list[Exchange]
) -> None:
    path = tmp_path_factory.getbasetemp() / "trace.jsonl"
    write_trace(Trace(origin, tuple(exchanges)), path)
    again = read_trace(path)
    assert again.origin == origin
    assert list(again) == exchanges


def saved(tmp_path: Path) -> Path:
    path = tmp_path / "trace"
    write_trace(recorded().trace, path)
    return path


def test_redacted_values_stay_redacted(tmp_path: Path) -> None:
    assert API_KEY in saved(tmp_path).read_text()
    assert dict(read_trace(saved(tmp_path))[1].request.headers)["x-api-key"] == API_KEY


@pytest.mark.parametrize("lines", [1, 3])
def test_a_trace_without_its_footer_was_cut_short(tmp_path: Path, lines: int) -> None:
    whole = saved(tmp_path).read_text().splitlines(keepends=True)
    for text in ("".join(whole[:lines]), "".join(whole[:lines]) + whole[lines][:20], "".join(whole[:lines]) + "{"):
        with pytest.raises(RecordingError, match=r"^x: line \d+: the trace is cut short"):
            parse_trace(text, "x")


def test_every_prefix_is_refused_but_the_whole(tmp_path: Path) -> None:
    text = saved(tmp_path).read_text()
    for end in range(0, len(text) - 1, 7):
        with pytest.raises(RecordingError):
            parse_trace(text[:end], "x")
    # The last line end may be lost: the footer is whole.
    assert len(parse_trace(text[:-1], "x")) == len(recorded().trace)


DAMAGE: dict[str, tuple[str, object]] = {
    "no number": ("number", None),
    "number a word": ("number", "one"),
    "number a truth": ("number", True),
    "no request": ("request", None),
    "request a word": ("request", "GET"),
    "request without URL": ("request", {"method": "GET", "headers": []}),
    "headers a mapping": ("request", {"method": "GET", "url": "http://a", "headers": {}}),
    "headers of three": ("request", {"method": "GET", "url": "http://a", "headers": [["a", "b", "c"]]}),
    "response a list": ("response", []),
    "body a number": ("response", {"status": 200, "headers": [], "body": 5}),
    "body half a pair": ("response", {"status": 200, "headers": [], "body": "\ud800"}),
    "body no base64": ("response", {"status": 200, "headers": [], "body_base64": "%"}),
    "no body": ("response", {"status": 200, "headers": []}),
    "failure unknown": ("failure", {"kind": "bored", "detail": ""}),
    "seconds a word": ("seconds", "long"),
    "seconds too many": ("seconds", 10**400),
    "retry of a word": ("retry_of", "the first"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_line_is_named(tmp_path: Path, name: str) -> None:
    lines = saved(tmp_path).read_text().splitlines()
    member, value = DAMAGE[name]
    lines[2] = json.dumps({**json.loads(lines[2]), member: value})
    with pytest.raises(RecordingError, match=r"^x: line 3: "):
        parse_trace("\n".join(lines) + "\n", "x")


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (0, '{"format":"models-conformance-trace","version":2}', "version 2"),
        (0, '{"format":"another","version":1}', "no models-conformance-trace"),
        (0, '{"format":"models-conformance-trace","version":1}', "origin"),
        (0, '{"format":"models-conformance-trace","version":1,"origin":{"kind":"dream"}}', "line 1"),
        (1, "[]", "no JSON object"),
        (1, '{"end":1,"exchanges":0}', "lines follow the footer"),
        (-1, '{"end":1,"exchanges":1}', "the footer counts"),
        (2, "[" * 100_000, "no JSON object"),
        (2, "1" * 5000, "no JSON object"),
    ],
)
def test_headers_footers_and_garbage_are_checked(tmp_path: Path, line: int, text: str, reason: str) -> None:
    lines = saved(tmp_path).read_text().splitlines()
    lines[line] = text
    with pytest.raises(RecordingError, match=reason):
        parse_trace("\n".join(lines) + "\n", "x")


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        read_trace(tmp_path)
    (tmp_path / "x").write_bytes(b"\xff")
    with pytest.raises(RecordingError, match="no text in UTF-8"):
        read_trace(tmp_path / "x")


def test_a_trace_is_judged_as_it_was_live(tmp_path: Path) -> None:
    recorder = recorded()
    live = {name: judged_requirement.verdict for name, judged_requirement in recorder.judged().items()}
    result = judged(saved(tmp_path))
    assert not failed(result)
    assert verdicts(result) == {name: live[name] for name in verdicts(result)}


def test_a_kept_trace_with_a_url_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_trace(Trace(Origin("server", "x"), (Exchange(1, Request("GET", "http://[", ()), None),)), path)
    with pytest.raises(RecordingError, match="exchange 1: the URL"):
        judged(path)


def test_other_calls_of_a_trace_are_left_out_and_repetitions_still_found(tmp_path: Path) -> None:
    trace = recorded().trace
    trace.add(Request("POST", "http://test/v1/messages", ()), Response(200, (), b"{}"))
    again = Request("GET", "http://test/v1/models?limit=2", trace[1].request.headers)
    broken = trace.add(again, Response(500, (), b""))
    trace.add(again, trace[2].response, retry_of=broken.number)
    path = tmp_path / "x"
    write_trace(trace, path)
    result = judged(path)
    assert not failed(result)
    assert any("1 exchange left out: not calls" in note for note in result.notes)


def test_a_long_body_is_written_once(tmp_path: Path) -> None:
    """What repeats itself in megabytes is written and read from one copy."""
    body, path = b"m" * 100_000, tmp_path / "trace"
    exchanges = [
        Exchange(number, Request("GET", "http://h/v1/models", ()), Response(200, (), body)) for number in (1, 2, 3)
    ]
    write_trace(Trace(Origin("server", "x"), tuple(exchanges)), path)
    text = path.read_text(encoding="utf-8")
    assert len(text) < 2 * len(body)
    assert list(read_trace(path)) == exchanges
    with pytest.raises(RecordingError, match="body_of"):
        parse_trace(text.replace('"body_of":1', '"body_of":3', 1), "t")
