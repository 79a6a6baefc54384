"""Whatever a file holds, reading it ends in a result or in one clear line; and the format decides nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models_conformance.evidence.exchange import Exchange, Request, Response, Trace
from models_conformance.recordings.problems import RecordingError
from models_conformance.reports import as_json
from tests.judges.builders import HEADERS, Model, Recorder, answer
from tests.recordings import writers
from tests.recordings.samples import judged, recorded, verdicts

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FORMS = [*writers.FORMATS, "own"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="module")
def originals(folder: Path) -> dict[str, bytes]:
    trace = recorded().trace
    return {form: writers.save(trace, form, folder / "original").read_bytes() for form in FORMS}


def read(path: Path, data: bytes) -> None:
    """Reading and judging these bytes raises nothing but RecordingError, which has one line."""
    path.write_bytes(data)
    refused: RecordingError | None = None
    try:
        result = judged(path)
    except RecordingError as problem:
        refused = problem
    if refused is not None:
        assert refused.path == str(path)
        assert "\n" not in str(refused)
    else:
        json.loads(as_json.render(result))
        assert result.exit_code in (0, 1, 3)


@RELAXED
@given(st.binary(max_size=200))
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08" + b"\0" * 20)
@example(b"\xef\xbb\xbf")
@example(b"interactions: !!timestamp 2025-99-99")
@example(b"interactions:\n- request: {method: GET, uri: /v1/models}\n  response: {status: 0200}\n")
def test_garbage_is_refused(folder: Path, data: bytes) -> None:
    read(folder / "garbage", data)


@RELAXED
@given(st.text(max_size=120))
def test_garbage_under_a_recording_s_name_is_refused(folder: Path, text: str) -> None:
    read(folder / "garbage", b"interactions:\n" + text.encode("utf-8", "replace"))
    read(folder / "garbage", b'{"log": {"entries": [' + text.encode("utf-8", "replace"))
    read(folder / "garbage", b'{"format":"models-conformance-trace"' + text.encode("utf-8", "replace"))


@RELAXED
@given(
    st.sampled_from(FORMS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=6)), min_size=1, max_size=4),
)
def test_a_mutated_recording_is_read_or_refused(
    folder: Path, originals: dict[str, bytes], form: str, edits: list[tuple[float, int, bytes]]
) -> None:
    data = originals[form]
    for where, length, new in edits:
        start = int(where * len(data))
        data = data[:start] + new + data[start + length :]
    read(folder / "mutated", data)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
SHAPES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))


@RELAXED
@given(st.sampled_from(["vcrpy-json", "har", "own"]), st.data())
def test_a_recording_with_another_value_anywhere_is_read_or_refused(
    folder: Path, originals: dict[str, bytes], form: str, data: st.DataObject
) -> None:
    lines = originals[form].decode().splitlines() if form == "own" else [originals[form].decode()]
    at = data.draw(st.integers(0, len(lines) - 1))
    document = json.loads(lines[at])
    places = list(_places(document))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(SHAPES)
    lines[at] = json.dumps(document)
    read(folder / "changed", "\n".join(lines).encode())


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every member and element anywhere in a JSON value: what holds it, and under which key."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


MODELS = st.lists(
    st.builds(
        Model,
        st.text("abc-:/ é", min_size=1, max_size=4).map(lambda text: f"claude-{text}"),
        st.sampled_from(["2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z", "1970-01-01T00:00:00Z", "soon"]),
    ),
    max_size=5,
    unique_by=lambda model: model.id,
)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """A walk, sometimes honest, through some catalogue, sometimes in order, and a few stray exchanges."""
    catalogue = draw(MODELS)
    recorder = Recorder()
    for _ in range(draw(st.integers(1, 4))):
        limit = draw(st.none() | st.integers(1, 3))
        after = draw(st.none() | st.sampled_from([model.id for model in catalogue])) if catalogue else None
        size = draw(st.sampled_from([limit, 2]))
        recorder.list(answer(catalogue, size, after, None), limit, after=after)
    for model in draw(st.lists(st.sampled_from(catalogue), max_size=2)) if catalogue else []:
        recorder.retrieve(model.id, model.document())
    body = draw(st.sampled_from([b"", b"{", b"[]", b'{"data": [], "data": 5}', b"\xff\x00", b"NaN"]))
    if draw(st.booleans()):
        recorder.add("/v1/models", body, draw(st.sampled_from([200, 404, 500])), HEADERS)
    return recorder.trace


def comparable(trace: Trace) -> Trace:
    """The trace without what recordings cannot say: whether an empty body was empty or not kept."""
    answered = [exchange for exchange in trace if isinstance(exchange.response, Response) and exchange.response.body]
    exchanges = (
        Exchange(number, Request(sent.request.method, sent.request.url, sent.request.headers), sent.response)
        for number, sent in enumerate(answered, 1)
    )
    return Trace(trace.origin, tuple(exchanges))


@settings(RELAXED, max_examples=40)
@given(traces())
def test_the_same_trace_has_the_same_verdicts_in_every_format(folder: Path, trace: Trace) -> None:
    kept = comparable(trace)
    # JSON holds no bytes that are not text; and R's cassettes say "gzip" of them here, which they are not.
    responses = [exchange.response for exchange in kept if exchange.response]
    binary = any(isinstance(writers.text_or_bytes(response.body), bytes) for response in responses)
    forms = [form for form in writers.FORMATS if not (binary and form in ("vcrpy-json", "r"))]
    found = {form: verdicts(judged(writers.save(kept, form, folder / form))) for form in forms}
    assert {json.dumps(document) for document in found.values()} == {json.dumps(found["vcrpy"])}
    # R vcr says nothing of how it was asked; that costs no verdict here, where every request is alike.
    own = verdicts(judged(writers.save(kept, "own", folder / "own")))
    assert {name for name, verdict in own.items() if verdict == "fail"} == {
        name for name, verdict in found["vcrpy"].items() if verdict == "fail"
    }
