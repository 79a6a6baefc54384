"""Every wrong client trips what it names and nothing unexpected; no odd one trips anything. Computed, by real runs.

Each row plays the systematic scenarios of the areas where its fault is at home; `models-conformance faults --matrix`
plays all of them, with generated ones beside.
"""

from __future__ import annotations

import pytest

from models_conformance.engine.fault_matrix import quick_client_row, run_client
from models_conformance.reference.client import client_faults, client_oddities
from tests import sweeps


@pytest.mark.parametrize("name", sweeps.rows(client_faults()))
def test_a_wrong_client_trips_what_it_names(name: str) -> None:
    one = quick_client_row(name)
    assert not one.missed, f"{name} survives {sorted(one.missed)}"
    assert not one.unexpected, f"{name} also trips {sorted(one.unexpected)}"


@pytest.mark.parametrize("name", list(client_oddities()))
def test_an_odd_client_trips_nothing(name: str) -> None:
    one = quick_client_row(name)
    assert one.tripped == frozenset()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_verdict_hangs_on_what_is_generated(seed: int) -> None:
    result = run_client("ideal", seed)
    assert result.run.verdict == "passed"
    unjudged = [entry.requirement.id for entry in result.requirements if entry.verdict == "inconclusive"]
    assert unjudged == []
