"""An exchange: one request, and what came back or how the transport failed.

Bodies are raw bytes after content decoding; header names keep the case they had. A credential never enters
an exchange: whoever obtains evidence writes a placeholder in its place (`API_KEY`, `WRONG_KEY`), which also
tells judges what kind of credential went out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

API_KEY = "<api-key>"
WRONG_KEY = "<wrong-api-key>"

# The number of an exchange that is none: what a recording had no answer for. It is in no trace.
NOT_RECORDED = 0

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, 5.6.2: what a method, the name of a header and a beta are made of."""

Headers = tuple[tuple[str, str], ...]
FailureKind = Literal["connect", "timeout", "disconnect", "protocol", "decoding", "too-large"]


@dataclass(frozen=True, slots=True)
class Request:
    """`url` is absolute and holds the request target exactly as it was sent, percent-escapes included."""

    method: str
    url: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class Response:
    """`body` is what arrived, content coding removed; with a `Failure` beside it, it may be cut short."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """How the transport failed: `kind` for judges, `detail` for people."""

    kind: FailureKind
    detail: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """`number` counts from 1 within a trace. `seconds` is wall time. `retry_of` names the first attempt.

    `at` is when the request arrived, in seconds of a monotonic clock; only a suite that plays the server knows it.
    """

    number: int
    request: Request
    response: Response | None
    failure: Failure | None = None
    seconds: float = 0.0
    retry_of: int | None = None
    at: float = 0.0


def header_values(headers: Headers, name: str) -> list[str]:
    """Values of each line of that header, in order. Names compare without case (RFC 9110, 5.1)."""
    wanted = name.lower()
    return [value for key, value in headers if key.lower() == wanted]


def header(headers: Headers, name: str) -> str | None:
    """The first line of that header, or None."""
    values = header_values(headers, name)
    return values[0] if values else None


def reason_phrase(status: int) -> str:
    """The words that go with a status (RFC 9110, 15), empty for one that nobody has registered."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a trace is evidence of, and how far its requests can be trusted.

    Recorders drop and redact request headers, so their absence means something only where
    `request_headers_kept`; those of tests replace the ids of requests, in one place and not in the other, so that
    these are compared only where `request_ids_kept`. `aliases` are model aliases the user declared, each with its id
    where known.
    `credential` is how an ordinary request carries its key, `version` the API version that ordinary requests name;
    None where each may name one of its own, as in a recording.
    """

    kind: Literal["server", "recording", "client"]
    name: str
    request_headers_kept: bool = True
    aliases: Mapping[str, str | None] | None = None
    credential: Literal["key", "bearer"] = "key"
    version: str | None = None
    request_ids_kept: bool = True


class Trace:
    """Exchanges in order. Append-only: a judge may hold on to what it has seen.

    `explored` is how many of them the verdicts rest on: those after it only made findings small. None where
    all of them are evidence.
    """

    def __init__(self, origin: Origin, exchanges: tuple[Exchange, ...] = (), explored: int | None = None) -> None:
        self.origin = origin
        self.explored = explored
        self._exchanges = list(exchanges)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def __getitem__(self, number: int) -> Exchange:
        """The exchange of that number (from 1). Raises IndexError."""
        if not 1 <= number <= len(self._exchanges):
            raise IndexError(number)
        return self._exchanges[number - 1]

    def add(
        self,
        request: Request,
        response: Response | None,
        failure: Failure | None = None,
        seconds: float = 0.0,
        retry_of: int | None = None,
        *,
        at: float = 0.0,
    ) -> Exchange:
        """Append one exchange and return it, numbered."""
        exchange = Exchange(len(self._exchanges) + 1, request, response, failure, seconds, retry_of, at)
        self._exchanges.append(exchange)
        return exchange
