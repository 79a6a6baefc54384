"""A run ends within its limits, and says so: requests and time are cut by the same rule."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.judges.server import SERVER_JUDGES
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.serving import running
from models_conformance.reports.as_json import to_document
from models_conformance.reports.words import verdict_line
from models_conformance.result import Result
from models_conformance.support.deadline import Deadline, TimeIsUp

SLOW = 0.5


class Slow(Behaviour):
    """Right, and late with every answer from the tenth on."""

    def answer(self, request: Request) -> Response:
        answer = super().answer(request)
        return replace(answer, delay=SLOW) if self.requests > 9 else answer


def judged(behaviour: Behaviour, **limits: float) -> Result:
    with running(behaviour) as server:
        run = RunOptions(**limits)  # type: ignore[arg-type]
        return judge_server(ServerOptions(server.url, server.api_key, concurrency=1, run=run))


def test_time_and_requests_cut_a_run_by_the_same_rule() -> None:
    by_time, by_requests = judged(Slow(), max_seconds=4.0), judged(Behaviour(), max_requests=12)
    for result, why in ((by_time, "the time limit of 4 s"), (by_requests, "the limit of 12 requests")):
        assert (result.run.verdict, result.exit_code) == ("passed", 0)
        assert result.run.stopped == f"{why} was reached"
        assert verdict_line(result).endswith(f"; stopped early: {why} was reached")
        assert to_document(result)["run"]["stopped"] == f"{why} was reached"
        assert {entry.verdict for entry in result.requirements} > {"pass", "inconclusive"}
    # What was asked when the time was up is not held against the server.
    assert by_time.run.requests < 30


def test_a_run_that_reached_everything_was_not_stopped() -> None:
    result = judged(Behaviour(), max_seconds=300.0)
    assert result.run.stopped == ""
    assert "stopped" not in to_document(result)["run"]
    assert "stopped" not in verdict_line(result)


def test_a_server_that_breaks_a_run_off_has_not_passed_and_the_reason_is_told() -> None:
    class Busy(Behaviour):
        def answer(self, request: Request) -> Response:
            answer = super().answer(request)
            return replace(answer, status=429, headers=(("retry-after", "0"),)) if self.requests > 40 else answer

    result = judged(Busy())
    assert (result.run.verdict, result.exit_code) == ("incomplete", 3)
    assert "stopped early: the server was still busy after 5 tries of each of 3 questions" in verdict_line(result)


def test_judging_ends_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "walk-ends"
    judge = SERVER_JUDGES.by_requirement[name]
    late = Deadline(0.0)

    def slow(evidence: object) -> object:
        for judgement in judge(evidence):  # type: ignore[arg-type]
            # As if each judgement took a second more than there is.
            monkeypatch.setattr(time, "monotonic", lambda: late.began + 10_000.0)
            yield judgement

    monkeypatch.setitem(SERVER_JUDGES.by_requirement, name, slow)
    result = judged(Behaviour(), max_seconds=600.0)
    monkeypatch.undo()
    entries = {entry.requirement.id: entry for entry in result.requirements}
    assert entries[name].verdict == "inconclusive"
    assert entries[name].reason == "the time limit of 600 s was reached before it was judged"
    assert result.run.stopped == "the time limit of 600 s was reached"


def test_what_is_not_yet_over_goes_on() -> None:
    assert list(Deadline(1000.0).within("abc")) == ["a", "b", "c"]
    with pytest.raises(TimeIsUp, match="the time limit of 0 s was reached"):
        list(Deadline(0.0).within("abc"))


def test_only_what_the_chosen_requirements_need_is_asked() -> None:
    whole = judged(Behaviour())
    verdicts = {entry.requirement.id: entry.verdict for entry in whole.requirements}
    for area, most in (("has-more", 0.6), ("credentials", 0.1), ("compatibility", 0.1), ("retrieve", 0.36)):
        with running(Behaviour()) as server:
            options = ServerOptions(server.url, server.api_key, run=RunOptions(only=(area,)))
            part = judge_server(options)
        assert part.run.requests < most * whole.run.requests, area
        assert {entry.requirement.id: entry.verdict for entry in part.requirements}.items() <= verdicts.items()
    # Whatever comes back is judged by these.
    with running(Behaviour()) as server:
        part = judge_server(ServerOptions(server.url, server.api_key, run=RunOptions(only=("transport",))))
    assert part.run.requests == whole.run.requests
