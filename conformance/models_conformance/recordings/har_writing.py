"""A recorded run as HAR 1.2: what browsers and proxies read. http://www.softwareishard.com/blog/har-12-spec/"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from models_conformance.evidence.exchange import Headers, Response, header, reason_phrase
from models_conformance.probing.tape import Taped
from models_conformance.version import __version__


def har_text(taped: Iterable[Taped], started_at: str) -> str:
    """The exchanges as an archive, each with the moment at which the run began: a tape keeps no other."""
    log = {
        "version": "1.2",
        "creator": {"name": "models-conformance", "version": __version__},
        "entries": [_entry(exchange, started_at) for exchange in taped],
    }
    return json.dumps({"log": log}, indent=1) + "\n"


def _entry(taped: Taped, started_at: str) -> dict[str, Any]:
    request, failure = taped.request, taped.failure
    entry: dict[str, Any] = {
        "startedDateTime": started_at,
        "time": 0,
        "request": {
            "method": request.method,
            "url": request.url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _lines(request.headers),
            "queryString": [
                {"name": name, "value": value}
                for name, value in parse_qsl(urlsplit(request.url).query, keep_blank_values=True, errors="replace")
            ],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": _response(taped.response if failure is None else None),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": taped.phase,
    }
    if failure is not None:
        # What browsers write of a request that came to nothing.
        entry["response"]["_error"] = failure.detail
    return entry


def _response(response: Response | None) -> dict[str, Any]:
    status, headers, body = (response.status, response.headers, response.body) if response else (0, (), b"")
    content: dict[str, Any] = {"size": len(body), "mimeType": header(headers, "content-type") or ""}
    try:
        content["text"] = body.decode("utf-8")
    except UnicodeDecodeError:
        content |= {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}
    return {
        "status": status,
        "statusText": reason_phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _lines(headers),
        "content": content,
        "redirectURL": header(headers, "location") or "",
        "headersSize": -1,
        "bodySize": len(body),
    }


def _lines(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]
