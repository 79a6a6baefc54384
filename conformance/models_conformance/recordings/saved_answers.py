"""Collections of API tools with the answers that people saved in them: all forms of Postman's and Bruno's."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterator
from urllib.parse import quote

from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import Location
from models_conformance.recordings.stub_parts import NOWHERE, Stub, items, members

_BRU = re.compile(r"\A\s*meta \{\s*\n")
_OCTET = re.compile(r"1?[0-9]{1,2}|2[0-4][0-9]|25[0-5]")
_BRU_PAIR = re.compile(r'(?:"((?:[^"\\]|\\")*)"|([^\s~"{}][^:]*)): (?!\{$)(.*)')


def _postman_collection(document: Value) -> Members:
    """A collection as it is exported, or as Postman's API wraps it."""
    return members(members(document).get("collection", document))


def is_postman(document: Value) -> bool:
    """Whether it is a collection of Postman."""
    collection = _postman_collection(document)
    info = members(collection.get("info"))
    is_collection = isinstance(collection.get("item"), list) and ("schema" in info or "_postman_id" in info)
    return is_collection and not is_newman(document)


def read_postman(document: Value, _where: Location) -> Iterator[Stub]:
    """The saved answers of a collection; a request without one is not an exchange."""
    collection = _postman_collection(document)
    waiting: list[tuple[str, Members]] = [("", collection)]
    while waiting:
        name, folder = waiting.pop()
        inner = [members(item) for item in items(folder.get("item"))]
        waiting += [(str(item.get("name", "")), item) for item in reversed(inner)]
        for number, saved in enumerate(map(members, items(folder.get("response"))), 1):
            request = members(saved.get("originalRequest") or folder.get("request"))
            url = members(request.get("url"))
            yield Stub(
                f"saved answer {number} of {name}" if name else f"saved answer {number}",
                request.get("method", "GET"),
                _address(_raw(request.get("url")), _pairs(url.get("variable")), _pairs(collection.get("variable"))),
                _headers(request.get("header")),
                saved.get("code"),
                _headers(saved.get("header")),
                saved.get("body"),
                when=saved.get("responseTime"),
            )


def is_newman(document: Value) -> bool:
    """Whether it is what Newman reports of a run as JSON."""
    return isinstance(members(members(document).get("run")).get("executions"), list)


def read_newman(document: Value, _where: Location) -> Iterator[Stub]:
    """What a run really asked, with the answers."""
    for number, execution in enumerate(map(members, document["run"]["executions"]), 1):
        request, response = members(execution.get("request")), members(execution.get("response"))
        octets = [str(octet) for octet in items(members(response.get("stream")).get("data"))]
        yield Stub(
            f"execution {number}",
            request.get("method"),
            _raw(request.get("url")),
            _headers(request.get("header")),
            response.get("code"),
            _headers(response.get("header")),
            packed=bytes(map(int, octets)) if octets and all(map(_OCTET.fullmatch, octets)) else None,
            is_answered="code" in response,
        )


def _raw(url: Value) -> Value:
    """The URL as one text, of its parts where a collection keeps those alone."""
    parts = members(url)
    if isinstance(url, str) or isinstance(parts.get("raw"), str):
        return parts.get("raw", url)
    host, path = parts.get("host"), parts.get("path")
    base = ".".join(map(str, items(host))) or host
    port = f":{parts['port']}" if parts.get("port") else ""
    if not base or not path:
        return None
    query = "&".join("=".join(map(str, pair)) for pair in _pairs(parts.get("query")))
    scheme = "" if str(base).startswith("{{") else f"{parts.get('protocol') or 'http'}://"
    place = "/".join(map(str, items(path))) or str(path).lstrip("/")
    return f"{scheme}{base}{port}/{place}{'?' if query else ''}{query}"


def _address(raw: Value, of_path: list[list[Value]], everywhere: list[list[Value]]) -> str | None:
    """The URL of a saved request, a base that is a variable left out; None where another variable has no value."""
    text = re.sub(r"\A\{\{[^}]*\}\}", NOWHERE, raw) if isinstance(raw, str) else ""
    for pattern, variables in ((r"(?<=/):{}(?=[/?]|\Z)", of_path), (r"\{{\{{{}\}}\}}", everywhere)):
        for name, value in variables:
            if isinstance(value, str):
                # What is escaped already stays so, as both tools leave it.
                escaped = quote(value, safe="%" if re.search("%[0-9A-Fa-f]{2}", value) else "")
                text = escaped.join(re.split(pattern.format(re.escape(str(name))), text))
    return None if re.search(r"\{\{|/:[A-Za-z_]\w*(?:[/?]|\Z)", text) else text or None


