"""One run for all workers of a pytest-xdist run on a machine: the first that needs it makes it, the others read it.

Every worker collects every test, so each would otherwise send all requests again, and a server that moves on
between them could give them different results. Workers on other machines share no folder and make their own run.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

Outcome = TypeVar("Outcome")


def once(config: pytest.Config, subject: str, make: Callable[[], Outcome]) -> Outcome:
    """What `make` returns, made once for all workers of this run. Outside a worker it is simply made."""
    run = getattr(config, "workerinput", {}).get("testrunuid")
    if run is None:
        return make()
    folder = _folder(run)
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / subject
    with FileLock(folder / f"{subject}.lock"):
        if kept.exists():
            # Written by a worker of this very run, into a folder that only its user can write to.
            outcome: Outcome = pickle.loads(kept.read_bytes())
            return outcome
        outcome = make()
        kept.write_bytes(pickle.dumps(outcome))
        return outcome


def forget(run: str) -> None:
    """Remove what the workers of that run shared."""
    shutil.rmtree(_folder(run), ignore_errors=True)


def _folder(run: str) -> Path:
    return Path(tempfile.gettempdir(), f"models-conformance-{run}")
