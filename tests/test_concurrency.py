"""Several requests at once: the same evidence as one by one, in less time, and one by one where that is in doubt."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.evidence.exchange import Trace
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Request, Response
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.result import Result

FELL_BACK = "requests that went out together with others were repeated"


def judged(behaviour: Behaviour, at_once: int | None, run: RunOptions | None = None) -> tuple[Result, Trace]:
    kept: list[Trace] = []
    with running(behaviour) as server:
        options = ServerOptions(
            server.url, server.api_key, concurrency=at_once, run=run or RunOptions(), keep_trace=kept.append
        )
        result = judge_server(options)
    return result, kept[0]


def verdicts(result: Result) -> set[tuple[str, str, frozenset[str]]]:
    return {
        (entry.requirement.id, entry.verdict, frozenset(finding.kind for finding in entry.findings))
        for entry in result.requirements
    }


def fell_back(result: Result) -> bool:
    return any(FELL_BACK in note for note in result.notes)


class Late(Behaviour):
    """Right, and so late with each answer that one by one would take minutes."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def answer(self, request: Request) -> Response:
        return replace(super().answer(request), delay=self.seconds)


def turns(trace: Trace) -> int:
    """How many answers had to be waited for one after the other."""
    waited, free = 0, 0.0
    for exchange in sorted(trace, key=lambda exchange: exchange.at):
        if exchange.at >= free:
            waited, free = waited + 1, exchange.at + exchange.seconds
    return waited


def test_a_server_that_is_far_away_is_judged_in_a_third_of_its_answers_time() -> None:
    result, trace = judged(Late(0.2), None)
    near, one_by_one = judged(Behaviour(), 1)
    assert result.run.verdict == "passed"
    assert not fell_back(result)
    assert verdicts(result) == verdicts(near)
    # In the order of the plan, whenever they went out.
    assert [exchange.request.url.partition("/v1")[2] for exchange in trace] == [
        exchange.request.url.partition("/v1")[2] for exchange in one_by_one
    ]
    assert turns(trace) < len(trace) / 3


def test_a_server_that_is_near_is_asked_one_by_one() -> None:
    _, trace = judged(Behaviour(), 1)
    assert turns(trace) == len(trace)


@pytest.mark.parametrize("name", ["model-is-released-mid-run", "after-id-is-inclusive", "betas-crash-retrieve"])
def test_verdicts_do_not_depend_on_how_many_requests_are_under_way(name: str) -> None:
    assert verdicts(judged(behaviour_named(name), 8)[0]) == verdicts(judged(behaviour_named(name), 1)[0])


@pytest.mark.parametrize(
    "name", ["every-ninth-request-crashes", "second-answer-drops-a-model", "display-name-depends-on-the-replica"]
)
def test_what_changes_from_request_to_request_is_convicted_of_that(name: str) -> None:
    variant = SERVERS.variant(name)
    assert variant is not None
    result, _ = judged(behaviour_named(name), 8)
    assert variant.root in {entry.requirement.id for entry in result.requirements if entry.verdict == "fail"}


def test_who_asks_to_come_later_is_asked_one_by_one_from_then_on() -> None:
    class Limited(Behaviour):
        def answer(self, request: Request) -> Response:
            answer = super().answer(request)
            return replace(answer, status=429, headers=(("retry-after", "0"),)) if self.requests == 30 else answer

    result, trace = judged(Limited(), 8)
    assert (result.run.verdict, fell_back(result)) == ("passed", True)
    refused = len(trace) - turns(trace)
    assert refused < 30
    # What was refused while others were under way is not evidence.
    assert all(exchange.response is not None and exchange.response.status != 429 for exchange in trace)


def test_a_list_that_changes_meanwhile_is_news_and_no_contradiction() -> None:
    class Changing(Behaviour):
        """A model is released at some moment: of requests under way together, some see it and some do not."""

        def __init__(self) -> None:
            super().__init__()
            self.old, self.lock = self.catalogue, threading.Lock()

        def answer(self, request: Request) -> Response:
            with self.lock:
                newest = replace(self.old.models[0], id="claude-newest-1", created_at="2031-01-01T00:00:00Z")
                news: list[Model] = [newest] if self.requests > 60 and self.requests % 4 != 3 else []
                if self.requests > 80:
                    news = [newest]
                self.catalogue = Catalogue((*news, *self.old.models), self.old.aliases)
                return super().answer(request)

    result, _ = judged(Changing(), 8)
    assert fell_back(result)
    assert "list-order-is-one-order" not in {e.requirement.id for e in result.requirements if e.verdict == "fail"}


def under_way(trace: Trace) -> list[int]:
    """For each request, how many were under way when it went out, itself among them."""
    spans = [(exchange.at, exchange.at + exchange.seconds) for exchange in trace]
    return [sum(begins <= moment < ends for begins, ends in spans) for moment, _ in spans]


def test_a_server_that_answers_one_by_one_is_not_made_to_be_late() -> None:
    class Serial(Behaviour):
        def answer(self, request: Request) -> Response:
            # Nobody else is answered meanwhile: of several at once the last waits for all others.
            time.sleep(0.1)
            return super().answer(request)

    result, trace = judged(Serial(), None, RunOptions(max_requests=60))
    assert (result.run.verdict, fell_back(result)) == ("passed", False)
    # So slow an answer would have four at once, if they cost each other no time: most go out with fewer.
    assert sum(together >= 4 for together in under_way(trace)) < len(trace) / 3
