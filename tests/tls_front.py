"""A way in front of a server that listens in the clear on 127.0.0.1: in TLS, or at an address of the other family."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


@contextlib.contextmanager
def front(url: str, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[int]:
    """Serve what the server at `url` serves, at a free port of `host`; yields the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, 0), family=family)
    behind = urlsplit(url)

    def serve(connection: socket.socket) -> None:
        # A client that believes nobody hangs up in the middle.
        with contextlib.suppress(OSError):
            opened = context.wrap_socket(connection, server_side=True) if context is not None else connection
            with opened, socket.create_connection((behind.hostname or "", behind.port or 80)) as server:
                threading.Thread(target=pass_on, args=(server, opened), daemon=True).start()
                pass_on(opened, server)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until it ends, and at once: head and body come apart, and the second would wait 40 ms."""
    with contextlib.suppress(OSError):
        target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while some := source.recv(65536):
            target.sendall(some)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
