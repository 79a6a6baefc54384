"""What the project's own tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

# The same examples each time and none remembered: what is red here is red everywhere. Shared machines make
# deadlines lie.
settings.register_profile("project", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("project")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """With `-n auto`, three workers on two cores: tests wait for servers, browsers and drivers much of their time."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)
