"""Opening connections to a server, directly or through a proxy.

A proxy is a way to connect and nothing else: it is asked for a tunnel (RFC 9112, 3.2.3) or is spoken to in the server's
place, and what it refuses is told as its own.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Iterable
from socket import socket
from typing import Any

import httpcore

from models_conformance.evidence.exchange import Headers
from models_conformance.probing.certificates import explained
from models_conformance.probing.network import Proxy, authority

CONNECTION_PROBLEMS = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
"""How an exchange of httpcore fails, whoever is to blame."""


class ProxyRefuses(Exception):
    """The proxy cannot be reached, or does not do what it is asked: no evidence about a server. The message is one
    line that names the proxy, without its credentials."""


def credentials(proxy: Proxy) -> Headers:
    """The header line with which a proxy is given the credentials of its variable; none where that has none."""
    if not proxy.user and not proxy.password:
        return ()
    token = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
    return (("Proxy-Authorization", f"Basic {token}"),)


def refusal(proxy: Proxy, status: int, reason: str, doing: str) -> ProxyRefuses:
    """What is said of a proxy that answers with that status itself. `doing` is what it was asked."""
    said = f"{status} {reason}".strip()
    if status != 407:
        return ProxyRefuses(f"the proxy {proxy.name} {doing}: it answers {said}")
    given = "refuses the credentials of" if credentials(proxy) else "asks for credentials in"
    return ProxyRefuses(f"the proxy {proxy.name} {given} ${proxy.variable} (http://user:password@…): it answers {said}")


class Dialer(httpcore.NetworkBackend):
    """Opens connections, through `proxy` where one is given, and shows each new socket to `opened`.

    With `tunnels`, the proxy is asked for a tunnel to the server. `proxy_tls` is for a proxy that is spoken to in TLS.
    """

    def __init__(
        self, proxy: Proxy | None, tunnels: bool, proxy_tls: ssl.SSLContext | None, opened: Callable[[socket], None]
    ) -> None:
        self._proxy = proxy
        self._tunnels = tunnels
        self._proxy_tls = proxy_tls
        self._opened = opened
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection over which the server's bytes go. Raises ProxyRefuses and what httpcore raises."""
        proxy = self._proxy
        if proxy is None:
            return self._connect(host, port, timeout, local_address, socket_options)
        try:
            stream = self._connect(proxy.host, proxy.port, timeout, local_address, socket_options)
            if self._proxy_tls is not None:
                stream = stream.start_tls(self._proxy_tls, proxy.host, timeout)
            return self._tunnel(proxy, stream, authority(host, port), timeout) if self._tunnels else stream
        except CONNECTION_PROBLEMS as problem:
            refused = explained(problem)
            why = refused.reason if refused else str(problem) or "it does not answer"
            raise ProxyRefuses(f"no connection through the proxy {proxy.name}: {why}") from None

    def _connect(self, host: str, port: int, *how: Any) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(host, port, *how)
        self._opened(stream.get_extra_info("socket"))
        return stream

    def _tunnel(
        self, proxy: Proxy, stream: httpcore.NetworkStream, target: str, timeout: float | None
    ) -> httpcore.NetworkStream:
        origin = httpcore.Origin(proxy.scheme.encode(), proxy.host.encode(), proxy.port)
        url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target.encode("ascii"))
        request = httpcore.Request(
            "CONNECT",
            url,
            headers=[("Host", target), *credentials(proxy)],
            extensions={"timeout": dict.fromkeys(("read", "write"), timeout)},
        )
        response = httpcore.HTTP11Connection(origin, stream).handle_request(request)
        if not 200 <= response.status <= 299:
            stream.close()
            reason = response.extensions.get("reason_phrase", b"").decode("ascii", "replace")
            raise refusal(proxy, response.status, reason, f"opens no tunnel to {target}")
        tunnel: httpcore.NetworkStream = response.extensions["network_stream"]
        return tunnel
