"""Writes traces as each recorder would: what the tests of reading read."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from models_conformance.evidence.exchange import Exchange, Headers, Response, Trace
from models_conformance.recordings.trace_file import trace_lines

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def as_yaml(document: object) -> str:
    text: str = yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)
    return text


def listed(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


def text_or_bytes(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def answered(trace: Trace) -> list[tuple[Exchange, Response]]:
    return [(exchange, exchange.response) for exchange in trace if exchange.response is not None]


def vcrpy_document(trace: Trace) -> dict[str, object]:
    return {
        "interactions": [
            {
                "request": {
                    "body": "",
                    "headers": listed(exchange.request.headers),
                    "method": exchange.request.method,
                    "uri": exchange.request.url,
                },
                "response": {
                    "body": {"string": text_or_bytes(response.body)},
                    "headers": listed(response.headers),
                    "status": {"code": response.status, "message": "OK"},
                },
            }
            for exchange, response in answered(trace)
        ],
        "version": 1,
    }


def vcrpy(trace: Trace) -> str:
    return as_yaml(vcrpy_document(trace))


def vcrpy_json(trace: Trace) -> str:
    return json.dumps(vcrpy_document(trace), indent=4)


def vcrpy_old_httpx(trace: Trace) -> str:
    document: Any = vcrpy_document(trace)
    for interaction in document["interactions"]:
        response = interaction["response"]
        interaction["response"] = {
            "http_version": "HTTP/1.1",
            "status_code": response["status"]["code"],
            "headers": response["headers"],
            "content": response["body"]["string"],
        }
    return as_yaml(document)


def ruby(trace: Trace) -> str:
    return "---\n" + as_yaml(
        {
            "http_interactions": [
                {
                    "request": {
                        "method": exchange.request.method.lower(),
                        "uri": exchange.request.url,
                        "body": {"encoding": "US-ASCII", "string": ""},
                        "headers": listed(exchange.request.headers),
                    },
                    "response": {
                        "status": {"code": response.status, "message": "OK"},
                        "headers": listed(response.headers),
                        "body": {"encoding": "ASCII-8BIT", "string": text_or_bytes(response.body)},
                    },
                    "recorded_at": "Mon, 23 Dec 2024 18:46:54 GMT",
                }
                for exchange, response in answered(trace)
            ],
            "recorded_with": "VCR 6.3.1",
        }
    )


def ruby_base64(trace: Trace) -> str:
    document: Any = yaml.safe_load(ruby(trace))
    for interaction, (_, response) in zip(document["http_interactions"], answered(trace), strict=True):
        coded = base64.encodebytes(response.body).decode()
        interaction["response"]["body"] = {"encoding": "UTF-8", "base64_string": coded}
    return as_yaml(document)


def _go(trace: Trace, version: int) -> str:
    whole = {"proto": "HTTP/2.0", "content_length": -1, "uncompressed": True} if version > 1 else {}
    return "---\n" + as_yaml(
        {
            "version": min(version, 2),
            "interactions": [
                {
                    **({"id": number} if version > 1 else {}),
                    "request": {
                        "body": "",
                        "form": {},
                        "headers": listed(exchange.request.headers),
                        "url": exchange.request.url,
                        "method": exchange.request.method,
                    },
                    "response": {
                        **whole,
                        "body": text_or_bytes(response.body),
                        "headers": listed(response.headers),
                        "status": f"{response.status} Something" if version != 3 else "",
                        "code": response.status,
                        "duration": "51.5ms",
                    },
                }
                for number, (exchange, response) in enumerate(answered(trace))
            ],
        }
    )


def go_v1(trace: Trace) -> str:
    return _go(trace, 1)


def go_v2(trace: Trace) -> str:
    return _go(trace, 2)


def go_v3(trace: Trace) -> str:
    return _go(trace, 3)


def r_vcr(trace: Trace) -> str:
    """R vcr keeps no request headers here, flattens those of the response, and decodes the body."""
    return as_yaml(
        {
            "http_interactions": [
                {
                    "request": {"method": exchange.request.method, "uri": exchange.request.url},
                    "response": {
                        "status": response.status,
                        "headers": {**dict(response.headers), "content-encoding": "gzip"},
                        "body": {"string": text_or_bytes(response.body)},
                    },
                    "recorded_at": "2025-07-01 14:00:02",
                }
                for exchange, response in answered(trace)
            ],
            "recorded_with": "VCR-vcr/2.1.0",
        }
    )


def _named(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def har(trace: Trace) -> str:
    def content(body: bytes) -> dict[str, object]:
        text = text_or_bytes(body)
        if isinstance(text, bytes):
            return {"size": len(body), "text": base64.b64encode(body).decode(), "encoding": "base64"}
        return {"size": len(body), "mimeType": "application/json", "text": text}

    return json.dumps(
        {
            "log": {
                "version": "1.2",
                "creator": {"name": "a browser", "version": "1"},
                "entries": [
                    {
                        "startedDateTime": "2026-01-28T15:08:44.123Z",
                        "time": 51.5,
                        "request": {
                            "method": exchange.request.method,
                            "url": exchange.request.url,
                            "httpVersion": "h2",
                            "headers": [{"name": ":path", "value": "/"}, *_named(exchange.request.headers)],
                            "queryString": [],
                            "postData": {"mimeType": "", "text": ""},
                        },
                        "response": {
                            "status": response.status,
                            "statusText": "",
                            "headers": _named(response.headers),
                            "content": content(response.body),
                            "bodySize": -1,
                        },
                    }
                    for exchange, response in answered(trace)
                ],
            }
        }
    )


FORMATS: dict[str, Callable[[Trace], str]] = {
    "vcrpy": vcrpy,
    "vcrpy-json": vcrpy_json,
    "vcrpy-old-httpx": vcrpy_old_httpx,
    "ruby": ruby,
    "ruby-base64": ruby_base64,
    "go-v1": go_v1,
    "go-v2": go_v2,
    "go-v3": go_v3,
    "r": r_vcr,
    "har": har,
}


def write_trace(trace: Trace, path: str | Path) -> None:
    """Write a trace in our own format, as `--trace` does."""
    Path(path).write_text("".join(trace_lines(trace)), encoding="utf-8")


def save(trace: Trace, form: str, path: Path, packed: bool = False) -> Path:
    """Write a trace in one of FORMATS, or `own`."""
    if form == "own":
        write_trace(trace, path)
        data = path.read_bytes()
    else:
        data = FORMATS[form](trace).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path
