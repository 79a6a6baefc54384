"""The folder for what can be had again, and whether what lies in it is our own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "MODELS_CONFORMANCE_CACHE"
APPLICATION = "models-conformance"
OWN_ALONE = 0o700


def cache_folder() -> Path:
    """`$MODELS_CONFORMANCE_CACHE`, else the platform's folder for what can be had again."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else platformdirs.user_cache_path(APPLICATION, False)


def written_by_others(path: Path) -> str:
    """How somebody else may have put something into this folder or file, or put it there; empty where nobody may.

    Raises OSError where it cannot be told.
    """
    if os.name == "nt":
        return ""
    # A link belongs to whoever made it, whatever it leads to.
    for found in (path.lstat(), path.stat()):
        # The superuser could change anything anyway.
        if found.st_uid not in (os.geteuid(), 0):
            return f"{path} belongs to another user (uid {found.st_uid})"
        is_open = found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX
        if is_open and not stat.S_ISLNK(found.st_mode):
            return f"{path} can be written by everybody"
    return ""
