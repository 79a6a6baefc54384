"""Reading exchanges: which operation a request calls and with what, and what page or model came back.

Everything here is lenient and total. Whether what was read is right is for the judges to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern
from typing import Any, Literal
from urllib.parse import unquote, unquote_plus, urlsplit

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Exchange, header, header_values
from models_conformance.evidence.instants import Instant, instant, is_unknown
from models_conformance.evidence.strict_json import Parsed, parse
from models_conformance.evidence.targets import CURSORS, listed, models_path, query_pairs

Credential = Literal["key", "bearer", "wrong", "none", "unknown"]

CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
# 429 and 529 are documented answers to load, not to the request; 503 with Retry-After is how proxies say it.
_BACK_PRESSURE = frozenset({429, 529})
# The headers that belong to a question; all others may vary freely.
_WITH_INVENTIONS_OF_THEIR_OWN = frozenset({"anthropic-beta", "x-api-key", "authorization"})
_ASKING = frozenset({"x-api-key", "authorization"})
_OF_THE_API = "anthropic-"
# An id, a beta or a header with this in its name was invented by the suite, so no subject can have one of that name.
NO_SUCH = "no-such"


# Members of a model that have an attribute of their own here.
_OWN = frozenset({"id", "created_at", "display_name", "type"})


def is_error_envelope(value: object) -> bool:
    """Whether a JSON value is the envelope of an error, whatever the error says."""
    return isinstance(value, dict) and value.get("type") == "error" and isinstance(value.get("error"), dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read. `parameters` are decoded query pairs in order; `model_id` is decoded too.

    `operation` is `list`, `retrieve`, or None for a request that is neither (another path or method).
    `invented_header` marks a request with a header that this suite made up, `invented_value` one with a header that is
    documented and a value that is not, betas and credentials aside, `capitalised` one whose header names are written
    Like-This, `small_scheme` one whose token has its scheme in lower case.
    """

    operation: Literal["list", "retrieve"] | None
    method: str
    path: str
    model_id: str | None
    raw_model_id: str | None
    parameters: tuple[tuple[str, str], ...]
    betas: tuple[str, ...]
    beta_lines: tuple[str, ...]
    credential: Credential
    version: str | None
    invented_header: bool
    invented_value: bool
    capitalised: bool
    small_scheme: bool

    def values(self, name: str) -> list[str]:
        """Every value the query gives `name`, in order."""
        return [value for key, value in self.parameters if key == name]

    def one(self, name: str) -> str | None:
        """The value of `name`, where the query gives exactly one."""
        values = self.values(name)
        return values[0] if len(values) == 1 else None

    @property
    def limit(self) -> int | None:
        """The limit, where it is one integer in canonical spelling."""
        text = self.one("limit")
        # Twenty digits are past every machine integer; longer ones would only cost time to convert.
        if text is None or len(text) > 20 or not CANONICAL_INTEGER.fullmatch(text):
            return None
        return int(text)

    @property
    def cursors(self) -> tuple[str, ...]:
        """The names of the cursors that the query gives, that towards older models first."""
        return tuple(name for name in CURSORS if self.values(name))

    @property
    def after(self) -> str | None:
        """The model from which the page goes on towards older ones, where the query names exactly one."""
        return self.one(CURSORS[0])

    @property
    def before(self) -> str | None:
        """The model from which the page goes back towards newer ones, where the query names exactly one."""
        return self.one(CURSORS[1])

    @property
    def cursor(self) -> str | None:
        """The model next to which the page lies, whichever cursor names it; of two, the one towards older models."""
        return self.after if self.after is not None else self.before

    @property
    def backward(self) -> bool:
        """Whether the requested direction is towards newer models."""
        return self.cursors == CURSORS[1:]


@dataclass(frozen=True, slots=True)
class Item:
    """A model as somebody was told of it. Members that are missing or of another type are None.

    `rest` are its other members, each as JSON with sorted keys.
    """

    id: str
    created_at: str | None
    display_name: str | None
    type: str | None
    rest: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def moment(self) -> Instant | None:
        """The release instant, or None where it is unknown (epoch) or unreadable."""
        moment = instant(self.created_at)
        return None if moment is None or is_unknown(moment) else moment


@dataclass(frozen=True, slots=True)
class Page:
    """A list answer whose `data` is an array of objects with string ids; other members as they came."""

    items: tuple[Item, ...]
    has_more: bool | None
    first_id: Any
    last_id: Any

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)


