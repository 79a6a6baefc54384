"""The tape: what is the same question, which answer it gets, and what a run without an answer comes to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import Exchange, Failure, Request, Response
from models_conformance.probing.tape import MODES, RecordedWith, Tape, Taped, key_of
from models_conformance.recordings.taping import Cassettes, open_cassettes, read_cassettes, write_cassettes
from models_conformance.result import Result
from tests.recording.make_cassettes import FAULTS, FOLDER, NAMES, run, settings_of

LINES = (("host", "a:1"), ("anthropic-version", "2023-06-01"), ("x-api-key", "<api-key>"))
LIST = Request("GET", "http://a:1/v1/models?limit=2", LINES)
SETTINGS = RecordedWith(0, 0, 10, {})
YES = Response(200, (("content-type", "application/json"),), b"{}")


def with_lines(*lines: tuple[str, str]) -> Request:
    return replace(LIST, headers=(*LINES, *lines))


def outcome(result: Result) -> dict[str, tuple[str, list[str]]]:
    return {
        entry.requirement.id: (entry.verdict, [finding.observed for finding in entry.findings])
        for entry in result.requirements
    }


def played(folder: Path, told_of_run: RecordedWith, url: str = "http://127.0.0.1:9") -> Result:
    cassettes = open_cassettes(folder, "none", "--cassettes")
    run_options = RunOptions(
        seed=told_of_run.seed, examples=told_of_run.examples, max_requests=told_of_run.max_requests
    )
    return judge_server(ServerOptions(url, aliases=told_of_run.aliases, run=run_options, tape=cassettes.tape()))


@pytest.mark.parametrize("name", [*NAMES[:2], "connection-closes-on-unknown-models", "gzip-is-said-and-not-done"])
def test_a_recorded_run_is_played_to_the_same_findings(name: str, tmp_path: Path) -> None:
    live, taped = run(name, models=25)
    write_cassettes(taped, settings_of(name), tmp_path / "c", "-o")
    again = played(tmp_path / "c", settings_of(name))
    assert outcome(again) == outcome(live)
    assert (again.run.requests, again.observations) == (live.run.requests, live.observations)


@pytest.mark.parametrize(
    "other",
    [
        replace(LIST, method="HEAD"),
        replace(LIST, url="http://a:1/v1/models?limit=3"),
        replace(LIST, url="http://a:1/v1/models/x?limit=2"),
        replace(LIST, headers=LINES[:2]),
        replace(LIST, headers=(*LINES[:2], ("x-api-key", "<wrong-api-key>"))),
        replace(LIST, headers=(*LINES[:2], ("authorization", "Bearer <api-key>"))),
        replace(LIST, headers=(LINES[2],)),
        replace(LIST, headers=tuple((name.title(), value) for name, value in LINES)),
        with_lines(("anthropic-beta", "a,b")),
        with_lines(("x-no-such-header", "1")),
    ],
)
def test_other_questions_have_other_answers(other: Request) -> None:
    tape = Tape((Taped("a", LIST, YES),))
    assert tape.answer(other) is None
    assert tape.answer(LIST) is not None


def test_the_host_and_a_users_own_headers_ask_nothing_else() -> None:
    moved = Request(
        "get", "https://b:2/v1/models?limit=2", (("host", "b:2"), ("x-tenant", "<redacted>"), *LINES[:0:-1])
    )
    assert key_of(moved) == key_of(LIST)
    in_order, reversed_ = (with_lines(*(("anthropic-beta", value) for value in order)) for order in ("ab", "ba"))
    assert key_of(in_order) != key_of(reversed_)


def test_the_same_question_is_answered_in_recorded_order_and_then_no_more() -> None:
    answers = [Response(status, (), b"") for status in (503, 200, 404)]
    tape = Tape(tuple(Taped("a", LIST, answer) for answer in answers))
    given = [tape.answer(LIST) for _ in range(4)]
    assert [exchange.response if exchange else None for exchange in given] == [*answers, None]


@pytest.mark.parametrize(
    "phase", ["01-opening", "02-reading-the-list", "04-one-question-of-each-kind", "05-documented-questions", ""]
)
def test_what_is_not_on_the_tape_is_no_evidence(phase: str) -> None:
    recorded = tuple(
        read_cassette for read_cassette in read_cassettes(FOLDER / "ideal")[0] if phase and read_cassette.phase != phase
    )
    tape = Tape(recorded, sends=False)
    spec = settings_of("ideal")
    options = RunOptions(seed=0, examples=spec.examples, max_requests=spec.max_requests)
    result = judge_server(ServerOptions("http://127.0.0.1:9", run=options, tape=tape))
    assert {entry.verdict for entry in result.requirements} <= {"pass", "inconclusive", "not-applicable"}
    assert any(entry.verdict == "inconclusive" for entry in result.requirements)
    assert any("no recorded answer" in note for note in result.notes)
    assert result.run.verdict == ("passed" if phase else "incomplete")


def test_a_fault_stays_a_fault_where_half_of_the_tape_is_gone() -> None:
    recorded = tuple(
        read_cassette
        for read_cassette in read_cassettes(FOLDER / FAULTS[0])[0]
        if not read_cassette.phase.startswith("05")
    )
    result = judge_server(ServerOptions("http://x", tape=Tape(recorded, sends=False)))
    failed = {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}
    whole = {entry.requirement.id for entry in played(FOLDER / FAULTS[0], settings_of(FAULTS[0])).requirements}
    assert "list-after-id-is-exclusive" in failed <= whole


def test_a_thousand_exchanges_are_played_each_once() -> None:
    requests = [replace(LIST, url=f"http://a:1/v1/models?limit={number % 500}") for number in range(1000)]
    tape = Tape(tuple(Taped("a", request, YES) for request in requests))
    assert all(tape.answer(request) for request in requests)
    assert not any(tape.answer(request) for request in requests)


def test_failures_and_odd_bodies_come_back_as_they_were(tmp_path: Path) -> None:
    odd = ["", "null", "~", "a\r\nb\x85\u2028", "\ufeff{}", "'\"", " x ", "😀\x00\x07", "- a\n  b: c\n", "1"]
    bodies = [*(text.encode() for text in odd), b"\xff\xfe\x00"]
    taped = [Taped("01-a", LIST, Response(200, (("A", "1"), ("A", ""), ("x-é", "ÿ")), body)) for body in bodies]
    taped += [
        Taped("02-b", LIST, None, Failure("timeout", "no whole response within 1 s")),
        Taped("02-b", LIST, Response(200, (), b'{"cut'), Failure("disconnect", "the body ends early")),
    ]
    write_cassettes(taped, replace(SETTINGS, aliases={"b": "x", "a": None}), tmp_path / "c", "-o")
    found, found_settings = read_cassettes(tmp_path / "c")
    again, before = ([replace(exchange, request=LIST) for exchange in exchanges] for exchanges in (found, taped))
    assert again == before
    assert [key_of(exchange.request) for exchange in found] == [key_of(LIST)] * len(taped)
    assert found_settings is not None
    assert list(found_settings.aliases.items()) == [("b", "x"), ("a", None)]


def kept(folder: Path, mode: str, spec: list[Request], status: int) -> tuple[list[int | None], list[int]]:
    """The statuses that a run in that mode sees where a live answer has `status`, and those on disk afterwards."""
    cassettes = open_cassettes(folder, next(known for known in MODES if known == mode), "--cassettes")
    tape = cassettes.tape()
    tape.enter("a")
    seen: list[int | None] = []
    for request in spec:
        answer = tape.answer(request)
        if answer is None and not tape.sends:
            seen.append(None)
            continue
        response = Response(status, (), b"") if answer is None else answer.response
        tape.keep(Exchange(1, request, response), is_new=answer is None)
        seen.append(response.status if response else None)
    cassettes.save(tape, SETTINGS)
    return seen, [
        read_cassette.response.status for read_cassette in read_cassettes(folder)[0] if read_cassette.response
    ]


def test_record_modes_do_what_their_names_say(tmp_path: Path) -> None:
    other, third = with_lines(("anthropic-beta", "b")), with_lines(("anthropic-beta", "c"))
    folder = tmp_path / "deep" / "c"
    with pytest.raises(UsageError, match="there are no cassettes"):
        kept(folder, "none", [LIST], 200)
    assert kept(folder, "once", [LIST, LIST], 201) == ([201, 201], [201, 201])
    assert kept(folder, "once", [LIST, other], 202) == ([201, None], [201, 201])
    assert kept(folder, "none", [LIST, other], 202) == ([201, None], [201, 201])
    assert kept(folder, "new_episodes", [LIST, other], 203) == ([201, 203], [201, 203, 201])
    assert kept(folder, "all", [LIST, third], 204) == ([204, 204], [204, 204, 203])
    assert kept(folder, "rewrite", [third], 205) == ([205], [205])
    assert list(folder.parent.iterdir()) == [folder]


def test_a_recording_replaces_all_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "09-old.yaml").write_text("interactions: []\nversion: 1\n")
    Cassettes(tmp_path / "c", "rewrite", "-o", (), None).save(Tape(kept=[Taped("01-a", LIST, YES)], new=1), SETTINGS)
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["01-a.yaml"]
