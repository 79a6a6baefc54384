"""Every fact of a contract is judged or untestable with a reason; what was learned after a release does not gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from click.testing import CliRunner

from models_conformance import judge_server
from models_conformance.cli.requirements import requirements
from models_conformance.contract.model import Contract, Fact
from models_conformance.contract.shipped import SHIPPED, load_contract
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.reports.as_json import to_document
from models_conformance.requirements.accounting import facts_of, untestable
from models_conformance.requirements.register import register_of, scored_in
from models_conformance.result import Result


def accounted(contract: Contract) -> Mapping[str, tuple[str, ...]]:
    """The requirements that judge each fact of a contract, by its key: none where it is untestable or forgotten."""
    judges: dict[str, list[str]] = {}
    for entry in register_of(contract).values():
        for fact in (entry.source, *entry.facts) if entry.level != "observe" else ():
            judges.setdefault(fact, []).append(entry.id)
    return {fact: tuple(judges.get(fact, ())) for fact in facts_of(contract)}


def unaccounted(contract: Contract) -> list[str]:
    """The facts that no requirement judges and that the register does not call untestable."""
    return [fact for fact, judges in accounted(contract).items() if not judges and fact not in untestable()]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_fact_is_judged_or_untestable_with_a_reason(name: str) -> None:
    contract = load_contract(name)
    assert unaccounted(contract) == []
    assert not [fact for fact, judges in accounted(contract).items() if judges and fact in untestable()]


def test_a_fact_that_has_neither_is_found() -> None:
    contract = load_contract("2026-10")
    news = Fact("list.lifecycle.sorts_by", "line", ())
    grown = replace(contract, revision="grown", facts={**contract.facts, news.about: news})
    assert unaccounted(grown) == [news.about]
    limit = replace(contract.operations["list"].parameters["after_id"], default="x")
    parameters = {**contract.operations["list"].parameters, "after_id": limit}
    listing = replace(contract.operations["list"], parameters=parameters)
    grown = replace(contract, revision="said", operations={**contract.operations, "list": listing})
    assert unaccounted(grown) == ["list.after_id (default)"]


def test_what_is_untestable_is_a_fact_and_is_listed() -> None:
    facts = {fact for name in SHIPPED for fact in facts_of(load_contract(name))}
    assert set(untestable()) <= facts
    listed = CliRunner().invoke(requirements, ["--untestable"]).output
    assert all(fact in listed and reason in listed for fact, reason in untestable().items())


@pytest.mark.parametrize("name", SHIPPED)
def test_what_scored_at_the_release_of_a_contract_is_there(name: str) -> None:
    known = {entry.id for entry in register_of(load_contract(name)).values() if entry.level != "observe"}
    frozen = scored_in(name)
    assert frozen is not None
    assert frozen <= known


def test_what_was_added_after_a_release_is_told_and_gates_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = {name: scored_in(name) or frozenset() for name in SHIPPED}
    broken = "list-default-page-is-20"
    monkeypatch.setattr("models_conformance.engine.findings.scored_in", lambda contract: frozen[contract] - {broken})

    def judged(*, gate_added: bool) -> Result:
        with running(behaviour_named("default-limit-is-ten")) as server:
            return judge_server(server.url, api_key=server.api_key, examples=0, only="limit", gate_added=gate_added)

    told, gated = judged(gate_added=False), judged(gate_added=True)
    assert (told.run.verdict, gated.run.verdict) == ("passed", "failed")
    entry, same = (
        next(entry for entry in to_document(result)["requirements"] if entry["id"] == broken)
        for result in (told, gated)
    )
    assert (entry["verdict"], entry["not_scored"]) == ("fail", "added-after-release")
    assert "not_scored" not in same
    assert any(broken in note for note in told.notes)
