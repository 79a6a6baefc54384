"""What mock servers and API tools keep: recorded answers in shapes of their own.

vcrpy as test kits pack it (`requests:` beside `responses:`), Rust httpmock (`when:`/`then:`), nock's recorder, the
recorder of Python `responses`, that of httpretty, WireMock mappings, Hoverfly simulations and Postman collections with
saved answers. Each is a rule that tells the shape, and one that turns it into plain requests and answers; one reader
makes entries. A stub that answers more than one request (by a pattern) is no exchange: nobody knows what was asked.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from models_conformance.evidence.exchange import header
from models_conformance.recordings.bodies import from_base64, kept_answer, recorded_bytes, text_bytes
from models_conformance.recordings.entries import (
    Entry,
    is_models_call,
    moment_of,
    read_headers,
    read_request,
    read_status,
)
from models_conformance.recordings.packing import Attached
from models_conformance.recordings.plain import Members, Value, json_text
from models_conformance.recordings.problems import Budget, RecordingError

# Where a stub names no host: any will do, since a file has one catalogue.
_NOWHERE = "http://recorded"
_WIREMOCK_FILES = "__files/"


@dataclass(frozen=True, slots=True)
class _Stub:
    """One request with its answer as a tool keeps them. `json` is a body kept as a JSON value, `packed` one in base64
    or hexadecimal, `file` the name of a file that holds it; `body` one kept as text or as cassettes keep it."""

    position: str
    method: Value
    url: Value
    sent: Value = None
    status: Value = None
    headers: Value = None
    body: Value = None
    json: Value = None
    packed: bytes | None = None
    file: str | None = None
    when: Value = None
    is_answered: bool = True


def reader_of(document: Value) -> Callable[[Value, str], Iterator[_Stub]] | None:
    """What reads a document of one of these tools; None for any other."""
    return next((read for is_one, read in _TOOLS if is_one(document)), None)


def is_stubs(document: Value) -> bool:
    """Whether one of these tools wrote it."""
    return reader_of(document) is not None


def is_part(documents: Sequence[Value]) -> bool:
    """Whether it is one of the many files that WireMock writes, one for each answer of a server."""
    return len(documents) == 1 and reader_of(documents[0]) is _wiremock and "mappings" not in documents[0]


def read_stubs(
    document: Value, path: str, budget: Budget, attached: Attached = lambda _: None
) -> Iterator[Entry | None]:
    """Each recorded answer, in order; None for one that is no answer of the Models API. Raises RecordingError."""
    read = reader_of(document)
    assert read is not None
    for stub in read(document, path):
        yield _entry(stub, path, budget, attached)


def _entry(stub: _Stub, path: str, budget: Budget, attached: Attached) -> Entry | None:
    if not isinstance(stub.url, str) or not isinstance(stub.method, str):
        # A stub for any method, or for a pattern, is no exchange.
        return None
    call = read_request(stub.method, stub.url, (), path, stub.position)
    if not is_models_call(call):
        return None
    spec = read_request(stub.method, stub.url, read_headers(stub.sent, path, stub.position), path, stub.position)
    if not stub.is_answered:
        return Entry(stub.position, spec, None)
    headers = read_headers(stub.headers, path, stub.position)
    for _, value in (*spec.headers, *headers):
        budget.spend(len(value), stub.position)
    body = stub.packed if stub.file is None else attached(stub.file)
    if body is None and stub.json is not None:
        body = text_bytes(json_text(stub.json), path, stub.position)
    elif body is None:
        body = recorded_bytes(stub.body, path, stub.position)
    answer = kept_answer(read_status(stub.status, path, stub.position), headers, body, budget, stub.position)
    return Entry(stub.position, spec, answer, moment=moment_of(stub.when, headers))


def _members(value: Value) -> Members:
    return value if isinstance(value, Members) else Members(())


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _is_paired(document: Value) -> bool:
    """vcrpy as `langchain-tests` packs it."""
    return isinstance(document, Members) and all(isinstance(document.get(n), list) for n in ("requests", "responses"))


def _paired(document: Value, path: str) -> Iterator[_Stub]:
    requests, responses = document["requests"], document["responses"]
    if len(requests) != len(responses):
        raise RecordingError(path, "", f"{len(requests)} requests do not go with {len(responses)} responses")
    pairs = zip(map(_members, requests), map(_members, responses), strict=True)
    for number, (request, response) in enumerate(pairs, 1):
        yield _Stub(
            f"interaction {number}",
            request.get("method"),
            request.get("uri", request.get("url")),
            request.get("headers"),
            _members(response.get("status")).get("code", response.get("status_code")),
            response.get("headers"),
            response.get("body", response.get("content")),
        )


def _is_httpmock(document: Value) -> bool:
    return isinstance(document, Members) and all(isinstance(document.get(name), Members) for name in ("when", "then"))


def _httpmock(document: Value, path: str) -> Iterator[_Stub]:
    when, then = document["when"], document["then"]
    pairs = [(one.get("name"), one.get("value")) for one in map(_members, _list(when.get("query_param")))]
    query = "&".join(f"{quote(str(name), safe='')}={quote(str(value), safe='')}" for name, value in pairs)
    is_known = not any(name.startswith("query_param_") and value for name, value in when.items())
    place = when.get("path") if is_known else None
    host = f"{when.get('scheme', 'http')}://{when['host']}" if isinstance(when.get("host"), str) else _NOWHERE
    url = f"{host}{place}{'?' if query else ''}{query}" if isinstance(place, str) else None
    packed = then.get("body_base64")
    yield _Stub(
        "the stub",
        when.get("method", "GET"),
        url,
        when.get("header"),
        then.get("status"),
        then.get("header"),
        then.get("body"),
        packed=from_base64(packed, path, "the stub") if packed is not None else None,
    )


def _is_nock(document: Value) -> bool:
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(one, Members) and {"scope", "path", "status"} <= set(one) for one in document)
    )


def _nock(document: Value, path: str) -> Iterator[_Stub]:
    for number, one in enumerate(document, 1):
        position, response = f"definition {number}", one.get("response")
        headers = one.get("rawHeaders", one.get("headers"))
        if isinstance(headers, list) and all(isinstance(item, str) for item in headers):
            headers = [[name, value] for name, value in zip(headers[::2], headers[1::2], strict=False)]
        packed = None
        coded = isinstance(response, str | list) and header(read_headers(headers, path, position), "content-encoding")
        if coded:
            # What was compressed is kept as hexadecimal, in pieces.
            packed = _from_hexadecimal(response)
        is_text = isinstance(response, str)
        yield _Stub(
            position,
            one.get("method", "GET"),
            f"{one['scope']}{one['path']}",
            one.get("reqheaders"),
            one.get("status"),
            headers,
            response if is_text and packed is None else None,
            None if is_text else response,
            packed,
        )


def _from_hexadecimal(response: Value) -> bytes | None:
    try:
        return binascii.unhexlify("".join(response if isinstance(response, list) else [response]))
    except (binascii.Error, ValueError, TypeError):
        return None


def _is_responses(document: Value) -> bool:
    """The recorder of Python `responses`."""
    if not isinstance(document, Members) or "requests" in document:
        return False
    found = _list(document.get("responses"))
    return bool(found) and all(isinstance(_members(one).get("response"), Members) for one in found)


def _responses(document: Value, _path: str) -> Iterator[_Stub]:
    for number, one in enumerate(document["responses"], 1):
        response = one["response"]
        headers = list(_members(response.get("headers")).items())
        if response.get("content_type") is not None:
            headers.append(("content-type", response["content_type"]))
        yield _Stub(
            f"response {number}",
            response.get("method"),
            response.get("url"),
            None,
            response.get("status"),
            Members(headers),
            response.get("body"),
        )


def _is_listed(document: Value) -> bool:
    """A plain list of requests with their answers, as the recorder of httpretty writes it."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(_members(one).get(half), Members) for one in document for half in ("request", "response"))
        and all({"uri", "url"} & set(one["request"]) and "status" in one["response"] for one in document)
    )


