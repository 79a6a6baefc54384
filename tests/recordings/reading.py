"""One file read as a user names it."""

from __future__ import annotations

from pathlib import Path

from models_conformance.evidence.exchange import Trace
from models_conformance.recordings.dialects import Recording, read_found
from models_conformance.recordings.files import Found


def read_recording(path: str | Path) -> Recording:
    """What the file holds."""
    found = read_found(Found(Path(path), named=True))
    assert found is not None
    return found


def read_trace(path: str | Path) -> Trace:
    """The trace that the file is."""
    trace = read_recording(path).trace
    assert trace is not None
    return trace
