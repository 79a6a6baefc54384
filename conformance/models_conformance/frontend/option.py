"""What an option is: how a user gives it, how its value is read, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Command = Literal[
    "server",
    "client",
    "replay",
    "record",
    "serve",
    "derive",
    "diff",
    "requirements",
    "faults",
    "matrix",
    "fleet",
    "driver check",
    "pytest",
]
"""Who has an option: a command of the command line, or a pytest run of the suites that ship."""

Kind = Literal[
    "text",
    "file",
    "output",
    "folder",
    "integer",
    "number",
    "choice",
    "flag",
    "key",
    "header",
    "alias",
    "version",
    "certificate",
    "date",
    "result",
]
"""How a value is read, see `frontend.values`. "file" is one that is read, "output" one that is written, "folder" one
that is written to, "result" one that `--json` wrote; "key", "header", "alias", "version", "certificate" and "date" are
text with a grammar of its own."""

# No other plugin's options begin like that; plain names such as --timeout and --html have their owners.
_PYTEST_PREFIX = "--models-"


@dataclass(frozen=True, slots=True)
class Option:
    """`name` with its dashes, `short` its one-letter form, `called` its name in Python where that is not the same.

    `least` and `most` bound a number, `choices` are all that a choice can be. A `repeatable` option has a tuple of
    values. `default` is what holds where neither the option nor its environment `variable` is given; a mapping has
    it by subject ("server", "client").
    """

    name: str
    metavar: str
    help: str
    commands: tuple[Command, ...]
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    default: object = None
    repeatable: bool = False
    required: bool = False
    variable: str | None = None
    short: str | None = None
    called: str = ""

    @property
    def bare_name(self) -> str:
        """What it is called in a file: its name without dashes in front."""
        return self.name.removeprefix("--")

    @property
    def attribute(self) -> str:
        """What it is called in Python."""
        return self.called or self.bare_name.replace("-", "_")

    @property
    def pytest_name(self) -> str:
        """Its name in a pytest run. What only pytest has keeps the name it is declared by."""
        return self.name if self.commands == ("pytest",) else _PYTEST_PREFIX + self.bare_name

    def default_for(self, subject: str) -> object:
        """What it is for a run about that kind of subject where nobody gives it."""
        return self.default[subject] if isinstance(self.default, Mapping) else self.default

    def explanation(self, command: Command | None = None) -> str:
        """The help text with the default: of one command, or of all that have the option."""
        subject = "client" if command == "client" else "server"
        notes = ["repeatable"] if self.repeatable else []
        if self.variable is not None:
            notes.append(f"default: ${self.variable}, which unlike this option shows in no process list")
        elif isinstance(self.default, Mapping) and command in (None, "pytest"):
            notes.append("default: " + ", ".join(f"{kind} {value:g}" for kind, value in self.default.items()))
        elif self.default is not None:
            default = self.default_for(subject)
            notes.append(f"default: {default:g}" if isinstance(default, float) else f"default: {default}")
        return f"{self.help} ({'; '.join(notes)})" if notes else self.help
