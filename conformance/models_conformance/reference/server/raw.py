"""A behaviour over raw sockets: writes what the behaviour says, however wrong the framing is.

An HTTP server library refuses to send a body that is not as long as its content-length says. Faults that are
about framing are served by this one: one request per connection, no more of HTTP/1.1 than that needs.
"""

from __future__ import annotations

import asyncio

from models_conformance.evidence.exchange import reason_phrase
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Request, Response

# The longest request head that is read: far beyond any client's, so that long ids reach the behaviour.
MAXIMUM_HEAD_BYTES = 1 << 20


class RawProtocol(asyncio.Protocol):
    """One connection: reads one request head, answers it and closes. A request body is not read."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._head = bytearray()
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._repeating: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing() or self._repeating is not None:
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            self._answer(self._transport, read_head(bytes(self._head)))
        elif len(self._head) > MAXIMUM_HEAD_BYTES:
            self._transport.close()

    def _answer(self, transport: asyncio.Transport, request: Request | None) -> None:
        if request is None:
            transport.close()
            return
        response = self._behaviour.answer(request)
        transport.write(written(response, with_body=request.method != "HEAD"))
        if response.framing == "endless":
            self._repeating = asyncio.create_task(self._repeat(transport, response.body))
        else:
            transport.close()

    async def _repeat(self, transport: asyncio.Transport, body: bytes) -> None:
        """Write the body again and again, as fast as it is read, until the caller hangs up."""
        while not transport.is_closing():
            transport.write(body)
            await self._writable.wait()
            # A caller that reads fast never makes the event wait, and the loop has other work.
            await asyncio.sleep(0)


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
    """The bytes of a response. With `raw` and `endless` framing the headers bring their own content-length or none."""
    if response.framing == "none":
        return b""
    lines = [f"HTTP/1.1 {response.status} {reason_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.framing not in {"raw", "endless"}:
        lines.append(f"content-length: {len(response.body)}")
    lines += ["connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (response.body if with_body else b"")
