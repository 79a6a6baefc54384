"""What a library has no call for is asked in the calls that it has, and not judged where nothing can show it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models_conformance.contract.shipped import load_contract
from models_conformance.engine.fault_matrix import run_client
from models_conformance.scenarios.narrowing import narrowed
from models_conformance.scenarios.strategies import drawn_scenarios
from models_conformance.scenarios.systematic import scenarios
from tests import sweeps
from tests.scenarios.hellos import FULL

CONTRACT = load_contract()
EVERYTHING = replace(FULL, capabilities=frozenset({"walk", "walks_only", "no_retrieve", "no_arguments"}), betas_on=None)


def test_what_offers_every_call_is_shown_the_same() -> None:
    assert narrowed(scenarios(FULL, CONTRACT), FULL) == scenarios(FULL, CONTRACT)


@pytest.mark.parametrize("drawn", [False, True])
def test_what_only_lists_everything_is_asked_for_bare_walks_alone(drawn: bool) -> None:
    shown = narrowed(scenarios(EVERYTHING, CONTRACT), EVERYTHING)
    if drawn:
        shown = drawn_scenarios(EVERYTHING, CONTRACT, seed=0, examples=40)
        assert len(shown) == 40
    assert {(scenario.call.operation, scenario.call.walk, bool(scenario.call.args)) for scenario in shown} == {
        ("list", True, False)
    }
    asked = [repr((scenario.call, scenario.server)) for scenario in shown]
    assert len(asked) == len(set(asked)) > 30


def test_a_page_size_that_cannot_be_asked_for_is_the_servers_own() -> None:
    (failing,) = (
        scenario
        for scenario in narrowed(scenarios(EVERYTHING, CONTRACT), EVERYTHING)
        if scenario.call.surface == "models" and scenario.name.startswith("a second page that fails with 500, as far")
    )
    assert failing.server.page_sizes == (2,)


@pytest.mark.parametrize("name", sweeps.first(["only-lists-everything", "only-lists-everything-untold"], 1))
def test_a_client_that_only_lists_everything_is_judged_in_all_that_it_can_show(name: str) -> None:
    result = run_client(name)
    verdicts = {entry.requirement.id: entry.verdict for entry in result.requirements}
    assert set(verdicts.values()) == {"pass", "not-applicable"}
    assert not any(observation.did.startswith("unsupported") for observation in result.observations)
    assert {verdicts["client-honours-retry-after"], verdicts["client-walk-forward-follows-last-id"]} == {"pass"}
    assert {verdicts["client-escapes-model-id-once"], verdicts["client-walk-keeps-limit"]} == {"not-applicable"}
