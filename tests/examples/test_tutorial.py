"""The tutorial of docs/drivers.md, followed to the letter: its code, its commands, and what it says they print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.examples.shell import ROOT, Shell

TUTORIAL = (ROOT / "docs" / "drivers.md").read_text()
DRIVER = ROOT / "examples" / "drivers" / "tutorial_driver.py"
_SKIPPED = "..."
# What a slow machine is told meanwhile.
_PROGRESS = "requests so far"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of the tutorial: its language and its text."""

    language: str
    text: str


def blocks() -> list[Block]:
    """The fenced blocks of the tutorial, in order."""
    fences = [token for token in MarkdownIt().parse(TUTORIAL) if token.type == "fence"]
    return [Block(token.info, token.content) for token in fences]


def sessions() -> list[tuple[str, list[str]]]:
    """The commands of the tutorial, each with the lines that it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks():
        if block.language == "console":
            for line in block.text.splitlines():
                if line.startswith("$ "):
                    found.append((line.removeprefix("$ "), []))
                else:
                    found[-1][1].append(line)
    return found


def without_figures(line: str) -> str:
    """A line without its numbers, which differ from run to run, and without blanks at its end."""
    return re.sub(r"\d+(\.\d+)?", "0", line).rstrip()


def is_printed(documented: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether these are the lines that were printed, where `...` stands for any number of lines."""
    if not documented:
        return not printed
    if documented[0] == _SKIPPED:
        return any(is_printed(documented[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and documented[0] == printed[0] and is_printed(documented[1:], printed[1:])


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "work", tmp_path / "temp")


def test_blocks_make_the_driver_of_the_examples() -> None:
    code = [block.text.strip("\n") for block in blocks() if block.language == "python"]
    assert "\n\n\n".join(code) + "\n" == DRIVER.read_text()


def test_a_driver_takes_few_lines() -> None:
    lines = [line for line in DRIVER.read_text().splitlines() if line]
    assert len(lines) <= 90
    assert len(lines[lines.index("def seen(model):") :]) <= 30


def test_commands_print_what_the_tutorial_says(shell: Shell) -> None:
    driver = shell.workspace / "tutorial_driver.py"
    driver.write_text(DRIVER.read_text())
    (change,) = [block.text.splitlines() for block in blocks() if block.language == "diff"]
    old, new = (line[1:] for line in change)
    assert driver.read_text().count(old) == 1
    codes = []
    for command, documented in sessions():
        if "--keep-scenarios" in command:
            driver.write_text(driver.read_text().replace(old, new))
        # Nothing generated: the figures are not compared, and drawing takes as long as the rest.
        ran = shell.run(command.replace(" client ", " client --examples 0 "), {})
        lines = [without_figures(line) for line in ran.output.splitlines() if not line.endswith(_PROGRESS)]
        assert is_printed([without_figures(line) for line in documented], lines), f"{command}\n{ran.output}"
        codes.append(ran.code)
    assert codes == [0, 0, 1, 1]
