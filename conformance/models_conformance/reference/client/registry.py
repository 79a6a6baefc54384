"""The registers of the reference client's faults and oddities, and its driver by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from models_conformance.errors import UsageError
from models_conformance.reference.client.driver import ReferenceDriver
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.naming import about_of, slug

IDEAL = "ideal"

_FAULT_MODULES = (
    "path",
    "query",
    "betas",
    "credentials",
    "walk",
    "items",
    "fields",
    "dates",
    "parsing",
    "memory",
    "errors",
    "unreadable",
    "retry",
)
_ODDITY_MODULES = ("spelling", "transport", "shown", "conduct")


class UnknownClient(UsageError):
    """A name that no fault and no oddity has; the message offers the names that are close."""


@dataclass(frozen=True, slots=True)
class ClientFault:
    """A wrong client.

    `trips` are the ids of the requirements that it must trip. `may_trip` are those it may trip beside them: what a
    judge sees of a wrong client depends on what it happened to be asked.
    """

    name: str
    area: str
    about: str
    trips: frozenset[str]
    may_trip: frozenset[str]
    client: type[IdealClient]

    def driver(self) -> ReferenceDriver:
        """A fresh driver of a client with this fault."""
        return ReferenceDriver(self.client())


@dataclass(frozen=True, slots=True)
class ClientOddity:
    """A correct but unusual client."""

    name: str
    about: str
    client: type[IdealClient]

    def driver(self) -> ReferenceDriver:
        """A fresh driver of a client of this kind."""
        return ReferenceDriver(self.client())


_FAULTS: dict[str, ClientFault] = {}
_ODDITIES: dict[str, ClientOddity] = {}

Register = Callable[[type[IdealClient]], type[IdealClient]]


def area(name: str) -> Callable[..., Register]:
    """The decorator that registers a client as a fault of that area.

    Its positional arguments are the requirements that the fault must trip, `may` those it may trip beside them.
    Registering raises ValueError for a name that is taken and for a fault that trips nothing.
    """

    def fault(*trips: str, may: tuple[str, ...] = ()) -> Register:
        def register(client: type[IdealClient]) -> type[IdealClient]:
            entry = slug(client.__name__)
            if entry in _FAULTS or not trips:
                raise ValueError(f"the fault {entry} is registered twice or trips nothing")
            beside = frozenset(may) - frozenset(trips)
            _FAULTS[entry] = ClientFault(entry, name, about_of(client), frozenset(trips), beside, client)
            return client

        return register

    return fault


def oddity(client: type[IdealClient]) -> type[IdealClient]:
    """Register a client as an oddity. Raises ValueError for a name that is taken."""
    name = slug(client.__name__)
    if name in _ODDITIES:
        raise ValueError(f"the oddity {name} is registered twice")
    _ODDITIES[name] = ClientOddity(name, about_of(client), client)
    return client


@cache
def client_faults() -> Mapping[str, ClientFault]:
    """Every fault by name, area by area."""
    for module in _FAULT_MODULES:
        import_module(f"models_conformance.reference.client.faults.{module}")
    return dict(_FAULTS)


@cache
def client_oddities() -> Mapping[str, ClientOddity]:
    """Every oddity by name."""
    for module in _ODDITY_MODULES:
        import_module(f"models_conformance.reference.client.oddities.{module}")
    return dict(_ODDITIES)


def driver_named(name: str) -> ReferenceDriver:
    """A fresh driver of the ideal (`ideal`), of a fault or of an oddity. Raises UnknownClient."""
    if name == IDEAL:
        return ReferenceDriver(IdealClient())
    named = client_faults().get(name) or client_oddities().get(name)
    if named is None:
        close = get_close_matches(name, [IDEAL, *client_faults(), *client_oddities()], n=3, cutoff=0.5)
        hint = f"; close names: {', '.join(close)}" if close else ""
        raise UnknownClient(f"the reference client has no fault or oddity named '{name}'{hint}")
    return named.driver()
