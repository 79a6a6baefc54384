"""The environment a driver program gets.

A client reads its own settings there: an address, a token or extra headers meant for the real API would change what
it does, and a proxy would stand between it and the suite.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_OWN_SETTINGS = "ANTHROPIC_"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What toolchains and runtimes need in order to start at all: no more, so that a run is the same for everybody.
_NEEDED = frozenset({"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "JAVA_HOME"})
_NEEDED_FAMILY = "LC_"


def inherited_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The user's environment (`os.environ` unless given) without a client's settings, loopback never proxied."""
    source = os.environ if environ is None else environ
    kept = {name: value for name, value in source.items() if not name.upper().startswith(_OWN_SETTINGS)}
    for name in ("NO_PROXY", "no_proxy"):
        listed = [word for word in kept.get(name, "").split(",") if word.strip()]
        kept[name] = ",".join([*listed, *(host for host in _LOOPBACK if host not in listed)])
    return kept


def minimal_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The little of it that a program needs to start, for drivers that say themselves what else they want."""
    inherited = inherited_environment(environ)
    return {
        name: value
        for name, value in inherited.items()
        if name in _NEEDED or name.startswith(_NEEDED_FAMILY) or name.upper() == "NO_PROXY"
    }
