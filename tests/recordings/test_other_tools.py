"""Recordings in the forms of tools beside the recorders: one small file of each, right and wrong."""

from __future__ import annotations

import base64
import contextlib
import functools
import gzip
import io
import json
import subprocess
import sys
import textwrap
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from models_conformance import UsageError, judge_recording
from models_conformance.recordings.dialects import read_recording
from models_conformance.recordings.problems import RecordingError
from models_conformance.reference.server.serving import behaviour_named, running
from tests.recordings.writers import as_yaml

MODELS: list[dict[str, Any]] = [
    {"type": "model", "id": "b", "display_name": "B", "created_at": "2026-01-02T00:00:00Z", "weight": 8192.50},
    {"type": "model", "id": "a", "display_name": "A", "created_at": "2026-01-01T00:00:00Z"},
]
VERSION = {"anthropic-version": "2023-06-01"}
JSON = {"content-type": "application/json"}
URL = "https://gateway.example/v1/models?limit=2"


def page(first_id: str) -> dict[str, Any]:
    return {"data": MODELS, "has_more": False, "first_id": first_id, "last_id": "a"}


def paired(body: dict[str, Any]) -> bytes:
    request = {"method": "GET", "uri": URL, "body": None, "headers": {k: [v] for k, v in VERSION.items()}}
    answer = {"status": {"code": 200, "message": "OK"}, "headers": JSON, "body": {"string": json.dumps(body)}}
    return gzip.compress(as_yaml({"requests": [request], "responses": [answer]}).encode())


def httpmock(body: dict[str, Any]) -> bytes:
    when = {"path": "/v1/models", "method": "GET", "query_param": [{"name": "limit", "value": "2"}]}
    then = {"status": 200, "header": [{"name": n, "value": v} for n, v in JSON.items()], "body": json.dumps(body)}
    return as_yaml({"when": when, "then": then}).encode() + b"---\n" + as_yaml({"when": {}, "then": {}}).encode()


def nock(body: dict[str, Any]) -> bytes:
    one = {"scope": "https://gateway.example:443", "method": "GET", "path": "/v1/models?limit=2", "body": ""}
    return json.dumps(
        [{**one, "status": 200, "response": body, "rawHeaders": ["Content-Type", "application/json"]}]
    ).encode()


def nock_compressed(body: dict[str, Any]) -> bytes:
    one = {"scope": "https://gateway.example:443", "method": "GET", "path": "/v1/models?limit=2", "status": 200}
    packed = gzip.compress(json.dumps(body).encode()).hex()
    coded = {"content-encoding": "gzip", **JSON}
    return json.dumps([{**one, "response": [packed[:40], packed[40:]], "rawHeaders": coded}]).encode()


def har(body: dict[str, Any]) -> dict[str, Any]:
    request = {"method": "GET", "url": URL, "headers": [{"name": n, "value": v} for n, v in VERSION.items()]}
    content = {"size": 1, "mimeType": "application/json", "text": json.dumps(body)}
    response = {"status": 200, "headers": [], "content": content, "bodySize": 1}
    return {"log": {"version": "1.2", "entries": [{"request": request, "response": response, "time": 1}]}}


def har_as_yaml(body: dict[str, Any]) -> bytes:
    return as_yaml(har(body)).encode()


def har_in_utf_16(body: dict[str, Any]) -> bytes:
    return json.dumps(har(body)).encode("utf-16")


def har_in_utf_16_without_a_mark(body: dict[str, Any]) -> bytes:
    return json.dumps(har(body)).encode("utf-16-le")


def har_in_a_zip(body: dict[str, Any]) -> bytes:
    """As Playwright writes it: bodies are files beside the archive."""
    document, packed = har(body), io.BytesIO()
    content = document["log"]["entries"][0]["response"]["content"]
    text, content["_file"] = content.pop("text"), "0123.json"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("har.har", json.dumps(document))
        archive.writestr("0123.json", text)
    return packed.getvalue()


