"""What docs/options.md and the action say of options, made from the table, and the pages of docs/requirements.

`python -m models_conformance.frontend.documentation` in a checkout writes them anew; `... documentation play` plays
every example of a requirement again, which takes minutes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import wrap

from models_conformance.frontend.option import Command, Option
from models_conformance.frontend.options import JUDGING, OPTIONS, options_of
from models_conformance.frontend.requirement_pages import write

_WIDTH = 118
_SUBJECTS: tuple[Command, ...] = ("server", "client", "replay", "record")


def _of_judging() -> list[Option]:
    return [option for option in options_of("server") if set(JUDGING) <= set(option.commands)]


def _beyond_judging(command: Command) -> list[Option]:
    """What a command has beyond what every judging command has."""
    common = {option.attribute for option in _of_judging()} | {"quiet", "verbose"}
    return [option for option in options_of(command) if option.attribute not in common]


def _of_alone(command: Command) -> list[Option]:
    return [option for option in options_of(command) if option.commands == (command,)]


def _table(options: Sequence[Option]) -> list[str]:
    lines = ["| option | under pytest | meaning |", "|---|---|---|"]
    for option in options:
        shown = option.name if not option.metavar else f"{option.name} {option.metavar}"
        short = f"`{option.short}`, " if option.short else ""
        pytest = f"`{option.pytest_name}`" if "pytest" in option.commands else ""
        lines.append(f"| {short}`{shown}` | {pytest} | {option.explanation()} |")
    return lines


def _notes() -> list[str]:
    """The options that the input `arguments` of the action takes, as comments."""
    lines = []
    for option in OPTIONS:
        subjects = [command for command in _SUBJECTS[:3] if command in option.commands]
        if not subjects or option.attribute in ("api_key", "json", "junit", "html", "markdown", "fail_on", "waivers"):
            continue
        shown = option.name if not option.metavar else f"{option.name}={option.metavar}"
        note = f"{shown} ({', '.join(subjects)}): {option.explanation()}"
        lines += wrap(note, _WIDTH, initial_indent="#   ", subsequent_indent="#     ", break_long_words=False)
    return lines


Block = tuple[str, str, Callable[[], list[str]]]
BLOCKS: dict[str, tuple[Block, ...]] = {
    "docs/options.md": (
        ("<!-- options of every run -->", "<!-- end of options -->", lambda: _table(_of_judging())),
        ("<!-- options for servers -->", "<!-- end of options -->", lambda: _table(_beyond_judging("server"))),
        ("<!-- options for clients -->", "<!-- end of options -->", lambda: _table(_beyond_judging("client"))),
        ("<!-- options of record -->", "<!-- end of options -->", lambda: _table(_of_alone("record"))),
        ("<!-- options of pytest -->", "<!-- end of options -->", lambda: _table(_of_alone("pytest"))),
    ),
    "action.yml": (("# options for `arguments`", "# end of options", _notes),),
}
"""The generated blocks of each file of the checkout: the lines before and after, and what stands between."""


def regenerated(name: str, text: str) -> str:
    """The text of a file with its blocks as they should be. Raises ValueError where a block is missing."""
    for start, end, lines in BLOCKS[name]:
        block = re.search(rf"^{re.escape(start)}$.*?^{re.escape(end)}$", text, re.MULTILINE | re.DOTALL)
        if block is None:
            raise ValueError(f"{name} has no block that begins with {start!r}")
        # Markdown needs an empty line around a table; a comment does not.
        between = ["", *lines(), ""] if name.endswith(".md") else lines()
        text = text[: block.start()] + "\n".join([start, *between, end]) + text[block.end() :]
    return text


def main() -> None:
    """Write the blocks and pages of the current folder, a checkout, anew."""
    for name in BLOCKS:
        path = Path(name)
        path.write_text(regenerated(name, path.read_text("utf-8")), encoding="utf-8")
    write(play="play" in sys.argv[1:])


if __name__ == "__main__":
    main()
