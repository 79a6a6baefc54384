"""The reference client as a driver program."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.serving import running
from tests.reference_client.asking import Recording, connect

COMMAND = (sys.executable, "-m", "models_conformance.reference.client")


def answers(lines: list[dict[str, object]], *arguments: str) -> list[dict[str, object]]:
    """What the program answers to these questions; it ends with status 0."""
    questions = "".join(f"{json.dumps(line)}\n" for line in lines)
    ended = subprocess.run(
        (*COMMAND, *arguments), input=questions, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, len(ended.stdout.splitlines())) == (0, len(lines))
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "models"),
    [((), 5), (("--fault", "stops-after-the-first-page"), 2), (("--oddity", "chatters-on-standard-error"), 5)],
)
def test_it_answers_questions_until_they_end(arguments: tuple[str, ...], models: int) -> None:
    with running(Recording(catalogue_of(5))) as server:
        where = connect(server)
        spec = {"id": 1, "op": "list", "surface": where.pop("surface"), "connect": where, "args": {"limit": 2}}
        hello, listed = answers(
            [{"id": 0, "op": "hello", "protocol": 1}, {**spec, "walk": True, "max_items": 100}], *arguments
        )
    assert isinstance(hello["ok"], dict)
    assert hello["ok"]["surfaces"] == ["models", "beta.models"]
    assert isinstance(listed["ok"], dict)
    assert len(listed["ok"]["items"]) == models


@pytest.mark.parametrize(
    "arguments",
    [("--fault", "nothing-of-the-kind"), ("--fault", "speaks-http-10"), ("--oddity", "ignores-has-more")],
)
def test_a_wrong_name_is_one_line_and_status_two(arguments: tuple[str, ...]) -> None:
    ended = subprocess.run((*COMMAND, *arguments), input="", capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
