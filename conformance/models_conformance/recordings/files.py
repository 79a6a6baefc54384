"""Finding recordings on disk and reading their bytes, bounded."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models_conformance.recordings.problems import MAX_FILE_BYTES, Location, RecordingError
from models_conformance.support.reading import UnreadableError, read_bounded, why_unreadable

_MAPPINGS = "mappings"
# What lies at the root of a collection of Bruno.
_ROOTS = ("bruno.json", "opencollection.yml")
GZIP_MAGIC, GZIP_WINDOW = b"\x1f\x8b", 16 + zlib.MAX_WBITS
_PIECE_BYTES = 1 << 20
_STEP_BYTES = 1 << 12
_MOST_MEMBERS = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """A file. `named` says that the user named it; the others were met in a folder and may be anything."""

    path: Path
    named: bool


def find(paths: Iterable[str | Path]) -> Iterator[Found]:
    """Every file that these paths name or hold, each once, folders in sorted order.

    Hidden files and folders inside a folder are left out, and so is what is not a regular file. Raises
    RecordingError for a path that is not there or is neither a file nor a folder.
    """
    seen: set[Path] = set()
    for given in paths:
        path = Path(given)
        for found in _under(path):
            real = found.path.resolve()
            if real not in seen:
                seen.add(real)
                yield found


def _under(path: Path) -> Iterator[Found]:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as problem:
        raise RecordingError(str(path), "", why_unreadable(problem)) from None
    if stat.S_ISREG(mode):
        yield Found(path, named=True)
    elif stat.S_ISDIR(mode):
        yield from _walk(path)
    else:
        raise RecordingError(str(path), "", "is neither a file nor a folder")


def _walk(folder: Path) -> Iterator[Found]:
    def refuse(problem: OSError) -> None:
        raise RecordingError(str(problem.filename or folder), "", why_unreadable(problem))

    for here, folders, names in os.walk(folder, onerror=refuse):
        # Sorted in place: os.walk goes on in this order, so that a run is the same on every file system.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            if not name.startswith(".") and path.is_file():
                yield Found(path, named=False)


def read(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is a gzip file whatever its name.

    Raises RecordingError where it cannot be read, is damaged, or is larger than MAX_FILE_BYTES (unpacked).
    """
    try:
        data = read_bounded(path, MAX_FILE_BYTES)
    except UnreadableError as problem:
        raise RecordingError(str(path), "", str(problem)) from None
    return _unpacked(data, path) if data.startswith(GZIP_MAGIC) else data


def folder_of_parts(path: str) -> str:
    """The folder whose files, in folders of it too, are one recording: WireMock's mappings, Bruno's collection."""
    folders = Path(path).parents
    roots = (above for above in folders if above.name == _MAPPINGS or any((above / root).is_file() for root in _ROOTS))
    return str(next(roots, folders[0]))


def sibling(path: Path, name: str) -> bytes | None:
    """A file that a recording names: in its folder, or in that which holds WireMock's `mappings`; None where none is.

    No name leads out of there. Raises RecordingError as `read` does.
    """
    for folder in (path.parent, *(above.parent for above in path.parents if above.name == _MAPPINGS)):
        found = (folder / name).resolve()
        if ".." not in Path(name).parts and found.is_relative_to(folder.resolve()) and found.is_file():
            return read(found)
    return None


def _unpacked(data: bytes, path: Path) -> bytes:
    """Every member of a gzip file (RFC 1952, 2.2)."""
    unpacked, at, members, where = bytearray(), 0, 0, Location(str(path))
    spend = bounded(where)
    try:
        while at < len(data):
            members += 1
            if members > _MOST_MEMBERS:
                raise where.refused(f"more than {_MOST_MEMBERS} gzip members, which no recorder writes")
            member, at = inflated(data, GZIP_WINDOW, spend, at)
            unpacked += member
            # Tools pad with zeros (RFC 1952 does not say so; gzip itself ignores them).
            while data.startswith(b"\x00", at):
                at += 1
    except EOFError:
        raise where.refused("the gzip data ends early") from None
    except zlib.error as problem:
        raise where.refused(f"damaged gzip data: {problem}") from None
    return bytes(unpacked)


def bounded(where: Location) -> Callable[[int], None]:
    """What is told of each piece that a file unpacks to, and raises RecordingError where it is more than is read."""
    left = MAX_FILE_BYTES

    def spend(count: int) -> None:
        nonlocal left
        left -= count
        if left < 0:
            raise where.refused(f"unpacks to more than {MAX_FILE_BYTES} bytes, the most that is read")

    return spend


def inflated(data: bytes, window: int, spend: Callable[[int], None], at: int = 0) -> tuple[bytes, int]:
    """A whole stream of zlib, gzip or deflate, by the `window` bits, that begins there, and the place of its end.

    `spend` is told of each piece, and may refuse it. Raises EOFError for one that ends early, and zlib.error for one
    that is damaged.
    """
    inflater, unpacked = zlib.decompressobj(window), bytearray()
    while not inflater.eof:
        # In small steps: what is behind the end of a stream is copied.
        step = data[at : at + _STEP_BYTES]
        piece = inflater.decompress(step, _PIECE_BYTES)
        if not (step or piece or inflater.eof):
            raise EOFError
        at += len(step) - len(inflater.unconsumed_tail) - len(inflater.unused_data)
        spend(len(piece))
        unpacked += piece
    return bytes(unpacked), at
