"""The seven readers of what somebody else made: each with something right to begin with, and its own refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from models_conformance.contract.derivation.derive import derive
from models_conformance.contract.derivation.pages import PageError
from models_conformance.drivers.protocol import ProtocolBreach, read_answer, read_hello
from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.evidence.exchange import Exchange, Origin, Request, Response, Trace
from models_conformance.matrix.result_files import parse_result
from models_conformance.recordings.problems import RecordingError
from models_conformance.recordings.trace_file import trace_lines
from models_conformance.scenarios.files import read_scenario, scenario_text
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript
from models_conformance.waivers.waiver_files import read_waivers
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import http_markdown, python_markdown
from tests.recordings.reading import read_recording, read_trace

MODEL = {"type": "model", "id": "m", "display_name": "M", "created_at": "2026-01-01T00:00:00Z"}
BODY = json.dumps({"data": [MODEL], "has_more": False, "first_id": "m", "last_id": "m"})
URL = "https://gateway.example/v1/models?limit=2"


@dataclass(frozen=True)
class Reader:
    """`read` takes the bytes of one file or line. `refusals` is what it may raise, and `seeds` are what it can read."""

    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]


def from_file(read: Callable[[Path], object], suffix: str) -> Callable[[bytes], object]:
    """A reader of files, as one of bytes."""

    def reading(content: bytes) -> object:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"given{suffix}")
            path.write_bytes(content)
            return read(path)

    return reading


def _line(content: bytes) -> None:
    specs = (CallSpec("list", "s"), CallSpec("list", "s", walk=True, max_items=3), CallSpec("retrieve", "s"))
    readers: list[Callable[[], object]] = [lambda: read_hello(content)]
    readers += [lambda spec=spec: read_answer(content, 7, spec) for spec in specs]  # type: ignore[misc]
    for read in readers[:-1]:
        try:
            read()
        except ProtocolBreach:
            continue
    readers[-1]()


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()


_VCR = {
    "version": 1,
    "interactions": [
        {
            "request": {"method": "GET", "uri": URL, "headers": {"x-api-key": ["k"]}, "body": None},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": BODY}},
        }
    ],
}
_HAR = {
    "log": {
        "version": "1.2",
        "entries": [
            {
                "startedDateTime": "2026-01-01T00:00:00Z",
                "time": 1,
                "request": {"method": "GET", "url": URL, "headers": [{"name": "accept", "value": "*/*"}]},
                "response": {"status": 200, "headers": [], "content": {"text": BODY, "mimeType": "application/json"}},
            }
        ],
    }
}
_YAML = b"""interactions:
- request: &r
    method: GET
    uri: https://gateway.example/v1/models
    headers: {accept: ['*/*']}
  response: {status: {code: 200}, headers: {}, body: {string: '{}'}}
- request: *r
  response: {status: {code: 404}, headers: {}, body: {base64_string: e30=}}
version: 1
"""
_OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "paths": {"/v1/models": {"get": {"responses": {}}}},
}
_RESULT = {
    "format": 1,
    "suite": {"name": "models-conformance", "version": "0.1.0"},
    "contract": {"revision": "r", "sources": []},
    "subject": {"kind": "server", "name": "n", "version": None, "url": None},
    "run": {"started_at": "2026-01-01T00:00:00Z", "seconds": 1.0, "requests": 1, "seed": 0, "verdict": "passed"},
    "requirements": [],
    "observations": [],
    "exchanges": {},
}
_WAIVERS = b"""[[waiver]]
requirement = "client-walk-*"
reason = "known"
expires = 2099-02-18
"""
_SCENARIO = Scenario("n", CallSpec("list", "s", {"limit": 2}), ServerScript(models=plain_models(2)))
_TRACE = Trace(
    Origin("server", "n"),
    (Exchange(1, Request("GET", URL, (("accept", "*/*"),)), Response(200, (), BODY.encode())),),
)
_LINES = (
    {"id": 7, "ok": {"model": MODEL}},
    {"id": 7, "ok": {"items": [MODEL], "truncated": False}},
    {"id": 7, "raised": {"kind": "status", "name": "E", "status": 404, "message": "m"}},
    {
        "id": 0,
        "ok": {"protocol": 1, "client": "c", "version": "1", "language": "l", "surfaces": [], "capabilities": []},
    },
)

READERS = {
    "recordings": Reader(from_file(read_recording, ".any"), (RecordingError,), (_encoded(_VCR), _encoded(_HAR), _YAML)),
    "traces": Reader(
        from_file(read_trace, ".jsonl"),
        (RecordingError,),
        ("".join(trace_lines(_TRACE)).encode(),),
    ),
    "pages": Reader(
        from_file(lambda path: derive([path]), ".md"),
        (PageError,),
        (http_markdown(Made()).encode(), python_markdown(Made()).encode(), _encoded(_OPENAPI)),
    ),
    "results": Reader(lambda content: parse_result(content, "r.json"), (UsageError,), (_encoded(_RESULT),)),
    "waivers": Reader(from_file(read_waivers, ".toml"), (UsageError,), (_WAIVERS,)),
    "driver lines": Reader(_line, (ProtocolBreach,), tuple(map(_encoded, _LINES))),
    "scenarios": Reader(
        lambda content: read_scenario(content.decode("utf-8", "surrogateescape"), "given"),
        (UsageError,),
        (scenario_text(_SCENARIO).encode(),),
    ),
}
