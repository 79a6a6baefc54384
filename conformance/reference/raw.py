"""The raw face of a behaviour: writes what the behaviour says, however wrong the framing is.

An HTTP server library refuses to send a body that is not as long as its content-length says. Faults that are
about framing are served by this one: one request per connection, no more of HTTP/1.1 than that needs.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from conformance.reference.ideal import Behaviour
from conformance.reference.messages import Request, Response

# The longest request head that is read: far beyond any client's, so that long ids reach the behaviour.
MAXIMUM_HEAD_BYTES = 1 << 20


class RawProtocol(asyncio.Protocol):
    """One connection: reads one request head, answers it and closes. A request body is not read."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._head = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            request = read_head(bytes(self._head))
            if request is not None:
                response = self._behaviour.answer(request)
                self._transport.write(written(response, with_body=request.method != "HEAD"))
            self._transport.close()
        elif len(self._head) > MAXIMUM_HEAD_BYTES:
            self._transport.close()


def read_head(head: bytes) -> Request | None:
    """The request of an HTTP/1.1 head; None where the request line is none."""
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        return None
    path, _, query = words[1].partition("?")
    headers = (line.partition(":") for line in lines)
    return Request(words[0], path, query, tuple((name, value.strip()) for name, _, value in headers))


def written(response: Response, with_body: bool = True) -> bytes:
    """The bytes of a response. With `raw` framing the headers bring their own content-length or none."""
    if response.framing == "none":
        return b""
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.framing != "raw":
        lines.append(f"content-length: {len(response.body)}")
    lines += ["connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (response.body if with_body else b"")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
