"""The first requests tell most: a run that is cut short has asked one question of each kind."""

from __future__ import annotations

import pytest

from models_conformance.engine.fault_matrix import run_against
from models_conformance.reference.server import SERVERS
from models_conformance.reference.variants import recorded_causes
from models_conformance.result import Result

# What only repetitions, and what is undocumented, exercise comes later.
_FIRST = 52


def verdicts(result: Result, level: str) -> dict[str, str]:
    return {
        entry.requirement.id: entry.verdict
        for entry in result.requirements
        if entry.requirement.level == level and entry.verdict != "not-applicable"
    }


def test_every_documented_requirement_is_exercised_by_the_first_requests() -> None:
    cut, whole = run_against("ideal", max_requests=_FIRST), run_against("ideal")
    assert verdicts(cut, "must") == verdicts(whole, "must")
    assert whole.run.requests <= 200
    assert cut.run.requests <= _FIRST
    assert cut.run.verdict == "passed"
    assert cut.run.stopped == f"the limit of {_FIRST} requests was reached"
    later = {name for name, verdict in verdicts(cut, "should").items() if verdict == "inconclusive"}
    assert later == {
        "beta-header-forms-are-equal",
        "beta-unknown-is-accepted-or-refused",
        "retrieve-encoding-is-equivalent",
    }


@pytest.mark.parametrize("most", [149, 150, 151, 152, 153])
def test_news_that_a_run_ends_with_are_no_fault(most: int) -> None:
    result = run_against("newest-model-is-retired-late", max_requests=most)
    assert [entry.requirement.id for entry in result.requirements if entry.verdict == "fail"] == []


@pytest.mark.parametrize(
    "name",
    [
        "before-id-never-reaches-the-newest",
        "limit-one-gives-two",
        "alias-alternates",
        "connection-closes-on-unknown-models",
        "header-names-are-read-in-small-letters-only",
        "has-more-always-looks-forward",
    ],
)
def test_most_faults_are_found_by_forty_requests(name: str) -> None:
    found = {
        entry.requirement.id for entry in run_against(name, max_requests=40).requirements if entry.verdict == "fail"
    }
    # What a whole run names first, as its row of the matrix says.
    root = str(SERVERS.faults()[name].root)
    assert recorded_causes().get(("server", name), (root,))[0] in found
