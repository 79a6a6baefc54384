"""What the project's own tests share."""

from __future__ import annotations

import gc
import os
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

# Many tests start a process; each would compile the package anew, and pytest each module of its plugin.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The same examples each time and none remembered: what is red here is red everywhere. Shared machines make
# deadlines lie.
settings.register_profile("project", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("project")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Under `-n`, tests that share a fixture stay together, so that only one worker makes it, until one has no more."""
    if config.getvalue("dist") != "load":
        return None
    # Where pytest-xdist is not installed or not loaded, nobody asks.
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look through all of it again and again."""
    gc.freeze()
