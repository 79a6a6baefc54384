"""`diff` as a gate: its files, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from models_conformance.cli.contracts import diff
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import http_markdown, write


@pytest.mark.parametrize(
    ("made", "fail_on", "code"),
    [
        (Made(maximum=500), None, 0),
        (Made(maximum=500), "breaking", 1),
        (Made(maximum=500), "any", 1),
        (Made(maximum=2000), "breaking", 0),
        (Made(maximum=2000), "any", 1),
        (Made(betas=("one-2030-01-01",)), "breaking", 0),
        (Made(betas=("one-2030-01-01",)), "any", 1),
        (Made(), "any", 0),
    ],
)
def test_what_fails_the_gate(tmp_path: Path, made: Made, fail_on: str | None, code: int) -> None:
    old = write(tmp_path, "old.md", http_markdown(Made()))
    new = write(tmp_path, "new.md", http_markdown(made))
    gate = [] if fail_on is None else ["--fail-on", fail_on]
    outcome = CliRunner().invoke(diff, [str(old), str(new), *gate], standalone_mode=False)
    assert outcome.exception is None
    assert outcome.return_value == code


def test_the_files_tell_what_the_terminal_does(tmp_path: Path) -> None:
    old = write(tmp_path, "old.md", http_markdown(Made()))
    new = write(tmp_path, "new.md", http_markdown(Made(maximum=500)))
    files = [tmp_path / "changes.json", tmp_path / "changes.md"]
    arguments = [str(old), str(new), "--fail-on", "breaking", "--json", str(files[0]), "--markdown", str(files[1])]
    outcome = CliRunner().invoke(diff, arguments, standalone_mode=False)
    assert outcome.exception is None
    document = json.loads(files[0].read_text(encoding="utf-8"))
    assert document["failed"] is True
    assert list(document["changes"]) == ["versions", "breaking", "additive", "open_sets", "documentation"]
    (change,) = document["changes"]["breaking"]
    assert change["about"] == "list.limit"
    assert change["says"] == "the largest of list.limit changed from 1000 to 500"
    assert change["new"][0]["page"] == "new.md"
    for text in (outcome.output, files[1].read_text(encoding="utf-8")):
        assert change["says"] in text


def test_a_contract_that_ships_is_compared_by_its_name() -> None:
    outcome = CliRunner().invoke(diff, ["2026-08", "2026-10", "--fail-on", "breaking"], standalone_mode=False)
    assert outcome.return_value == 0
    assert "- ModelInfo.lifecycle is new" in outcome.output
    assert "- API version 2026-10-21 is new" in outcome.output
