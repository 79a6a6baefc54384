"""The register of oddities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from models_conformance.reference.naming import about_of, slug
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour

_MODULES = ("stock", "shape", "framing", "conduct", "silence")


@dataclass(frozen=True, slots=True)
class Oddity:
    """A correct but unusual server."""

    name: str
    about: str
    behaviour: type[Behaviour]

    def build(self, models: int | None = None, api_key: str | None = REFERENCE_KEY) -> Behaviour:
        """A fresh server of this kind over `models` models, or over its own catalogue if it has one."""
        return self.behaviour(None if models is None else catalogue_of(models), api_key=api_key)


_ODDITIES: dict[str, Oddity] = {}


def oddity(behaviour: type[Behaviour]) -> type[Behaviour]:
    """Register a Behaviour as an oddity. Raises ValueError for a name that is taken."""
    name = slug(behaviour.__name__)
    if name in _ODDITIES:
        raise ValueError(f"the oddity {name} is registered twice")
    _ODDITIES[name] = Oddity(name, about_of(behaviour), behaviour)
    return behaviour


@cache
def oddities() -> Mapping[str, Oddity]:
    """Every oddity by name."""
    for module in _MODULES:
        import_module(f"models_conformance.reference.server.oddities.{module}")
    return dict(_ODDITIES)
