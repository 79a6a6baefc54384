"""A scenario that shows something is made as small as still shows it, within its budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings

from models_conformance.contract.shipped import load_contract
from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.scenarios import answers
from models_conformance.scenarios.models import PLAIN_DATE, ids_of, model, models_with_ids, plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript, Spelling
from models_conformance.scenarios.smaller import NAMING, size, smaller, smallest
from models_conformance.scenarios.strategies import scenario_strategy
from models_conformance.scenarios.systematic import scenarios
from tests.scenarios.correct_caller import Refused, pages
from tests.scenarios.hellos import FULL
from tests.scenarios.legality import problems

MANY = 100_000
LARGE = Scenario(
    "large",
    CallSpec(
        "list", "models", {"limit": 5, "before_id": "claude-23", "betas": ["b-1", "b-2"]}, walk=True, max_items=50
    ),
    ServerScript(
        (*plain_models(19), model("a/b", "2025-12-01T10:00:00.5+05:30", "Ä", x={"y": 1}), *plain_models(40)[20:]),
        aliases={"latest": "claude-2", "old": "claude-40"},
        page_sizes=(4, 2, 3),
        envelope={"total": [40, 41], "next": None},
        prefix="/api/v2",
        request_id="none",
        spelling=Spelling(gzip=True, chunked=True),
        interventions=(answers.error(500, first=4), answers.html_success(first=9)),
    ),
)
NOTHING = Scenario("nothing", CallSpec("list", "models", max_items=1), ServerScript())


def shows_a_slash(scenario: Scenario) -> bool:
    return any("/" in model_id for model_id in ids_of(scenario.server.models))


def goes_over_three_pages(scenario: Scenario) -> bool:
    if not scenario.call.walk:
        return False
    try:
        return len(pages(scenario)) >= 3
    except Refused:
        return False


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario_strategy(FULL, load_contract()))
def test_every_step_is_legal_and_smaller_and_keeps_what_the_call_names(scenario: Scenario) -> None:
    now = size(scenario)
    # Some of every kind of step: there are hundreds.
    for candidate in islice(smaller(scenario), 0, None, 5):
        assert problems(candidate) == []
        assert size(candidate) < now
        assert known_names(candidate) == known_names(scenario) & set(candidate.call.args)
        # The surface, the operation and the name are what the finding is about.
        assert (candidate.call.surface, candidate.call.operation, candidate.name) == (
            scenario.call.surface,
            scenario.call.operation,
            scenario.name,
        )


def known_names(scenario: Scenario) -> set[str]:
    """The arguments that name a model of the catalogue, by id or alias."""
    known = {*ids_of(scenario.server.models), *scenario.server.aliases}
    return {name for name in NAMING if scenario.call.args.get(name) in known}


def test_systematic_scenarios_have_legal_smaller_ones_unless_they_wait() -> None:
    for scenario in scenarios(FULL, load_contract()):
        candidates = list(islice(smaller(scenario), 6))
        assert all(problems(candidate) == [] for candidate in candidates), scenario.name
        assert scenario.slow or candidates or size(scenario) <= size(NOTHING), scenario.name
        assert not (scenario.slow and candidates)


def test_where_anything_fails_nothing_is_left() -> None:
    least = smallest(LARGE, lambda _: True, MANY)
    assert (least.call, least.server) == (NOTHING.call, NOTHING.server)


def test_what_is_left_is_exactly_what_shows_it() -> None:
    least = smallest(LARGE, shows_a_slash, MANY)
    assert least.server == ServerScript((model("/", PLAIN_DATE, "a"),))
    assert least.call == NOTHING.call


def test_a_slash_on_three_pages_needs_three_models_and_a_limit_of_one() -> None:
    least = smallest(LARGE, lambda scenario: shows_a_slash(scenario) and goes_over_three_pages(scenario), MANY)
    assert sorted(map(len, ids_of(least.server.models))) == [1, 1, 1]
    assert [model_id == "/" for model_id in ids_of(least.server.models)].count(True) == 1
    assert {scenario["created_at"] for scenario in least.server.models} == {PLAIN_DATE}
    assert least.server == ServerScript(least.server.models)
    assert least.call == CallSpec("list", "models", {"limit": 1}, walk=True, max_items=3)


@pytest.mark.parametrize(
    ("fails", "left"),
    [
        (lambda scenario: scenario.server.prefix, ServerScript(prefix="/a")),
        (lambda scenario: scenario.server.spelling.gzip, ServerScript(spelling=Spelling(gzip=True))),
        (lambda scenario: "total" in scenario.server.envelope, ServerScript(envelope={"total": None})),
        (lambda scenario: scenario.server.request_id == "none", ServerScript(request_id="none")),
        (lambda scenario: sum(scenario.server.page_sizes) >= 4, ServerScript(page_sizes=(4,))),
        (
            lambda scenario: any(intervention.status == 500 for intervention in scenario.server.interventions),
            ServerScript(interventions=(answers.error(500),)),
        ),
        (
            lambda scenario: any(model["display_name"] == "Ä" for model in scenario.server.models),
            ServerScript((model("a", display_name="Ä"),)),
        ),
        (
            lambda scenario: any("+05:30" in model["created_at"] for model in scenario.server.models),
            ServerScript((model("a", "2026-01-01T00:00:00+05:30", "a"),)),
        ),
        (
            lambda scenario: any("x" in model for model in scenario.server.models),
            ServerScript((model("a", display_name="a", x=None),)),
        ),
    ],
    ids=["prefix", "spelling", "envelope", "request id", "pages", "answer", "name", "date", "member"],
)
def test_each_part_of_a_server_is_found(fails: Callable[[Scenario], object], left: ServerScript) -> None:
    assert smallest(LARGE, lambda scenario: bool(fails(scenario)), MANY).server == left


def test_a_cursor_stays_a_model_as_long_as_it_is_asked_for() -> None:
    least = smallest(LARGE, lambda scenario: "before_id" in scenario.call.args, MANY)
    assert ids_of(least.server.models) == (least.call.args["before_id"],)


def test_an_alias_that_is_asked_for_keeps_its_model() -> None:
    spec = CallSpec("retrieve", "models", {"model_id": "vendor/latest"})
    scenario = Scenario(
        "alias", spec, ServerScript(plain_models(9), aliases={"vendor/latest": "claude-5", "x": "claude-1"})
    )
    least = smallest(scenario, lambda scenario: scenario.call.args["model_id"] in scenario.server.aliases, MANY)
    (alias,) = least.server.aliases
    assert ids_of(least.server.models) == (least.server.aliases[alias],)
    assert len(alias) == 1


def test_an_unknown_id_never_becomes_a_known_one() -> None:
    scenario = Scenario(
        "none", CallSpec("retrieve", "models", {"model_id": "a/b"}), ServerScript(models_with_ids("abc"))
    )
    for candidate in smaller(scenario):
        assert candidate.call.args["model_id"] not in ids_of(candidate.server.models)


def test_nothing_smaller_fails_than_what_is_left() -> None:
    least = smallest(LARGE, goes_over_three_pages, MANY)
    assert not any(map(goes_over_three_pages, smaller(least)))


@pytest.mark.parametrize("budget", [0, 1, 7, 30])
def test_the_budget_is_kept(budget: int) -> None:
    asked_about: list[Scenario] = []

    def never(scenario: Scenario) -> bool:
        asked_about.append(scenario)
        return False

    assert smallest(LARGE, never, budget) == LARGE
    assert len(asked_about) == budget


def test_no_candidate_is_tried_twice() -> None:
    tried: list[str] = []

    def fails(scenario: Scenario) -> bool:
        tried.append(repr(scenario))
        return goes_over_three_pages(scenario)

    smallest(LARGE, fails, MANY)
    assert len(set(tried)) == len(tried)


def test_a_slow_scenario_is_left_as_it_is() -> None:
    slow = replace(LARGE, slow=True)
    assert list(smaller(slow)) == []
    assert smallest(slow, lambda _: True, MANY) == slow


def test_a_thousand_models_become_few_in_few_steps() -> None:
    tried = 0

    def fails(scenario: Scenario) -> bool:
        nonlocal tried
        tried += 1
        return "claude-777" in ids_of(scenario.server.models)

    large = Scenario("thousand", CallSpec("list", "models"), ServerScript(plain_models(1000)))
    assert ids_of(smallest(large, fails, 60).server.models) == ("claude-777",)


def test_a_web_page_that_is_made_smaller_is_a_web_page() -> None:
    page = answers.html_success()
    shown = Scenario("", CallSpec("list", "models", {"limit": 2}), ServerScript(plain_models(3), interventions=(page,)))

    def is_no_json(candidate: Scenario) -> bool:
        return any(one.body is not None and not one.body.startswith("{") for one in candidate.server.interventions)

    least = smallest(shown, is_no_json, 200)
    (kept,) = least.server.interventions
    assert (kept.headers, least.server.models, least.call.args) == (page.headers, (), {})
    assert kept.body is not None
    assert kept.body.startswith("<!DOCTYPE")
    assert len(kept.body) < len(page.body or "")
