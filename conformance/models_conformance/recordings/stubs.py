"""What mock servers and API tools keep: recorded answers in shapes of their own.

vcrpy as test kits pack it (`requests:` beside `responses:`), Rust httpmock (`when:`/`then:`), nock's recorder, the
recorder of Python `responses`, EasyVCR, WireMock mappings and its journal, Hoverfly simulations and its journal. Each
is a rule that tells the shape, and one that turns it into plain requests and answers; one reader makes entries. A stub
that answers more than one request (by a pattern) is not an exchange: nobody knows what was sent.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from models_conformance.evidence.exchange import header
from models_conformance.recordings.entries import Entry, read_headers
from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import Location
from models_conformance.recordings.saved_answers import (
    is_bruno,
    is_newman,
    is_postman,
    read_bruno,
    read_newman,
    read_postman,
)
from models_conformance.recordings.stub_parts import NOWHERE, Stub, entry_of, items, members, query_of

_WIREMOCK_FILES = "__files/"
_WIREMOCK_MATCHERS = {
    *("method", "scheme", "host", "port", "clientIp", "name", "url", "urlPath", "urlPattern", "urlPathPattern"),
    *("urlPathTemplate", "pathParameters", "queryParameters", "formParameters", "headers", "cookies", "basicAuth"),
    *("basicAuthCredentials", "body", "bodyPatterns", "multipartPatterns", "customMatcher"),
}
_MATCHERS = {"exactMatch", "globMatch", "regexMatch", "xpathMatch", "jsonMatch", "jsonPathMatch", "xmlMatch"}


def is_part(documents: Sequence[Value]) -> bool:
    """Whether it is one of the many files that WireMock writes for a server, or Bruno for a collection."""
    if len(documents) != 1 or not isinstance(documents[0], Members):
        return False
    read, names = _reader_of(documents[0]), set(documents[0])
    return (read is _wiremock and "mappings" not in names) or (read is read_bruno and "items" not in names)


def reader_of(document: Value) -> Callable[[Value, Location], Iterator[Entry | str | None]] | None:
    """What reads a document of one of these tools; None for any other.

    Each recorded answer, in order; None for one that is not an answer of the Models API. Raises RecordingError.
    """
    read = _reader_of(document)
    return None if read is None else lambda document, where: (entry_of(stub, where) for stub in read(document, where))


def _reader_of(document: Value) -> _Read | None:
    return next((read for is_written_by, read in _TOOLS if is_written_by(document)), None)


def _is_paired(document: Value) -> bool:
    """vcrpy as `langchain-tests` packs it."""
    return isinstance(document, Members) and all(isinstance(document.get(n), list) for n in ("requests", "responses"))


def _paired(document: Value, where: Location) -> Iterator[Stub]:
    requests, responses = document["requests"], document["responses"]
    if len(requests) != len(responses):
        raise where.refused(f"{len(requests)} requests do not go with {len(responses)} responses")
    pairs = zip(map(members, requests), map(members, responses), strict=True)
    for number, (request, response) in enumerate(pairs, 1):
        yield Stub(
            f"interaction {number}",
            request.get("method"),
            request.get("uri", request.get("url")),
            request.get("headers"),
            members(response.get("status")).get("code", response.get("status_code")),
            response.get("headers"),
            response.get("body", response.get("content")),
        )


def _is_httpmock(document: Value) -> bool:
    return isinstance(document, Members) and all(isinstance(document.get(name), Members) for name in ("when", "then"))


def _httpmock(document: Value, _where: Location) -> Iterator[Stub]:
    when, then = document["when"], document["then"]
    pairs = [
        (parameter.get("name"), parameter.get("value")) for parameter in map(members, items(when.get("query_param")))
    ]
    query = "&".join(f"{quote(str(name), safe='')}={quote(str(value), safe='')}" for name, value in pairs)
    is_known = not any(name.startswith("query_param_") and value for name, value in when.items())
    place = when.get("path") if is_known else None
    host = f"{when.get('scheme', 'http')}://{when['host']}" if isinstance(when.get("host"), str) else NOWHERE
    url = f"{host}{place}{'?' if query else ''}{query}" if isinstance(place, str) else None
    yield Stub(
        "the stub",
        when.get("method", "GET"),
        url,
        when.get("header"),
        then.get("status"),
        then.get("header"),
        then.get("body"),
        base64=then.get("body_base64"),
    )


def _is_nock(document: Value) -> bool:
    return (
        isinstance(document, list)
        and bool(document)
        and all(
            isinstance(definition, Members) and {"scope", "path", "status"} <= set(definition)
            for definition in document
        )
    )


def _nock(document: Value, where: Location) -> Iterator[Stub]:
    for number, definition in enumerate(document, 1):
        position, response = f"definition {number}", definition.get("response")
        headers = definition.get("rawHeaders", definition.get("headers"))
        if isinstance(headers, list) and all(isinstance(item, str) for item in headers):
            headers = [[name, value] for name, value in zip(headers[::2], headers[1::2], strict=False)]
        packed = None
        sent = read_headers(headers, where.within(position))
        coded = isinstance(response, str | list) and header(sent, "content-encoding")
        if coded or definition.get("responseIsBinary") is True:
            # What was compressed, or is not text, is kept as hexadecimal, in pieces.
            packed = _from_hexadecimal(response)
        is_text = isinstance(response, str)
        yield Stub(
            position,
            definition.get("method", "GET"),
            f"{definition['scope']}{definition['path']}",
            definition.get("reqheaders"),
            definition.get("status"),
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
    found = items(document.get("responses"))
    return bool(found) and all(isinstance(members(item).get("response"), Members) for item in found)


def _responses(document: Value, _where: Location) -> Iterator[Stub]:
    for number, item in enumerate(document["responses"], 1):
        response = item["response"]
        headers = list(members(response.get("headers")).items())
        if response.get("content_type") is not None:
            headers.append(("content-type", response["content_type"]))
        yield Stub(
            f"response {number}",
            response.get("method"),
            response.get("url"),
            None,
            response.get("status"),
            Members(headers),
            response.get("body"),
        )


def _is_easyvcr(document: Value) -> bool:
    """The recorder for .NET."""
    return any({"Request", "Response", "RecordedAt"} <= set(members(pair)) for pair in items(document))


def _easyvcr(document: Value, _where: Location) -> Iterator[Stub]:
    for number, pair in enumerate(map(members, document), 1):
        request, response = members(pair.get("Request")), members(pair.get("Response"))
        headers = [*members(response.get("ResponseHeaders")).items(), *members(response.get("ContentHeaders")).items()]
        yield Stub(
            f"interaction {number}",
            request.get("Method"),
            request.get("Uri"),
            request.get("RequestHeaders"),
            members(response.get("Status")).get("Code"),
            Members(headers),
            response.get("Body"),
            when=pair.get("RecordedAt"),
        )


def _is_wiremock(document: Value) -> bool:
    return any(
        isinstance(mapping.get("request"), Members)
        and isinstance(mapping.get("response"), Members)
        and bool({"url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate"} & set(mapping["request"]))
        and "interactions" not in mapping
        for mapping in _mappings(document)
    )


def _mappings(document: Value) -> list[Members]:
    whole = members(document)
    return [members(mapping) for mapping in items(whole.get("mappings", document))] or [whole]


def _wiremock(document: Value, _where: Location) -> Iterator[Stub]:
    for number, mapping in enumerate(_mappings(document), 1):
        request, response = members(mapping.get("request")), members(mapping.get("response"))
        file = response.get("bodyFileName")
        is_made = "response-template" in items(response.get("transformers"))
        headers = [(name, _equal_to(matcher)) for name, matcher in members(request.get("headers")).items()]
        yield Stub(
            f"mapping {number}",
            request.get("method"),
            _wiremock_url(request),
            Members([(name, value) for name, value in headers if value is not None]),
            response.get("status", "200"),
            response.get("headers"),
            # What is made of the request when it comes is not an answer yet.
            None if is_made else response.get("body"),
            None if is_made else response.get("jsonBody"),
            base64=response.get("base64Body"),
            file=f"{_WIREMOCK_FILES}{file}" if isinstance(file, str) and not is_made else None,
            is_answered=not {"proxyBaseUrl", "fault"} & set(response),
        )


def _wiremock_url(request: Members) -> str | None:
    """The URL that a request matcher takes; None where it takes several, or is told by what WireMock does not know."""
    if not set(request) <= _WIREMOCK_MATCHERS:
        return None
    if isinstance(request.get("url"), str):
        return f"{NOWHERE}{request['url']}"
    place, query = request.get("urlPath"), query_of(request.get("queryParameters"), _equal_to)
    if isinstance(request.get("urlPathTemplate"), str):
        place = request["urlPathTemplate"]
        for name, matcher in members(request.get("pathParameters")).items():
            place = place.replace(f"{{{name}}}", quote(_equal_to(matcher) or "{}", safe=""))
        place = None if "{" in place or "%7B" in place else place
    return f"{NOWHERE}{place}{query}" if isinstance(place, str) and query is not None else None


def _events(document: Value) -> list[Members]:
    """What WireMock's journal holds, or one request of it: what was really sent to it and answered."""
    whole = members(document)
    return [members(event) for event in items(whole["requests"])] if "requests" in whole else [whole]


