"""Reading files that somebody else may have made, bounded in bytes, and in values before these are built."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

# A string is one step, whatever it holds; what begins a value or parts two counts.
# Possessive: a string of escapes would else be remembered escape by escape, in hundreds of megabytes.
_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|([,\[{])', re.DOTALL)
MOST_NODES = 800_000


class UnreadableError(ValueError):
    """A file that is not read; the message is the reason, which goes on behind the name of the file."""


def read_bounded(path: str | Path, most_bytes: int) -> bytes:
    """The bytes of a regular file. Raises UnreadableError for anything else, and for one that holds more bytes."""
    try:
        # Opening a FIFO would wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as problem:
        raise UnreadableError(why_unreadable(problem)) from None
    try:
        with os.fdopen(handle, "rb") as opened:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode):
                raise UnreadableError(f"is {_kind(mode)}, not a file")
            return read_stream(opened, most_bytes)
    except OSError as problem:
        # Python opens no folder as a file.
        raise UnreadableError(why_unreadable(problem)) from None


def read_stream(stream: BinaryIO, most_bytes: int) -> bytes:
    """All that a stream holds. Raises UnreadableError where it is more."""
    # Not from stat: a file may grow, and some (in /proc) have no size to tell.
    data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise UnreadableError(f"is larger than {most_bytes} bytes, the most that is read")
    return data


def has_too_many_nodes(json_text: str, most_nodes: int = MOST_NODES) -> bool:
    """Whether a JSON text holds more values than this: a small file of empty objects comes to gigabytes."""
    # Counted in strings too: few enough are few enough, and quickly told.
    if sum(map(json_text.count, ",[{")) <= most_nodes:
        return False
    marks = (token for token in _JSON_TOKEN.finditer(json_text) if token[1] is not None)
    return any(number > most_nodes for number, _ in enumerate(marks, 1))


def why_unreadable(problem: OSError | ValueError) -> str:
    """The reason, which goes on behind the name of a file or a folder."""
    reason = problem.strerror if isinstance(problem, OSError) else None
    return f"cannot be read: {reason or problem}"


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a FIFO"
    return "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "something else"
