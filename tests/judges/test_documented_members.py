"""Every member that the contract in force documents is compared; undocumented ones may vary."""

from __future__ import annotations

from typing import Any

import pytest

from models_conformance.contract.shipped import load_contract
from models_conformance.engine.judging import judge
from models_conformance.evidence.exchange import Trace
from models_conformance.requirements.register import select
from tests.judges.builders import Recorder

MODEL: dict[str, Any] = {
    "type": "model",
    "id": "claude-made-up",
    "display_name": "Made Up",
    "created_at": "2026-04-01T00:00:00Z",
    "max_tokens": 64000,
    "max_input_tokens": 200000,
    "capabilities": None,
}
PAGE = {"data": [MODEL], "has_more": False, "first_id": MODEL["id"], "last_id": MODEL["id"]}
RETRIEVED = "retrieve-equals-listed-item"


def told(trace: Trace, contract: str) -> dict[str, set[str]]:
    """The members that violations are about, by requirement."""
    judged = judge(trace, select("server"), load_contract(contract))
    found = {entry.requirement.id: {violation.member for violation in entry.violations} for entry in judged}
    return {name: members for name, members in found.items() if members}


def retrieved(**changes: Any) -> Trace:
    recorder = Recorder()
    recorder.list(PAGE)
    recorder.retrieve(MODEL["id"], {**MODEL, **changes})
    return recorder.trace


@pytest.mark.parametrize("contract", ["first", "2026-08"])
def test_equal_models_are_equal(contract: str) -> None:
    assert told(retrieved(), contract) == {}


@pytest.mark.parametrize(("member", "value"), [("max_tokens", 8192), ("max_input_tokens", None)])
def test_a_documented_member_that_differs_is_found_by_its_contract_alone(member: str, value: object) -> None:
    assert told(retrieved(**{member: value}), "2026-08") == {RETRIEVED: {member}}
    assert told(retrieved(**{member: value}), "first") == {}


def test_a_member_that_nobody_documents_may_differ() -> None:
    assert told(retrieved(counter=7), "2026-10") == {}


def test_a_documented_member_that_moves_is_told_of_the_same_question() -> None:
    recorder = Recorder()
    recorder.list(PAGE)
    recorder.list({**PAGE, "data": [{**MODEL, "max_tokens": 1}]})
    assert told(recorder.trace, "2026-08") == {"same-question-same-answer": {"max_tokens"}}
    assert told(recorder.trace, "first") == {}
