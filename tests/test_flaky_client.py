"""What a client did once and not again when it was asked the same alone: told, and no reason to fail."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from models_conformance.contract.shipped import load_schema
from tests.test_client_command import Ran, findings, run

REFERENCE = (sys.executable, "-m", "models_conformance.reference.client")
ACCEPTED = "client-answer-is-accepted"


def judged(folder: Path, *words: str) -> Ran:
    # Without requirements on retries and walks nothing has to be waited for.
    only = [word for glob in (ACCEPTED, "client-sends-*") for word in ("--only", glob)]
    options = ("--examples", "0", "--fail-on", "should", "--json", "result.json", *only)
    return run(folder, *options, "--", *REFERENCE, *words)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return judged(tmp_path_factory.mktemp("once"), "--oddity", "loses-one-connection")


def test_what_happened_once_does_not_gate(once: Ran) -> None:
    assert once.code == 0, once.out + once.err
    assert findings(once.document) == {}
    verdicts = {entry["id"]: entry["verdict"] for entry in once.document["requirements"]}
    assert verdicts[ACCEPTED] == "pass"


def test_what_happened_once_is_told(once: Ran) -> None:
    (flaky,) = once.document["run"]["flaky"]
    assert all(words in flaky for words in (ACCEPTED, "the connection was lost", "seen in 1 of"))
    assert any(ACCEPTED in note and "did not repeat" in note for note in once.document["notes"])
    assert list(Draft202012Validator(load_schema("result")).iter_errors(once.document)) == []


def test_what_happens_again_and_again_is_a_finding_though_no_scenario_shows_it_alone(tmp_path: Path) -> None:
    often = judged(tmp_path, "--fault", "loses-every-tenth-call")
    assert often.code == 1
    assert findings(often.document).keys() == {ACCEPTED}
    assert "flaky" not in often.document["run"]


def test_what_shows_only_after_other_calls_is_a_finding(tmp_path: Path) -> None:
    remembering = judged(tmp_path, "--fault", "begins-where-the-last-walk-ended")
    assert remembering.code == 1
    assert "client-sends-no-unasked-cursor" in findings(remembering.document)