def _headers(kept: Value) -> list[list[Value]]:
    if isinstance(kept, str):
        return [line.split(": ", 1) for line in kept.splitlines() if ": " in line]
    return _pairs(kept)


def _pairs(kept: Value) -> list[list[Value]]:
    """Names with values, without those that are switched off."""
    found = [members(pair) for pair in items(kept)]
    is_on = [pair.get("disabled") is not True and pair.get("enabled") is not False for pair in found]
    return [[pair.get("key", pair.get("name")), pair.get("value")] for pair, on in zip(found, is_on, strict=True) if on]


def is_bruno(document: Value) -> bool:
    """Whether it is a collection of Bruno or one request of it, in JSON or YAML, or of a .bru file (`bru_document`)."""
    whole = members(document)
    is_collection = isinstance(whole.get("items"), list) and ("opencollection" in whole or whole.get("version") == "1")
    return is_collection or "opencollection" in whole or {"info", "http"} <= set(whole) or set(whole) == {"examples"}


def tool_without_answers(document: Value) -> str:
    """The tool whose collection holds no saved answer; empty for one that holds some, and for any other document."""
    for tool, is_its_own, read in (("Bruno", is_bruno, read_bruno), ("Postman", is_postman, read_postman)):
        if is_its_own(document) and next(read(document, Location("")), None) is None:
            return tool
    return ""


def read_bruno(document: Value, _where: Location) -> Iterator[Stub]:
    """The saved answers, which Bruno calls examples; a request without one is not an exchange."""
    waiting = [members(document)]
    while waiting:
        item = waiting.pop()
        waiting += map(members, reversed(items(item.get("items"))))
        for number, example in enumerate(map(members, items(item.get("examples"))), 1):
            request, response = members(example.get("request")), members(example.get("response"))
            body, name = members(response.get("body")), str(example.get("name", ""))
            of_path = [pair for pair in items(request.get("params")) if members(pair).get("type") == "path"]
            yield Stub(
                f"example {number}, {name}" if name else f"example {number}",
                request.get("method", "GET"),
                _address(request.get("url"), _pairs(of_path), []),
                _headers(request.get("headers")),
                response.get("status"),
                _headers(response.get("headers")),
                body.get("content", body.get("data")),
            )


def bru_document(text: str) -> Members | None:
    """A .bru file as the document that Bruno's other forms are; None for another text."""
    if not _BRU.match(text):
        return None
    lines = iter(text.splitlines())
    examples = [_bru_example(_up_to(lines, "}")) for line in lines if line == "example {"]
    return Members([("examples", examples)])


def _bru_example(lines: list[str]) -> Members:
    request, response = _block(lines, "request: {", "}"), _block(lines, "response: {", "}")
    body = _block(response, "body: {", "}")
    # Between quotes; the first examples had the text alone.
    content = _block(body, "content: '''", "'''") or body
    params = [Members([*pair.pairs, ("type", "path")]) for pair in _bru_pairs(_block(request, "params:path: {", "}"))]
    own = [(pair["name"], pair["value"]) for pair in _bru_pairs(request)]
    sent = [("headers", _bru_pairs(_block(request, "headers: {", "}"))), ("params", params)]
    status = [pair["value"] for pair in _bru_pairs(_block(response, "status: {", "}")) if pair["name"] == "code"]
    headers = _bru_pairs(_block(response, "headers: {", "}"))
    names = [pair["value"] for pair in _bru_pairs(lines) if pair["name"] == "name"]
    answer = [("status", status[0] if status else None), ("headers", headers)]
    return Members(
        [
            ("name", names[0] if names else ""),
            ("request", Members([*own, *sent])),
            ("response", Members([*answer, ("body", Members([("content", "\n".join(content) or None)]))])),
        ]
    )


def _block(lines: list[str], start: str, end: str) -> list[str]:
    """The lines between the first that is `start` and the one at its depth that is `end`, moved to the left."""
    rest = iter(lines)
    opened = next((line for line in rest if line.strip() == start), None)
    return [] if opened is None else _up_to(rest, opened.removesuffix(start) + end)


def _up_to(lines: Iterator[str], end: str) -> list[str]:
    """The lines up to the one that is `end`, moved to the left."""
    return textwrap.dedent("\n".join(itertools.takewhile(lambda line: line != end, lines))).split("\n")


def _bru_pairs(lines: list[str]) -> list[Members]:
    """The `name: value` lines at the left of a block, without those that are switched off."""
    found = filter(None, map(_BRU_PAIR.fullmatch, lines))
    return [Members([("name", (pair[1] or pair[2]).replace('\\"', '"')), ("value", pair[3])]) for pair in found]
