"""Every wrong client trips what the committed matrix says; no odd one trips anything. Computed, by real runs."""

from __future__ import annotations

import pytest

from models_conformance.engine.fault_matrix import client_row, run_client
from models_conformance.reference.client import CLIENTS
from tests import sweeps

# Beside the systematic scenarios, which trip every named fault and show each of its kinds.
GENERATED = 60
GENERATED_A_ROW = 12
GENERATED_A_RUN = 30


@pytest.mark.parametrize(("name", "seed"), sweeps.rows("client"))
def test_a_wrong_client_trips_what_is_recorded_at_any_seed(name: str, seed: int) -> None:
    assert client_row(name, seed, GENERATED_A_ROW).problems() == []


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("reads-utf-8-as-latin-1", 2),
        ("takes-members-by-their-place", 2),
        pytest.param("reads-utf-8-as-latin-1", 3, marks=pytest.mark.sweep),
        pytest.param("takes-members-by-their-place", 3, marks=pytest.mark.sweep),
        ("ends-at-a-later-page-that-is-unreadable", 1),
    ],
)
def test_a_wrong_client_trips_the_same_where_chance_draws_answers_unusual_in_several_ways(name: str, seed: int) -> None:
    assert client_row(name, seed, GENERATED_A_RUN).unlike_recorded() == []


@pytest.mark.parametrize("name", sweeps.sample(CLIENTS.oddities()))
def test_an_odd_client_trips_nothing(name: str) -> None:
    assert client_row(name).trips == {}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.sweep) for seed in (1, 2))])
def test_no_verdict_hangs_on_what_is_generated(seed: int) -> None:
    result = run_client("ideal", seed, GENERATED)
    assert result.run.verdict == "passed"
    unjudged = [entry.requirement.id for entry in result.requirements if entry.verdict == "inconclusive"]
    assert unjudged == []
