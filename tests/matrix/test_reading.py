"""What `--json` wrote is read back; anything else is refused in one line that names the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.errors import UsageError
from models_conformance.matrix.result_files import parse_result, read_results
from models_conformance.reports import badge, sarif
from models_conformance.reports.as_json import render
from models_conformance.result import Result
from tests.matrix.samples import report, result
from tests.reports.result_strategies import results


def refusal(content: bytes) -> str:
    with pytest.raises(UsageError) as caught:
        parse_result(content, "r.json")
    message = str(caught.value)
    assert message.startswith("r.json: ")
    assert message.isprintable()
    return message


@given(results())
def test_a_written_result_is_read_back(result: Result) -> None:
    read = parse_result(render(result).encode(), "r.json").result
    assert [
        (requirement.requirement.id, requirement.verdict, requirement.exercised) for requirement in read.requirements
    ] == [
        (requirement.requirement.id, requirement.verdict, requirement.exercised) for requirement in result.requirements
    ]
    assert [len(requirement.findings) for requirement in read.requirements] == [
        len(requirement.findings) for requirement in result.requirements
    ]
    assert (read.run.verdict, read.run.seed) == (result.run.verdict, result.run.seed)


def test_a_finding_keeps_its_words_its_source_and_its_shell_line() -> None:
    (entry,) = [
        requirement
        for requirement in report(walk_ends="fail").result.requirements
        if requirement.requirement.id == "walk-ends"
    ]
    assert entry.source is not None
    assert entry.source.line == 12
    assert entry.findings[0].observed == "it held b"
    assert entry.findings[0].reproduce.startswith("curl ")


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    paths = [tmp_path / "b.json", tmp_path / "a.json"]
    for path, version in zip(paths, ("2", "1"), strict=True):
        path.write_text(render(result(version)))
    assert [(read_result.path, read_result.title) for read_result in read_results(paths)] == [
        (str(paths[0]), "acme 2"),
        (str(paths[1]), "acme 1"),
    ]


def test_what_else_the_suite_wrote_is_passed_over_with_a_note(tmp_path: Path) -> None:
    wrote = {
        "a.json": render(result("1")),
        "badge.json": badge.render(result("1")),
        "s.sarif": sarif.render(result("1")),
    }
    for name, text in wrote.items():
        (tmp_path / name).write_text(text)
    notes: list[str] = []
    assert [report.title for report in read_results([tmp_path / name for name in wrote], notes.append)] == ["acme 1"]
    assert [note.partition(": ")[2] for note in notes] == [
        "is a badge, not a result: passed over",
        "is a SARIF log, not a result: passed over",
    ]
    with pytest.raises(UsageError, match="is a badge, not a result"):
        read_results([tmp_path / "badge.json"])


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name the result files in it"):
        read_results([tmp_path])
    with pytest.raises(UsageError, match="cannot be read"):
        read_results([tmp_path / "none.json"])
    with pytest.raises(UsageError, match="cannot be read"):
        read_results(["a\0b"])


DOCUMENT = json.loads(render(result()))


def changed(**members: Any) -> bytes:
    return json.dumps(DOCUMENT | members).encode()


def test_the_member_that_is_wrong_is_named() -> None:
    assert "is not JSON" in refusal(b"{")
    assert "is not JSON" in refusal(b"\xff\xff\xff")
    assert "the document: " in refusal(b"[]")
    assert "subject: " in refusal(changed(subject={"kind": "client"}))
    assert "notes[0]: " in refusal(changed(notes=[7]))


def test_a_newer_format_is_told_as_such() -> None:
    assert "has format 2, and this suite reads 1" in refusal(changed(format=2))


def test_members_nobody_knows_are_ignored() -> None:
    assert parse_result(changed(news={"a": 1}), "r.json").title == "acme 1.0"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
members = st.sampled_from(["format", "suite", "contract", "subject", "run", "requirements", "observations", "notes"])


@given(members, json_values)
def test_no_value_of_a_member_is_a_crash(member: str, value: Any) -> None:
    try:
        read = parse_result(changed(**{member: value}), "r.json")
    except UsageError:
        return
    assert read.path == "r.json"


@given(st.binary(max_size=40) | st.just(b"[" * 100_000) | st.just(b"1" * 5000))
def test_garbage_is_refused(content: bytes) -> None:
    refusal(content)