def _listed(document: Value, _path: str) -> Iterator[_Stub]:
    for number, (request, response) in enumerate(((one["request"], one["response"]) for one in document), 1):
        yield _Stub(
            f"entry {number}",
            request.get("method", "GET"),
            request.get("uri", request.get("url")),
            request.get("headers"),
            response["status"],
            response.get("headers"),
            response.get("body"),
        )


def _is_wiremock(document: Value) -> bool:
    return any(
        isinstance(one.get("request"), Members)
        and isinstance(one.get("response"), Members)
        and bool({"url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate"} & set(one["request"]))
        and "interactions" not in one
        for one in _mappings(document)
    )


def _mappings(document: Value) -> list[Members]:
    whole = _members(document)
    return [_members(one) for one in _list(whole.get("mappings"))] if "mappings" in whole else [whole]


def _wiremock(document: Value, path: str) -> Iterator[_Stub]:
    for number, one in enumerate(_mappings(document), 1):
        position, request, response = f"mapping {number}", _members(one.get("request")), _members(one.get("response"))
        place, query = request.get("url"), _query(request.get("queryParameters"), _equal_to)
        if place is None and isinstance(request.get("urlPath"), str) and query is not None:
            place = request["urlPath"] + query
        packed, file = response.get("base64Body"), response.get("bodyFileName")
        is_made = "response-template" in _list(response.get("transformers"))
        headers = [(name, _equal_to(matcher)) for name, matcher in _members(request.get("headers")).items()]
        yield _Stub(
            position,
            request.get("method"),
            f"{_NOWHERE}{place}" if isinstance(place, str) else None,
            Members([(name, value) for name, value in headers if value is not None]),
            response.get("status", "200"),
            response.get("headers"),
            # What is made of the request when it comes is no answer yet.
            None if is_made else response.get("body"),
            None if is_made else response.get("jsonBody"),
            from_base64(packed, path, position) if packed is not None else None,
            f"{_WIREMOCK_FILES}{file}" if isinstance(file, str) and not is_made else None,
            is_answered=not {"proxyBaseUrl", "fault"} & set(response),
        )


