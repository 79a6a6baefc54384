"""A run looks again at what contradicts the list: once is flaky, once and for good is news, and both pass."""

from __future__ import annotations

from typing import Any

from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply
from models_conformance.reference.server.serving import running
from models_conformance.reports.as_json import to_document

_AT = 90


class _RefusesOnce(Behaviour):
    """One request of the run is refused, whatever it asks."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.number == _AT:
            raise Refusal(400, "not now")
        return super().reply(parsed)


class _WithdrawsForGood(Behaviour):
    """From one request on, a model in the middle of the list is gone."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.number == _AT:
            self.catalogue = self.catalogue.without(15)
        return super().reply(parsed)


class _WithdrawsForAWhile(Behaviour):
    """A model on the first page is gone for sixty requests."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._whole = self.catalogue

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.number in (_AT, _AT + 60):
            self.catalogue = self.catalogue.without(3) if parsed.number == _AT else self._whole
        return super().reply(parsed)


def judged(behaviour: Behaviour) -> dict[str, Any]:
    with running(behaviour) as server:
        options = ServerOptions(server.url, server.api_key, run=RunOptions(fail_on="should", examples=0))
        return to_document(judge_server(options))


def test_a_refusal_that_does_not_repeat_is_flaky_and_does_not_gate() -> None:
    document = judged(_RefusesOnce(catalogue_of(30)))
    assert document["run"]["verdict"] == "passed"
    (told,) = document["run"]["flaky"]
    assert f"exchange {_AT}" in told


def test_what_is_withdrawn_for_good_is_observed_and_does_not_gate() -> None:
    document = judged(_WithdrawsForGood(catalogue_of(30)))
    assert document["run"]["verdict"] == "passed"
    assert any("once and for good" in observation["did"] for observation in document["observations"])


def test_what_is_gone_and_back_is_a_fault() -> None:
    document = judged(_WithdrawsForAWhile(catalogue_of(30)))
    failed = {entry["id"] for entry in document["requirements"] if entry["verdict"] == "fail"}
    assert "same-question-same-answer" in failed


def test_a_server_that_stands_still_is_asked_nothing_twice_for_it() -> None:
    document = judged(Behaviour(catalogue_of(30)))
    assert document["run"]["verdict"] == "passed"
    # Each probe is sent once: the 202 of today, and room for a few more.
    assert document["run"]["requests"] <= 210
    assert "flaky" not in document["run"]
