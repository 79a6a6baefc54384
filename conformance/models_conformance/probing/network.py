"""How a server is reached: the proxy between, whom TLS believes, and what it is shown."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from models_conformance.probing.certificates import ClientCertificate, Source, named_by, unverified, verifying
from models_conformance.probing.proxies import Proxy, proxy_for


@dataclass(frozen=True, slots=True)
class Network:
    """What a user says of the way to a server. `environment` is where variables of proxies and certificates are read.

    `ca` is believed instead of what the environment names; with `insecure`, everybody is.
    """

    ca: Source | None = None
    insecure: bool = False
    certificate: ClientCertificate | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one server. `tls` is None where it is spoken to in the clear, `proxy_tls` where the proxy is.

    `believed` are the certificates that are verified against, none where that is the system's store, and where
    nothing is verified.
    """

    proxy: Proxy | None = None
    tls: ssl.SSLContext | None = None
    proxy_tls: ssl.SSLContext | None = None
    believed: tuple[Source, ...] = ()

    @property
    def is_unverified(self) -> bool:
        """Whether it is spoken to in TLS and nobody knows to whom."""
        return self.tls is not None and self.tls.verify_mode is ssl.CERT_NONE


DIRECT = Route()
"""Without a proxy and in the clear."""


def route_to(url: str, network: Network) -> Route:
    """The way to the server at `url`. Raises UsageError for a proxy's variable, or a file, that is no such thing."""
    proxy = proxy_for(url, network.environment)
    named = tuple(named_by(network.environment))
    believed = (network.ca,) if network.ca is not None else named
    tls = proxy_tls = None
    if urlsplit(url).scheme == "https":
        tls = unverified(network.certificate) if network.insecure else verifying(believed, network.certificate)
    if proxy is not None and proxy.scheme == "https":
        # As curl has it: what is said of the server holds for the server alone.
        proxy_tls = verifying(named)
    return Route(proxy, tls, proxy_tls, () if tls is None or network.insecure else believed)
