"""What the command line tells of itself: help, the version, requirements and faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from models_conformance.requirements.register import register
from models_conformance.version import __version__
from tests.test_cli import COMMAND, code_of, refused

# About 180 today, most of them of the standard library and of click.
MOST_LIGHT_MODULES = 300


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_tells_of_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(*arguments) == 0
    text = capsys.readouterr().out
    for command in ("server", "serve", "derive", "diff", "requirements", "faults"):
        assert re.search(rf"^  {command} ", text, re.MULTILINE)
        assert code_of(command, *arguments) == 0
        assert f"models-conformance {command}" in capsys.readouterr().out.split("Example:")[1]


def test_no_arguments_is_help_and_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of() == 2
    assert "Usage:" in capsys.readouterr().err


def test_requirements_lists_all_and_explains_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("requirements") == 0
    listed = capsys.readouterr().out
    assert all(f"  {name} " in listed for name in register())
    assert code_of("requirements", "list-after-id-is-exclusive") == 0
    text = capsys.readouterr().out
    assert register()["list-after-id-is-exclusive"].statement in text
    assert re.search(r"clause +\S+:\d+ \(page sha256 [0-9a-f]{12}\)", text)


def test_faults_lists_all_and_tells_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("faults") == 0
    listed = capsys.readouterr().out
    assert "  after-id-is-inclusive " in listed
    assert "  answers-are-gzipped " in listed
    assert code_of("faults", "after-id-is-inclusive") == 0
    printed = capsys.readouterr().out
    assert "  root   list-after-id-is-exclusive" in printed
    assert "  trips  walk-ends, by rule walk-is-made-of-pages" in printed
    assert code_of("faults", "first-id-is-the-cursor") == 0
    printed = capsys.readouterr().out
    assert "(fault of the reference server)" in printed
    assert "(fault of the reference client)" in printed
    assert code_of("faults", "answers-are-gzipped") == 0
    assert "conforms" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--version"], ["requirements"]])
def test_light_commands_import_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys\nfrom models_conformance.cli.main import main\n"
        f"try: main({words!r})\nexcept SystemExit as done: code = done.code\n"
        "heavy = {'rich', 'starlette', 'uvicorn', 'hypothesis', 'httpx', 'jsonschema', 'pytest'}\n"
        "print(code, sorted(heavy & set(sys.modules)), len(sys.modules))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    printed, modules = ran.stdout.splitlines()[-1].rsplit(maxsplit=1)
    assert printed == "0 []"
    assert int(modules) < MOST_LIGHT_MODULES


def test_the_version_is_told() -> None:
    ran = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True, env={**os.environ})
    assert ran.stdout == f"models-conformance {__version__}\n"


def test_requirements_of_areas_and_globs_are_listed_and_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("requirements", "cursor", "client-walk-*") == 0
    listed = capsys.readouterr().out
    assert "list-after-id-is-exclusive" in listed
    assert "client-walk-stops-at-the-end" in listed
    assert "retrieve-unknown-is-not-found" not in listed
    assert code_of("requirements", "list-after-*", "--json") == 0
    told = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    one = told["list-after-id-is-exclusive"]
    assert one["source"]["url"].startswith("https://platform.claude.com/docs/en/api/models#")
    assert "holds-the-cursor" in one["kinds"]
    assert "did you mean" in refused(capsys, "requirements", "cursr")


def test_faults_are_listed_by_area(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("faults", "cursor") == 0
    listed = capsys.readouterr().out
    assert "  after-id-is-inclusive " in listed
    assert "default-limit-is-ten" not in listed
    assert code_of("faults", "*limit-is-ten") == 0
    assert "default-limit-is-ten" in capsys.readouterr().out
    assert "did you mean" in refused(capsys, "faults", "after-id-is-inklusive")


def test_help_has_headings_and_whole_summaries_in_an_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("--help") == 0
    text = capsys.readouterr().out
    names = re.findall(r"^  ([a-z]+) {2,}\S", text, re.MULTILINE)
    assert names[:4] == ["server", "client", "replay", "record"]
    assert "..." not in text.partition("Commands:")[2]
    assert code_of("server", "--help") == 0
    text = capsys.readouterr().out
    headings = re.findall(r"^(\S.*):$", text, re.MULTILINE)
    assert headings[:2] == ["The subject", "The reference server"]
    # An argument is not an option, and what a run is told stands under a heading.
    assert re.findall(r"^  (\S+)", text.partition("\nOptions:\n")[2].partition("Example")[0], re.M) == [
        "-q,",
        "-v,",
        "-h,",
    ]
