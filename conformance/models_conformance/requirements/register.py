"""The register of requirements, read from `register.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Level = Literal["must", "should", "observe"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One testable claim. `source` is a key of the contract; `advice` is one line, empty for `observe`."""

    id: str
    area: str
    level: Level
    statement: str
    source: str
    subjects: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the contract; reports group requirements by it, in register order."""

    name: str
    about: str


class UnknownRequirement(ValueError):
    """A pattern that matches no requirement."""


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files("models_conformance.requirements").joinpath("register.toml").read_text("utf-8"))


@cache
def areas() -> tuple[Area, ...]:
    """All areas in register order."""
    return tuple(Area(**entry) for entry in _document()["area"])


@cache
def register() -> dict[str, Requirement]:
    """Every requirement by id, in register order."""
    entries = _document()["requirement"]
    return {entry["id"]: Requirement(**{**entry, "subjects": tuple(entry["subjects"])}) for entry in entries}


def select(subject: str, patterns: Iterable[str] = ()) -> list[Requirement]:
    """Requirements that apply to `subject` and match any glob (all of them without one).

    A pattern is matched against the id and against the area. Raises UnknownRequirement where a pattern
    matches nothing at all, because a misspelt gate would otherwise pass for ever.
    """
    wanted = list(patterns)
    for pattern in wanted:
        if not any(_matches(entry, pattern) for entry in register().values()):
            raise UnknownRequirement(f"no requirement or area matches '{pattern}'")
    return [
        entry
        for entry in register().values()
        if subject in entry.subjects and (not wanted or any(_matches(entry, one) for one in wanted))
    ]


def _matches(requirement: Requirement, pattern: str) -> bool:
    return fnmatchcase(requirement.id, pattern) or fnmatchcase(requirement.area, pattern)
