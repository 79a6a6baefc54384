"""The register is linted: unique slugs that state, each judged, each with a source that the contract knows."""

from __future__ import annotations

import re

import pytest

from models_conformance.contract.points import source_of
from models_conformance.contract.shipped import load_contract
from models_conformance.judges.client import CLIENT_JUDGES, CLIENT_TEMPLATES
from models_conformance.judges.server import SERVER_JUDGES, SERVER_TEMPLATES
from models_conformance.requirements.register import (
    Requirement,
    UnknownRequirement,
    areas,
    by_hand,
    every_requirement,
    register,
    select,
)

ENTRIES = list(register().values())
BY_HAND = list(by_hand().values())


TEMPLATES = {entry.template for entry in every_requirement().values() if entry.template}


def test_every_template_has_a_judge_and_an_instance_in_a_contract_that_ships() -> None:
    assert {*SERVER_TEMPLATES.by_requirement, *CLIENT_TEMPLATES.by_requirement} == TEMPLATES


def test_templates_come_to_nothing_that_the_register_has_by_hand() -> None:
    instances = [entry for entry in every_requirement().values() if entry.template]
    assert not {entry.id for entry in instances} & set(by_hand())
    for entry in instances:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", entry.id)
        assert "{" not in entry.statement + entry.source + entry.advice
        assert source_of(load_contract("2026-10"), entry.source) is not None


def test_every_id_is_judged_and_no_judge_is_without_an_id() -> None:
    judged, judged_client = set(SERVER_JUDGES.by_requirement), set(CLIENT_JUDGES.by_requirement)
    assert judged | judged_client == set(by_hand())
    assert not judged & judged_client


def test_a_client_is_judged_by_what_speaks_of_clients() -> None:
    assert {entry.id for entry in BY_HAND if "client" in entry.subjects} == set(CLIENT_JUDGES.by_requirement)


def test_every_area_has_requirements_and_every_requirement_an_area() -> None:
    assert {entry.area for entry in every_requirement().values()} == {area.name for area in areas()}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_requirement_states_its_claim(entry: Requirement) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", entry.id)
    assert entry.statement.endswith(".")
    assert not re.search(r"\b(should|must|test|check|verify)\b", entry.statement, re.IGNORECASE)
    assert entry.level in ("must", "should", "observe")
    assert entry.subjects
    assert bool(entry.advice) is (entry.level != "observe")
    if entry.level == "observe":
        assert re.fullmatch(r"Behaviour for .+ \(undocumented\)\.", entry.statement)
    assert "\n" not in entry.advice


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_requirement_rests_on_a_source(entry: Requirement) -> None:
    """`must` rests on a line of a Models page, `should` may rest on a companion page."""
    source = source_of(load_contract(), entry.source)
    assert source is not None
    if entry.level == "must":
        assert source.line is not None


def test_patterns_select_by_id_and_by_area() -> None:
    assert {entry.area for entry in select("server", ["walk"])} == {"walk"}
    assert [entry.id for entry in select("server", ["walk-e*"])] == ["walk-ends"]
    with pytest.raises(UnknownRequirement, match="nothing-like-this"):
        select("server", ["walk", "nothing-like-this"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_what_can_fail_declares_how_and_nothing_else_does(entry: Requirement) -> None:
    assert bool(entry.kinds) is (entry.level != "observe")
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(-\*)?", slug) for slug in entry.kinds)


def test_a_kind_that_is_not_declared_is_an_error_of_the_suite() -> None:
    entry = register()["list-limit-in-range-is-accepted"]
    assert entry.kind("answered-4xx") is entry.kind("answered-nothing") is entry.kinds["answered-*"]
    with pytest.raises(KeyError, match="declares no kind answered-9xx"):
        entry.kind("answered-9xx")
