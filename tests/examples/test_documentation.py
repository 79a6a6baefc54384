"""The README and the pages of docs/: their links lead somewhere, and what they show can be run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
import yaml
from markdown_it import MarkdownIt

from models_conformance.cli.main import cli
from tests.examples.shell import ROOT
from tests.examples.test_tutorial import is_printed, without_figures

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"(?:^|[|;&] *)(?:\$ )?(?:\.venv/bin/)?models-conformance (.+?)(?:  +#.*)?(?: &)?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page: its language, empty for an indented one, and its text."""

    page: str
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    return [Block(page.name, token.info, token.content) for token in tokens if token.type in ("fence", "code_block")]


BLOCKS = [block for page in PAGES for block in blocks(page)]


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    lines = PAGES[0].read_text("utf-8").splitlines()
    assert len(lines) <= 140
    first, second = [block.text for block in BLOCKS if block.page == "README.md"][:2]
    assert first.startswith("python3 -m venv .venv && ")
    assert first.rstrip().endswith("models-conformance server")
    assert "pytest" in second
    assert "OWNER/" not in "".join(lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        split = urlsplit(target)
        if split.scheme:
            continue
        linked = (page.parent / split.path).resolve() if split.path else page
        assert linked.exists(), target
        if split.fragment:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
            assert split.fragment in {re.sub(r"[^a-z0-9 -]", "", text.lower()).replace(" ", "-") for text in headings}


def commands() -> list[tuple[str, str]]:
    found = []
    for block in BLOCKS:
        if block.language in ("", "console", "bash", "sh", "yaml"):
            for line in block.text.splitlines():
                match = COMMAND.search(line.strip().removeprefix("- "))
                if match:
                    found.append((block.page, match[1]))
    return found


def test_every_command_that_is_shown_has_the_options_it_is_shown_with() -> None:
    assert len(commands()) > 30
    for page, line in commands():
        words = shlex.split(line.replace("PAGE...", "PAGE"), comments=True)
        command: click.Command = cli
        context = click.Context(cli, info_name="models-conformance")
        while isinstance(command, click.Group):
            name, found, words = command.resolve_command(context, words)
            assert found is not None, (page, name)
            command = found
            context = click.Context(command, parent=context)
        try:
            command.make_context(command.name, words)
        except click.ClickException as error:
            pytest.fail(f"{page}: {line}: {error.format_message()}")


@pytest.mark.parametrize(
    "block",
    [block for block in BLOCKS if block.language == "python" and block.page != "drivers.md"],
    ids=lambda block: f"{block.page}-{block.text.count(chr(10))}",
)
def test_python_runs_as_printed(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "test_block.py"
    path.write_text(block.text)
    is_test = "def test_" in block.text
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)] if is_test else [str(path)]
    ran = subprocess.run([sys.executable, *words], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_is_configured_can_be_parsed() -> None:
    parsers: dict[str, Callable[[str], Any]] = {"toml": tomllib.loads, "yaml": yaml.safe_load}
    shown = [block for block in BLOCKS if block.language in parsers]
    assert {block.language for block in shown} == set(parsers)
    for block in shown:
        assert parsers[block.language](block.text)


def test_the_red_example_prints_what_the_readme_says() -> None:
    (example,) = [block for block in BLOCKS if block.page == "README.md" and block.language == "console"]
    lines = example.text.splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    serve, judge = (shlex.split(COMMAND.search(lines[number])[1]) for number in at)  # type: ignore[index]
    run = [sys.executable, "-m", "models_conformance"]
    # Any free port: the one that is printed may be in use.
    with subprocess.Popen([*run, *serve[:-1], "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url, _, key = server.stdout.readline().strip().partition(" api-key=")
            assert (key, lines[at[0] + 1].endswith(f"api-key={key}")) == ("reference-key", True)
            asked = [*run, *(url if "http://" in word else word for word in judge)]
            ran = subprocess.run(asked, check=False, capture_output=True, text=True)
        finally:
            server.terminate()
    printed = [without_figures(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 1
    assert is_printed([without_figures(line) for line in lines[at[1] + 1 :]], printed), ran.stdout