def ruby_compressed(body: dict[str, Any]) -> bytes:
    request = {"method": "get", "uri": URL, "headers": {"Anthropic-Version": ["2023-06-01"]}}
    answer = {"status": {"code": 200, "message": "OK"}, "headers": JSON, "body": {"string": json.dumps(body)}}
    return zlib.compress(as_yaml({"http_interactions": [{"request": request, "response": answer}]}).encode())


def okreplay(body: dict[str, Any]) -> bytes:
    request = {"method": "GET", "uri": URL, "headers": VERSION}
    one = {"recorded": "2026-01-03T00:00:00.000Z", "request": request}
    answer = {"status": 200, "headers": JSON, "body": json.dumps(body)}
    return b"!tape\n" + as_yaml({"name": "tape", "interactions": [{**one, "response": answer}]}).encode()


def responses(body: dict[str, Any]) -> bytes:
    answer = {"method": "GET", "url": URL, "status": 200, "content_type": "application/json", "body": json.dumps(body)}
    return as_yaml({"responses": [{"response": {**answer, "auto_calculate_content_length": False}}]}).encode()


def wiremock(body: dict[str, Any]) -> bytes:
    request = {
        "method": "GET",
        "urlPath": "/v1/models",
        "queryParameters": {"limit": {"hasExactly": [{"equalTo": "2"}]}},
    }
    pattern = {"request": {"method": "ANY", "urlPattern": "/.*"}, "response": {"status": 404}}
    right = {"request": request, "response": {"status": 200, "jsonBody": body, "headers": JSON}}
    # Which limits they are asked with is not known, or they have no answer of their own.
    several = {**request, "queryParameters": {"limit": {"matches": "[0-9]+"}}}
    made = {"status": 200, "body": "{{request.url}}", "transformers": ["response-template"]}
    more = [(several, right["response"]), (request, made), (request, {"proxyBaseUrl": "http://x"})]
    others = [{"request": asked, "response": answer} for asked, answer in more]
    return json.dumps({"mappings": [right, pattern, *others]}).encode()


def hoverfly(body: dict[str, Any]) -> bytes:
    asked = {"method": "GET", "destination": "gateway.example", "scheme": "https", "path": "/v1/models"}
    request: dict[str, Any] = {name: [{"matcher": "exact", "value": value}] for name, value in asked.items()}
    request["query"] = {"limit": [{"matcher": "exact", "value": "2"}]}
    response = {
        "status": 200,
        "body": json.dumps(body),
        "encodedBody": False,
        "headers": {"Content-Type": [*JSON.values()]},
    }
    several = {**request, "query": {"limit": [{"matcher": "regex", "value": "[0-9]+"}]}}
    pairs = [{"request": asked, "response": response} for asked in (request, several)]
    return json.dumps({"data": {"pairs": pairs}, "meta": {}}).encode()


def httpretty(body: dict[str, Any]) -> bytes:
    request = {"uri": URL, "method": "GET", "headers": VERSION, "body": "", "querystring": {"limit": ["2"]}}
    return json.dumps(
        [{"request": request, "response": {"status": 200, "body": json.dumps(body), "headers": JSON}}]
    ).encode()


def postman(body: dict[str, Any]) -> bytes:
    request = {"method": "GET", "url": {"raw": "{{base}}/v1/models?limit=2"}, "header": [{"key": "a", "value": "b"}]}
    saved = {"originalRequest": request, "code": 200, "header": [], "body": json.dumps(body)}
    # What was asked with a variable that has no value is not known; it may be in the path.
    unknown = {"method": "GET", "url": "{{base}}/v1/models?limit={{limit}}"}
    one = {"raw": "{{base}}/v1/models/:id", "variable": [{"key": "id", "value": "b"}]}
    others = [
        {"originalRequest": unknown, "code": 200, "body": "{}"},
        {"originalRequest": {"method": "GET", "url": one}, "code": 200, "body": json.dumps(MODELS[0])},
        {"originalRequest": {"method": "GET", "url": {"raw": one["raw"]}}, "code": 200, "body": json.dumps(MODELS[0])},
    ]
    folder = {"name": "Models", "item": [{"name": "List", "request": request, "response": [saved, *others]}]}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return json.dumps({"info": {"name": "c", "schema": schema}, "item": [folder]}).encode()


