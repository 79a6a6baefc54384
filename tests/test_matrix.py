"""Every fault trips what it names and nothing unexpected; no oddity trips anything. Computed, by real runs."""

from __future__ import annotations

import pytest

from models_conformance.engine.fault_matrix import as_table, row, rows, run_against
from models_conformance.reference.server.faults import faults
from models_conformance.reference.server.oddities import oddities
from tests import sweeps


@pytest.mark.parametrize("name", sweeps.rows(faults()))
def test_a_fault_trips_what_it_names(name: str) -> None:
    one = row(name)
    assert not one.missed, f"{name} survives {sorted(one.missed)}"
    assert not one.unexpected, f"{name} also trips {sorted(one.unexpected)}"


@pytest.mark.parametrize("name", list(oddities()))
def test_a_conforming_oddity_trips_nothing(name: str) -> None:
    result = run_against(name)
    findings = [
        (entry.requirement.id, finding.observed, finding.expected)
        for entry in result.requirements
        for finding in entry.findings
    ]
    assert findings == []
    assert result.run.verdict == "passed"


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "name",
    [
        "ideal",
        "has-more-is-true-at-the-end-with-limit-three",
        "before-id-with-limit-one-is-the-head",
        "before-id-under-betas-is-the-head",
    ],
)
def test_no_verdict_hangs_on_the_seed(name: str, seed: int) -> None:
    one = row(name, seed)
    assert not one.missed
    assert not one.unexpected


def test_the_table_names_survivors() -> None:
    text = "\n".join(as_table(rows(["after-id-is-inclusive", "ideal"])))
    assert "| after-id-is-inclusive | " in text
    assert "list-after-id-is-exclusive" in text
    assert "| ideal | – | " in text
