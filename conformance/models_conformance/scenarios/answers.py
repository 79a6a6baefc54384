"""Answers that take the place of the server's own: errors as documented, and bodies that are not an answer at all."""

from __future__ import annotations

import json
from typing import Any

from models_conformance.evidence.exchange import Headers
from models_conformance.scenarios.scenario import Framing, Intervention

_REQUEST_ID = "req_0123456789abcdef01234567"

OPENAI_LIST = json.dumps({"object": "list", "data": [{"id": "m-1", "object": "model", "created": 1, "owned_by": "o"}]})
OPENAI_MODEL = json.dumps({"id": "m-1", "object": "model", "created": 1, "owned_by": "o"})
OPENAI_ERROR = json.dumps(
    {"error": {"message": "No such model", "type": "invalid_request_error", "param": None, "code": "model_not_found"}}
)
HTML = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>"
EMPTY_PAGE: dict[str, Any] = {"data": [], "has_more": False, "first_id": None, "last_id": None}

_HTML_HEADERS: Headers = (("content-type", "text/html; charset=utf-8"),)
_TEXT_HEADERS: Headers = (("content-type", "text/plain; charset=utf-8"),)


def error(
    status: int, kind: str | None = None, *, first: int = 1, last: int | None = None, headers: Headers = ()
) -> Intervention:
    """An error of that status, worded by the server as documented; or one of a type that the documentation lacks."""
    if kind is None:
        return Intervention(first, last, status, headers)
    return Intervention(first, last, status, (("Request-Id", _REQUEST_ID), *headers), error_body(kind))


def error_body(kind: str | None, message: str = "shown to a client") -> str:
    """The documented error envelope, around any type."""
    value = {"type": "error", "error": {"type": kind, "message": message}, "request_id": _REQUEST_ID}
    return json.dumps(value)


def gateway_page(status: int) -> Intervention:
    """What a gateway says in HTML when nobody answers it."""
    return Intervention(status=status, headers=_HTML_HEADERS, body=f"<html><body><h1>{status}</h1></body></html>")


def plain_text(status: int, text: str) -> Intervention:
    """A line of text instead of JSON."""
    return Intervention(status=status, headers=_TEXT_HEADERS, body=text)


def json_text(status: int, text: str, *, first: int = 1, last: int | None = None) -> Intervention:
    """`text` with the content type of JSON, whatever it is."""
    return Intervention(first, last, status, (), text)


def html_success(*, first: int = 1) -> Intervention:
    """A web page with status 200, as from a wrong base URL or a captive portal."""
    return Intervention(first, status=200, headers=_HTML_HEADERS, body=HTML)


def broken(framing: Framing, *, first: int = 1, last: int | None = None) -> Intervention:
    """The server's own answer, with the transport broken."""
    return Intervention(first, last, framing=framing)


def truncated(keep: float = 0.5, *, first: int = 1) -> Intervention:
    """The server's own answer, its body ending in the middle, though framed correctly."""
    return Intervention(first, keep=keep)


ODD_SUCCESSES: tuple[tuple[str, Intervention], ...] = (
    ("an empty body", json_text(200, "")),
    ("a web page", html_success()),
    ("a line of text", plain_text(200, "OK")),
    ("null", json_text(200, "null")),
    ("an empty array", json_text(200, "[]")),
    ("an empty object", json_text(200, "{}")),
    ("a string", json_text(200, '"claude"')),
    (
        "null where the models go",
        json_text(200, '{"data": null, "has_more": false, "first_id": null, "last_id": null}'),
    ),
    ("JSON that ends in its middle", truncated()),
    ("a page with null among its models", json_text(200, json.dumps({**EMPTY_PAGE, "data": [None]}))),
    ("an error envelope", json_text(200, error_body("api_error"))),
    ("JSON followed by garbage", json_text(200, '{"data": [], "has_more": false} <!-- cached -->')),
    ("204 and nothing", Intervention(status=204, body="")),
)
"""Answers with a status of success that hold neither a list nor a model, and what each holds."""
