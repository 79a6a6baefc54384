"""Releases from their registries, each fetched once for all tests and workers of a run."""

from __future__ import annotations

import os
from functools import cache

import pytest

from models_conformance.drivers.builtin.catalogue import BUILTIN, Prepared, prepare
from models_conformance.drivers.builtin.fetcher import CannotFetch, Fetcher
from models_conformance.support.cache import CACHE_VARIABLE


def released(fetcher: Fetcher, folders: pytest.TempPathFactory, version: str | None = None) -> Prepared:
    """That release, or the newest. Skips the test where there is no toolchain or no registry to be reached.

    A cache that the environment names is used, so that one may be kept from run to run.
    """
    newest = _newest(fetcher.name)
    folder = folders.getbasetemp()
    # Each worker of pytest-xdist has a folder of its own below the one of the run.
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, os.environ.get(CACHE_VARIABLE) or str(shared / "releases"))
        return prepare(fetcher.name, version or newest, lambda _: None)


@cache
def _newest(name: str) -> str:
    try:
        return BUILTIN[name].newest()
    except CannotFetch as missing:
        pytest.skip(f"{name}: {missing}")