def _equal_to(matcher: Value) -> str | None:
    """The one text that WireMock's matcher takes; None where it takes others."""
    value = _members(matcher).get("equalTo")
    several = _list(_members(matcher).get("hasExactly"))
    return value if isinstance(value, str) else _equal_to(several[0]) if len(several) == 1 else None


def _query(matchers: Value, exact: Callable[[Value], str | None]) -> str | None:
    """The query that these matchers take, with its `?`; None where they take others, too."""
    asked = _members(matchers)
    texts = [(name, exact(asked[name])) for name in asked if _members(asked[name]).get("absent") is not True]
    pairs = [f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in texts if text is not None]
    return ("?" if pairs else "") + "&".join(pairs) if len(pairs) == len(texts) else None


def _is_hoverfly(document: Value) -> bool:
    return isinstance(_members(_members(document).get("data")).get("pairs"), list)


def _hoverfly(document: Value, path: str) -> Iterator[_Stub]:
    for number, pair in enumerate(map(_members, document["data"]["pairs"]), 1):
        position, request, response = f"pair {number}", _members(pair.get("request")), _members(pair.get("response"))
        place, host = _exact(request.get("path")), _exact(request.get("destination"))
        query = _hoverfly_query(request)
        base = f"{_exact(request.get('scheme')) or 'http'}://{host}" if host else _NOWHERE
        packed = response.get("encodedBody") is True
        yield _Stub(
            position,
            _exact(request.get("method")) or "GET",
            f"{base}{place}{query}" if place is not None and query is not None else None,
            Members([(name, value) for name, value in _members(request.get("headers")).items() if _are_texts(value)]),
            response.get("status"),
            response.get("headers"),
            None if packed else response.get("body"),
            packed=from_base64(response.get("body"), path, position) if packed else None,
        )


def _hoverfly_query(request: Members) -> str | None:
    query = request.get("query")
    if isinstance(query, Members):
        return _query(query, _exact)
    texts = [_exact(text) for text in (query, request.get("deprecatedQuery")) if text]
    return "".join(f"?{text}" for text in texts if text) if None not in texts else None


def _are_texts(value: Value) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _exact(matchers: Value) -> str | None:
    """The text that Hoverfly's matchers name exactly, in any of its versions."""
    if isinstance(matchers, str):
        return matchers
    for matcher in map(_members, matchers if isinstance(matchers, list) else [matchers]):
        value = matcher.get("value", matcher.get("exactMatch"))
        if matcher.get("matcher", "exact") == "exact" and isinstance(value, str):
            return value
        if matcher.get("matcher") == "array" and isinstance(value, list) and len(value) == 1:
            return str(value[0])
    return None


def _is_postman(document: Value) -> bool:
    info = _members(_members(document).get("info"))
    return isinstance(_members(document).get("item"), list) and ("schema" in info or "_postman_id" in info)


def _postman(document: Value, _path: str) -> Iterator[_Stub]:
    """The saved answers of a collection; a request without one is no exchange."""
    waiting: list[tuple[str, Members]] = [("", document)]
    while waiting:
        name, folder = waiting.pop()
        inner = [_members(one) for one in _list(folder.get("item"))]
        waiting += [(str(one.get("name", "")), one) for one in reversed(inner)]
        for number, saved in enumerate(map(_members, _list(folder.get("response"))), 1):
            request = _members(saved.get("originalRequest") or folder.get("request"))
            yield _Stub(
                f"saved answer {number} of {name}" if name else f"saved answer {number}",
                request.get("method", "GET"),
                _address(request.get("url"), document),
                _keyed(request.get("header")),
                saved.get("code"),
                _keyed(saved.get("header")),
                saved.get("body"),
                when=saved.get("responseTime"),
            )


def _address(url: Value, collection: Members) -> str | None:
    """The URL of a saved request, a base that is a variable left out; None where another variable has no value."""
    raw, own = (url.get("raw"), url.get("variable")) if isinstance(url, Members) else (url, None)
    text = re.sub(r"\A\{\{[^}]*\}\}", _NOWHERE, raw) if isinstance(raw, str) else ""
    for pattern, variables in ((r"(?<=/):{}(?=[/?]|\Z)", own), (r"\{{\{{{}\}}\}}", collection.get("variable"))):
        for one in map(_members, _list(variables)):
            if isinstance(one.get("value"), str):
                text = re.sub(pattern.format(re.escape(str(one.get("key")))), quote(one["value"], safe=""), text)
    return None if re.search(r"\{\{|/:[A-Za-z_]\w*(?:[/?]|\Z)", text) else text or None


def _keyed(headers: Value) -> list[Value]:
    found = [_members(one) for one in _list(headers)]
    return [[one.get("key"), one.get("value")] for one in found if one.get("disabled") is not True]


_Read = Callable[[Value, str], Iterator[_Stub]]
_TOOLS: Sequence[tuple[Callable[[Value], bool], _Read]] = (
    (_is_paired, _paired),
    (_is_httpmock, _httpmock),
    (_is_nock, _nock),
    (_is_responses, _responses),
    (_is_listed, _listed),
    (_is_hoverfly, _hoverfly),
    (_is_postman, _postman),
    (_is_wiremock, _wiremock),
)
