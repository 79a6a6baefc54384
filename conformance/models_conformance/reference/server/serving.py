"""Serving a behaviour on a loopback socket, and finding one by its name."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models_conformance.contract.model import Contract
from models_conformance.contract.shipped import SHIPPED
from models_conformance.errors import UsageError
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, catalogue_of
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour
from models_conformance.requirements.register import contract_with

if TYPE_CHECKING:
    import uvicorn

LOOPBACK = "127.0.0.1"
# Longer than any run: a server that closes an idle connection races with the client's next request.
_KEEP_ALIVE_SECONDS = 3600
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
    credential. A behaviour that needs
    a catalogue of its own keeps it. Of several names it is all at once; where two change the same step of an answer,
    the first comes before the others. Raises UnknownVariant, and UsageError for names that cannot go together.
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


def serve_forever(
    behaviour: Behaviour, port: int = 0, announce: Callable[[str], None] | None = None, host: str = LOOPBACK
) -> None:
    """Serve `behaviour` until it is interrupted (Ctrl-C). Its URL and its key are announced on one line first.

    Without `announce` the line goes to standard output, at once, so that a program can wait for it.
    Raises CannotListen.
    """
    with running(behaviour, port, host) as server:
        (announce or _print_line)(f"{server.url} api-key={server.api_key or 'any'}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


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
        await self._server().serve(sockets=[self.listener])

    def _server(self) -> uvicorn.Server:
        # Both servers are an extra, and one behaviour is served by one of them.
        import uvicorn

        from models_conformance.reference.server.app import application
        from models_conformance.reference.server.raw import MAXIMUM_HEAD_BYTES

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
            h11_max_incomplete_event_size=MAXIMUM_HEAD_BYTES,
        )
        return Server(config)


class _RawServer(_SocketServer):
    async def serve(self) -> None:
        # As above.
        from models_conformance.reference.server.raw import RawProtocol

        server = await self._loop.create_server(lambda: RawProtocol(self.behaviour), sock=self.listener)
        async with server:
            await self.until_stopped()
