"""What is wrong with a recording, and how much of it is read."""

from __future__ import annotations

from models_conformance.errors import UsageError

# A recording of a whole run of this suite, every body a page of 1000 models, is a fifth of this.
MAX_FILE_BYTES = 64 * 1024 * 1024
# YAML aliases let a short file say a long thing: this bounds what it may come to.
MAX_EXPANDED_BYTES = 4 * MAX_FILE_BYTES
# No recorder nests its structure deeper than ten levels. (A recorded JSON body is one string of it.)
MAX_DEPTH = 64
# As many as a walk of 100,000 models twenty at a time; no test suite records as many.
MAX_EXCHANGES = 5_000


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


class Budget:
    """How much one file may still expand to. Shared by all that read it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = MAX_EXPANDED_BYTES

    def spend(self, size: int, position: str) -> None:
        """Count `size` bytes read at `position`. Raises RecordingError where the file holds no more of them."""
        self._left -= size
        if self._left < 0:
            raise RecordingError(self._path, position, f"what it holds unpacks to more than {MAX_EXPANDED_BYTES} bytes")
