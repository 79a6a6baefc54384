"""What the project's own tests share."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["pytester"]

# The same examples each time and none remembered: what is red here is red everywhere. Shared machines make
# deadlines lie.
settings.register_profile("project", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("project")
