"""Exchanges that somebody holds in this process: responses of httpx, requests and test clients, pairs, and mappings.

Nothing of these libraries is imported: an object is read by what it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Headers, Request
from models_conformance.recordings.bodies import answer_of
from models_conformance.recordings.dialects import Recording
from models_conformance.recordings.entries import OTHER_CALLS, Entry, moment_of, read_headers, read_models_call
from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import MAX_EXCHANGES, Location

_NAME = "exchanges held in this process"
_BODIES = ("body", "json", "content", "text")
_EXPECTED = (
    "expected a response of httpx, requests or a test client, a pair of a request and a response, or a mapping with "
    "'request' and 'response'"
)


def held(exchanges: Iterable[Any]) -> Recording:
    """The exchanges as a recording: those that are calls of the Models API, and how many are others.

    Raises RecordingError, a UsageError, for an object that is not an exchange.
    """
    if isinstance(exchanges, str | bytes | Mapping) or not isinstance(exchanges, Iterable):
        raise UsageError(f"{type(exchanges).__name__}: expected a sequence of exchanges")
    entries: list[Entry] = []
    others, everywhere = 0, Location(_NAME)
    for number, given in enumerate(exchanges, 1):
        where = everywhere.within(f"exchange {number}")
        entry = _entry(given, where)
        if entry is None:
            others += 1
            continue
        entries.append(entry)
        if len(entries) > MAX_EXCHANGES:
            raise where.refused(f"more than {MAX_EXCHANGES} exchanges")
    return Recording(_NAME, tuple(entries), left_out={OTHER_CALLS: others} if others else {})


def _entry(given: Any, where: Location) -> Entry | None:
    request, response = _halves(given, where)
    method, url, sent = _request(request, where)
    call = read_models_call(method, url, where)
    if call is None:
        return None
    call = replace(call, headers=sent)
    if response is None:
        return Entry(where.position, call, None)
    status, headers, body = _response(response, where)
    if not 100 <= status <= 999:
        raise where.refused("the response has no HTTP status")
    answer = answer_of(status, headers, body, where)
    return Entry(where.position, call, answer, _seconds(response), moment_of(None, headers))


def _halves(given: Any, where: Location) -> tuple[Any, Any]:
    if isinstance(given, Mapping) and "request" in given:
        return given["request"], given.get("response")
    if isinstance(given, tuple | list) and len(given) == 2:
        return given[0], given[1]
    if _is_response(given):
        try:
            # Django's test client keeps its settings under that name, and the request under another.
            return getattr(given, "wsgi_request", None) or getattr(given, "asgi_request", None) or given.request, given
        except (AttributeError, RuntimeError):
            # httpx raises where a response was made by hand, without a request.
            raise where.refused("the response does not know its request; give a pair") from None
    raise where.refused(f"{type(given).__name__}: {_EXPECTED}")


def _is_response(given: Any) -> bool:
    return hasattr(given, "status_code") and hasattr(given, "headers")


def _request(request: Any, where: Location) -> tuple[str, str, Headers]:
    if isinstance(request, Request):
        return request.method, request.url, request.headers
    if isinstance(request, Mapping):
        url = request.get("url", request.get("uri"))
        return str(request.get("method", "GET")), str(url or ""), _headers(request.get("headers"), where)
    method, absolute = getattr(request, "method", None), getattr(request, "build_absolute_uri", None)
    url = absolute() if callable(absolute) else getattr(request, "url", None)
    if method is None or url is None:
        raise where.refused(f"{type(request).__name__}: no request; {_EXPECTED}")
    return str(method), str(url), _headers(getattr(request, "headers", None), where)


def _response(response: Any, where: Location) -> tuple[int, Headers, bytes | None]:
    if isinstance(response, Mapping):
        status = response.get("status", response.get("status_code"))
        body = next((response[name] for name in _BODIES if response.get(name) is not None), None)
        # What is not text is a JSON value, as it is written in a test.
        kept = body if isinstance(body, bytes | str | None) else json.dumps(body)
        content = kept.encode("utf-8", "surrogatepass") if isinstance(kept, str) else kept
        return status if isinstance(status, int) else 0, _headers(response.get("headers"), where), content
    if not _is_response(response):
        raise where.refused(f"{type(response).__name__}: no response; {_EXPECTED}")
    try:
        content = response.content if hasattr(response, "content") else response.get_data()
    except AttributeError:
        raise where.refused(f"{type(response).__name__}: a response without content") from None
    except RuntimeError:
        raise where.refused("the body of the response was not read; call read() first") from None
    return int(response.status_code), _headers(response.headers, where), content


def _headers(headers: Any, where: Location) -> Headers:
    """Header lines of a mapping, a list of pairs, or the headers of either library, repeated ones included."""
    if headers is None:
        return ()
    several = getattr(headers, "multi_items", None)
    pairs = several() if callable(several) else headers.items() if hasattr(headers, "items") else headers
    lines: list[tuple[str, Value]] = [(_text(name), _value(value)) for name, value in pairs]
    return read_headers(Members(lines), where)


def _value(value: Any) -> Value:
    return [_text(line) for line in value] if isinstance(value, tuple | list) else _text(value)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _seconds(response: Any) -> float:
    try:
        elapsed = getattr(response, "elapsed", None)
    except RuntimeError:
        # httpx knows it once the response is closed.
        return 0.0
    return elapsed.total_seconds() if isinstance(elapsed, timedelta) else 0.0
