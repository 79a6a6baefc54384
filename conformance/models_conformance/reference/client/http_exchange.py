"""The client's connections: requests go out byte for byte as they are told, however wrong they are."""

from __future__ import annotations

import socket
import threading
from http.client import HTTPException, HTTPResponse, IncompleteRead

from models_conformance.reference.client.messages import ClientError, Incoming, Outgoing


# A call that was given up goes on in its thread, and must not end the connection of the call after it.
class Wire(threading.local):
    """At most one open connection a thread, kept for the next request to the same server while that allows it."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._peer: tuple[str, int] | None = None

    def exchange(self, outgoing: Outgoing, timeout: float) -> Incoming:
        """Send one request and read its answer. `timeout` is in seconds, of any one silence.

        Raises ClientError of the kinds `timeout` and `connection`; it holds what arrived of a body that was cut.
        """
        try:
            connection = self._connected((outgoing.host, outgoing.port), timeout)
            connection.sendall(outgoing.head())
            response = HTTPResponse(connection, method=outgoing.method)
            response.begin()
            incoming = self._read(response)
        except TimeoutError as problem:
            self.close()
            raise ClientError("timeout", "RequestTimeout", "the answer took too long") from problem
        except (OSError, HTTPException) as problem:
            self.close()
            raise ClientError("connection", "ConnectionBroken", f"the connection broke: {problem!r}") from problem
        except ClientError:
            self.close()
            raise
        if response.will_close:
            self.close()
        return incoming

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._socket is not None:
            self._socket.close()
        self._socket = self._peer = None

    def _connected(self, peer: tuple[str, int], timeout: float) -> socket.socket:
        if self._socket is None or self._peer != peer:
            self.close()
            self._socket, self._peer = socket.create_connection(peer, timeout), peer
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(timeout)
        return self._socket

    def _read(self, response: HTTPResponse) -> Incoming:
        headers = tuple(response.getheaders())
        try:
            return Incoming(response.status, headers, response.read())
        except IncompleteRead as problem:
            incoming = Incoming(response.status, headers, problem.partial)
            raise ClientError("connection", "AnswerCut", "the answer was cut short", incoming=incoming) from problem