def wiremock_journal(body: dict[str, Any]) -> bytes:
    """What was really sent and answered, with the definition that was meant beside it."""
    text = base64.b64encode(gzip.compress(json.dumps(body).encode())).decode()
    answer = {"status": 200, "headers": {"Content-Encoding": "gzip"}, "bodyAsBase64": text, "body": "?"}
    request = {"url": "/v1/models?limit=2", "absoluteUrl": URL, "method": "GET", "headers": {"a": ["b", "c"]}}
    other = {"request": {**request, "absoluteUrl": "http://x/health"}, "response": answer, "wasMatched": False}
    one = {"request": request, "responseDefinition": {"body": "{}"}, "response": answer, "wasMatched": True}
    return json.dumps({"requests": [other, one], "meta": {"total": 2}}).encode()


def hoverfly_journal(body: dict[str, Any]) -> bytes:
    asked = {"path": "/v1/models", "method": "GET", "destination": "gateway.example", "query": "limit=2"}
    answer = {"status": 200, "body": json.dumps(body), "encodedBody": False, "headers": {}}
    return json.dumps({"journal": [{"request": asked, "response": answer, "mode": "capture"}]}).encode()


def hoverfly_3(body: dict[str, Any]) -> bytes:
    asked = {"path": "/v1/models", "method": "GET", "destination": "gateway.example", "query": "limit=2"}
    request = {name: {"exactMatch": value} for name, value in asked.items()}
    pair = {"request": request, "response": {"status": 200, "body": json.dumps(body), "headers": {}}}
    return json.dumps({"data": {"pairs": [pair]}, "meta": {"schemaVersion": "v3"}}).encode()


def postman_of_the_api(body: dict[str, Any]) -> bytes:
    """Wrapped, its URL in parts alone, its headers as one text."""
    query = [{"key": "limit", "value": "2"}, {"key": "after_id", "value": "{{cursor}}", "disabled": True}]
    url = {"host": ["{{base}}"], "path": ["v1", "models"], "query": query}
    saved = {"originalRequest": {"method": "GET", "url": url}, "code": 200, "header": "Vary: a\nVary: b\n"}
    item = {"name": "List", "response": [{**saved, "body": json.dumps(body)}]}
    return json.dumps({"collection": {"info": {"_postman_id": "1"}, "item": [item]}}).encode()


def bruno_example(body: dict[str, Any]) -> dict[str, Any]:
    request = {"url": "{{base}}/v1/models?limit=2", "method": "get", "headers": [{"name": "a", "value": "b"}]}
    headers = [{"name": name, "value": value} for name, value in JSON.items()]
    answer = {"status": 200, "headers": headers, "body": {"type": "json", "data": json.dumps(body, indent=2)}}
    return {"name": "ok", "request": request, "response": answer}


def bruno_yaml(body: dict[str, Any]) -> bytes:
    http = {"method": "GET", "url": "{{base}}/v1/models"}
    return as_yaml({"info": {"name": "List"}, "http": http, "examples": [bruno_example(body)]}).encode()


def bruno_json(body: dict[str, Any]) -> bytes:
    folder = {"type": "folder", "items": [{"type": "http", "examples": [bruno_example(body)]}]}
    return json.dumps({"name": "c", "version": "1", "items": [folder]}).encode()


def bru(body: dict[str, Any]) -> bytes:
    text = textwrap.indent(json.dumps(body, indent=2), " " * 8)
    return f"""meta {{
  name: List
}}

get {{
  url: {{{{base}}}}/v1/models?limit=5
}}

tests {{
  example {{
  }}
}}

example {{
  name: ok

  request: {{
    url: {{{{base}}}}/v1/models?limit=2
    method: get
    headers: {{
      ~off: b
      "a b": c
    }}
  }}

  response: {{
    headers: {{
      content-type: application/json
    }}

    status: {{
      code: 200
      text: OK
    }}

    body: {{
      type: json
      content: '''
{text}
      '''
    }}
  }}
}}
""".encode()


