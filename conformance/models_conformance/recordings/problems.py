"""What is wrong with a recording, where, and how much of it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from models_conformance.errors import UsageError

# A recording of a whole run of this suite, every body a page of 1000 models, is a fifth of this.
MAX_FILE_BYTES = 64 * 1024 * 1024
# YAML aliases let a short file say a long thing: this bounds what it may come to.
MAX_EXPANDED_BYTES = 4 * MAX_FILE_BYTES
# No recorder nests its structure deeper than ten levels. (A recorded JSON body is one string of it.)
MAX_DEPTH = 64
# As many as a walk of 100,000 models twenty at a time; no test suite records as many.
MAX_EXCHANGES = 5_000

Attached = Callable[[str], bytes | None]
"""What a recording refers to by name, where it is packed with it or lies beside it."""


class RecordingError(UsageError):
    """A recording that cannot be read. `path` names the file, `position` the place in it (or is empty).

    The message is one line: file, position, reason.
    """

    def __init__(self, path: str, position: str, reason: str) -> None:
        self.path = path
        self.position = position
        self.reason = reason
        super().__init__(": ".join(part for part in (path, position, reason) if part))


class AnotherFormError(RecordingError):
    """What a tool keeps in a form of its own that is not read, and can write as one that is: `reason` says how."""


@dataclass
class _Budget:
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Location:
    """A file, or the `position` in it, that is being read. All positions share what the file may still expand to."""

    path: str
    attached: Attached = lambda _: None
    position: str = ""
    _budget: _Budget = field(default_factory=_Budget)

    def within(self, position: str) -> Location:
        """A position in what is here."""
        return replace(self, position=f"{self.position}, {position}" if self.position else position)

    def refused(self, reason: str) -> RecordingError:
        """The error that says why what is here cannot be read."""
        return RecordingError(self.path, self.position, reason)

    def spend(self, size: int) -> None:
        """Count `size` bytes read here. Raises RecordingError where the file holds no more of them."""
        self._budget.spent += size
        if self._budget.spent > MAX_EXPANDED_BYTES:
            raise self.refused(f"what it holds unpacks to more than {MAX_EXPANDED_BYTES} bytes")
