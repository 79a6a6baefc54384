"""Each recorder's format, from small samples written by hand, whatever the file is called."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from models_conformance.evidence.exchange import header_values
from models_conformance.recordings.dialects import Recording
from models_conformance.recordings.entries import OTHER_CALLS
from models_conformance.recordings.problems import RecordingError
from models_conformance.recordings.traces import Collector
from tests.recordings import writers
from tests.recordings.reading import read_recording
from tests.recordings.samples import by_id, failed, judged, recorded, verdicts

MODEL = '{"type":"model","id":"claude-made-up-9","display_name":"Made Up 9","created_at":"2025-09-01T00:00:00Z"}'
LIST = f'{{"data":[{MODEL}],"has_more":false,"first_id":"claude-made-up-9","last_id":"claude-made-up-9"}}'

VCRPY = f"""\
interactions:
- request:
    body: null
    headers:
      anthropic-version: ['2023-06-01']
    method: GET
    uri: https://api.example/v1/models
  response:
    body: {{string: '{LIST}'}}
    headers:
      Content-Type: [application/json]
      x-two: [a, b]
    status: {{code: 200, message: OK}}
version: 1
"""

RUBY = f"""\
---
http_interactions:
- request:
    method: get
    uri: https://api.example/v1/models
    body:
      encoding: US-ASCII
      string: ''
    headers:
      X-Api-Key:
      - "<KEY>"
      Anthropic-Version:
      - '2023-06-01'
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - application/json
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        {base64.b64encode(LIST.encode()).decode()}
    http_version: null
  recorded_at: Mon, 23 Dec 2024 18:46:54 GMT
- request: {{method: get, uri: 'https://api.other/v1/chat'}}
  response: {{status: {{code: 200}}, headers: {{}}, body: {{string: hello}}}}
recorded_with: VCR 6.1.0
"""

GO_V1 = f"""\
---
version: 1
interactions:
- request:
    body: ""
    form: {{}}
    headers:
      Anthropic-Version:
      - "2023-06-01"
    url: https://api.example/v1/models
    method: GET
  response:
    body: '{LIST}'
    headers:
      Content-Type:
      - application/json
    status: 200 OK
    code: 200
    duration: ""
"""

GO_V3 = f"""\
---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: 0
        transfer_encoding: []
        trailer: {{}}
        host: api.example
        remote_addr: ""
        request_uri: ""
        body: ""
        form: {{}}
        headers: {{}}
        url: https://api.example/v1/models
        method: GET
      response:
        proto: HTTP/2.0
        content_length: -1
        uncompressed: true
        body: '{LIST}'
        headers:
            Content-Type:
                - application/json
        status: 200 OK
        code: 200
        duration: 137.5ms
"""

R_VCR = f"""\
http_interactions:
- request:
    method: GET
    uri: https://api.example/v1/models
  response:
    status: 200
    headers:
      content-type: application/json
      content-encoding: gzip
      set-cookie: [a=1, b=2]
    body:
      string: '{LIST}'
  recorded_at: 2025-07-01 14:00:02
recorded_with: VCR-vcr/1.7.0
"""

R_VCR_OLD = f"""\
http_interactions:
- request:
    method: get
    uri: https://api.example/v1/models
    body: {{encoding: '', string: ''}}
    headers: {{anthropic-version: '2023-06-01'}}
  response:
    status: {{status_code: 200, category: Success, reason: OK, message: 'Success: (200) OK'}}
    headers: {{content-type: application/json}}
    body: {{encoding: UTF-8, file: no, string: '{LIST}'}}
  recorded_at: 2019-07-01 14:00:02 GMT
"""

PYTHON_2 = f"""\
interactions:
- request:
    body: !!python/unicode ''
    headers: {{Accept: ['*/*']}}
    method: !!python/unicode 'GET'
    uri: https://api.example/v1/models
  response:
    body: {{string: !!python/unicode '{LIST}'}}
    headers: {{content-type: [application/json]}}
    status: {{code: 200, message: OK}}
