"""The register of requirements: every claim the suite can judge, in our own words. Ids never change.

`areas.toml` lists the areas in the order of reports; `register/AREA.toml` holds the requirements of one.

level    must: the Models pages say so; should: the companion pages, or plain reading; observe: undocumented,
         reported and never judged.
source   a key of the contract (`contract.points.source_of`).
facts    further facts that it judges, beside its source (`requirements.accounting`).
why      why it matters, in one sentence; empty for observe.
advice   one line for the person who has to fix the subject.
kinds    the ways in which a subject can break the claim: a slug, and the sentences of what is observed and what is
         expected, with the names of a judgement's values in braces (`judges.wording`). A slug that ends in `-*`
         stands for one kind a class of status.

A `[[template]]` is expanded over the facts of the contract in force (`requirements.templates`): its id, statement,
source and advice are filled with what each fact of the shape `over` names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from models_conformance.contract.model import Contract
from models_conformance.contract.shipped import load_contract, shipped_contracts
from models_conformance.requirements.templates import OVER, About

Level = Literal["must", "should", "observe"]

STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx", "nothing")
"""What a request can be answered with, as the end of a kind's slug; `nothing` is not a whole response."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to break a requirement. `observed` and `expected` are templates of sentences."""

    slug: str
    observed: str
    expected: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One testable claim. `source` is a key of the contract; `advice` and `why` are one line, empty for `observe`.

    `template` is the id of the template that it was expanded from, `about` what that was filled with. `facts` are
    further keys of the contract that it judges (`requirements.accounting`).
    """

    id: str
    area: str
    level: Level
    statement: str
    source: str
    subjects: tuple[str, ...]
    advice: str
    kinds: Mapping[str, Kind] = field(default_factory=dict, hash=False)
    template: str = ""
    about: Mapping[str, str] = field(default_factory=dict, hash=False)
    facts: tuple[str, ...] = ()
    why: str = ""

    def kind(self, slug: str) -> Kind:
        """The kind of that slug. Raises KeyError for one that the register does not declare."""
        if slug in self.kinds:
            return self.kinds[slug]
        stem, _, end = slug.rpartition("-")
        if end in STATUS_CLASSES and f"{stem}-*" in self.kinds:
            return self.kinds[f"{stem}-*"]
        raise KeyError(f"{self.id} declares no kind {slug}")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the contract; reports group requirements by it, in register order."""

    name: str
    about: str


class UnknownRequirement(ValueError):
    """A pattern that matches no requirement."""


def _document(*path: str) -> dict[str, Any]:
    return tomllib.loads(files("models_conformance.requirements").joinpath(*path).read_text("utf-8"))


@cache
def areas() -> tuple[Area, ...]:
    """All areas in register order."""
    return tuple(Area(**entry) for entry in _document("areas.toml")["area"])


def register() -> dict[str, Requirement]:
    """Every requirement of the first contract by id, in register order."""
    return register_of(load_contract())


@cache
def by_hand() -> dict[str, Requirement]:
    """Every requirement that no template comes to, by id. Raises ValueError for an id that stands twice."""
    requirements: dict[str, Requirement] = {}
    for area in areas():
        for entry in _document("register", f"{area.name}.toml").get("requirement", ()):
            if entry["id"] in requirements:
                raise ValueError(f"the requirement {entry['id']} is in the register twice")
            requirements[entry["id"]] = _requirement(area, entry)
    return requirements


def _requirement(area: Area, entry: Mapping[str, Any]) -> Requirement:
    kinds = {slug: Kind(slug, *sentences) for slug, sentences in entry.get("kinds", {}).items()}
    lists = {name: tuple(entry.get(name, ())) for name in ("subjects", "facts")}
    return Requirement(**{**entry, **lists, "area": area.name, "kinds": kinds})


@cache
def register_of(*contracts: Contract) -> dict[str, Requirement]:
    """The register with what its templates come to over the facts of these contracts, area by area."""
    found: dict[str, Requirement] = {}
    for area in areas():
        found |= {name: entry for name, entry in by_hand().items() if entry.area == area.name}
        for entry in _document("register", f"{area.name}.toml").get("template", ()):
            for contract in contracts:
                for about in OVER[entry["over"]](contract):
                    expanded = _expanded(area, entry, about)
                    found.setdefault(expanded.id, expanded)
    return found


def _expanded(area: Area, entry: Mapping[str, Any], about: About) -> Requirement:
    filled = {name: entry[name].format_map(about) for name in ("id", "statement", "source", "advice")}
    plain = {name: value for name, value in entry.items() if name != "over"}
    facts = [fact.format_map(about) for fact in entry.get("facts", ())]
    return _requirement(area, {**plain, **filled, "facts": facts, "template": entry["id"], "about": about})


def every_requirement() -> dict[str, Requirement]:
    """The register with its templates expanded over every contract that ships."""
    return register_of(*shipped_contracts())


@cache
def scored_in(contract: str) -> frozenset[str] | None:
    """The ids of the requirements that may gate under the contract of that name; None where all may.

    `scored/NAME.txt` is frozen when the contract is released: a suite that learns more tells what it learned, and turns
    no verdict of yesterday red. A contract that does not ship has no release: whoever holds a subject to it means all
    of it.
    """
    frozen = files("models_conformance.requirements").joinpath("scored", f"{contract}.txt")
    return frozenset(frozen.read_text("utf-8").split()) if contract and frozen.is_file() else None


@cache
def contract_with(requirement: str) -> Contract:
    """The oldest contract that ships and has the requirement. Raises KeyError where none has."""
    for contract in shipped_contracts():
        if requirement in register_of(contract):
            return contract
    raise KeyError(requirement)


def select(subject: str, patterns: Iterable[str] = (), contracts: Iterable[Contract] = ()) -> list[Requirement]:
    """Requirements of these contracts, without one of the first, that apply to `subject` and match any glob, if any.

    A pattern is matched against the id and against the area. Raises UnknownRequirement where a pattern
    matches nothing at all, because a misspelt gate would otherwise pass forever.
    """
    wanted, known = list(patterns), register_of(*(tuple(contracts) or (load_contract(),)))
    for pattern in wanted:
        if not any(_matches(entry, pattern) for entry in {**every_requirement(), **known}.values()):
            raise UnknownRequirement(f"no requirement or area matches '{pattern}'")
    return [
        entry
        for entry in known.values()
        if subject in entry.subjects and (not wanted or any(_matches(entry, pattern) for pattern in wanted))
    ]


def _matches(requirement: Requirement, pattern: str) -> bool:
    return fnmatchcase(requirement.id, pattern) or fnmatchcase(requirement.area, pattern)
