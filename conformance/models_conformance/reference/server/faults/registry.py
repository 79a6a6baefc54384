"""The register of faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from models_conformance.reference.naming import about_of, slug
from models_conformance.reference.server.catalogue import catalogue_of
from models_conformance.reference.server.ideal import REFERENCE_KEY, Behaviour

_MODULES = (
    "transport",
    "envelope",
    "model",
    "order",
    "limit",
    "cursor",
    "positions",
    "conditional",
    "has_more",
    "walk",
    "repeat",
    "retrieve",
    "beta",
    "credentials",
    "errors",
    "crashes",
    "compatibility",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong server.

    `trips` are the ids of the requirements that it must trip. `may_trip` are those it may trip beside them:
    what a judge sees of a wrong answer depends on what the run happened to ask.
    """

    name: str
    area: str
    about: str
    trips: frozenset[str]
    may_trip: frozenset[str]
    behaviour: type[Behaviour]

    def build(self, models: int | None = None, api_key: str | None = REFERENCE_KEY) -> Behaviour:
        """A fresh server with this fault over `models` models, or over its own catalogue if it has one."""
        return self.behaviour(None if models is None else catalogue_of(models), api_key=api_key)


_FAULTS: dict[str, Fault] = {}

Register = Callable[[type[Behaviour]], type[Behaviour]]


def area(name: str) -> Callable[..., Register]:
    """The decorator that registers a Behaviour as a fault of that area.

    Its positional arguments are the requirements that the fault must trip, `may` those it may trip beside
    them. Registering raises ValueError for a name that is taken and for a fault that trips nothing.
    """

    def fault(*trips: str, may: tuple[str, ...] = ()) -> Register:
        def register(behaviour: type[Behaviour]) -> type[Behaviour]:
            entry = slug(behaviour.__name__)
            if entry in _FAULTS or not trips:
                raise ValueError(f"the fault {entry} is registered twice or trips nothing")
            beside = frozenset(may) - frozenset(trips)
            _FAULTS[entry] = Fault(entry, name, about_of(behaviour), frozenset(trips), beside, behaviour)
            return behaviour

        return register

    return fault


@cache
def faults() -> Mapping[str, Fault]:
    """Every fault by name, area by area."""
    for module in _MODULES:
        import_module(f"models_conformance.reference.server.faults.{module}")
    return dict(_FAULTS)
