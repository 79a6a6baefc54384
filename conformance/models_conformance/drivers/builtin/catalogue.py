"""The built-in drivers by name, and a release of one made ready to start."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models_conformance.drivers.builtin import curl, go, java, python, typescript
from models_conformance.drivers.builtin.cache import fetched
from models_conformance.drivers.builtin.checkouts import install_checkout
from models_conformance.drivers.builtin.fetcher import Fetcher, Progress
from models_conformance.drivers.builtin.toolchain import PROGRAMS
from models_conformance.errors import UsageError
from models_conformance.support.suggestions import did_you_mean

_FETCHERS: tuple[Fetcher, ...] = (
    python.FETCHER,
    python.ON_AIOHTTP,
    typescript.FETCHER,
    go.FETCHER,
    java.FETCHER,
    curl.FETCHER,
)
BUILTIN: Mapping[str, Fetcher] = {name: fetcher for fetcher in _FETCHERS for name in (fetcher.name, *fetcher.aliases)}
# How Go names a major version, which is a module of its own.
_GO_MAJOR = re.compile(r"(.+)/v([0-9]+)")
_VERSION = re.compile(r"v?([0-9][0-9A-Za-z]*(?:[.+-][0-9A-Za-z]+)*)")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release that was fetched, or a checkout. `name` is what its registry calls the library; `version` has no
    leading v, and is empty for a checkout."""

    name: str
    version: str
    command: tuple[str, ...]


def read_name(text: str) -> tuple[str, str | None]:
    """`NAME[@VERSION]` as the library's full name and its version without a leading v. Raises UsageError."""
    # The name of an npm package begins with an @ of its own.
    at = text.rfind("@")
    name, version = (text[:at], text[at + 1 :]) if at > 0 else (text, None)
    if (of_major := _GO_MAJOR.fullmatch(name)) is not None and of_major[1] == go.FETCHER.name:
        name, version = of_major[1], version or of_major[2]
    if name not in BUILTIN:
        known = f"there are {', '.join(BUILTIN)}, and after -- comes the command of a driver of your own"
        raise UsageError(f"there is no built-in driver {name!r}; {did_you_mean(name.lower(), BUILTIN) or known}")
    if version is None:
        return BUILTIN[name].name, None
    read = _VERSION.fullmatch(version)
    if read is None:
        raise UsageError(f"{version!r} is not a version of {name}: write {name}@1.2.3, or {name} alone for the newest")
    return BUILTIN[name].name, read[1]


def prepare(name: str, version: str | None, progress: Progress) -> Prepared:
    """That release, or the newest, ready to start; `progress` is told only of what has to be fetched.

    `name` is one of BUILTIN. Raises CannotFetch, which is a UsageError.
    """
    fetcher = BUILTIN[name]
    if fetcher is go.FETCHER and version is not None and version.isdecimal():
        version = go.FETCHER.newest(int(version))
    chosen = (version or fetcher.newest()).removeprefix("v")
    folder = fetched(fetcher, chosen, _sources(fetcher), progress)
    return Prepared(fetcher.name, chosen, fetcher.command(chosen, folder))


def prepare_checkout(name: str, checkout: Path, progress: Progress) -> Prepared:
    """The library as it stands in a folder, ready to start; what was made for that is gone when this process ends.

    `name` is one of BUILTIN. Raises CannotFetch.
    """
    fetcher = BUILTIN[name]
    folder = Path(tempfile.mkdtemp(prefix="models-conformance-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    install_checkout(fetcher, checkout, folder, progress)
    return Prepared(fetcher.name, "", fetcher.command("", folder))


def _sources(fetcher: Fetcher) -> list[Path]:
    # The name of the fetcher's module is also that of its folder under programs/.
    language = type(fetcher).__module__.rpartition(".")[2]
    programs = (PROGRAMS / language).rglob("*")
    return [
        PROGRAMS.with_name(f"{language}.py"),
        *(path for path in programs if path.is_file() and path.suffix != ".pyc"),
    ]
