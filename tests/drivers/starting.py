"""What the tests of the driver core share: where the programs are, and a patience that suits a test."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from models_conformance.drivers.process import ProgramDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.evidence.driver_calls import CallSpec, Connect

PROGRAMS = Path(__file__).parent / "programs"
OBJECTS = PROGRAMS / "objects.py"
LOOP = Path(__file__).parents[2] / "conformance" / "models_conformance" / "drivers" / "stdio.py"
# A driver of these tests answers in milliseconds; what must be late is late forever.
QUICK = Timeouts(hello=10.0, call=0.6, first_call=0.0, ending=0.5, dying=0.3)
# For what must succeed, however busy the machine.
CALM = Timeouts(hello=30.0, call=30.0, ending=30.0, dying=5.0)
CONNECT = Connect("http://127.0.0.1:9", "sk-test", 0.001, 0)
RETRIEVE = CallSpec("retrieve", "models", {"model_id": "m"})
PAGE = CallSpec("list", "models")
WALK = CallSpec("list", "models", walk=True, max_items=3)


def misbehaving(habit: str, *more: str, timeouts: Timeouts = QUICK) -> ProgramDriver:
    """The program with that habit."""
    return ProgramDriver([sys.executable, str(PROGRAMS / "misbehaving.py"), habit, *more], timeouts=timeouts)


def looped(name: str, timeouts: Timeouts = CALM) -> ProgramDriver:
    """An object of `programs/objects.py` as a program."""
    return ProgramDriver([sys.executable, str(LOOP), f"{OBJECTS}:{name}"], timeouts=timeouts)


def ends(pid: int, seconds: float = 5.0) -> bool:
    """Whether the process is gone, or but a zombie of somebody else, within that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False
