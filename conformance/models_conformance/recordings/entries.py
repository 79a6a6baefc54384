"""An entry: one recorded request with its answer, whichever tool wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from models_conformance.evidence.exchange import Exchange, Headers, Request, header
from models_conformance.evidence.exchange_reading import read_call
from models_conformance.recordings.plain import Members, Value
from models_conformance.recordings.problems import Location

_WEB_URL = re.compile(r"https?://[^/?#\s-][^/?#\s]*(?:[/?#]|\Z)", re.IGNORECASE)
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
_STATUS = re.compile(r"[1-9][0-9]{2}")

# Why exchanges are left out where they are read.
OTHER_CALLS = "not calls of the Models API"
OF_MANY_REQUESTS = "stubs for more than one request, or with a variable that has no value"


@dataclass(frozen=True, slots=True)
class Answer:
    """A recorded response. `body` is None where the recorder kept none, or none that can be read."""

    status: int
    headers: Headers
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """`position` is its place in the file, for people. `answer` is None where none was recorded."""

    position: str
    request: Request
    answer: Answer | None
    seconds: float = 0.0
    moment: datetime | None = None


def read_request(method: Value, url: Value, where: Location) -> Request:
    """The request, without its headers. Raises RecordingError where it has no method or no URL that can be read."""
    if not isinstance(method, str) or not _METHOD.fullmatch(method.strip()):
        raise where.refused("the request has no method")
    if not isinstance(url, str) or not url:
        raise where.refused("the request has no URL")
    try:
        urlsplit(url)
    except ValueError:
        # What is wrong with it would quote it, with any password that it holds.
        raise where.refused("the URL of the request cannot be read") from None
    return Request(method.strip().upper(), url, ())


def read_models_call(method: Value, url: Value, where: Location) -> Request | None:
    """The request without its headers; None where it is not a call of the Models API. Raises as `read_request` does."""
    request = read_request(method, url, where)
    return request if is_models_call(request) else None


def is_models_call(request: Request) -> bool:
    """Whether the request is a list or a retrieval, whatever base URL or path prefix it went to.

    What went to no host, or by another way than http and https, is not an exchange of this API.
    """
    if not _WEB_URL.match(request.url):
        return False
    return read_call(Exchange(1, request, None)).operation is not None


def read_status(value: Value, where: Location) -> int:
    """An HTTP status of three digits. Raises RecordingError."""
    if not isinstance(value, str) or not _STATUS.fullmatch(value.strip()):
        raise where.refused("the response has no HTTP status")
    return int(value)


def read_headers(value: Value, where: Location) -> Headers:
    """Header lines from any of the shapes recorders use.

    A mapping of names to a value or a list of values; a list of `[name, value]`; a list of mappings with
    `name` and `value` (HAR). HTTP/2's pseudo-headers (`:path`), which browsers export, are not headers.
    Raises RecordingError.
    """
    lines: list[tuple[str, str]] = []
    for name, values in _name_value_pairs(value, where):
        for single in values if isinstance(values, list) else [values]:
            text = single.decode("latin-1") if isinstance(single, bytes) else single
            if not isinstance(name, str) or not isinstance(text, str | None):
                raise where.refused("a header is neither text nor a list of texts")
            if not name.startswith(":"):
                lines.append((name, text or ""))
    return tuple(lines)


def _name_value_pairs(value: Value, where: Location) -> Iterable[tuple[Value, Value]]:
    if value is None:
        return []
    if isinstance(value, Members):
        return value.pairs
    if not isinstance(value, list):
        raise where.refused("the headers are neither a mapping nor a list")
    pairs: list[tuple[Value, Value]] = []
    for line in value:
        if isinstance(line, Members):
            pairs.append((line.get("name"), line.get("value")))
        elif isinstance(line, list) and len(line) == 2:
            pairs.append((line[0], line[1]))
        else:
            raise where.refused("the headers are not a list of names and values")
    return pairs


def moment_of(recorded: Value, headers: Headers) -> datetime | None:
    """When it was recorded, by the recorder's word or by the server's `date`; None where neither says."""
    return _moment(recorded) or _moment(header(headers, "date"))


def _moment(text: Value) -> datetime | None:
    if not isinstance(text, str):
        return None
    for parse in (_iso, parsedate_to_datetime):
        try:
            moment = parse(text.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            # The parser of e-mail dates gives up on garbage in several ways.
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def _iso(text: str) -> datetime:
    """ISO 8601, and the form with a blank and GMT that R vcr writes."""
    return datetime.fromisoformat(text.removesuffix("GMT").removesuffix("UTC").strip())
