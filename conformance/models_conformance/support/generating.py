"""Hypothesis as a library, not as a test runner: what it would keep for its next run is nobody's here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, configuration, settings


def only_generating(examples: int, **more: Any) -> settings:
    """Settings to draw that many and do no more: no deadline either, since a living subject is slow at times."""
    return settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        **more,
    )


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Hypothesis writes its tables beside wherever a run was started; inside of this, to a folder that is removed.

    A project that has Hypothesis in its own tests finds its settings as they were.
    """
    before = configuration.__hypothesis_home_directory
    with TemporaryDirectory(prefix="models-conformance-") as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)
