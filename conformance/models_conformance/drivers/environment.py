"""The environments of what is started: a driver program, and the tools that fetch and build one.

A client reads its own settings there: an address, a token or extra headers meant for the real API would change what
it does, and a proxy would stand between it and the suite. And whatever secrets the user has there are none of the
business of a client, of a package manager, or of the code of what that installs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from models_conformance.evidence.public_names import is_secret_name

_OWN_SETTINGS = "ANTHROPIC_"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"})
# What toolchains and runtimes need in order to start at all: no more, so that a run is the same for everybody.
_NEEDED = frozenset({"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "JAVA_HOME"})
_NEEDED_FAMILY = "LC_"
# How the tools find registries, proxies and authorities of the user: each tool's own settings, and no other's.
# fmt: off
_FETCHING = frozenset(
    {
        *_PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR", "NIX_SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO", "NETRC", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
        "GO111MODULE", "GOAUTH", "GOCACHE", "GOENV", "GOFLAGS", "GOINSECURE", "GOMODCACHE", "GONOPROXY", "GONOSUMDB",
        "GOPATH", "GOPRIVATE", "GOPROXY", "GOROOT", "GOSUMDB", "GOTOOLCHAIN", "MAVEN_ARGS", "MAVEN_HOME", "MAVEN_OPTS",
        "M2_HOME"
    }
)
# fmt: on
_FETCHING_FAMILIES = ("PIP_", "UV_", "NPM_CONFIG_")
# What publishes is not what fetches.
_PUBLISHING = re.compile(r"UV_PUBLISH_|NPM_CONFIG_OTP$")
_URL_WITH_A_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]+@|sk-ant-")


def inherited_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The user's environment for a program of theirs, loopback never proxied.

    Without a client's settings and whatever looks like a secret, by its name or as a URL with a password: a proxy's
    alone may have one.
    """
    return _never_proxied({name: value for name, value in environ.items() if not _is_secret(name, value)})


def minimal_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The little of it that a program needs to start, for drivers that say themselves what else they want."""
    kept = {name: value for name, value in environ.items() if _is_needed(name) or name.upper() == "NO_PROXY"}
    return _never_proxied(kept)


def fetching_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What a package manager or compiler gets: what it needs to start, and how to reach the user's registries.

    A password that the user gave for a registry (in `PIP_INDEX_URL`, say) is among it; no other is.
    """
    return {name: value for name, value in environ.items() if _is_needed(name) or _is_for_fetching(name.upper())}


def _is_needed(name: str) -> bool:
    return name in _NEEDED or name.startswith(_NEEDED_FAMILY)


def _is_for_fetching(name: str) -> bool:
    return name in _FETCHING or (name.startswith(_FETCHING_FAMILIES) and not _PUBLISHING.match(name))


def _is_secret(name: str, value: str) -> bool:
    if name.upper() in _PROXIES:
        return False
    return (
        name.upper().startswith(_OWN_SETTINGS) or is_secret_name(name) or _URL_WITH_A_PASSWORD.search(value) is not None
    )


def _never_proxied(kept: dict[str, str]) -> dict[str, str]:
    for name in ("NO_PROXY", "no_proxy"):
        listed = [word for word in kept.get(name, "").split(",") if word.strip()]
        kept[name] = ",".join([*listed, *(host for host in _LOOPBACK if host not in listed)])
    return kept
