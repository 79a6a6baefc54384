"""Every client is shown the same, and everything that its surfaces and capabilities call for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest

from models_conformance.contract.points import limits_of
from models_conformance.contract.shipped import load_contract, shipped_contracts
from models_conformance.evidence.driver_calls import PARAMS
from models_conformance.scenarios.models import ids_of
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.systematic import scenarios
from models_conformance.scenarios.texts import AWKWARD_IDS, CLIMBING_IDS, CONTROL_IDS, DATES, RARE_DATES
from tests.scenarios.correct_caller import Refused, pages, retrieved
from tests.scenarios.hellos import BARE, FULL
from tests.scenarios.legality import problems

SHOWN = scenarios(FULL, load_contract())
FIRST = [scenario for scenario in SHOWN if scenario.call.surface == "models"]
FURTHER = [scenario for scenario in SHOWN if scenario.call.surface == "beta.models"]
UNDISTURBED = [scenario for scenario in SHOWN if not scenario.server.interventions and not scenario.server.stuck]


def id_of(scenario: Scenario) -> str:
    return f"{scenario.call.surface}: {scenario.name}"


@pytest.mark.parametrize("shown", [SHOWN, scenarios(BARE, load_contract())], ids=["full", "bare"])
def test_every_scenario_is_legal(shown: list[Scenario]) -> None:
    assert {id_of(scenario): problems(scenario) for scenario in shown if problems(scenario)} == {}


def test_names_are_unique_within_a_surface() -> None:
    assert [name for name, times in Counter(map(id_of, SHOWN)).items() if times > 1] == []


def test_no_scenario_is_shown_twice() -> None:
    for shown in (FIRST, FURTHER):
        twice = Counter(repr((scenario.call, scenario.server)) for scenario in shown)
        assert [call for call, times in twice.items() if times > 1] == []


def test_the_same_client_is_shown_the_same() -> None:
    assert scenarios(FULL, load_contract()) == SHOWN


def test_further_surfaces_are_shown_less_and_wait_once() -> None:
    assert len(FURTHER) < len(FIRST) / 2
    assert [scenario.name for scenario in FURTHER if scenario.slow] == ["silence within the answer"]


def test_a_client_is_asked_for_nothing_that_it_cannot_do() -> None:
    assert not any(scenario.call.walk or "betas" in scenario.call.args for scenario in scenarios(BARE, load_contract()))
    assert not any("betas" in scenario.call.args for scenario in FIRST)
    assert any("betas" in scenario.call.args for scenario in FURTHER)


def test_a_driver_that_lists_its_parameters_is_asked_for_no_other() -> None:
    hello = replace(FULL, capabilities=FULL.capabilities | {PARAMS}, params=frozenset({"lifecycle[]"}))
    newest = shipped_contracts()[-1]
    asked = {name for one in scenarios(hello, newest) for name in one.call.args.get(PARAMS, {})}
    assert asked == {"lifecycle[]"}
    assert any(PARAMS in one.call.args for one in scenarios(replace(hello, params=None), newest))


def test_every_awkward_id_is_asked_for_and_is_a_cursor() -> None:
    spec = {scenario.call.args["model_id"] for scenario in FIRST if scenario.call.operation == "retrieve"}
    cursors = {scenario.call.args.get("after_id", scenario.call.args.get("before_id")) for scenario in FIRST}
    anywhere = {model_id for _, model_id in (*AWKWARD_IDS, *CONTROL_IDS)}
    assert spec >= anywhere | {model_id for _, model_id in CLIMBING_IDS} | {""}
    assert cursors >= anywhere


def test_every_documented_error_is_shown() -> None:
    quick = [scenario.server for scenario in FIRST if not scenario.slow]
    statuses = {intervention.status for server in quick for intervention in server.interventions}
    assert statuses >= set(load_contract().errors)


def test_every_edge_of_limit_is_shown() -> None:
    bounds = limits_of(load_contract())
    assert bounds is not None
    low, default, high = bounds.minimum, bounds.default, bounds.maximum
    limits = {scenario.call.args.get("limit") for scenario in FIRST}
    assert limits >= {None, low - 1, low, default - 1, default, default + 1, high - 1, high, high + 1}


def test_every_page_size_is_met_by_some_seed_and_the_edges_by_each() -> None:
    shown = [scenarios(BARE, load_contract(), seed) for seed in range(9)]
    limits = [{scenario.call.args.get("limit") for scenario in one} for one in shown]
    assert set().union(*limits) >= set(range(1, 1001))
    assert len(limits[0] ^ limits[1]) > 100


def test_every_spelling_of_a_date_is_shown() -> None:
    dates = {model["created_at"] for scenario in FIRST for model in scenario.server.models}
    assert dates >= {text for _, text in (*DATES, *RARE_DATES)}


@pytest.mark.parametrize("scenario", [scenario for scenario in UNDISTURBED if scenario.call.walk], ids=id_of)
def test_an_undisturbed_walk_shows_each_model_beyond_its_cursor_once(scenario: Scenario) -> None:
    ids = ids_of(scenario.server.models)
    args = scenario.call.args
    if "before_id" in args:
        expected = ids[: ids.index(args["before_id"])]
        got = [model["id"] for model in chain.from_iterable(reversed(pages(scenario)))]
        assert got == list(expected[-len(got) :]) if got else not expected
    else:
        expected = ids[ids.index(args["after_id"]) + 1 :] if "after_id" in args else ids
        got = [model["id"] for model in chain.from_iterable(pages(scenario))]
        assert got == list(expected[: len(got)])
    assert len(got) >= min(len(expected), scenario.call.max_items)


def test_the_longest_walk_has_a_thousand_pages() -> None:
    (longest,) = (scenario for scenario in FIRST if "1050 pages" in scenario.name)
    assert len(pages(longest)) == 1050


def test_what_no_server_has_is_refused_and_all_else_is_answered() -> None:
    refused = set()
    for scenario in (scenario for scenario in UNDISTURBED if not scenario.call.walk):
        retrieve = scenario.call.operation == "retrieve"
        try:
            retrieved(scenario) if retrieve else pages(scenario)
        except Refused:
            refused.add(scenario.name)
    # What is left: these are refused on purpose, and a scenario that asks wrongly by mistake would be another.
    assert {name for name in refused if "no model" not in name} == {
        "limit 0, outside of the range",
        "limit -1, outside of the range",
        "limit 1001, outside of the range",
        "both cursors in one call",
        "an empty id",
        "a blank as an id",
        "an unknown model, with retries allowed",
    }


def test_a_model_asked_for_is_the_one_that_is_answered() -> None:
    for scenario in UNDISTURBED:
        name = scenario.call.args.get("model_id")
        if name in ids_of(scenario.server.models):
            assert retrieved(scenario)["id"] == name, scenario.name
