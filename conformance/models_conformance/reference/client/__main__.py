"""The reference client as a driver program: `python -m models_conformance.reference.client [--fault NAME]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from models_conformance.drivers.stdio import serve
from models_conformance.errors import UsageError
from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.driver import driver_named
from models_conformance.reference.registry import IDEAL

_USAGE_STATUS = 2


def main(arguments: Sequence[str]) -> int:
    """Serve the driver that the arguments name until the input ends. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m models_conformance.reference.client", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--fault", metavar="NAME", help="a client that is wrong in one way")
    choice.add_argument("--oddity", metavar="NAME", help="a client that is correct and unusual")
    chosen = parser.parse_args(arguments)
    try:
        driver = driver_named(_name(chosen.fault, chosen.oddity))
    except UsageError as problem:
        sys.stderr.write(f"{problem}\n")
        return _USAGE_STATUS
    serve(driver)
    return 0


def _name(fault: str | None, oddity: str | None) -> str:
    """The one name that was given. Raises UsageError for a fault that is an oddity, and the other way round."""
    if fault is not None and fault in CLIENTS.oddities():
        raise UsageError(f"'{fault}' is an oddity: use --oddity")
    if oddity is not None and oddity in CLIENTS.faults():
        raise UsageError(f"'{oddity}' is a fault: use --fault")
    return fault or oddity or IDEAL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
