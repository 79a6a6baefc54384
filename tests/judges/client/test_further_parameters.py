"""Parameters that a contract adds: sent as given, and kept on every page of a walk."""

from __future__ import annotations

from typing import Any

import pytest

from models_conformance import judge_client
from models_conformance.reference.client.driver import ReferenceDriver
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Pairs
from models_conformance.result import Result
from tests import sweeps

SENT = {"client-sends-lifecycle-as-given", "client-sends-anthropic-workspace-id-as-given"}
KEPT = {"client-walk-keeps-lifecycle", "client-walk-keeps-anthropic-workspace-id"}


class LosesThem(IdealClient):
    """Further parameters are not sent."""

    def further(self, call: Call) -> Pairs:
        return ()


class KeepsTheFirstValue(IdealClient):
    """Of several values the first goes out alone."""

    def further(self, call: Call) -> Pairs:
        return tuple(dict(reversed(super().further(call))).items())


class ForgetsThemOnLaterPages(IdealClient):
    """The next page is asked for without them."""

    def further(self, call: Call) -> Pairs:
        return () if "after_id" in call.args else super().further(call)


def judged(client: type[IdealClient], **options: Any) -> Result:
    """What is judged by the scenarios that come first, which show it."""
    only = ["client-sends-*", "client-walk-keeps-*"]
    return judge_client(ReferenceDriver(client()), only=only, examples=0, max_requests=1500, **options)


def verdicts(result: Result) -> dict[str, str]:
    return {entry.requirement.id: entry.verdict for entry in result.requirements if entry.requirement.id in SENT | KEPT}


@pytest.mark.parametrize("contract", sweeps.first(["auto", "2026-10"], 1))
def test_the_ideal_client_sends_them_as_given(contract: str) -> None:
    result = judged(IdealClient, contract=contract)
    assert result.run.verdict == "passed"
    assert verdicts(result) == dict.fromkeys(SENT | KEPT, "pass")


def test_a_contract_without_them_asks_for_none() -> None:
    assert verdicts(judged(LosesThem, contract="first")) == {}


@pytest.mark.parametrize(
    ("client", "kind", "broken"),
    [
        (ForgetsThemOnLaterPages, "is-left-out", KEPT),
        # Named faults of the reference do what these do.
        pytest.param(LosesThem, "is-left-out", SENT | KEPT, marks=pytest.mark.sweep),
        pytest.param(
            KeepsTheFirstValue,
            "is-changed",
            {"client-sends-lifecycle-as-given", "client-walk-keeps-lifecycle"},
            marks=pytest.mark.sweep,
        ),
    ],
)
def test_who_changes_them_is_found(client: type[IdealClient], kind: str, broken: set[str]) -> None:
    result = judged(client)
    found = {
        entry.requirement.id: {finding.kind for finding in entry.findings}
        for entry in result.requirements
        if entry.requirement.id in SENT | KEPT and entry.verdict == "fail"
    }
    assert found.keys() == broken
    assert all(kind in kinds for kinds in found.values())