version: 1
"""

HAR = json.dumps(
    {
        "log": {
            "version": "1.2",
            "creator": {"name": "proxy", "version": "1"},
            "entries": [
                {
                    "startedDateTime": "2026-01-28T15:08:44.123+01:00",
                    "time": 12,
                    "request": {
                        "method": "GET",
                        "url": "https://api.example/v1/models",
                        "headers": [{"name": ":authority", "value": "api.example"}, {"name": "Accept", "value": "*/*"}],
                    },
                    "response": {
                        "status": 200,
                        "headers": [{"name": "content-type", "value": "application/json"}],
                        "content": {
                            "size": len(LIST),
                            "text": base64.b64encode(LIST.encode()).decode(),
                            "encoding": "base64",
                        },
                    },
                },
                {"request": {"method": "CONNECT", "url": "https://api.example:443"}, "response": {"status": 200}},
            ],
        }
    }
)

SAMPLES = {
    "vcrpy": VCRPY,
    "ruby": RUBY,
    "go-v1": GO_V1,
    "go-v3": GO_V3,
    "r": R_VCR,
    "r-old": R_VCR_OLD,
    "python-2": PYTHON_2,
    "har": HAR,
}


def kept(tmp_path: Path, text: str | bytes, name: str = "recording") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_whatever_the_file_is_called(name: str, tmp_path: Path) -> None:
    for file_name in ("x", "x.txt", "x.har", "x.yaml", "x.json"):
        recording = read_recording(kept(tmp_path, SAMPLES[name], file_name))
        (entry,) = recording.entries
        assert entry.request.method == "GET"
        assert entry.request.url == "https://api.example/v1/models"
        assert entry.answer is not None
        assert (entry.answer.status, entry.answer.body) == (200, LIST.encode())
        assert header_values(entry.answer.headers, "content-type") == ["application/json"]
        assert not any(header.startswith(":") for header, _ in entry.request.headers)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_conforms(name: str, tmp_path: Path) -> None:
    result = judged(kept(tmp_path, SAMPLES[name]))
    assert not failed(result)
    assert result.run.verdict == "passed"
    assert result.subject.kind == "recording"
    assert by_id(result)["list-envelope-is-complete"].exercised == 1


def test_calls_of_something_else_are_counted_and_left_out(tmp_path: Path) -> None:
    assert read_recording(kept(tmp_path, RUBY)).left_out == {OTHER_CALLS: 1}
    assert read_recording(kept(tmp_path, HAR)).left_out == {OTHER_CALLS: 1}


def test_durations_and_repeated_headers_are_kept(tmp_path: Path) -> None:
    (go,) = read_recording(kept(tmp_path, GO_V3)).entries
    assert go.seconds == pytest.approx(0.1375)
    (python,) = read_recording(kept(tmp_path, VCRPY)).entries
    assert python.answer is not None
    assert header_values(python.answer.headers, "X-Two") == ["a", "b"]


def test_a_base_url_with_a_prefix_is_read_too(tmp_path: Path) -> None:
    text = VCRPY.replace("https://api.example", "http://127.0.0.1:8080/gateway/claude")
    assert len(read_recording(kept(tmp_path, text)).entries) == 1


@pytest.mark.parametrize("form", [*writers.FORMATS, "own"])
def test_packed_files_and_byte_order_marks_are_read(form: str, tmp_path: Path) -> None:
    trace = recorded().trace
    plain = judged(writers.save(trace, form, tmp_path / "plain"))
    packed = judged(writers.save(trace, form, tmp_path / "packed", packed=True))
    assert verdicts(plain) == verdicts(packed)
    path = tmp_path / "plain"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert verdicts(judged(path)) == verdicts(plain)


def test_gzip_files_of_several_members_are_read(tmp_path: Path) -> None:
    data = VCRPY.encode()
    path = kept(tmp_path, gzip.compress(data[:100]) + gzip.compress(data[100:]) + b"\0\0")
    assert len(read_recording(path).entries) == 1


def test_several_documents_in_one_file_are_read(tmp_path: Path) -> None:
    recording = read_recording(kept(tmp_path, f"---\n{VCRPY}\n---\n{R_VCR}\n---\n"))
    assert len(recording.entries) == 2


def test_a_vcrpy_body_in_base64_is_decoded(tmp_path: Path) -> None:
    coded = base64.b64encode(LIST.encode()).decode()
    text = VCRPY.replace(f"{{string: '{LIST}'}}", f"{{base64_string: {coded}}}")
    (entry,) = read_recording(kept(tmp_path, text)).entries
    assert entry.answer is not None
    assert entry.answer.body == LIST.encode()


def test_anchors_and_merge_keys_are_read(tmp_path: Path) -> None:
    text = VCRPY.replace("- request:\n", "- &first\n  request: &asked\n").replace(
        "version: 1\n", "- *first\n- {request: {<<: *asked, method: GET}, response: null}\nversion: 1\n"
    )
    recording = read_recording(kept(tmp_path, text))
    assert [entry.answer is not None for entry in recording.entries] == [True, True, False]
    assert {entry.request.url for entry in recording.entries} == {"https://api.example/v1/models"}


def test_unquoted_scalars_stay_the_text_they_were(tmp_path: Path) -> None:
    text = VCRPY.replace(f"{{string: '{LIST}'}}", "{string: 1.50}").replace("[a, b]", "[0x10, yes]")
    (entry,) = read_recording(kept(tmp_path, text)).entries
    assert entry.answer is not None
    assert entry.answer.body == b"1.50"
    assert header_values(entry.answer.headers, "x-two") == ["0x10", "yes"]


def test_pages_of_one_base_url_are_one_trace_and_others_are_apart(tmp_path: Path) -> None:
    text = VCRPY.replace(
        "version: 1\n",
        VCRPY.partition("interactions:\n")[2].replace("https://api.example", "https://API.example")
        + VCRPY.partition("interactions:\n")[2].replace("version: 1\n", "").replace("api.example", "other.example"),
    ).replace("version: 1\n", "", 1)
    traces = Collector().traces(read_recording(kept(tmp_path, text)))
    assert [len(recorded.trace) for recorded in traces] == [2, 1]
    assert [exchange.number for trace in traces for exchange in trace.trace] == [1, 2, 3]
    assert all(not recorded.trace.origin.request_headers_kept for recorded in traces)
    assert {recorded.trace.origin.kind for recorded in traces} == {"recording"}


def test_sessions_that_are_days_apart_are_catalogues_apart(tmp_path: Path) -> None:
    recorded = R_VCR.partition("http_interactions:\n")[2].partition("recorded_with")[0]
    text = (
        "http_interactions:\n" + recorded + recorded.replace("14:00", "14:09") + recorded.replace("2025-07", "2026-03")
    )
    traces = Collector().traces(read_recording(kept(tmp_path, text)))
    assert [len(trace.trace) for trace in traces] == [2, 1]


def test_a_file_that_is_no_recording_is_refused_where_it_is_named(tmp_path: Path) -> None:
    for text in ("hello", "{}", "[1]", "a: b", "%PDF-1.7"):
        with pytest.raises(RecordingError, match="no recording"):
            read_recording(kept(tmp_path, text))


def test_an_empty_cassette_is_one(tmp_path: Path) -> None:
    for text in ("interactions: []\nversion: 1\n", "http_interactions:\n", "http_interactions: {}\n"):
        assert read_recording(kept(tmp_path, text)) == Recording(str(tmp_path / "recording"))
        assert judged(kept(tmp_path, text)).exit_code == 3
