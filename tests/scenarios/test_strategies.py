"""Drawn scenarios are legal, many-sided, and the same again for the same seed."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from models_conformance.contract.shipped import load_contract
from models_conformance.evidence.driver_calls import Hello
from models_conformance.scenarios.models import ids_of
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.strategies import drawn_scenarios, scenario_strategy
from tests.scenarios.correct_caller import pages
from tests.scenarios.hellos import BARE, FULL
from tests.scenarios.legality import problems


@pytest.fixture(scope="module")
def drawn() -> list[Scenario]:
    return drawn_scenarios(FULL, load_contract(), 0, 300)


@pytest.mark.parametrize("hello", [FULL, BARE], ids=["full", "bare"])
def test_every_drawn_scenario_is_legal_and_waits_for_nothing(hello: Hello) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(scenario_strategy(hello, load_contract()))
    def hold(scenario: Scenario) -> None:
        assert problems(scenario) == []
        assert not scenario.slow

    hold()


def test_a_seed_draws_the_same_again_and_another_seed_something_else() -> None:
    assert drawn_scenarios(FULL, load_contract(), 7, 40) == drawn_scenarios(FULL, load_contract(), 7, 40)
    assert drawn_scenarios(FULL, load_contract(), 7, 40) != drawn_scenarios(FULL, load_contract(), 8, 40)


def test_what_is_drawn_does_not_depend_on_what_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Hypothesis picks constants from the modules of a project, so a new one of them is what could change a draw.
    before = drawn_scenarios(FULL, load_contract(), 11, 60)
    names = ", ".join(f"'constant-{number}'" for number in range(200))
    (tmp_path / "late_constants.py").write_text(f"NAMES = [{names}]\nNUMBERS = {list(range(60_000, 60_200))}\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("late_constants")
    assert drawn_scenarios(FULL, load_contract(), 11, 60) == before


def test_fewer_examples_are_the_first_of_more(drawn: list[Scenario]) -> None:
    assert drawn_scenarios(FULL, load_contract(), 0, 25) == drawn[:25]


@pytest.mark.parametrize("examples", [0, 1, 9, 10, 11])
def test_there_are_exactly_as_many_as_were_asked_for(examples: int) -> None:
    assert len(drawn_scenarios(BARE, load_contract(), 3, examples)) == examples


def test_no_two_are_alike(drawn: list[Scenario]) -> None:
    assert len({repr((scenario.call, scenario.server)) for scenario in drawn}) == len(drawn) == 300
    assert len({scenario.name for scenario in drawn}) == len(drawn)


def test_a_client_is_asked_for_nothing_that_it_cannot_do(drawn: list[Scenario]) -> None:
    assert not any(
        scenario.call.walk or "betas" in scenario.call.args
        for scenario in drawn_scenarios(BARE, load_contract(), 0, 100)
    )
    assert {scenario.call.surface for scenario in drawn if "betas" in scenario.call.args} == {"beta.models"}


def test_every_family_is_drawn_often_enough_to_fail(drawn: list[Scenario]) -> None:
    families = Counter(family for scenario in drawn for family in families_of(scenario))
    wanted = {
        "walk over several pages forward": 20,
        "walk over several pages back": 10,
        "page after a cursor": 8,
        "page before a cursor": 8,
        "page without a cursor": 8,
        "known model": 20,
        "unknown model": 5,
        "alias": 5,
        "answer replaced": 25,
        "short pages": 15,
        "betas": 10,
        "no models": 4,
        "prefix": 20,
        "another spelling": 50,
        "members beyond the documented ones": 50,
        "envelope": 15,
        "stopped by the caller": 4,
    }
    assert {family: families[family] for family, least in wanted.items() if families[family] < least} == {}


def families_of(scenario: Scenario) -> list[str]:
    spec, script = scenario.call, scenario.server
    found = {
        "answer replaced": bool(script.interventions),
        "short pages": bool(script.page_sizes),
        "betas": "betas" in spec.args,
        "no models": not script.models,
        "prefix": bool(script.prefix),
        "another spelling": script.spelling != type(script.spelling)(),
        "members beyond the documented ones": any(len(model) > 4 for model in script.models),
        "envelope": bool(script.envelope),
    }
    if spec.operation == "retrieve":
        name, ids = spec.args["model_id"], ids_of(script.models)
        found |= {"known model": name in ids, "alias": name in script.aliases}
        found["unknown model"] = name not in ids and name not in script.aliases
    elif not spec.walk:
        cursor = "after" if "after_id" in spec.args else "before" if "before_id" in spec.args else "without"
        found[f"page {cursor} a cursor"] = True
    elif not script.interventions:
        got = pages(scenario)
        way = "back" if "before_id" in spec.args else "forward"
        found[f"walk over several pages {way}"] = len(got) > 1
        found["stopped by the caller"] = spec.max_items <= len(script.models)
    return [family for family, shown in found.items() if shown]
