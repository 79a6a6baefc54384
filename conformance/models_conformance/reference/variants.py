"""Every fault and oddity of both references by name, and what each fault is recorded to trip."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.registry import Registry, unknown_variant
from models_conformance.reference.server import SERVERS
from models_conformance.requirements.consequences import explained
from models_conformance.requirements.register import every_requirement

Side = Literal["server", "client"]

REGISTRIES: Mapping[Side, Registry[Any]] = {"server": SERVERS, "client": CLIENTS}


@cache
def recorded_rows() -> Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]:
    """The committed matrix: what each fault trips, by side, name and requirement, as kinds and what they are about."""
    return {
        side: {
            name: {requirement: tuple(kinds) for requirement, kinds in trips.items()} for name, trips in faults.items()
        }
        for side, faults in _document().items()
        if side in REGISTRIES
    }


@cache
def recorded_causes() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The roots of a fault's causes, in their order, by side and name; of faults whose one cause has the fault's own
    root nothing is recorded."""
    return {
        (side, name): tuple(roots)
        for side, faults in _document().get("causes", {}).items()
        for name, roots in faults.items()
    }


def _document() -> Any:
    return json.loads(files("models_conformance.reference").joinpath("fault_matrix.json").read_text("utf-8"))


def described(name: str | None) -> Iterator[str]:
    """What is told of a name, or of all variants whose name or area a glob matches; of all without. Raises
    UnknownVariant."""
    if name is not None and any(name in registry.names() for registry in REGISTRIES.values()):
        yield from description(name)
        return
    lines = list(listing(name or "*"))
    if not lines:
        # Raises, with names that are close.
        sides_of(name or "")
    yield from lines


def listing(pattern: str = "*") -> Iterator[str]:
    """The faults and oddities that a glob matches, by name or by the area of their root, with what each is about: a
    line each, under headings for kind and area."""
    width = max(len(name) for registry in REGISTRIES.values() for name in registry.names())
    known = every_requirement()
    for registry in REGISTRIES.values():
        for kind, named in (("faults", registry.faults()), ("oddities, which conform", registry.oddities())):
            areas: dict[str, list[str]] = {}
            for name, variant in named.items():
                area = known[variant.root].area if variant.root is not None else ""
                if fnmatchcase(name, pattern) or (area and fnmatchcase(area, pattern)):
                    areas.setdefault(area, []).append(f"  {name:<{width}}  {variant.about}")
            if areas:
                yield f"{registry.title}: {kind} ({sum(map(len, areas.values()))})"
            for area, lines in areas.items():
                yield from ([f" {area}", *lines] if area else lines)


def description(name: str) -> Iterator[str]:
    """What the variants of that name are about, and what faults trip. Raises UnknownVariant."""
    for side in sides_of(name):
        variant = REGISTRIES[side].variant(name)
        title = REGISTRIES[side].title
        if variant is None:
            yield f"{name}: {title} without any fault"
        elif variant.root is None:
            yield f"{name} (oddity of {title}, conforms): {variant.about}"
        else:
            rules = explained(variant.root, recorded_rows()[side][name])
            yield f"{name} (fault of {title}): {variant.about}"
            yield f"  root   {variant.root}"
            yield from (f"  trips  {requirement}, by rule {rule}" for requirement, rule in sorted(rules.items()))


def sides_of(name: str) -> list[Side]:
    """The references that have a variant of that name. Raises UnknownVariant where neither has."""
    sides = [side for side, registry in REGISTRIES.items() if name in registry.names()]
    if not sides:
        known = {key: None for registry in REGISTRIES.values() for key in registry.names()}
        raise unknown_variant("the reference", name, known)
    return sides
