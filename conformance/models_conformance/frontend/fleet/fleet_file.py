"""What a fleet file names: clients with their versions, servers, recordings, driver programs, and options for all.

[options]
fail-on = "should"

[clients]
anthropic = ">=2.10"
"@anthropic-ai/sdk" = { versions = ">=0.70", each = "minor" }
go = "newest"

[servers.production]
url = "https://api.example.com"
api-key = "$PRODUCTION_KEY"

[recordings]
live = "cassettes/live"

[drivers]
ours = ["python3", "driver.py"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models_conformance.errors import UsageError
from models_conformance.frontend.option import Command
from models_conformance.frontend.options import by_bare_name
from models_conformance.support.reading import UnreadableError, read_bounded
from models_conformance.support.suggestions import did_you_mean

Each = Literal["release", "minor", "major"]
_EACH: tuple[Each, ...] = ("release", "minor", "major")
_MOST_BYTES = 1 << 20
_KINDS: Mapping[str, Command] = {"clients": "client", "servers": "server", "recordings": "replay", "drivers": "client"}
# How much is said, and what is written: a fleet decides that itself.
_DECIDED = frozenset({"quiet", "verbose"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a fleet file. `versions` is what of a client's releases is wanted, `each` how many of them.

    `arguments` are those of `command`, options first; `program` is the driver's own command line.
    """

    name: str
    command: Command
    arguments: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    each: Each = "release"
    program: tuple[str, ...] = ()


def read_fleet(path: Path) -> list[Entry]:
    """The entries of a fleet file, in its order. Raises UsageError, which names the file and what is wrong in it."""
    try:
        table = tomllib.loads(read_bounded(path, _MOST_BYTES).decode("utf-8"))
    except UnreadableError as error:
        raise UsageError(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is not TOML: {' '.join(str(error).split())}") from None
    try:
        entries = list(_entries(table))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    if not entries:
        raise UsageError(f"{path}: names no subject; give it a table {', '.join(f'[{kind}]' for kind in _KINDS)}")
    return entries


def _entries(table: Mapping[str, Any]) -> Iterator[Entry]:
    for kind, named in table.items():
        if kind not in (*_KINDS, "options"):
            raise UsageError(f"{kind}: {did_you_mean(kind, (*_KINDS, 'options')) or 'is not part of a fleet file'}")
        if not isinstance(named, dict):
            raise UsageError(f"{kind} is not a table")
    common = table.get("options", {})
    for kind, command in _KINDS.items():
        for name, own in table.get(kind, {}).items():
            yield _entry(kind, command, name, own, common)


def _entry(kind: str, command: Command, name: str, table: Any, common: Mapping[str, Any]) -> Entry:
    main = {"clients": "versions", "servers": "url", "recordings": "paths", "drivers": "command"}[kind]
    own = dict(table) if isinstance(table, dict) else {main: table}
    where = f"{kind}.{name}"
    value = own.pop(main, None)
    each = own.pop("each", "release") if kind == "clients" else "release"
    if each not in _EACH:
        raise UsageError(f"{where}: each = {each!r}: expected {', '.join(_EACH)}")
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise UsageError(f"{where}: {main} is to be a text, or a list of texts")
    options = (*_options(common, command, "options", strict=False), *_options(own, command, where, strict=True))
    if kind == "clients":
        return Entry(name, command, options, versions=texts, each=each)
    if kind == "drivers":
        return Entry(name, command, options, program=texts)
    return Entry(name, command, (*options, "--", *texts))


def _options(table: Mapping[str, Any], command: Command, where: str, *, strict: bool) -> Iterator[str]:
    """The options as a command line has them. What is said for all subjects need not fit each."""
    known = by_bare_name(command)
    for name, value in table.items():
        option = known.get(name)
        if option is None and not strict and any(name in by_bare_name(other) for other in _KINDS.values()):
            continue
        if option is None or option.kind == "output" or option.attribute in _DECIDED:
            hint = did_you_mean(name, known) or f"is not an option of {command} that a fleet leaves open"
            raise UsageError(f"{where}: {name}: {hint}")
        if option.kind == "flag":
            yield from [option.name] if value is True else []
            continue
        for item in value if isinstance(value, list) else [value]:
            # With its equals sign: a value may begin with a dash.
            yield f"{option.name}={item}"
