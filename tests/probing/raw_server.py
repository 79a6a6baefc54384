"""A server that writes whatever bytes a test wants, at whatever pace."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket, bytes], None]


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole HTTP/1.1 response with its length."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *(headers or ("content-type: application/json",))]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        received += chunk
    return received


@contextlib.contextmanager
def raw_server(script: Script) -> Iterator[str]:
    """Run `script(connection, request)` for each request of each connection; yields the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        # The client gives up on purpose in many of these tests.
        with connection, contextlib.suppress(OSError):
            while request := _read_request(connection):
                script(connection, request)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