def _is_journal(document: Value) -> bool:
    return any("wasMatched" in event and isinstance(event.get("request"), Members) for event in _events(document))


def _journal(document: Value, _where: Location) -> Iterator[Stub]:
    for number, event in enumerate(_events(document), 1):
        request, response = members(event.get("request")), members(event.get("response"))
        url = request.get("url")
        yield Stub(
            f"request {number}",
            request.get("method"),
            request.get("absoluteUrl", f"{NOWHERE}{url}" if isinstance(url, str) else None),
            request.get("headers"),
            response.get("status"),
            response.get("headers"),
            response.get("body"),
            base64=response.get("bodyAsBase64"),
            when=request.get("loggedDateString"),
            is_answered="status" in response,
        )


def _equal_to(matcher: Value) -> str | None:
    """The one text that WireMock's matcher takes; None where it takes others."""
    value = members(matcher).get("equalTo")
    several = items(members(matcher).get("hasExactly"))
    return value if isinstance(value, str) else _equal_to(several[0]) if len(several) == 1 else None


def _exchanges_of(document: Value) -> Value:
    """The pairs of a simulation of Hoverfly, or what its journal holds."""
    whole = members(document)
    return members(whole.get("data")).get("pairs", whole.get("journal"))


def _is_hoverfly(document: Value) -> bool:
    return isinstance(_exchanges_of(document), list)