def read_call(exchange: Exchange, headers_kept: bool = True) -> Call:
    """Read a request, whatever base URL or path prefix it went to."""
    request = exchange.request
    split = urlsplit(request.url)
    place = models_path(split.path)
    raw_id = place.raw_id if place else None
    operation: Literal["list", "retrieve"] | None = None
    if place and request.method.upper() == "GET":
        if raw_id is None:
            operation = "list"
        elif raw_id:
            operation = "retrieve"
    pairs = tuple((unquote_plus(name), unquote_plus(value)) for name, value in query_pairs(split.query))
    beta_lines = tuple(header_values(request.headers, "anthropic-beta"))
    return Call(
        operation=operation,
        method=request.method.upper(),
        path=split.path,
        model_id=unquote(raw_id) if raw_id else None,
        raw_model_id=raw_id,
        parameters=pairs,
        betas=listed(beta_lines),
        beta_lines=beta_lines,
        credential=_credential(exchange, headers_kept),
        version=header(request.headers, "anthropic-version"),
        invented_header=any(NO_SUCH in name.lower() for name, _ in request.headers),
        invented_value=any(
            NO_SUCH in value for name, value in request.headers if name.lower() not in _WITH_INVENTIONS_OF_THEIR_OWN
        ),
        capitalised=any(name == "Anthropic-Version" for name, _ in request.headers),
        small_scheme=(header(request.headers, "authorization") or "").startswith("bearer "),
    )


def _credential(exchange: Exchange, headers_kept: bool) -> Credential:
    if not headers_kept:
        return "unknown"
    key = header(exchange.request.headers, "x-api-key")
    bearer = header(exchange.request.headers, "authorization")
    sent = f"{key or ''} {bearer or ''}"
    if WRONG_KEY in sent or NO_SUCH in sent:
        return "wrong"
    if API_KEY in (bearer or ""):
        return "bearer"
    if API_KEY in (key or ""):
        return "key"
    return "none" if not (key or bearer) else "unknown"


def read_item(value: object) -> Item | None:
    """Read one model object; None where it is not an object or has no string id."""
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return None

    def text(name: str) -> str | None:
        found = value.get(name)
        return intern(found) if isinstance(found, str) else None

    # The same models come again and again: equal texts are kept once.
    rest = {name: intern(json.dumps(part, sort_keys=True)) for name, part in value.items() if name not in _OWN}
    return Item(intern(value["id"]), text("created_at"), text("display_name"), text("type"), rest)


def read_page(value: object) -> Page | None:
    """Read a list answer; None where `data` is not an array of objects with string ids."""
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        return None
    items = tuple(read_item(entry) for entry in value["data"])
    if any(item is None for item in items):
        return None
    more = value.get("has_more")
    return Page(
        tuple(item for item in items if item is not None),
        more if isinstance(more, bool) else None,
        value.get("first_id"),
        value.get("last_id"),
    )


class Reading:
    """One exchange, its call and its answer read where they are asked for. Parsed values are not kept: pages can be
    large. Why a body cannot be read is kept: to find it out takes reading all of it."""

    def __init__(self, exchange: Exchange, headers_kept: bool = True) -> None:
        self.exchange = exchange
        self._headers_kept = headers_kept
        self._unreadable: Parsed | None = None

    @cached_property
    def call(self) -> Call:
        """The request, read."""
        return read_call(self.exchange, self._headers_kept)

    @property
    def number(self) -> int:
        return self.exchange.number

    @property
    def status(self) -> int | None:
        """The HTTP status of a whole response, None where none arrived whole."""
        response = self.exchange.response
        return response.status if response is not None and self.exchange.failure is None else None

    @cached_property
    def question(self) -> tuple[Any, ...]:
        """What was asked: two requests with the same target and the same documented headers ask the same."""
        request = self.exchange.request
        own = {name.lower() for name, _ in request.headers if name.lower().startswith(_OF_THE_API)}
        lines = ((name, *header_values(request.headers, name)) for name in sorted({*_ASKING, *own}))
        invented = tuple(
            (name, value) for name, value in request.headers if NO_SUCH in name.lower() or NO_SUCH in value
        )
        return request.method.upper(), request.url, invented, self.call.capitalised, *lines

    @property
    def back_pressure(self) -> bool:
        """Whether the server said "later": 429, 529, or 503 with `retry-after`."""
        response = self.exchange.response
        if response is None:
            return False
        return response.status in _BACK_PRESSURE or (
            response.status == 503 and header(response.headers, "retry-after") is not None
        )

    def parse(self) -> Parsed:
        """The body as strict JSON."""
        response = self.exchange.response
        if self._unreadable is not None or response is None:
            return self._unreadable or Parsed(None, "no response")
        parsed = parse(response.body)
        if parsed.error is not None:
            self._unreadable = parsed
        return parsed

    @cached_property
    def page(self) -> Page | None:
        """The page that a 200 to a list call carried, where it can be read as one."""
        return read_page(self.parse().value) if self.call.operation == "list" and self.status == 200 else None

    @cached_property
    def model(self) -> Item | None:
        """The model that a 200 to a retrieve call carried, where it can be read as one."""
        return read_item(self.parse().value) if self.call.operation == "retrieve" and self.status == 200 else None

    @property
    def succeeded(self) -> bool:
        """Whether the answer is what was asked for: a page, or a model."""
        return self.page is not None or self.model is not None
