"""The stage as a real HTTP/1.1 server on 127.0.0.1, for clients in any language and process.

One thread runs an event loop; the scenario that is played belongs to that loop, and `open` and `close` ask it to
change it. What has reached a port is read before either takes effect, so that no request falls between two scenarios.

A request of an earlier call must never be taken for one of the next. Connections and ports are kept from scenario
to scenario, which is fast, but only as long as the client has been answered all it asked. After anything else (a
broken or stalled answer that a library may be about to repeat, a walk that the caller left early, a client that would
not stop, a request outside of any scenario) the port is given up with all its connections: a straggler then meets a
closed port, and the next scenario has another one.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from conformance.scenarios.arriving import STAGE_KEY
from conformance.scenarios.connections import Connection, Play
from conformance.scenarios.scenario import Scenario
from conformance.scenarios.stage import Arrived
from conformance.scenarios.world import Performance

_HOST = "127.0.0.1"
_OTHER_HOST = "localhost"
_BACKLOG = 128
# A client that leaves its connections open call after call gets a fresh port before they become many.
_CROWDED = 64
# A port given up lately is not taken again: somebody may still be calling it.
_REMEMBERED_PORTS = 64
_PORT_TRIES = 20
# Rounds of the loop from a connection in the backlog to its first bytes read: accept, connect, register, read.
_ROUNDS_TO_READ = 4

_T = TypeVar("_T")


class Loopback:
    """Implements `Stage`. A context manager: the server runs within it, and nothing of it is left after.

    `api_key` is what the client has to send. The other host of redirects is `localhost` with a port of its own.
    """

    def __init__(self) -> None:
        self.api_key = STAGE_KEY
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback", daemon=True)
        self._house = _House(self.api_key)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._in_loop(self._house.leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self, scenario: Scenario) -> str:
        """Play this scenario from now on; its base URL.

        Raises ValueError for a world that cannot be shown, and OSError where no port can be had.
        """
        self._house.api_key = self.api_key
        play = Play(scenario, Performance(scenario, self.api_key))
        return self._in_loop(self._house.open(play)) + scenario.world.prefix

    def close(self) -> list[Arrived]:
        """Stop playing; what arrived since `open`. Connections that stall end here."""
        return self._in_loop(self._house.close())

    def _in_loop(self, work: Coroutine[Any, Any, _T]) -> _T:
        if not self._thread.is_alive():
            work.close()
            raise RuntimeError("the stage is over")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class _House:
    """The side of the stage that lives in the loop."""

    def __init__(self, api_key: str) -> None:
        self.api_key = api_key
        self.play: Play | None = None
        self.strayed = False
        self.connections: set[Connection] = set()
        self._servers: list[asyncio.Server] = []
        self._main = ""
        self._other = ""
        self._given_up: deque[int] = deque(maxlen=_REMEMBERED_PORTS)

    def listens_at(self, authority: str) -> bool:
        return authority in {self._main, self._other}

    def other_than(self, authority: str) -> str:
        return self._main if authority == self._other else self._other

    async def open(self, play: Play) -> str:
        await self._read_what_is_there()
        if self.strayed or self._midway() or len(self.connections) > _CROWDED:
            self._give_up()
        if not self._main:
            self._main = await self._listen(_HOST, anyone=False)
        if not self._other and any(one.redirect == "other-host" for one in play.scenario.world.interventions):
            self._other = await self._listen(_OTHER_HOST, anyone=True)
        self.play = play
        return f"http://{self._main}"

    async def close(self) -> list[Arrived]:
        await self._read_what_is_there()
        play, self.play = self.play, None
        if play is None:
            return []
        if play.leaves_stragglers or self._midway():
            self._give_up()
        return [record.arrived() for record in play.records]

    async def leave(self) -> None:
        self._give_up()
        # A transport closes its socket in the round after it was told to.
        await self._read_what_is_there()

    def _midway(self) -> bool:
        return any(connection.midway for connection in self.connections)

    async def _read_what_is_there(self) -> None:
        for _ in range(_ROUNDS_TO_READ):
            await asyncio.sleep(0)

    def _give_up(self) -> None:
        """Close both ports and all connections."""
        for server in self._servers:
            server.close()
        for connection in self.connections:
            connection.abort()
        self._given_up += [int(authority.rpartition(":")[2]) for authority in (self._main, self._other) if authority]
        self._servers, self._main, self._other, self.strayed = [], "", "", False

    async def _listen(self, host: str, anyone: bool) -> str:
        sockets = _sockets(host, tuple(self._given_up))
        authority = f"{host}:{sockets[0].getsockname()[1]}"
        loop = asyncio.get_running_loop()
        for one in sockets:
            self._servers.append(await loop.create_server(lambda: Connection(self, authority, anyone), sock=one))
        return authority


def _sockets(host: str, avoided: tuple[int, ...]) -> list[socket.socket]:
    """Listening sockets on one free port of that host: for `localhost` on both of its addresses, where there are two.

    Raises OSError where none can be had.
    """
    for _ in range(_PORT_TRIES):
        first = socket.create_server((_HOST, 0), backlog=_BACKLOG)
        port = first.getsockname()[1]
        if port not in avoided:
            if host != _OTHER_HOST:
                return [first]
            try:
                return [first, socket.create_server(("::1", port), family=socket.AF_INET6, backlog=_BACKLOG)]
            except OSError as problem:
                # Only a port that is taken is worth another try: otherwise this machine has no IPv6.
                if problem.errno != errno.EADDRINUSE:
                    return [first]
        first.close()
    raise OSError(errno.EADDRINUSE, "no port is free on both addresses of localhost")
