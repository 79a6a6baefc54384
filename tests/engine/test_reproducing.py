"""The line of a cause, run alone against the same server, shows what the cause says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from models_conformance.engine.fault_matrix import MATRIX_MODELS
from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.result import Result

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


class Shown:
    """What a line printed: statuses of responses, and the pages and models in their bodies."""

    def __init__(self, line: str, key: str) -> None:
        ran = subprocess.run(
            ["sh", "-c", line],
            env={"ANTHROPIC_API_KEY": key, "PATH": "/usr/local/bin:/usr/bin:/bin"},
            capture_output=True,
            timeout=60,
            check=True,
        )
        self.text = ran.stdout.decode()
        self.statuses = [int(status) for status in re.findall(r"^HTTP/[0-9.]+ ([0-9]{3})", self.text, re.MULTILINE)]
        self.bodies = list(_values(self.text))
        self.pages = [[model["id"] for model in body["data"]] for body in self.bodies if "data" in body]


def _values(text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        value, end = decoder.raw_decode(text, at)
        yield value
        at = text.find("{", end)


@contextmanager
def judged(fault: str) -> Iterator[tuple[Result, str]]:
    """The result of a run against the reference server with that fault, which goes on; and its key."""
    behaviour = behaviour_named(fault, MATRIX_MODELS)
    with running(behaviour) as server:
        yield judge_server(ServerOptions(server.url, server.api_key, run=RunOptions(seed=0))), str(server.api_key)


def test_a_page_shows_that_its_cursor_is_ignored() -> None:
    with judged("after-id-is-ignored") as (result, key):
        (cause,) = result.causes
        shown = Shown(cause.reproduce, key)
    cursor = re.search(r"after_id=([^&']+)", cause.reproduce)
    assert cursor is not None
    assert [cursor[1] in page for page in shown.pages] == [True]


def test_a_page_and_the_one_that_it_contradicts_are_shown_together() -> None:
    with judged("after-id-skips-one") as (result, key):
        (cause,) = result.causes
        shown = Shown(cause.reproduce, key)
    assert cause.root == "list-after-id-is-immediate"
    assert len(shown.pages) == 2
    assert len(cause.exchanges) == 2


def test_the_same_question_is_asked_until_its_answers_differ() -> None:
    with judged("every-ninth-request-crashes") as (result, key):
        (cause,) = result.causes
        shown = Shown(cause.reproduce, key)
    assert 500 in shown.statuses
    assert len(set(shown.statuses)) > 1


@pytest.mark.parametrize(
    ("fault", "requirement"),
    [
        ("cursor-never-moves", "walk-ends"),
        ("last-id-is-one-model-back", "walk-forward-yields-every-model-once"),
        ("before-one-particular-id-is-inclusive", "walk-backward-yields-every-model-once"),
    ],
)
def test_a_walk_that_meets_a_model_again_is_walked(fault: str, requirement: str) -> None:
    with judged(fault) as (result, key):
        finding = next(entry for entry in result.requirements if entry.requirement.id == requirement).findings[0]
        shown = Shown(finding.reproduce, key)
    models = [model for page in shown.pages for model in page]
    assert len(shown.pages) > 1
    assert len(set(models)) < len(models)


def test_a_walk_that_is_right_comes_to_its_end() -> None:
    with judged("has-more-is-always-false") as (result, key):
        entry = next(
            entry for entry in result.requirements if entry.requirement.id == "walk-forward-yields-every-model-once"
        )
        shown = Shown(entry.findings[0].reproduce, key)
    assert len(shown.pages) == 1
