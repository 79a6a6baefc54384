"""What the readers of stubs and of saved answers share: one recorded answer, and its plain parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from models_conformance.recordings.bodies import from_base64, kept_answer, recorded_bytes, text_bytes
from models_conformance.recordings.entries import (
    OF_MANY_REQUESTS,
    Entry,
    moment_of,
    read_headers,
    read_models_call,
    read_status,
)
from models_conformance.recordings.plain import Members, Value, json_text
from models_conformance.recordings.problems import Location

# Where a stub names no host: a file has one catalogue. RFC 2606: no such host exists, and whoever pastes it sees why.
NOWHERE = "http://host-not-recorded.invalid"


@dataclass(frozen=True, slots=True)
class Stub:
    """One request with its answer as a tool keeps them. `json` is a body kept as a JSON value, `base64` one in base64,
    `packed` its bytes, `file` the name of a file that holds it; `body` one kept as text or as cassettes keep it."""

    position: str
    method: Value
    url: Value
    sent: Value = None
    status: Value = None
    headers: Value = None
    body: Value = None
    json: Value = None
    packed: bytes | None = None
    base64: Value = None
    file: str | None = None
    when: Value = None
    is_answered: bool = True


def entry_of(stub: Stub, document: Location) -> Entry | str | None:
    """The entry; None for what is not a call of the Models API, or why it is not an exchange. Raises RecordingError."""
    if not isinstance(stub.url, str) or not isinstance(stub.method, str):
        return OF_MANY_REQUESTS
    where = document.within(stub.position)
    call = read_models_call(stub.method, stub.url, where)
    if call is None:
        return None
    call = replace(call, headers=read_headers(stub.sent, where))
    if not stub.is_answered:
        return Entry(where.position, call, None)
    headers = read_headers(stub.headers, where)
    for _, value in (*call.headers, *headers):
        where.spend(len(value))
    body = stub.packed if stub.base64 is None else from_base64(stub.base64, where)
    if stub.file is not None:
        body = where.attached(stub.file)
    if body is None and stub.json is not None:
        body = text_bytes(json_text(stub.json), where)
    elif body is None:
        body = recorded_bytes(stub.body, where)
    answer = kept_answer(read_status(stub.status, where), headers, body, where)
    return Entry(where.position, call, answer, moment=moment_of(stub.when, headers))


def members(value: Value) -> Members:
    """The value where it is a mapping, else one without members."""
    return value if isinstance(value, Members) else Members(())


def items(value: Value) -> list[Value]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def query_of(matchers: Value, exact: Callable[[Value], str | None]) -> str | None:
    """The query that these matchers take, with its `?`; None where they take others, too."""
    expected = members(matchers)
    texts = [(name, exact(expected[name])) for name in expected if members(expected[name]).get("absent") is not True]
    pairs = [f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in texts if text is not None]
    return ("?" if pairs else "") + "&".join(pairs) if len(pairs) == len(texts) else None