def _hoverfly(document: Value, _where: Location) -> Iterator[Stub]:
    for number, pair in enumerate(map(members, _exchanges_of(document)), 1):
        request, response = members(pair.get("request")), members(pair.get("response"))
        place, host = _exact(request.get("path")), _exact(request.get("destination"))
        query, file = _hoverfly_query(request), response.get("bodyFile")
        base = f"{_exact(request.get('scheme')) or 'http'}://{host}" if host else NOWHERE
        packed = response.get("encodedBody") is True
        yield Stub(
            f"pair {number}",
            _exact(request.get("method")) or "GET",
            f"{base}{place}{query}" if place is not None and query is not None else None,
            Members([(name, value) for name, value in members(request.get("headers")).items() if _are_texts(value)]),
            response.get("status"),
            response.get("headers"),
            None if packed else response.get("body"),
            base64=response.get("body") if packed else None,
            file=file if isinstance(file, str) and file else None,
            when=pair.get("timeStarted"),
        )


def _hoverfly_query(request: Members) -> str | None:
    query = request.get("query")
    # A matcher for the whole query, in the second version and the third; later a mapping of each parameter to its own.
    if isinstance(query, Members) and not _MATCHERS & set(query):
        return query_of(query, _exact)
    texts = [_exact(text) for text in (query, request.get("deprecatedQuery")) if text]
    return "".join(f"?{text}" for text in texts if text) if None not in texts else None


def _are_texts(value: Value) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _exact(matchers: Value) -> str | None:
    """The text that Hoverfly's matchers name exactly, in any of its versions."""
    if isinstance(matchers, str):
        return matchers
    for matcher in map(members, matchers if isinstance(matchers, list) else [matchers]):
        value = matcher.get("value", matcher.get("exactMatch"))
        if matcher.get("matcher", "exact") == "exact" and isinstance(value, str):
            return value
        if matcher.get("matcher") == "array" and isinstance(value, list) and len(value) == 1:
            return str(value[0])
    return None


_Read = Callable[[Value, Location], Iterator[Stub]]
_TOOLS: Sequence[tuple[Callable[[Value], bool], _Read]] = (
    (_is_paired, _paired),
    (_is_httpmock, _httpmock),
    (_is_nock, _nock),
    (_is_responses, _responses),
    (_is_hoverfly, _hoverfly),
    (is_postman, read_postman),
    (is_bruno, read_bruno),
    (is_newman, read_newman),
    (_is_easyvcr, _easyvcr),
    (_is_journal, _journal),
    (_is_wiremock, _wiremock),
)
