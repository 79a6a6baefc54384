"""Serving a behaviour on a loopback socket, and finding one by its name."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from models_conformance.contract.model import Contract
from models_conformance.contract.shipped import SHIPPED
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import reason_phrase
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, catalogue_of
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour
from models_conformance.reference.server.messages import Request, Response
from models_conformance.requirements.register import contract_with

LOOPBACK = "127.0.0.1"
# Longer than any run: a server that closes an idle connection races with the client's next request.
_KEEP_ALIVE_SECONDS = 3600
# The longest request head that is read: far beyond any client's, so that long ids reach the behaviour.
_MAXIMUM_HEAD_BYTES = 1 << 20
# How long a stopping server waits for answers under way.
_GRACE_SECONDS = 1


class CannotListen(UsageError):
    """The port is in use or may not be used; the message is one line."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """`url` is the base URL, the path prefix of the behaviour included. `api_key` None: any will do."""

    url: str
    api_key: str | None


def behaviour_named(
    name: str | Sequence[str],
    models: int | Catalogue | None = None,
    contract: Contract | None = None,
    api_key: str | None = REFERENCE_KEY,
) -> Behaviour:
    """The ideal (`ideal`), a fault or an oddity by name, over `models` models (None: the real ones), or these.

    It keeps `contract`, unless given the first that ships in which its faults are some; `api_key` None takes any
    credential. A behaviour that needs a catalogue of its own keeps it. Of several names it is all at once; where two
    change the same step of an answer, the first comes before the others. Raises UnknownVariant, and UsageError for
    names that cannot go together.
    """
    names = [name] if isinstance(name, str) else list(dict.fromkeys(name))
    variants = [variant for variant in map(SERVERS.variant, names) if variant is not None]
    catalogue = catalogue_of(models) if isinstance(models, int) else models
    if contract is None:
        kept = [contract_with(variant.root) for variant in variants if variant.root is not None]
        contract = max(kept, key=lambda one: SHIPPED.index(one.name), default=None)
    implementation = _together([variant.implementation for variant in variants], names)
    return implementation(catalogue, api_key=api_key, contract=contract)


def _together(kinds: Sequence[type[Behaviour]], names: Sequence[str]) -> type[Behaviour]:
    """One behaviour that is all of these."""
    # What another one builds on is in it already.
    own = tuple(kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds))
    if len(own) < 2:
        return own[0] if own else Behaviour
    if sum(kind.raw_framing or bool(kind.base_path) for kind in own) > 1:
        raise UsageError(f"{' and '.join(names)} cannot go together: each answers in a way of its own")
    return type("Together", own, {})


@contextmanager
def running(behaviour: Behaviour, port: int = 0, host: str = LOOPBACK) -> Iterator[RunningServer]:
    """Serve `behaviour` in a thread on a port of `host` (0: any free one) while the context lasts.

    The server answers from the moment the context is entered. Raises CannotListen.
    """
    listener = _listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}{behaviour.base_path}"
    socket_server = _RawServer(behaviour, listener) if behaviour.raw_framing else _AsgiServer(behaviour, listener)
    thread = threading.Thread(target=socket_server.run, name="reference-server", daemon=True)
    thread.start()
    socket_server.started.wait()
    try:
        yield RunningServer(address, behaviour.api_key)
    finally:
        socket_server.stop()
        thread.join()


def serve_forever(behaviour: Behaviour, port: int = 0, host: str = LOOPBACK) -> None:
    """Serve `behaviour` until it is interrupted (Ctrl-C). The first line of output is its URL and its key.

    Raises CannotListen.
    """
    with running(behaviour, port, host) as server:
        sys.stdout.write(f"{server.url} api-key={server.api_key or 'any'}\n")
        # Whoever starts this in the background reads the URL from a pipe.
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _listen(host: str, port: int) -> socket.socket:
    """A bound and listening socket, so that a client can connect before the loop turns."""
    # asyncio switches Nagle's delay off only where the socket says that it is TCP.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as problem:
        listener.close()
        used = isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE
        reason = "it is in use" if used else str(problem)
        raise CannotListen(f"cannot listen on {host}:{port}: {reason}") from problem
    return listener


class _SocketServer:
    """A server that runs in one thread and is stopped from another."""

    def __init__(self, behaviour: Behaviour, listener: socket.socket) -> None:
        self.behaviour = behaviour
        self.listener = listener
        self.started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()

    def run(self) -> None:
        """Serve until `stop`."""
        try:
            self._loop.run_until_complete(self.serve())
        finally:
            self.started.set()
            self._loop.close()
            self.listener.close()

    async def serve(self) -> None:
        raise NotImplementedError

    async def until_stopped(self) -> None:
        """Tell that the server answers, and wait for `stop`."""
        self.started.set()
        await self._stopped.wait()

    def stop(self) -> None:
        """Make `run` return, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopped.set)


class _AsgiServer(_SocketServer):
    async def serve(self) -> None:
        # Both are an extra, and a behaviour that is served byte for byte needs neither.
        import uvicorn

        from models_conformance.reference.server.app import application

        until_stopped = self.until_stopped

        # What uvicorn does in these two steps takes turns of a tenth of a second.
        class Server(uvicorn.Server):
            async def main_loop(self) -> None:
                await until_stopped()

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                for server in self.servers:
                    server.close()
                for connection in list(self.server_state.connections):
                    connection.shutdown()
                under_way = list(self.server_state.tasks)
                if under_way:
                    await asyncio.wait(under_way, timeout=_GRACE_SECONDS)
                for task in under_way:
                    task.cancel()
                # Connections that were closed are taken leave of in the next turns of the loop.
                await asyncio.gather(*under_way, return_exceptions=True)
                await asyncio.sleep(0)

        config = uvicorn.Config(
            application(self.behaviour),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            h11_max_incomplete_event_size=_MAXIMUM_HEAD_BYTES,
        )
        await Server(config).serve(sockets=[self.listener])


class _RawServer(_SocketServer):
    async def serve(self) -> None:
        server = await self._loop.create_server(lambda: _RawProtocol(self.behaviour), sock=self.listener)
        async with server:
            await self.until_stopped()


class _RawProtocol(asyncio.Protocol):
    """One connection: reads one request head, answers it and closes. A request body is not read.

    What is written is what the behaviour says, however wrong its framing is: an HTTP server library refuses to send a
    body that is not as long as its content-length says.
    """

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
            self._answer(self._transport, _read_head(bytes(self._head)))
        elif len(self._head) > _MAXIMUM_HEAD_BYTES:
            self._transport.close()

    def _answer(self, transport: asyncio.Transport, request: Request | None) -> None:
        if request is None:
            transport.close()
            return
        response = self._behaviour.answer(request)
        transport.write(_written(response, with_body=request.method != "HEAD"))
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


def _read_head(head: bytes) -> Request | None:
    """The request of an HTTP/1.1 head; None where the request line is none."""
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        return None
    path, _, query = words[1].partition("?")
    headers = (line.partition(":") for line in lines)
    return Request(words[0], path, query, tuple((name, value.strip()) for name, _, value in headers))


def _written(response: Response, with_body: bool = True) -> bytes:
    """The bytes of a response. With `raw` and `endless` framing the headers bring their own content-length or none."""
    if response.framing == "none":
        return b""
    lines = [f"HTTP/1.1 {response.status} {reason_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.framing not in {"raw", "endless"}:
        lines.append(f"content-length: {len(response.body)}")
    lines += ["connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (response.body if with_body else b"")
