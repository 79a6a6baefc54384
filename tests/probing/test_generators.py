"""Generated requests come from the contract and reach its edges; the same seed makes the same run."""

from __future__ import annotations

import dataclasses
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from models_conformance.contract.points import Limits, betas_of
from models_conformance.contract.shipped import load_contract
from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.probing.coverage import Coverage, limits_to_try, positions_to_try
from models_conformance.probing.generated import beta_lists, limits, limits_outside, list_request_specs
from models_conformance.probing.probes import UNKNOWN_BETA, special_positions
from models_conformance.probing.request_specs import RequestSpec, encode, list_request, literal, retrieve_request
from models_conformance.reference.server.serving import behaviour_named, running

CONTRACT = load_contract()
IDS = ["a/b", "c d", "é"]
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


def test_the_longest_of_long_ids_is_asked_for_whatever_stands_around_it() -> None:
    ids = ["claude-a", "claude-b", "claude-" + "c" * 40, "claude-" + "d" * 30]
    assert special_positions(ids, frozenset()) == [0, 2]
    assert special_positions(ids[:2], frozenset()) == [0]


@given(TEXT, TEXT)
def test_a_query_survives_being_sent(cursor: str, value: str) -> None:
    target = "http://h" + RequestSpec((("after_id", cursor), ("x", value))).target
    assert parse_qsl(urlsplit(target).query, keep_blank_values=True, encoding="utf-8") == [
        ("after_id", cursor),
        ("x", value),
    ]


@given(TEXT)
def test_an_id_stays_one_path_segment(model: str) -> None:
    for escaped in (encode(model), literal(model)):
        assert not set(escaped) & set("/?# ")
        assert escaped.isascii()
    assert retrieve_request(model).target == "/" + encode(model)


@given(limits(CONTRACT))
def test_limits_stay_inside_the_documented_range(limit: int) -> None:
    assert 1 <= limit <= 1000


@pytest.mark.parametrize("edge", [1, 2, 19, 20, 21, 999, 1000])
def test_limits_reach_every_edge(edge: int) -> None:
    assert find(limits(CONTRACT), lambda limit: limit == edge) == edge


def test_bounds_follow_the_contract_not_constants() -> None:
    operation = CONTRACT.operations["list"]
    changed = dataclasses.replace(operation.parameters["limit"], minimum=5, default=7, maximum=9)
    contract = dataclasses.replace(
        CONTRACT,
        operations={
            **CONTRACT.operations,
            "list": dataclasses.replace(operation, parameters={**operation.parameters, "limit": changed}),
        },
    )
    drawn: set[int] = set()

    @settings(max_examples=60)
    @given(limits(contract))
    def draw(limit: int) -> None:
        drawn.add(limit)

    draw()
    assert drawn == {5, 6, 7, 8, 9}
    assert find(limits_outside(contract), lambda text: text == "10") == "10"


def test_beta_lists_reach_none_one_all_and_unknown() -> None:
    strategy = beta_lists(CONTRACT)
    wanted = (
        lambda betas: betas is None,
        lambda betas: betas is not None and len(betas) == 1,
        lambda betas: betas is not None and set(betas) == set(betas_of(load_contract())),
        lambda betas: betas is not None and UNKNOWN_BETA in betas,
    )
    for condition in wanted:
        find(strategy, condition)


def test_list_asks_reach_three_parameters_at_once() -> None:
    found = find(
        list_request_specs(CONTRACT, IDS),
        lambda spec: {"limit", "before_id"} <= dict(spec.query).keys() and spec.betas is not None,
    )
    assert len(found.query) == 2


@pytest.mark.parametrize("count", [0, 1, 2, 5, 20, 47])
def test_a_sweep_covers_every_limit_and_position_of_a_short_list(count: int) -> None:
    random = Random(0)
    sizes = limits_to_try(count, Limits(1, 20, 1000), random)
    places = positions_to_try(count, [], random)
    coverage = Coverage(count, sizes, places, default=20, betas=len(betas_of(load_contract())), seed=0)
    cells = list(coverage.requests(1000))
    assert {cell.limit for cell in cells} == set(sizes)
    for direction in ("after", "before"):
        assert {cell.position for cell in cells if cell.direction == direction} == set(places)
    assert {cell.betas for cell in cells if len(cell.betas) == 1} >= {
        (index,) for index in range(len(betas_of(load_contract())))
    }
    assert list(coverage.requests(10)) == []


@pytest.mark.parametrize("count", [3, 47, 200, 100_000])
def test_a_sweep_ends_and_what_was_asked_otherwise_is_not_asked_again(count: int) -> None:
    def fresh() -> Coverage:
        random = Random(0)
        sizes = limits_to_try(count, Limits(1, 20, 1000), random)
        return Coverage(count, sizes, positions_to_try(count, [], random), default=20, betas=3, seed=0)

    cells = list(fresh().requests(2000))
    assert len(cells) == len(set(cells)) < 600
    coverage = fresh()
    for cell in cells:
        coverage.add(cell)
    assert list(coverage.requests(10)) == []


@pytest.mark.parametrize("count", [100, 1000, 100_000])
def test_positions_of_a_long_list_reach_both_ends_and_the_deep(count: int) -> None:
    places = positions_to_try(count, [7], Random(0))
    assert {0, 7, count - 1} <= set(places)
    assert len(places) <= 64
    assert any(place > count // 2 for place in places)


def test_asking_for_nothing_sends_nothing() -> None:
    assert list_request().target == ""
    assert list_request().beta_lines == ()


def requests_of(seed: int) -> list[tuple[int, str]]:
    spec: list[tuple[int, str]] = []
    with running(behaviour_named("after-id-is-inclusive")) as server:
        result = judge_server(
            ServerOptions(
                server.url,
                server.api_key,
                run=RunOptions(seed=seed, progress=lambda phase, sent: spec.append((sent, phase))),
            )
        )
    findings = [(e.requirement.id, f.observed, f.exchanges) for e in result.requirements for f in e.findings]
    return [*spec, (0, repr(findings))]


def test_a_seed_reproduces_a_run() -> None:
    assert requests_of(5) == requests_of(5)
