"""Hypothesis as a library, not as a test runner: what it would keep for its next run is nobody's here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from hypothesis import configuration


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
