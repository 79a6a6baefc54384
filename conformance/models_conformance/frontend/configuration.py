"""What a project always says: options in `[tool.models-conformance]` of pyproject.toml, or in models-conformance.toml.

Read from the current folder. A table with the name of a command holds for that command alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models_conformance.errors import UsageError
from models_conformance.frontend.option import Command, Option
from models_conformance.frontend.options import OPTIONS, by_bare_name
from models_conformance.support.reading import UnreadableError, read_bounded
from models_conformance.support.suggestions import did_you_mean

_TABLE = "models-conformance"
_MOST_BYTES = 1 << 20
_COMMANDS = {command for option in OPTIONS for command in option.commands}


def configured(command: Command, folder: Path) -> tuple[str, dict[str, Any]]:
    """The file, and what it says for the options of a command, by attribute: as a frontend would have taken it.

    Raises UsageError for a file that cannot be read, and for what is not an option.
    """
    for path, keys in ((folder / f"{_TABLE}.toml", ()), (folder / "pyproject.toml", ("tool", _TABLE))):
        table = _table(path, keys) if path.is_file() else None
        if table is not None:
            return path.name, _of_command(table, command, path.name)
    return "", {}


def _table(path: Path, keys: tuple[str, ...]) -> Mapping[str, Any] | None:
    """The table of that name; None where the file has none."""
    try:
        content = read_bounded(path, _MOST_BYTES)
        if keys and keys[-1].encode() not in content:
            # Most projects say nothing of this suite: nothing is parsed for them.
            return None
        found: Any = tomllib.loads(content.decode("utf-8"))
    except UnreadableError as error:
        raise UsageError(f"{path.name}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path.name}: is not TOML: {' '.join(str(error).split())}") from None
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if found is not None and not isinstance(found, dict):
        raise UsageError(f"{path.name}: {'.'.join(keys)} is not a table")
    return found


def _of_command(table: Mapping[str, Any], command: Command, file: str) -> dict[str, Any]:
    own = table.get(command, {})
    common = {name: value for name, value in table.items() if name not in _COMMANDS or not isinstance(value, dict)}
    every = {option.bare_name for option in OPTIONS}
    options = by_bare_name(command)
    for names, known, lacking in ((common, every, "there is"), (own, options.keys(), f"{command} has")):
        for name in names:
            if name not in known:
                hint = did_you_mean(name, {*known, *_COMMANDS} if names is common else known)
                raise UsageError(f"{file}: {lacking} no option {name!a}" + (hint and f"; {hint}"))
    return {
        options[name].attribute: _raw(options[name], value, file)
        for name, value in {**common, **own}.items()
        if name in options
    }


def _raw(option: Option, value: Any, file: str) -> Any:
    """A value as the command line would have it: a flag, texts, or a text."""
    if option.kind == "flag":
        right = isinstance(value, bool)
    elif option.repeatable:
        value = value if isinstance(value, list) else [value]
        right = all(isinstance(item, str) for item in value)
    else:
        right = isinstance(value, str | int | float) and not isinstance(value, bool)
        value = str(value)
    if not right:
        expected = "true or false" if option.kind == "flag" else "text"
        raise UsageError(f"{file}: {option.bare_name}: expected {expected}")
    return value
