"""Serving an application of this process on a loopback socket, for what depends on a real connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from models_conformance.errors import Unreachable, UsageError

if TYPE_CHECKING:
    from models_conformance.probing.applications import Kind

_HOST = "127.0.0.1"


@contextmanager
def serving(app: Any, kind: Kind) -> Iterator[str]:
    """The base URL at which the application answers while the context lasts.

    Raises Unreachable where it does not start, and UsageError where nothing can serve it.
    """
    if kind == "httpx":
        raise UsageError("a transport of httpx has no socket: leave loopback out")
    with _wsgi(app) if kind == "wsgi" else _asgi(app) as port:
        yield f"http://{_HOST}:{port}"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: a run asks hundreds of times."""


@contextmanager
def _wsgi(app: Any) -> Iterator[int]:
    with make_server(_HOST, 0, app, _Server, _Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="application", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _asgi(app: Any) -> Iterator[int]:
    try:
        # An extra, and only an application that is served needs it.
        import uvicorn
    except ImportError:
        raise UsageError("to serve an ASGI application on a socket: pip install 'models-conformance[serve]'") from None
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((_HOST, 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, loop="asyncio", http="h11", timeout_keep_alive=3600)
    server, started = uvicorn.Server(config), threading.Event()

    def run() -> None:
        try:
            server.run(sockets=[listener])
        except SystemExit:
            # How uvicorn ends where an application does not start.
            pass
        finally:
            started.set()

    thread = threading.Thread(target=run, name="application", daemon=True)
    thread.start()
    try:
        while not server.started and not started.wait(0.01):
            pass
        if not server.started:
            raise Unreachable("the application did not start")
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
