"""A fingerprint outlives the run it was made in and tells one kind of deviation from another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance import judge_recording
from models_conformance.engine import findings
from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.judges.judgement import Violation
from models_conformance.judges.wording import Sentences
from models_conformance.recordings.trace_file import write_trace
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.requirements.register import Requirement
from models_conformance.result import Finding, Result
from models_conformance.waivers.fingerprint import fingerprint

FAULTS = [
    "after-id-is-inclusive",
    "default-limit-is-ten",
    "error-request-id-is-a-number",
    "limit-zero-crashes",
    "has-more-is-a-string",
]
RECORDED = Path(__file__).parents[2] / "cassettes" / "after-id-is-inclusive"


def fingerprints(result: Result) -> dict[str, set[str]]:
    """What a result shows, by requirement."""
    return {
        entry.requirement.id: {fingerprint(entry.requirement.id, finding) for finding in entry.findings}
        for entry in result.requirements
        if entry.findings
    }


def run(fault: str, seed: int = 0, models: int = 47, trace: Path | None = None) -> Result:
    """A real run against the reference server with a fault, its trace kept where a path is given."""
    behaviour = behaviour_named(fault, models)
    aliases = dict.fromkeys(behaviour.catalogue.aliases)
    keep = None if trace is None else lambda kept: write_trace(kept, trace)
    with running(behaviour) as server:
        options = ServerOptions(server.url, server.api_key, aliases=aliases, run=RunOptions(seed=seed), keep_trace=keep)
        return judge_server(options)


@pytest.mark.parametrize("fault", FAULTS)
def test_another_seed_port_and_catalogue_give_the_same_fingerprints(fault: str) -> None:
    first = fingerprints(run(fault))
    assert first
    assert fingerprints(run(fault, 1)) == first
    assert fingerprints(run(fault, 2, 63)) == first


@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_and_its_trace_under_any_name_give_the_same_fingerprints(fault: str, tmp_path: Path) -> None:
    trace = tmp_path / "run.jsonl"
    live = fingerprints(run(fault, trace=trace))
    assert fingerprints(judge_recording(trace)) == live
    (tmp_path / "elsewhere").mkdir()
    moved = shutil.move(trace, tmp_path / "elsewhere" / "other.jsonl")
    assert fingerprints(judge_recording(moved)) == live


def test_cassettes_under_any_name_give_the_fingerprints_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = fingerprints(judge_recording(RECORDED))
    assert there
    live = fingerprints(run("after-id-is-inclusive"))
    assert all(found <= live[requirement] for requirement, found in there.items())
    copy = Path(shutil.copytree(RECORDED, tmp_path / "copy"))
    (copy / "05-retrieve.yaml").rename(copy / "99-last.yaml")
    assert fingerprints(judge_recording(copy)) == there
    monkeypatch.chdir(copy.parent)
    assert fingerprints(judge_recording("copy")) == there


def test_another_wording_gives_the_same_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("after-id-is-inclusive")

    def reworded(requirement: Requirement, violation: Violation) -> Sentences:
        return Sentences("something else", "something better", {}, {})

    monkeypatch.setattr(findings, "sentences", reworded)
    second = run("after-id-is-inclusive")
    assert {finding.observed for entry in second.requirements for finding in entry.findings} == {"something else"}
    assert fingerprints(second) == fingerprints(first)


def test_different_faults_under_one_requirement_give_different_fingerprints() -> None:
    name = "error-envelope-is-complete"
    kinds = [
        fingerprints(run(fault, models=30))[name] for fault in ("error-is-plain-text", "error-request-id-is-a-number")
    ]
    assert not kinds[0] & kinds[1]


def of(kind: str = "is-missing", requirement: str = "some-id", parameter: str = "", member: str = "") -> str:
    return fingerprint(requirement, Finding("seen", "wanted", (1,), kind=kind, parameter=parameter, member=member))


def test_it_is_twelve_hex_digits_of_requirement_kind_and_what_it_is_about() -> None:
    assert re.fullmatch("[0-9a-f]{12}", of())
    assert len({of(), of(kind="is-null"), of(requirement="other-id"), of(parameter="limit"), of(member="id")}) == 5


@given(st.text(), st.text(), st.lists(st.integers(1)).map(tuple), st.text(), st.text())
def test_sentences_exchanges_places_and_lines_take_no_part(
    observed: str, expected: str, exchanges: tuple[int, ...], place: str, line: str
) -> None:
    finding = Finding(observed, expected, exchanges, line, line, kind="is-missing", place=place)
    assert fingerprint("some-id", finding) == of()
