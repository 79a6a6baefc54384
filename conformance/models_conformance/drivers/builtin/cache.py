"""Where fetched releases are kept: each is fetched once, whole or not at all, by one process at a time."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from models_conformance.drivers.builtin.fetcher import CannotFetch, Fetcher, Progress
from models_conformance.support.cache import CACHE_VARIABLE, OWN_ALONE, cache_folder, written_by_others

# A whole toolchain's first download, over a slow line.
PATIENCE_SECONDS = 900
_ADVICE = f"remove it, or name a folder of your own in {CACHE_VARIABLE}"


def fetched(fetcher: Fetcher, version: str, sources: Iterable[Path], progress: Progress) -> Path:
    """The folder that holds this release, fetched now if it is not there yet. Raises CannotFetch.

    `sources` are the files that decide how it is installed, a driver program that is compiled with it among them:
    what they made earlier, in another state of theirs, is not used.
    """
    name = f"{re.sub('[^0-9A-Za-z]+', '-', fetcher.name).strip('-')}-{version}-{_state(sources)}"
    whole = cache_folder() / name
    try:
        whole.parent.mkdir(parents=True, exist_ok=True, mode=OWN_ALONE)
        _check_nobody_else_writes(whole.parent)
        if not whole.is_dir():
            lock = whole.parent / f"{name}.lock"
            with FileLock(lock, timeout=PATIENCE_SECONDS):
                try:
                    # Another process may have fetched it while this one waited.
                    if not whole.is_dir():
                        _fetch(fetcher, version, whole, progress)
                finally:
                    # Who waits for it opens it anew each time. Windows removes no file that is open.
                    with contextlib.suppress(PermissionError):
                        lock.unlink(missing_ok=True)
        # What is in there will be run.
        _check_nobody_else_writes(whole)
    except Timeout:
        raise CannotFetch(f"another process has been fetching {fetcher.name} {version} for too long") from None
    except OSError as error:
        raise CannotFetch(
            f"cannot keep {fetcher.name} {version} in {whole.parent}: {error.strerror or error}"
        ) from None
    return whole


def _check_nobody_else_writes(folder: Path) -> None:
    """Raises CannotFetch where somebody else may have put something into the folder, or the folder there."""
    if why := written_by_others(folder):
        raise CannotFetch(f"{why}: {_ADVICE}")


def _fetch(fetcher: Fetcher, version: str, whole: Path, progress: Progress) -> None:
    """Install beside and rename: a folder of the final name is always whole."""
    part = whole.with_name(f"{whole.name}.part")
    # What a killed process left behind.
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=OWN_ALONE)
    try:
        fetcher.install(version, part, progress)
        part.rename(whole)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _state(sources: Iterable[Path]) -> str:
    """Changes with the sources and with the interpreter and machine that an installation is tied to."""
    digest = hashlib.sha256(repr((sys.version, sys.base_prefix, platform.system(), platform.machine())).encode())
    for path in sorted(sources):
        text = path.read_bytes()
        digest.update(f"{path.name} {len(text)}\n".encode() + text)
    return digest.hexdigest()[:12]
