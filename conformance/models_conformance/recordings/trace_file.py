"""This project's own recording: a trace as it is, written line by line, read back exactly.

JSON Lines in UTF-8 (ASCII, in fact). The first line is the header: what the trace is evidence of. Then one
line an exchange, in order. The last line is the footer with their number: a file without it was cut short.
Bodies that are UTF-8 are text, others base64; a long one that came before is named by its exchange. Credentials never
enter a trace, so none can enter the file.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from models_conformance.evidence.exchange import (
    Exchange,
    Failure,
    FailureKind,
    Headers,
    Origin,
    Request,
    Response,
    Trace,
)
from models_conformance.recordings.problems import RecordingError
from models_conformance.support.files import replace_files
from models_conformance.support.reading import MOST_NODES, has_too_many_nodes

FORMAT = "models-conformance-trace"
VERSION = 1
_KINDS = ("server", "recording", "client")
_CREDENTIALS = ("key", "bearer")
# A body of so many bytes is written once: one server that repeats megabytes would else fill a disk.
_LONG_BODY = 1 << 16
_FAILURES: tuple[str, ...] = get_args(FailureKind)
# How the header line starts as it is written here, and as a formatter may leave it.
_MARKER = f'"{FORMAT}"'


def write_trace(trace: Trace, path: str | Path) -> None:
    """Write a trace to a file, which is replaced. Raises OSError, and ValueError for seconds that are no number."""
    replace_files({Path(path): trace_lines(trace)})


def trace_lines(trace: Trace) -> Iterator[str]:
    """What `write_trace` writes, line by line. Raises ValueError for seconds that are no number."""
    return (json.dumps(line, allow_nan=False, separators=(",", ":")) + "\n" for line in _lines(trace))


def is_trace(text: str) -> bool:
    """Whether a text starts with the header line of a trace."""
    return text.startswith("{") and _MARKER in text[:200].partition("\n")[0]


def parse_trace(text: str, path: str) -> Trace:
    """The trace that a text holds. `path` is for messages. Raises RecordingError."""
    if has_too_many_nodes(text):
        raise RecordingError(path, "", f"holds more than {MOST_NODES} values, which no trace does")
    lines = text.split("\n")
    ended = lines[-1] == ""
    if ended:
        lines.pop()
    header = _object(lines[0] if lines else "", path, 1)
    if header.get("format") != FORMAT:
        raise RecordingError(path, "line 1", f"no {FORMAT}")
    if header.get("version") != VERSION:
        raise RecordingError(path, "line 1", f"version {header.get('version')!a} of the format; {VERSION} is known")
    exchanges: list[Exchange] = []
    for number, line in enumerate(lines[1:], 2):
        if number == len(lines) and not ended and not _is_object(line):
            raise RecordingError(path, f"line {number}", "the trace is cut short: this line is not whole")
        members = _object(line, path, number)
        if "end" in members:
            if number != len(lines):
                raise RecordingError(path, f"line {number + 1}", "lines follow the footer")
            if members.get("exchanges") != len(exchanges):
                raise RecordingError(path, f"line {number}", f"the footer counts other than {len(exchanges)} exchanges")
            first = _Line(header, path, 1)
            return Trace(first.origin(), tuple(exchanges), first.explored())
        exchanges.append(_Line(members, path, number, exchanges).exchange())
    raise RecordingError(path, f"line {len(lines)}", "the trace is cut short: its last line is no footer")


def _lines(trace: Trace) -> Iterator[dict[str, Any]]:
    origin = trace.origin
    yield {
        "format": FORMAT,
        "version": VERSION,
        "origin": {
            "kind": origin.kind,
            "name": origin.name,
            "request_headers_kept": origin.request_headers_kept,
            "aliases": None if origin.aliases is None else dict(origin.aliases),
            "credential": origin.credential,
            **({} if origin.version is None else {"api_version": origin.version}),
            **({} if origin.request_ids_kept else {"request_ids_kept": False}),
        },
        **({} if trace.explored is None else {"explored": trace.explored}),
    }
    first_with: dict[bytes, int] = {}
    for exchange in trace:
        request, response, failure = exchange.request, exchange.response, exchange.failure
        yield {
            "number": exchange.number,
            "request": {"method": request.method, "url": request.url, "headers": request.headers},
            "response": _response(response, exchange.number, first_with) if response is not None else None,
            "failure": {"kind": failure.kind, "detail": failure.detail} if failure is not None else None,
            "seconds": exchange.seconds,
            "retry_of": exchange.retry_of,
        }
    yield {"end": FORMAT, "exchanges": len(trace)}


def _response(response: Response, number: int, first_with: dict[bytes, int]) -> dict[str, Any]:
    members: dict[str, Any] = {"status": response.status, "headers": response.headers}
    if len(response.body) >= _LONG_BODY and first_with.setdefault(response.body, number) != number:
        return {**members, "body_of": first_with[response.body]}
    try:
        members["body"] = response.body.decode("utf-8")
    except UnicodeDecodeError:
        members["body_base64"] = base64.b64encode(response.body).decode("ascii")
    return members


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _object(line: str, path: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        # ValueError: not JSON, or a number of more digits than Python converts.
        value = None
    if not isinstance(value, dict):
        raise RecordingError(path, f"line {number}", "no JSON object, as each line of a trace is")
    return value


class _Line:
    """One line, read member by member with the type each has to have."""

    def __init__(self, members: Mapping[str, Any], path: str, number: int, earlier: Sequence[Exchange] = ()) -> None:
        self._members = members
        self._path = path
        self._earlier = earlier
        self._position = f"line {number}"

    def origin(self) -> Origin:
        """Raises RecordingError, as all here do."""
        inner = self._inner("origin")
        if inner is None:
            raise self._wrong("origin")
        aliases = inner._members.get("aliases")
        if aliases is not None and not (
            isinstance(aliases, dict) and all(value is None or isinstance(value, str) for value in aliases.values())
        ):
            raise self._wrong("aliases")
        kind, credential = inner._one("kind", str), inner._one("credential", str)
        if kind not in _KINDS or credential not in _CREDENTIALS:
            raise self._wrong("kind or credential")
        version = inner._one("api_version", str) if "api_version" in inner._members else None
        kept = inner._one("request_headers_kept", bool)
        ids_kept = inner._one("request_ids_kept", bool) if "request_ids_kept" in inner._members else True
        return Origin(kind, inner._one("name", str), kept, aliases, credential, version, ids_kept)

    def explored(self) -> int | None:
        """How many exchanges the verdicts rest on; None where the header does not say."""
        return None if self._members.get("explored") is None else self._integer("explored")

    def exchange(self) -> Exchange:
        """The exchange of this line."""
        request, response, failure = self._inner("request"), self._inner("response"), self._inner("failure")
        if request is None:
            raise self._wrong("request")
        retry_of = self._members.get("retry_of")
        return Exchange(
            self._integer("number"),
            Request(request._one("method", str), request._one("url", str), request._headers()),
            response._response() if response is not None else None,
            failure._failure() if failure is not None else None,
            self._seconds(),
            self._integer("retry_of") if retry_of is not None else None,
        )

    def _response(self) -> Response:
        if "body_of" in self._members:
            body = self._body_of(self._integer("body_of"))
        elif "body" in self._members:
            try:
                body = self._one("body", str).encode("utf-8")
            except UnicodeEncodeError:
                raise self._wrong("body") from None
        else:
            try:
                body = base64.b64decode(self._one("body_base64", str), validate=True)
            except (binascii.Error, ValueError):
                raise self._wrong("body_base64") from None
        return Response(self._integer("status"), self._headers(), body)

    def _body_of(self, number: int) -> bytes:
        """The body of an earlier exchange."""
        response = self._earlier[number - 1].response if 1 <= number <= len(self._earlier) else None
        if response is None:
            raise self._wrong("body_of")
        return response.body

    def _failure(self) -> Failure:
        kind = self._one("kind", str)
        if kind not in _FAILURES:
            raise self._wrong("kind")
        return Failure(kind, self._one("detail", str))

    def _headers(self) -> Headers:
        lines = self._one("headers", list)
        if not all(
            isinstance(line, list) and len(line) == 2 and all(isinstance(w, str) for w in line) for line in lines
        ):
            raise self._wrong("headers")
        return tuple((name, value) for name, value in lines)

    def _inner(self, name: str) -> _Line | None:
        value = self._members.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(name)
        inner = _Line(value, self._path, 0, self._earlier)
        inner._position = self._position
        return inner

    def _seconds(self) -> float:
        try:
            return float(self._one("seconds", (int, float)))
        except OverflowError:
            raise self._wrong("seconds") from None

    def _integer(self, name: str) -> int:
        value = self._one(name, int)
        if isinstance(value, bool):
            raise self._wrong(name)
        return int(value)

    def _one(self, name: str, kind: type | tuple[type, ...]) -> Any:
        value = self._members.get(name)
        if not isinstance(value, kind):
            raise self._wrong(name)
        return value

    def _wrong(self, name: str) -> RecordingError:
        return RecordingError(self._path, self._position, f"{name} is missing, or is not what the format says")