def php_vcr(body: dict[str, Any]) -> bytes:
    """A list without a name; its URL may be that of any host."""
    request = {"method": "GET", "url": URL, "headers": {"Host": "gateway.example"}}
    status = {"http_version": "1.1", "code": 200, "message": "OK"}
    entry = {"request": request, "response": {"status": status, "headers": JSON, "body": json.dumps(body)}}
    return b"\n-\n" + textwrap.indent(as_yaml(entry), "    ").encode()


def polly_compressed(body: dict[str, Any]) -> bytes:
    document, packed = har(body), gzip.compress(json.dumps(body).encode())
    pieces = json.dumps([base64.b64encode(piece).decode() for piece in (packed[:30], packed[30:])])
    document["log"]["entries"][0]["response"]["content"].update(text=pieces, encoding="base64")
    return json.dumps(document).encode()


def nock_binary(body: dict[str, Any]) -> bytes:
    one = {"scope": "https://gateway.example:443", "method": "GET", "path": "/v1/models?limit=2", "status": 200}
    return json.dumps([{**one, "response": json.dumps(body).encode().hex(), "responseIsBinary": True}]).encode()


def responses_in_toml(body: dict[str, Any]) -> bytes:
    lines = [f'url = "{URL}"', 'method = "GET"', "status = 200", f"body = {json.dumps(json.dumps(body))}"]
    return "\n".join(["[[responses]]", "", "[responses.response]", *lines]).encode()


