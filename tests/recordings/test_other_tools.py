"""Recordings in the forms of tools beside the recorders: one small file of each, right and wrong."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from models_conformance import UsageError, judge_recording
from models_conformance.recordings.problems import RecordingError
from models_conformance.reference.server.serving import behaviour_named, running
from tests.recordings.reading import read_recording
from tests.recordings.tool_forms import (
    FORMS,
    JSON,
    MODELS,
    bruno_json,
    dvr,
    easyvcr,
    hoverfly,
    hoverfly_3,
    httpmock,
    httpretty,
    newman,
    nock,
    nock_binary,
    page,
    postman,
    postman_of_the_api,
    wiremock,
    wiremock_journal,
)
from tests.recordings.writers import as_yaml


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
    [
        wiremock,
        wiremock_journal,
        hoverfly,
        hoverfly_3,
        postman,
        postman_of_the_api,
        bruno_json,
        httpretty,
        nock_binary,
        easyvcr,
        dvr,
        newman,
    ],
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


def test_the_body_of_another_call_need_not_be_readable(tmp_path: Path) -> None:
    journal = json.loads(wiremock_journal(page("a")))
    journal["requests"][0]["response"]["bodyAsBase64"] = "no base64"
    (tmp_path / "f").write_text(json.dumps(journal))
    assert [entry.requirement.id for entry in judge_recording(tmp_path / "f").violations] == [
        "list-ids-equal-ends-of-data"
    ]


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


def test_a_body_in_a_damaged_file_is_refused_by_the_name_of_that_file(tmp_path: Path) -> None:
    (tmp_path / "__files").mkdir()
    (tmp_path / "mappings").mkdir()
    (tmp_path / "__files" / "body.json").write_bytes(b"\x1f\x8bno gzip")
    mapping = {"request": {"method": "GET", "url": "/v1/models"}, "response": {"bodyFileName": "body.json"}}
    (tmp_path / "mappings" / "list.json").write_text(json.dumps(mapping))
    with pytest.raises(RecordingError, match=r"__files/body\.json: damaged gzip data"):
        judge_recording(tmp_path)


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
        (zipped("trace.network"), "record_har_path"),
        (b'[\n {\n "status": "COMPLETE",\n "method": "GET",\n "tunnel": false}]', "Charles: export it as HAR"),
        (b"<?xml version='1.0'?>\n<?charles serialisation-version='2.0' ?>\n<charles-session/>", "export it as HAR"),
        (b'<?xml version="1.0"?>\n<items burpVersion="2024.1">', "Burp"),
        (b'{"Request": {"Path": {"Matchers": [{"Name": "x", "Pattern": "/v1/models"}]}}}', "WireMock.Net: start it"),
        (b"import { http } from 'msw'\n", "http-middleware"),
        (b"> GET /v1/models HTTP/1.1\n> Host: x\n", "what curl printed"),
        (b"HTTP/2 200\ncontent-type: application/json\n", "what curl printed"),
        (b'{"constants": {"logEventTypes": {}}, "events": []}', "export HAR from its developer tools"),
        (b"openapi: 3.1.0\npaths: {}\n", "an OpenAPI description"),
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
        "playwright-trace",
        "charles",
        "charles-xml",
        "burp",
        "wiremock-net",
        "msw",
        "curl-v",
        "curl-i",
        "netlog",
        "openapi",
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
