"""A fingerprint outlives the run it was made in and tells one kind of deviation from another."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.contract.model import Contract
from models_conformance.engine import judging, recording
from models_conformance.engine.fault_matrix import run_client
from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.probing.tape import RecordedWith, Tape
from models_conformance.recordings.taping import open_cassettes, write_cassettes
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.requirements.register import Kind, Requirement, register_of
from models_conformance.result import Finding, Result
from models_conformance.waivers.fingerprint import fingerprint
from tests import sweeps
from tests.recordings.writers import write_trace

FAULTS = [
    "after-id-is-inclusive",
    "second-answer-lacks-the-oldest",
    "default-limit-is-ten",
    "error-request-id-is-a-number",
    "limit-zero-crashes",
    "has-more-is-a-string",
]
WRONG_CLIENTS = ["leaves-plus-unescaped-in-the-query", "escapes-cursor-as-latin-1", "walks-back-from-the-last-id"]
RECORDED = Path(__file__).parents[2] / "cassettes" / "after-id-is-inclusive"


def judge_recording(*paths: str | Path) -> Result:
    """The result of `replay` with these paths and no option."""
    return recording.judge_recording(paths, RunOptions())


def fingerprints(result: Result) -> dict[str, set[str]]:
    """What a result shows, by requirement."""
    return {
        entry.requirement.id: {fingerprint(entry.requirement.id, finding) for finding in entry.findings}
        for entry in result.requirements
        if entry.findings
    }


def run(fault: str, seed: int = 0, models: int = 47, trace: Path | None = None, tape: Tape | None = None) -> Result:
    """A real run against the reference server with a fault, its trace kept where a path is given."""
    behaviour = behaviour_named(fault, models)
    aliases = dict.fromkeys(behaviour.catalogue.aliases)
    keep = None if trace is None else lambda kept: write_trace(kept, trace)
    with running(behaviour) as server:
        return judge_server(
            ServerOptions(
                server.url, server.api_key, aliases=aliases, run=RunOptions(seed=seed), tape=tape, keep_trace=keep
            )
        )


@pytest.mark.parametrize("fault", sweeps.first(FAULTS, 1))
def test_another_seed_port_and_catalogue_give_the_same_fingerprints(fault: str) -> None:
    first = fingerprints(run(fault))
    assert first
    assert fingerprints(run(fault, 1)) == first
    assert fingerprints(run(fault, 2, 63)) == first


# The rows of the matrix, at six seeds and with what is generated, say the same of more clients.
@pytest.mark.sweep
@pytest.mark.parametrize("fault", WRONG_CLIENTS)
def test_a_client_has_the_same_fingerprints_whatever_is_generated(fault: str) -> None:
    first = fingerprints(run_client(fault, slow=False))
    assert first
    assert fingerprints(run_client(fault, 1 + WRONG_CLIENTS.index(fault), 60, slow=False)) == first


@pytest.mark.parametrize("fault", sweeps.first(FAULTS, 1))
def test_a_run_its_trace_and_its_cassettes_give_the_same_fingerprints(fault: str, tmp_path: Path) -> None:
    trace, folder, tape = tmp_path / "run.jsonl", tmp_path / "cassettes", Tape()
    live = fingerprints(run(fault, trace=trace, tape=tape))
    assert fingerprints(judge_recording(trace)) == live
    (tmp_path / "elsewhere").mkdir()
    moved = shutil.move(trace, tmp_path / "elsewhere" / "other.jsonl")
    assert fingerprints(judge_recording(moved)) == live
    aliases = dict.fromkeys(behaviour_named(fault, 47).catalogue.aliases)
    options = RunOptions()
    told = RecordedWith(options.seed, options.examples, options.max_requests, aliases, tape.credential)
    write_cassettes(tape.kept, told, folder, "-o")
    played = open_cassettes(folder, "none", "--cassettes").tape()
    assert fingerprints(run(fault, tape=played)) == live
    # What a recording cannot show is not judged; the rest is as it was, since the files of a run are one recording.
    replayed = fingerprints(judge_recording(folder))
    assert replayed == {requirement: live.get(requirement) for requirement in replayed}


def test_renamed_cassettes_give_the_same_fingerprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = fingerprints(judge_recording(RECORDED))
    assert there
    copy = Path(shutil.copytree(RECORDED, tmp_path / "copy"))
    (copy / "05-documented-questions.yaml").rename(copy / "99-last.yaml")
    assert fingerprints(judge_recording(copy)) == there
    monkeypatch.chdir(copy.parent)
    assert fingerprints(judge_recording("copy")) == there


def test_another_wording_of_all_texts_gives_the_same_fingerprints(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = [folder for folder in RECORDED.parent.iterdir() if folder.is_dir()]
    first = judge_recording(*recorded)

    def reworded(requirement: Requirement) -> Requirement:
        kinds = {slug: Kind(slug, "seen: {subject}", "wanted: something better") for slug in requirement.kinds}
        return replace(requirement, statement="Another claim.", advice="Better do otherwise.", kinds=kinds)

    def all_reworded(*contracts: Contract) -> dict[str, Requirement]:
        return {name: reworded(requirement) for name, requirement in register_of(*contracts).items()}

    for module in (recording, judging):
        monkeypatch.setattr(module, "register_of", all_reworded)
    second = judge_recording(*recorded)
    words = {text for entry in second.requirements for finding in entry.findings for text in (finding.expected,)}
    assert words == {"wanted: something better"}
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