FORMS: list[Callable[[dict[str, Any]], bytes]] = [
    *(
        paired,
        httpmock,
        nock,
        nock_compressed,
        har_as_yaml,
        har_in_utf_16,
        har_in_utf_16_without_a_mark,
        har_in_a_zip,
        ruby_compressed,
    ),
    *(okreplay, responses, httpretty, wiremock, hoverfly, postman),
    *(wiremock_journal, hoverfly_journal, hoverfly_3, postman_of_the_api, bruno_yaml, bruno_json, bru),
    *(php_vcr, polly_compressed, nock_binary, responses_in_toml),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_recording_is_judged_whatever_tool_kept_it(form: Callable[[dict[str, Any]], bytes], tmp_path: Path) -> None:
    for first_id, violated in (("b", set()), ("a", {"list-ids-equal-ends-of-data"})):
        (tmp_path / "recorded").write_bytes(form(page(first_id)))
        # Named, and met in a folder.
        for path in (tmp_path / "recorded", tmp_path):
            result = judge_recording(path, only=["envelope", "member", "limit"])
            assert {entry.requirement.id for entry in result.violations} == violated
            assert result.run.requests == (2 if form is postman else 1)
            assert "limit=2" in str([each.request.url for each in (result.exchanges or {}).values()]) or not violated


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


@pytest.mark.parametrize(
    "form",
    [wiremock, wiremock_journal, hoverfly, hoverfly_3, postman, postman_of_the_api, bruno_json, httpretty, nock_binary],
    ids=lambda form: form.__name__,
)
def test_what_is_damaged_anywhere_is_read_or_refused(form: Callable[[dict[str, Any]], bytes], tmp_path: Path) -> None:
    text = form(page("b")).decode()
    for number, (*path, last) in enumerate(places(json.loads(text))):
        document = json.loads(text)
        holder = functools.reduce(lambda value, name: value[name], path, document)
        damages: list[Any] = [None, [], {}, "x", 7, [None], {"a": {}}]
        holder[last] = damages[number % len(damages)]
        (tmp_path / "f").write_text(json.dumps(document))
        with contextlib.suppress(RecordingError):
            read_recording(tmp_path / "f")


def test_each_document_of_a_file_is_a_place_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(as_yaml({"when": {}, "then": {}}).encode() + b"---\n" + httpmock(page("a")))
    result = judge_recording(tmp_path / "f")
    assert any("2 exchanges left out: stubs for more than one request" in note for note in result.notes)
    result.write_sarif(tmp_path / "s.json")
    (scanned,) = json.loads((tmp_path / "s.json").read_text())["runs"][0]["results"]
    assert scanned["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == str(tmp_path / "f")
    (violation,) = result.violations
    assert [finding.place.partition(", ")[2] for finding in violation.findings] == ["document 2, the stub"]


def test_a_body_kept_as_yaml_keeps_its_numbers_and_truths(tmp_path: Path) -> None:
    mapping = {"request": {"method": "GET", "url": "/v1/models?limit=2"}, "response": {"jsonBody": page("b")}}
    (tmp_path / "f").write_bytes(as_yaml({"mappings": [mapping]}).encode())
    assert not judge_recording(tmp_path / "f").violations


@pytest.mark.parametrize("cursor_holds", ["a", "b"])
def test_the_mappings_of_wiremock_are_one_server_with_bodies_in_files(cursor_holds: str, tmp_path: Path) -> None:
    (tmp_path / "mappings" / "more").mkdir(parents=True)
    (tmp_path / "__files").mkdir()
    (tmp_path / "secret.json").write_text(json.dumps(page("a")))
    first = {"data": MODELS[:1], "has_more": True, "first_id": "b", "last_id": "b"}
    last = [one for one in MODELS if str(one["id"]) <= cursor_holds]
    ends = {"first_id": cursor_holds, "last_id": "a"}
    pages = {"limit=1": first, "limit=2&after_id=b": {"data": last, "has_more": False, **ends}}
    for number, (query, body) in enumerate(pages.items()):
        (tmp_path / "__files" / f"body-{number}.json").write_text(json.dumps(body))
        response = {"status": 200, "bodyFileName": f"body-{number}.json", "headers": JSON}
        mapping = {"request": {"method": "GET", "url": f"/v1/models?{query}"}, "response": response}
        folder = tmp_path / "mappings" / ("more" if number else "")
        (folder / f"{number}.json").write_text(json.dumps(mapping))
    outside = {"request": {"method": "GET", "url": "/v1/models"}, "response": {"bodyFileName": "../secret.json"}}
    (tmp_path / "mappings" / "outside.json").write_text(json.dumps(outside))
    result = judge_recording(tmp_path)
    roots = [cause.root for cause in result.causes]
    assert roots == ([] if cursor_holds == "a" else ["list-after-id-is-exclusive"])
    assert result.run.requests == 2
    found = [finding.place for entry in result.violations for finding in entry.findings]
    assert all(place.endswith("mappings, more/1.json, mapping 1") for place in found)
    assert any("without a recorded body" in note for note in result.notes)


def test_pages_are_not_short_by_the_word_of_a_has_more_that_is_wrong(tmp_path: Path) -> None:
    pages = {"limit=1": page("b") | {"data": MODELS[:1], "last_id": "b"}, "limit=5": page("b") | {"has_more": True}}
    scope = {"scope": "https://gateway.example:443", "method": "GET", "status": 200}
    calls = [{**scope, "path": f"/v1/models?{query}", "response": body} for query, body in pages.items()]
    (tmp_path / "f.json").write_text(json.dumps(calls))
    (cause,) = judge_recording(tmp_path / "f.json").causes
    assert cause.root == "list-has-more-is-true-when-more-follow"


def test_a_body_that_is_kept_as_json_keeps_its_numbers(tmp_path: Path) -> None:
    wrong = page("b") | {"has_more": 12345678901234567890}
    (tmp_path / "f.json").write_bytes(nock(wrong))
    result = judge_recording(tmp_path / "f.json")
    assert result.exchanges is not None
    bodies = [exchange.response.body for exchange in result.exchanges.values() if exchange.response]
    assert any(b"12345678901234567890" in body and b"8192.5" in body for body in bodies)


def zipped(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "GET http://x/v1/models HTTP/1.1")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "what_to_do"),
    [
        (b"1234:9:websocket;0:~8:response;", "hardump=flows.har"),
        (b"meta {\n  name: list\n}\n\nget {\n  url: http://x/v1/models\n}\n", "Bruno"),
        (b'{"name": "c", "version": "1", "items": []}', "Bruno"),
        (b"info:\n  name: list\n  type: http\n\nhttp:\n  method: GET\n", "Bruno"),
        (b"{\n  meta: {\n    host: 'http://x',\n  },\n  req: {\n  },\n  res: {\n  },\n}", "talkback"),
        (b'module.exports = function (req, res) {\n  res.setHeader("x-yakbak-tape", 1)', "yakbak"),
        (b'{"_type":"export","__export_format":4,"resources":[]}', "Insomnia"),
        (b'[{"httpRequest": {"path": "/v1/models"}, "httpResponse": {}}]', "MockServer: start it, and judge it"),
        (b'{"info": {"_postman_id": "1"}, "item": []}', "a Postman collection without a saved answer"),
        (b'{"imposters": [{"stubs": []}]}', "mountebank: start it, and judge it"),
        (b'{"consumer": {}, "provider": {}, "interactions": [], "metadata": {"pactSpecification": {}}}', "a pact"),
        (zipped("raw/01_c.txt"), "Fiddler"),
        (zipped("notes.txt"), "zip file without a recording"),
        (b"nock('https://gateway.example:443')\n  .get('/v1/models')", "output_objects"),
        (b"PK\x03\x04 and no more", "zip file that cannot be read"),
        (b"\x78\x9c" + zlib.compress(b"log: 1\n" * 500)[2:20], "ends early"),
        (as_yaml({"requests": [{}], "responses": []}).encode(), "1 requests do not go with 0 responses"),
    ],
    ids=[
        "mitmproxy",
        "bru",
        "bruno-json",
        "bruno-yaml",
        "talkback",
        "yakbak",
        "insomnia",
        "mockserver",
        "postman",
        "mountebank",
        "pact",
        "fiddler",
        "zip-of-others",
        "nock-code",
        "zip",
        "zlib",
        "unpaired",
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, what_to_do: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(UsageError, match=what_to_do):
        judge_recording(tmp_path / "f")


def test_what_another_tool_keeps_in_a_folder_is_passed_over_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "right.yaml").write_bytes(httpmock(page("b")))
    (tmp_path / "flows").write_bytes(b"1234:9:websocket;0:~8:response;")
    (tmp_path / "list.bru").write_text("meta {\n  name: list\n}\n\nget {\n  url: http://x/v1/models\n}\n")
    result = judge_recording(tmp_path)
    assert result.run.requests == 1
    assert any("1 file passed over, flows of mitmproxy: `mitmdump" in note for note in result.notes)
    assert any("1 file passed over, a Bruno collection without a saved answer" in note for note in result.notes)


def test_other_yaml_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "right.yaml").write_bytes(httpmock(page("b")))
    (tmp_path / "pod.yaml").write_text("requests:\n  cpu: !quantity 1\n")
    (tmp_path / "limits.yaml").write_text(yaml.safe_dump({"requests": {"cpu": 1}, "responses": {}}))
    (tmp_path / "values.json").write_text('{"url": "http://x", "mappings": 3')
    result = judge_recording(tmp_path)
    assert result.run.requests == 1
    assert any("3 files passed over" in note for note in result.notes)


def test_what_record_writes_as_har_is_read_and_judged_alike(tmp_path: Path) -> None:
    archive = tmp_path / "run.har"
    with running(behaviour_named("after-id-is-inclusive")) as server:
        words = ["record", server.url, "-o", str(tmp_path / "c"), "--har", str(archive), "--only", "cursor"]
        command = [sys.executable, "-m", "models_conformance", *words, "--api-key", "reference-key", "--examples", "0"]
        ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr
    assert "reference-key" not in archive.read_text()
    document = json.loads(archive.read_text())["log"]
    assert document["version"] == "1.2"
    assert set(document["entries"][0]) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
    result = judge_recording(archive, only="cursor")
    assert [entry.requirement.id for entry in result.violations] == ["list-after-id-is-exclusive"]
