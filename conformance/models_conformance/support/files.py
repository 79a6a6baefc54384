"""Writing reports to files: whole or not at all, and known to be possible before a run is spent on them."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from models_conformance.errors import UsageError


def check_writable(path: str, option: str) -> None:
    """Raises UsageError, in one line that names `option`, where a report could not be written to `path`.

    Tried rather than asked: a file is made beside it and removed, so read-only mounts and missing rights
    show before a run, not after it.
    """
    if not path:
        raise UsageError(f"{option} needs the name of a file")
    try:
        target = _target(path)
        if target.is_dir():
            raise UsageError(f"{option} {path}: is a directory, expected the name of a file")
        if not target.parent.is_dir():
            raise UsageError(f"{option} {path}: there is no folder {target.parent}")
        if target.exists() and not os.access(target, os.W_OK):
            raise UsageError(f"{option} {path}: the file is there and may not be written")
        if _is_special(target):
            return
        trial = _temporary_name(target)
        trial.touch(exist_ok=False)
        trial.unlink()
    except UsageError:
        raise
    except (OSError, ValueError) as error:
        raise cannot_be_written(path, option, error) from error


def write(path: str, option: str, text: str | Iterable[str]) -> None:
    """Write a report: a temporary file beside it first, then a rename, so that no reader sees half of one.

    A text may come in pieces, so that it need not be held whole. A link is followed, and a pipe or device is written to
    in place. Raises UsageError where it fails.
    """
    try:
        target = _target(path)
        if _is_special(target):
            _fill(target, text)
            return
        replace_files({target: text})
    except (OSError, ValueError) as error:
        raise cannot_be_written(path, option, error) from error


def replace_files(texts: Mapping[Path, str | Iterable[str]]) -> None:
    """Write all files or, where one cannot be written, none: each beside its place first. Raises OSError."""
    prepared: list[tuple[Path, Path]] = []
    try:
        for target, text in texts.items():
            temporary = _temporary_name(target)
            prepared.append((temporary, target))
            _fill(temporary, text)
            if target.exists():
                shutil.copymode(target, temporary)
        for temporary, target in prepared:
            temporary.replace(target)
    finally:
        for temporary, _ in prepared:
            temporary.unlink(missing_ok=True)


def _fill(target: Path, text: str | Iterable[str]) -> None:
    with open(target, "w", encoding="utf-8", newline="\n", opener=_opened) as opened:
        opened.writelines((text,) if isinstance(text, str) else text)


def _opened(path: str, flags: int) -> int:
    """The file, opened at once or not at all: a FIFO that nobody reads would be waited for."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    os.set_blocking(handle, True)
    return handle


def _target(path: str) -> Path:
    return Path(os.path.realpath(path))


def _is_special(target: Path) -> bool:
    """Whether it is there and no regular file: /dev/stdout must not be replaced by a rename."""
    return target.exists() and not target.is_file()


def _temporary_name(target: Path) -> Path:
    return target.parent / f".models-conformance-{secrets.token_hex(6)}.part"


def cannot_be_written(path: str | Path, option: str, error: OSError | ValueError) -> UsageError:
    """What a user is told of a file, or of a folder, that the option of that name was to be written to."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UsageError(f"{option} {path}: cannot be written: {why}")
