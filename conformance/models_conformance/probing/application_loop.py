"""The event loop that an ASGI application is asked on, and the application's life."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from models_conformance.errors import Unreachable

LOG = logging.getLogger("models_conformance.application")
# Seen by whoever asks for it (pytest does), never printed by itself.
LOG.addHandler(logging.NullHandler())
ASGI = {"version": "3.0", "spec_version": "2.3"}
Message = dict[str, Any]
_Value = TypeVar("_Value")


class Loop:
    """An event loop in a thread of its own, so that whoever asks may be in one already. Started when first needed."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, _Value], timeout: float) -> _Value:
        """What that comes to. Raises TimeoutError, having cancelled it."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="application", daemon=True)
            self._thread.start()
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout)
        except TimeoutError:
            future.cancel()
            raise

    def close(self) -> None:
        """Cancel what is left, and end."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join()
        self._loop.close()

    def _end(self) -> None:
        assert self._loop is not None
        left = asyncio.gather(*asyncio.all_tasks(self._loop), return_exceptions=True)
        left.cancel()
        left.add_done_callback(lambda _: self._loop.stop() if self._loop is not None else None)


@contextlib.contextmanager
def lifespan(app: Any, loop: Loop, timeout: float) -> Iterator[Message]:
    """Start the application and, at the end, shut it down; its state. An application need not know of lifespans."""
    state: Message = {}
    to_application: asyncio.Queue[Message] = asyncio.Queue()
    from_application: asyncio.Queue[Message] = asyncio.Queue()
    tasks: list[asyncio.Task[None]] = []

    async def run() -> None:
        # An application that does not know this protocol raises, which is its right.
        with contextlib.suppress(Exception):
            await app({"type": "lifespan", "asgi": ASGI, "state": state}, to_application.get, from_application.put)
        await from_application.put({"type": "ended"})

    async def exchange(what: str) -> Message:
        if not tasks:
            tasks.append(asyncio.create_task(run()))
        await to_application.put({"type": f"lifespan.{what}"})
        return await from_application.get()

    try:
        answer = loop.run(exchange("startup"), timeout)
    except TimeoutError:
        raise Unreachable(f"the application did not start within {timeout:g} s") from None
    if answer["type"] == "lifespan.startup.failed":
        why = " ".join(str(answer.get("message", "")).split())
        raise Unreachable(f"the application did not start: {why or 'without a reason'}")
    try:
        yield state
    finally:
        if answer["type"] == "lifespan.startup.complete":
            try:
                loop.run(exchange("shutdown"), timeout)
            except TimeoutError:
                LOG.error("the application did not shut down within %g s", timeout)
