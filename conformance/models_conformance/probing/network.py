"""How a server is reached: the proxy between, whom TLS believes, and what it is shown.

The variables of the environment that name proxies are read as curl reads them. Source of the rules: curl's manual
("Environment" and `--noproxy`). A lower-case variable goes before its capitals, the scheme's own before `all_proxy`,
and a value without a scheme is an http proxy's.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from models_conformance.errors import UsageError
from models_conformance.probing.certificates import ClientCertificate, Source, named_by, unverified, verifying

# The user part may hold an at sign: the last one ends it.
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?:(?P<user>[^/?#\s]*)@)?"
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._~-]+))(?::(?P<port>[0-9]{1,5}))?(?:/[^@]*)?"
)
_SOCKS = re.compile(r"socks[^/]*://", re.IGNORECASE)
# What curl takes where the variable names no port.
_PORTS = {"http": 1080, "https": 443}
_HIGHEST_PORT = 65535
_SERVER_PORTS = {"http": 80, "https": 443}
_EXPECTED = "expected one like http://proxy.example:3128"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and the `variable` that names it. `scheme` is http or https, `host` has no brackets.

    `user` and `password` are decoded and both empty where the variable has none.
    """

    variable: str
    scheme: str
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """How people are told of it: its address and its variable, without credentials."""
        return f"{authority(self.host, self.port)} (${self.variable})"

    @property
    def is_known_to_curl(self) -> bool:
        """Whether curl reads the same variable by itself: it does not read HTTP_PROXY."""
        return self.variable != "HTTP_PROXY"


def authority(host: str, port: int) -> str:
    """Host and port as a request target has them (RFC 9112, 3.2.3), an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


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


def proxy_for(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy that the environment names for the server at `url`, None where it is asked directly.

    Raises UsageError, which names the variable and shows nothing of its value, for a value that is not an http or https
    proxy's address.
    """
    split = urlsplit(url)
    host = split.hostname or ""
    own = f"{split.scheme}_proxy"
    names = [own, own.upper(), "all_proxy", "ALL_PROXY"]
    if "REQUEST_METHOD" in environment and "HTTP_PROXY" in names:
        # In a CGI program it is a header of the request that somebody sent.
        names.remove("HTTP_PROXY")
    variable = next((name for name in names if environment.get(name, "").strip()), None)
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if variable is None or _is_exempt(host, split.port or _SERVER_PORTS[split.scheme], exempt):
        return None
    return _read(variable, environment[variable].strip())


def _read(variable: str, value: str) -> Proxy:
    match = _ADDRESS.fullmatch(value)
    scheme = ((match and match["scheme"]) or "http").lower()
    if _SOCKS.match(value):
        raise UsageError(
            f"${variable} names a SOCKS proxy, and only http and https proxies are supported: give one of those, or "
            "name the server in $NO_PROXY"
        )
    if match is None or scheme not in _PORTS:
        raise UsageError(f"${variable} holds no address of an http or https proxy; {_EXPECTED}")
    port = int(match["port"] or _PORTS[scheme])
    if not 1 <= port <= _HIGHEST_PORT:
        raise UsageError(f"${variable} names a port that there is not; {_EXPECTED}")
    user, _, password = (match["user"] or "").partition(":")
    return Proxy(variable, scheme, match["ipv6"] or match["name"], port, unquote(user), unquote(password))


def _is_exempt(host: str, port: int, exempt: str) -> bool:
    """Whether a list of hosts, domains and networks, with commas or blanks between, has the host."""
    if exempt.strip() == "*":
        return True
    return any(_has(entry, host.rstrip(".").lower(), port) for entry in re.split(r"[,\s]+", exempt) if entry)


def _has(entry: str, host: str, port: int) -> bool:
    address = _address(host)
    if address is not None:
        network = _network(entry.strip("[]"))
        if network is not None:
            return address in network
    # Beyond what curl does, as other tools do: a port behind the host.
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isdecimal() and (":" not in name or name.endswith("]")):
        return int(digits) == port and _has(name, host, port)
    name = entry.strip(".").lower()
    return bool(name) and (host == name or (address is None and host.endswith("." + name)))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
