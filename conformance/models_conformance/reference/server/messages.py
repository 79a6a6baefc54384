"""What a reference server reads and writes: requests and responses as values, and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Headers = tuple[tuple[str, str], ...]
Framing = Literal["length", "chunked", "raw", "endless", "none"]


@dataclass(frozen=True, slots=True)
class Request:
    """`path` and `query` are as they were sent, percent-escapes included; `query` is without its `?`.

    Every header line is kept, in order, repeated ones included.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()

    def lines(self, name: str) -> list[str]:
        """The value of each line of that header, in order (names compare without case)."""
        return [value for key, value in self.headers if key.lower() == name]

    def line(self, name: str) -> str | None:
        """The first line of that header, or None."""
        return next(iter(self.lines(name)), None)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `delay` is in seconds.

    `framing` says how the body is delimited: by a content-length that is computed, in chunks, or `raw`: the
    headers and the body go out as they are and the connection closes, however wrong that is. `endless` is the
    same with a body that is repeated forever, and with `none` nothing goes out. The last three need a behaviour
    of `raw_framing`.
    """

    status: int
    headers: Headers
    body: bytes
    framing: Framing = "length"
    delay: float = 0.0

    def header(self, name: str) -> str | None:
        """The first line of that header, or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """A request as the server reads it.

    `operation` is `list`, `retrieve` or None for another path; `model_id` and `parameters` are decoded, bytes
    that are not UTF-8 escaped to lone surrogates; `number` counts the requests of this server from 1.
    """

    request: Request
    number: int
    operation: Literal["list", "retrieve"] | None
    model_id: str
    parameters: tuple[tuple[str, str], ...]
    betas: tuple[str, ...]

    def values(self, name: str) -> list[str]:
        """Every value the query gives `name`, in order."""
        return [value for key, value in self.parameters if key == name]

    def value(self, name: str) -> str | None:
        """The first value the query gives `name`, or None."""
        return next(iter(self.values(name)), None)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: the position of the model that the cursor names, and the direction to go."""

    position: int
    backward: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A page as positions: `start` included, `stop` not, of `total` models."""

    start: int
    stop: int
    total: int
    limit: int
    cursor: Cursor | None

    @property
    def backward(self) -> bool:
        """Whether the page was asked for with `before_id`."""
        return self.cursor is not None and self.cursor.backward

    @property
    def forward(self) -> bool:
        """Whether the page was asked for with `after_id`."""
        return self.cursor is not None and not self.cursor.backward


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is put into bytes: `value` is a JSON value."""

    status: int
    value: Any
    headers: Headers = ()


class Refusal(Exception):
    """A request that is answered with an error: its status, a message and the error type, unless that of the status."""

    def __init__(self, status: int, message: str, kind: str | None = None, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.headers = headers
