"""Making the stage in this process reach clients on `httpx2`."""

from __future__ import annotations

import importlib.util
import sys


def alias_httpx2(wanted: bool) -> bool:
    """Let `httpx` mean `httpx2` in this process, where that is wanted and `httpx2` is installed; whether it now does.

    respx knows `httpx` alone. The alias has to stand before anything imports `httpx` or `httpcore`, so this is the
    first thing a front calls. Too late, or with an `httpx2` that has no such alias, it answers False and changes
    nothing: such a client is then judged over loopback.
    """
    if not wanted or importlib.util.find_spec("httpx2") is None:
        return False
    if sys.modules.get("httpx") is sys.modules.get("httpx2", ...):
        return True
    if "httpx" in sys.modules or "httpcore" in sys.modules:
        return False
    alias = getattr(importlib.import_module("httpx2"), "alias_httpx", None)
    if alias is None:
        return False
    alias()
    return True
