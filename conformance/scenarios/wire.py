"""HTTP/1.1 as the loopback stage reads and writes it.

An HTTP library refuses what a wrong client sends, or mends it. Here a request line may hold blanks, raw bytes and
broken escapes, and all is kept as it came: names in their case, lines in their order, repeated ones too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from conformance.evidence.exchange import Headers, header, header_values
from conformance.scenarios.outgoing import Outgoing

# The longest request head that is read: a model id of 40,000 characters, each escaped three times over.
MOST_HEAD_BYTES = 1 << 18
# No request of this API has a body; one of this size is still read to its end and dropped.
MOST_BODY_BYTES = 1 << 24

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_BLANKS = " \t"
# Chunks that a body is written in: enough to part it within an object and within a character.
_PIECES = 3


@dataclass(frozen=True, slots=True)
class Head:
    """A request head, its bytes as latin-1. `version` is empty where the request line ends without one."""

    method: str
    target: str
    version: str
    headers: Headers

    @property
    def persistent(self) -> bool:
        """Whether the connection may go on after the answer (RFC 9112, 9.3)."""
        options = _list(self.headers, "connection")
        if self.version == "HTTP/1.1":
            return "close" not in options
        return self.version == "HTTP/1.0" and "keep-alive" in options

    @property
    def waits(self) -> bool:
        """Whether the client holds its body back until it is told to go on."""
        return self.version == "HTTP/1.1" and "100-continue" in _list(self.headers, "expect")


class Complete:
    """The request that began with the last head is read to its end, body included."""


class Broken:
    """No request can be read from here on; the connection has to end."""


class _Again:
    """A step has read its part and the next one may have something to read."""


_Step = Callable[[], Head | Complete | Broken | _Again | None]


class RequestReader:
    """Takes the bytes of one connection as they come, and gives `Head` and `Complete` by turns, or `Broken`."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._step: _Step = self._head
        self._left = 0
        self._body_bytes = 0

    @property
    def midway(self) -> bool:
        """Whether a request has begun and not ended."""
        return bool(self._buffer) or self._step != self._head

    def feed(self, data: bytes) -> None:
        """Take bytes from the connection."""
        self._buffer += data

    def next(self) -> Head | Complete | Broken | None:
        """What comes next; None until more bytes do."""
        while isinstance(event := self._step(), _Again):
            pass
        return event

    def _head(self) -> Head | Broken | None:
        # An empty line or two before a request is to be ignored (RFC 9112, 2.2).
        while self._buffer.startswith((b"\r", b"\n")):
            del self._buffer[:1]
        end = _HEAD_END.search(self._buffer, max(self._searched - 3, 0))
        if (len(self._buffer) if end is None else end.start()) > MOST_HEAD_BYTES:
            return Broken()
        if end is None:
            self._searched = len(self._buffer)
            return None
        head = _read_head(bytes(self._buffer[: end.start()]))
        self._searched = 0
        del self._buffer[: end.end()]
        if head is None:
            return Broken()
        self._expect_body(head.headers)
        return head

    def _expect_body(self, headers: Headers) -> None:
        self._body_bytes = 0
        if _list(headers, "transfer-encoding"):
            self._step = self._chunk_size
            return
        length = header(headers, "content-length") or "0"
        readable = length.isascii() and length.isdigit() and len(length) < 12
        self._left = int(length) if readable else MOST_BODY_BYTES + 1
        self._step = self._counted

    def _counted(self) -> Complete | Broken | None:
        if self._left > MOST_BODY_BYTES:
            return Broken()
        return self._complete() if self._drop() else None

    def _chunk_size(self) -> Broken | _Again | None:
        line = self._line()
        if line is None:
            return Broken() if len(self._buffer) > MOST_HEAD_BYTES else None
        size = _CHUNK_SIZE.match(line)
        if size is None:
            return Broken()
        self._left = int(size[0], 16)
        self._body_bytes += self._left
        if self._body_bytes > MOST_BODY_BYTES:
            return Broken()
        self._step = self._chunk_data if self._left else self._trailer
        return _Again()

    def _chunk_data(self) -> _Again | None:
        if not self._drop() or self._line() is None:
            return None
        self._step = self._chunk_size
        return _Again()

    def _trailer(self) -> Complete | Broken | None:
        while (line := self._line()) is not None:
            if not line:
                return self._complete()
        return Broken() if len(self._buffer) > MOST_HEAD_BYTES else None

    def _drop(self) -> bool:
        """Drop what there is of the bytes that are left to read; whether that was all."""
        dropped = min(self._left, len(self._buffer))
        del self._buffer[:dropped]
        self._left -= dropped
        return self._left == 0

    def _line(self) -> bytes | None:
        end = _LINE_END.search(self._buffer)
        if end is None:
            return None
        line = bytes(self._buffer[: end.start()])
        del self._buffer[: end.end()]
        return line

    def _complete(self) -> Complete:
        self._step = self._head
        return Complete()


def _read_head(head: bytes) -> Head | None:
    """A head without the blank line that ends it; None where the first line is no request line."""
    first, *lines = _LINE_END.split(head)
    method, _, rest = first.decode("latin-1").partition(" ")
    if not _METHOD.fullmatch(method):
        return None
    # A target may hold blanks, though it must not: the version is what stands after the last of them.
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/"):
        target, version = rest, ""
    headers: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1")
        if text[:1] in {" ", "\t"} and headers:
            name, value = headers.pop()
            headers.append((name, f"{value} {text.strip(_BLANKS)}"))
        else:
            name, _, value = text.partition(":")
            headers.append((name, value.strip(_BLANKS)))
    return Head(method, target, version, tuple(headers))


def framing_headers(outgoing: Outgoing, head: Head) -> Headers:
    """The headers of an answer that say how long it is and what becomes of the connection."""
    length: Headers
    if outgoing.bodiless:
        length = ()
    elif _in_chunks(outgoing, head):
        length = (("transfer-encoding", "chunked"),)
    else:
        length = (("content-length", str(len(outgoing.body))),)
    ends = outgoing.close or not head.persistent
    # An HTTP/1.0 client takes a connection for closed unless it is told (RFC 9112, 9.3).
    kept = (("connection", "keep-alive"),) if head.version == "HTTP/1.0" else ()
    return (*length, *((("connection", "close"),) if ends else kept))


def written(outgoing: Outgoing, headers: Headers, head: Head) -> bytes:
    """The bytes of an answer with these headers, as far as they go out."""
    if outgoing.silent:
        return b""
    lines = [f"HTTP/1.1 {outgoing.status} {_phrase(outgoing.status)}", *(f"{name}: {value}" for name, value in headers)]
    start = "\r\n".join((*lines, "", "")).encode("latin-1", "replace")
    if outgoing.bodiless or not _in_chunks(outgoing, head):
        return start + outgoing.part
    return start + _chunks(outgoing.part) + (b"" if outgoing.failure else b"0\r\n\r\n")


def _in_chunks(outgoing: Outgoing, head: Head) -> bool:
    # HTTP/1.0 has no chunks (RFC 9112, 7.1), and a body is cut of its length only where one is given.
    return outgoing.chunked and outgoing.broken != "cut-body" and head.version == "HTTP/1.1"


def _chunks(body: bytes) -> bytes:
    size = max(-(-len(body) // _PIECES), 1)
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


def _list(headers: Headers, name: str) -> list[str]:
    """The members of a comma-separated header, in lower case."""
    return [part.strip().lower() for part in ",".join(header_values(headers, name)).split(",") if part.strip()]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
