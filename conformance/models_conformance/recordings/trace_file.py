"""This project's own recording: a trace as it is, written line by line, read back exactly.

JSON Lines in UTF-8 (ASCII, in fact). The first line is the header: what the trace is evidence of. Then one
line an exchange, in order. The last line is the footer with their number: a file without it was cut short.
Bodies that are UTF-8 are text, others base64; a long one that came before is named by its exchange. Credentials never
enter a trace, so none can enter the file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from models_conformance.recordings.problems import Location, RecordingError
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


def trace_lines(trace: Trace) -> Iterator[str]:
    """The trace as a file has it, line by line. Raises ValueError for seconds that are not a number."""
    return (json.dumps(line, allow_nan=False, separators=(",", ":")) + "\n" for line in _lines(trace))


def is_trace(text: str) -> bool:
    """Whether a text starts with the header line of a trace."""
    return text.startswith("{") and _MARKER in text[:200].partition("\n")[0]


def parse_trace(text: str, path: str) -> Trace:
    """The trace that a text holds. `path` is for messages. Raises RecordingError."""
    where = Location(path)
    if has_too_many_nodes(text):
        raise where.refused(f"holds more than {MOST_NODES} values, which no trace does")
    lines = text.split("\n")
    ended = lines[-1] == ""
    if ended:
        lines.pop()
    header = _Members.of_line(lines[0] if lines else "", where.within("line 1"))
    if header.members.get("format") != FORMAT:
        raise header.where.refused(f"no {FORMAT}")
    if header.members.get("version") != VERSION:
        raise header.where.refused(f"version {header.members.get('version')!a} of the format; {VERSION} is known")
    exchanges: list[Exchange] = []
    for number, line in enumerate(lines[1:], 2):
        here = where.within(f"line {number}")
        if number == len(lines) and not ended and _object(line) is None:
            raise here.refused("the trace is cut short: this line is not whole")
        read = _Members.of_line(line, here)
        if "end" in read.members:
            if number != len(lines):
                raise where.within(f"line {number + 1}").refused("lines follow the footer")
            if read.members.get("exchanges") != len(exchanges):
                raise here.refused(f"the footer counts other than {len(exchanges)} exchanges")
            origin = _origin(header)
            # How many exchanges the verdicts rest on; not every header says.
            explored = None if header.members.get("explored") is None else header.integer("explored")
            return Trace(origin, tuple(exchanges), explored)
        exchanges.append(_exchange(read, exchanges))
    raise where.within(f"line {len(lines)}").refused("the trace is cut short: its last line is not a footer")


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


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        # ValueError: not JSON, or a number of more digits than Python converts.
        return None
    return value if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True)
class _Members:
    """An object of a line, read member by member with the type each has to have. Raises RecordingError."""

    members: Mapping[str, Any]
    where: Location

    @classmethod
    def of_line(cls, line: str, where: Location) -> _Members:
        value = _object(line)
        if value is None:
            raise where.refused("no JSON object, as each line of a trace is")
        return cls(value, where)

    def wrong(self, name: str) -> RecordingError:
        return self.where.refused(f"{name} is missing, or is not what the format says")

    def one(self, name: str, kind: type | tuple[type, ...]) -> Any:
        value = self.members.get(name)
        if not isinstance(value, kind):
            raise self.wrong(name)
        return value

    def integer(self, name: str) -> int:
        if isinstance(self.members.get(name), bool):
            raise self.wrong(name)
        return int(self.one(name, int))

    def inner(self, name: str) -> _Members | None:
        if self.members.get(name) is None:
            return None
        return _Members(self.one(name, dict), self.where)

    def headers(self) -> Headers:
        lines = self.one("headers", list)
        if not all(
            isinstance(line, list) and len(line) == 2 and all(isinstance(w, str) for w in line) for line in lines
        ):
            raise self.wrong("headers")
        return tuple((name, value) for name, value in lines)


def _origin(header: _Members) -> Origin:
    origin = header.inner("origin")
    if origin is None:
        raise header.wrong("origin")
    aliases = origin.members.get("aliases")
    if aliases is not None and not (
        isinstance(aliases, dict) and all(value is None or isinstance(value, str) for value in aliases.values())
    ):
        raise origin.wrong("aliases")
    kind, credential = origin.one("kind", str), origin.one("credential", str)
    if kind not in _KINDS or credential not in _CREDENTIALS:
        raise origin.wrong("kind or credential")
    version = origin.one("api_version", str) if "api_version" in origin.members else None
    kept = origin.one("request_headers_kept", bool)
    ids_kept = origin.one("request_ids_kept", bool) if "request_ids_kept" in origin.members else True
    return Origin(kind, origin.one("name", str), kept, aliases, credential, version, ids_kept)


def _exchange(line: _Members, earlier: Sequence[Exchange]) -> Exchange:
    request, response, failure = line.inner("request"), line.inner("response"), line.inner("failure")
    if request is None:
        raise line.wrong("request")
    number = line.integer("number")
    asked = Request(request.one("method", str), request.one("url", str), request.headers())
    answered = _read_response(response, earlier) if response is not None else None
    if failure is not None and failure.one("kind", str) not in _FAILURES:
        raise failure.wrong("kind")
    failed = Failure(failure.one("kind", str), failure.one("detail", str)) if failure is not None else None
    try:
        seconds = float(line.one("seconds", (int, float)))
    except OverflowError:
        raise line.wrong("seconds") from None
    retry_of = None if line.members.get("retry_of") is None else line.integer("retry_of")
    return Exchange(number, asked, answered, failed, seconds, retry_of)


def _read_response(response: _Members, earlier: Sequence[Exchange]) -> Response:
    name = next((name for name in ("body_of", "body") if name in response.members), "body_base64")
    try:
        if name == "body_of":
            number = response.integer(name)
            same = earlier[number - 1].response if 1 <= number <= len(earlier) else None
            if same is None:
                raise response.wrong(name)
            body = same.body
        elif name == "body":
            body = response.one(name, str).encode("utf-8")
        else:
            body = base64.b64decode(response.one(name, str), validate=True)
    except ValueError:
        # Half a surrogate pair, or no base64.
        raise response.wrong(name) from None
    return Response(response.integer("status"), response.headers(), body)
