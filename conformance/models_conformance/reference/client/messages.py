"""What the reference client works on: calls, requests and answers as values, pages of models, and its one error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from models_conformance.evidence.driver_calls import RaisedKind

Headers = tuple[tuple[str, str], ...]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request for a page or a model as the caller means it. `args` holds only what the caller passes.

    `timeout` is in seconds; `max_retries` None leaves the client's default. `page` counts the pages of a walk from 1.
    """

    operation: Literal["list", "retrieve"]
    surface: str
    base_url: str
    api_key: str
    timeout: float
    max_retries: int | None
    args: Mapping[str, Any]
    page: int = 1

    @property
    def betas(self) -> tuple[str, ...]:
        """The betas that the caller asks for, in order."""
        return tuple(self.args.get("betas", ()))

    @property
    def backward(self) -> bool:
        """Whether the caller goes towards newer models."""
        return "before_id" in self.args

    def without(self, *names: str) -> Call:
        """This call without those arguments."""
        return replace(self, args={name: value for name, value in self.args.items() if name not in names})

    def giving(self, **args: Any) -> Call:
        """This call with those arguments beside or in place of its own."""
        return replace(self, args={**self.args, **args})

    def next_call(self, name: str, cursor: Any) -> Call:
        """The call for the next page: the same but for its cursor."""
        return replace(self.without("after_id", "before_id").giving(**{name: cursor}), page=self.page + 1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One HTTP request. `target` and `headers` go out as they are, in UTF-8; `host` is added."""

    host: str
    port: int
    target: str
    headers: Headers
    method: str = "GET"
    protocol: str = "HTTP/1.1"

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def head(self) -> bytes:
        """The request as it goes out; it has no body."""
        lines = [f"{self.method} {self.target} {self.protocol}", f"host: {self.authority}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP answer; `body` is as it arrived, a content coding included."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first line of that header (in lower case), or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Model:
    """One model as the client holds it. `created_at` is an instant, or text that no `datetime` can hold."""

    id: Any
    type: Any
    display_name: Any
    created_at: datetime | str | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the client holds it."""

    data: tuple[Model, ...]
    has_more: Any
    first_id: Any
    last_id: Any


EMPTY_PAGE = Page((), False, None, None)
"""What a client returns that takes trouble for an empty list."""

ZERO_MODEL = Model("", "", "", "0001-01-01T00:00:00Z")
"""What a language without null makes of an object whose members are all missing."""


class ClientError(Exception):
    """What the client raises. `kind` is the driver protocol's; `incoming` is what had arrived of the answer."""

    def __init__(
        self,
        kind: RaisedKind,
        name: str,
        message: str,
        *,
        status: int | None = None,
        error_type: str | None = None,
        request_id: str | None = None,
        incoming: Incoming | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.name = name
        self.message = message
        self.status = status
        self.error_type = error_type
        self.request_id = request_id
        self.incoming = incoming


def unreadable(message: str) -> ClientError:
    """The error for an answer that is not what the documentation says."""
    return ClientError("decode", "UnreadableAnswer", message)


def refused(message: str) -> ClientError:
    """The error for an argument that the client does not send."""
    return ClientError("argument", "BadArgument", message)
