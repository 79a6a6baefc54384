"""API versions: any documented one is judged, a later one too, and what is left out is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models_conformance import UsageError, judge_recording, judge_server
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal
from models_conformance.reference.server.serving import running
from models_conformance.result import Result
from tests.judges.client.test_headers import KEY, sent_with

MODEL = {"type": "model", "id": "claude-made-up", "display_name": "Made Up", "created_at": "2026-04-01T00:00:00Z"}
RIGHT = {"data": [MODEL], "has_more": False, "first_id": "claude-made-up", "last_id": "claude-made-up"}
WRONG = {**RIGHT, "has_more": "no"}


def recording(folder: Path, version: str | None, body: object) -> Path:
    """A cassette with one list, asked for in that version."""
    headers = {"x-api-key": ["gone"], **({} if version is None else {"anthropic-version": [version]})}
    interaction = {
        "request": {"method": "GET", "uri": "https://gateway.test/v1/models", "body": None, "headers": headers},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"content-type": ["application/json"]},
            "body": {"string": json.dumps(body)},
        },
    }
    path = folder / f"{version}.yaml"
    path.write_text(json.dumps({"version": 1, "interactions": [interaction]}), encoding="utf-8")
    return path


def failed(result: Result) -> set[str]:
    return {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}


@pytest.mark.parametrize("version", [None, "2023-06-01", "2026-10-21", "2031-01-01"])
def test_a_recording_is_judged_in_each_version_from_the_first_on(tmp_path: Path, version: str | None) -> None:
    assert failed(judge_recording(recording(tmp_path, version, WRONG))) == {"list-envelope-is-complete"}
    right = judge_recording(recording(tmp_path, version, RIGHT))
    assert (right.run.verdict, failed(right)) == ("passed", set())
    kept = {entry.requirement.id for entry in right.requirements if entry.verdict == "pass"}
    assert {"model-is-complete", "list-envelope-is-complete"} <= kept
    assert any("2031" in note for note in right.notes) == (version == "2031-01-01")


@pytest.mark.parametrize("version", ["2020-01-01", "latest", "2026-13-40"])
def test_a_recording_of_another_version_alone_has_not_passed(tmp_path: Path, version: str) -> None:
    result = judge_recording(recording(tmp_path, version, WRONG))
    assert (result.run.verdict, result.exit_code) == ("incomplete", 3)
    assert any("1 exchange left out" in note and version in note for note in result.notes)
    untested = [entry for entry in result.requirements if entry.verdict == "inconclusive"]
    assert untested
    assert all(version in entry.reason for entry in untested)


def test_a_recording_can_be_judged_by_one_version_alone(tmp_path: Path) -> None:
    recording(tmp_path, "2023-06-01", RIGHT)
    recording(tmp_path, "2026-10-21", WRONG)
    assert failed(judge_recording(tmp_path)) == {"list-envelope-is-complete"}
    result = judge_recording(tmp_path, api_version="2023-06-01")
    assert (result.run.verdict, failed(result)) == ("passed", set())
    assert any("1 exchange left out" in note and "2026-10-21" in note for note in result.notes)


@pytest.mark.parametrize("version", ["2020-01-01", "newest", ""])
def test_what_is_no_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(UsageError, match="expected a date from 2023-06-01 on"):
        judge_recording(tmp_path, api_version=version)


class Speaks(Behaviour):
    """A server that takes one version, and remembers how each question named its own."""

    def __init__(self, version: str) -> None:
        super().__init__(catalogue_of(3))
        self.version = version
        self.asked: list[list[str]] = []

    def check_version(self, parsed: ParsedRequest) -> None:
        super().check_version(parsed)
        self.asked.append(parsed.request.lines("anthropic-version"))
        if parsed.request.line("anthropic-version") != self.version:
            raise Refusal(400, "anthropic-version: not served")


def test_a_server_that_refuses_the_first_version_is_judged_with_the_one_it_takes() -> None:
    with running(Speaks("2026-10-21")) as server:
        result = judge_server(server.url, api_key=server.api_key, fail_on="should", examples=2)
    assert (result.run.verdict, failed(result)) == ("passed", set())
    told = [note for note in result.notes if "2023-06-01" in note]
    assert len(told) == 1
    assert "2026-10-21" in told[0]


@pytest.mark.parametrize("how", [{"api_version": "2027-05-05"}, {"headers": {"Anthropic-Version": "2027-05-05"}}])
def test_the_version_that_is_asked_for_takes_the_place_of_the_suites_own(how: dict[str, object]) -> None:
    behaviour = Speaks("2027-05-05")
    with running(behaviour) as server:
        result = judge_server(server.url, api_key=server.api_key, fail_on="should", examples=2, **how)  # type: ignore[arg-type]
    assert (result.run.verdict, failed(result)) == ("passed", set())
    assert any("2027-05-05" in note for note in result.notes)
    assert all(len(lines) == 1 for lines in behaviour.asked)


def test_two_ways_to_ask_for_a_version_may_not_differ() -> None:
    with pytest.raises(UsageError, match="2026-10-21"):
        judge_server("http://127.0.0.1:1", api_version="2023-06-01", headers={"anthropic-version": "2026-10-21"})


def test_a_client_that_has_to_speak_one_version_is_found_with_another() -> None:
    for asked, found in (("2023-06-01", {"client-sends-version-header"}), ("2026-10-21", set())):
        run = sent_with(KEY, ("anthropic-version", "2026-10-21"))
        run.api_version = asked
        assert run.failed == found
