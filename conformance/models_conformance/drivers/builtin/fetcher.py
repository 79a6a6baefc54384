"""What a built-in driver has to say for itself: how a release of its library is fetched, and how it is started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from models_conformance.errors import UsageError

# A first Maven run on a slow line fetches its plugins as well.
DEFAULT_TOOL_SECONDS = 600.0
Progress = Callable[[str], None]
"""Is told, in a few words, what is being fetched."""


class CannotFetch(UsageError):
    """A toolchain is missing, there is no such release, or it cannot be had. One line that says what to do."""


class Fetcher(Protocol):
    """One library in one language. `name` is what its registry calls it, `aliases` are short names for it."""

    @property
    def name(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...

    def newest(self) -> str:
        """The newest released version, pre-releases left out. Raises CannotFetch."""

    def versions(self) -> list[str]:
        """Every released version, pre-releases left out, the oldest first. Raises CannotFetch."""

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        """Fetch that release into `folder`, which exists and is empty. Raises CannotFetch."""

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        """What starts the driver, in a minimal environment, with the release that `install` put into `folder`."""
