"""The register is linted: unique slugs that state, each judged, each with a source that the contract knows."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from models_conformance.contract.shipped import source_of
from models_conformance.engine.judging import AREAS, CLIENT_AREAS
from models_conformance.judges.client.registry import CLIENT_JUDGES
from models_conformance.judges.judgement import JUDGES
from models_conformance.requirements.register import Requirement, UnknownRequirement, areas, register, select

ENTRIES = list(register().values())


def test_ids_are_unique() -> None:
    document = tomllib.loads(files("models_conformance.requirements").joinpath("register.toml").read_text("utf-8"))
    ids = [entry["id"] for entry in document["requirement"]]
    assert len(ids) == len(set(ids))


def test_every_id_is_judged_and_no_judge_is_without_an_id() -> None:
    assert set(JUDGES) | set(CLIENT_JUDGES) == set(register())
    assert not set(JUDGES) & set(CLIENT_JUDGES)
    assert len({module.__name__ for module in (*AREAS, *CLIENT_AREAS)}) == len(AREAS) + len(CLIENT_AREAS)


def test_a_client_is_judged_by_what_speaks_of_clients() -> None:
    assert {entry.id for entry in ENTRIES if "client" in entry.subjects} == set(CLIENT_JUDGES)


def test_every_area_has_requirements_and_every_requirement_an_area() -> None:
    assert {entry.area for entry in ENTRIES} == {area.name for area in areas()}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_requirement_states_its_claim(entry: Requirement) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", entry.id)
    assert entry.statement.endswith(".")
    assert not re.search(r"\b(should|must|test|check|verify)\b", entry.statement, re.IGNORECASE)
    assert entry.level in ("must", "should", "observe")
    assert entry.subjects
    assert bool(entry.advice) is (entry.level != "observe")
    assert "\n" not in entry.advice


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_requirement_rests_on_a_source(entry: Requirement) -> None:
    """`must` rests on a line of a Models page, `should` may rest on a companion page."""
    source = source_of(entry.source)
    assert source is not None
    if entry.level == "must":
        assert source.line is not None


def test_patterns_select_by_id_and_by_area() -> None:
    assert {entry.area for entry in select("server", ["walk"])} == {"walk"}
    assert [entry.id for entry in select("server", ["walk-e*"])] == ["walk-ends"]
    with pytest.raises(UnknownRequirement, match="nothing-like-this"):
        select("server", ["walk", "nothing-like-this"])
