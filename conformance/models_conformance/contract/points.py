"""What a contract says of the points that judges and generators ask for. Each is None or empty where it is silent.

Pure functions of the contract in force, which whoever calls them was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from models_conformance.contract.model import (
    FILTERS_BY,
    GIVEN_WHILE,
    MODEL_INFO,
    NULL_WHILE,
    OMITTED_MEANS,
    Contract,
    Field,
    Parameter,
    Source,
)

DEEPEST = 12
"""How far objects are followed into each other: deeper than any page has them."""
CURSORS = ("after_id", "before_id")
BETAS = "anthropic-beta"
LIMIT = "limit"
PAGING = frozenset({LIMIT, *CURSORS})
"""The parameters that say which page of a list is asked for."""


EVERYWHERE = frozenset({"id", "created_at", "display_name", "type"})
"""Members of a model that every revision has: they have requirements of their own."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a page's size, and its size where none is asked for."""

    minimum: int
    default: int
    maximum: int


ANY_PAGE = Limits(1, 20, 100)
"""Page sizes to ask for where a contract gives no bounds."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter of the list that leaves in only the models whose `member` has one of its values.

    `values` are the documented ones, `closed` says that there are no others; `most` is how many may be given, and
    `omitted` the values that the parameter stands for where it is absent, empty where that is not said.
    """

    parameter: str
    member: str
    values: tuple[str, ...]
    closed: bool
    most: int | None
    omitted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """The values of another member of a model with which a member is null, or has a value."""

    member: str
    values: tuple[str, ...]


@cache
def limits_of(contract: Contract) -> Limits | None:
    """The bounds and the default of `limit`; None where the contract leaves one of them out."""
    limit = list_parameters(contract).get(LIMIT)
    if limit is None or limit.minimum is None or limit.maximum is None or not isinstance(limit.default, int):
        return None
    return Limits(limit.minimum, limit.default, limit.maximum)


@cache
def betas_of(contract: Contract) -> tuple[str, ...]:
    """The betas that the pages name, in their order. The set is open: an unlisted beta is well-formed too."""
    betas = list_parameters(contract).get(BETAS)
    return betas.values if betas is not None else ()


def list_parameters(contract: Contract) -> Mapping[str, Parameter]:
    """The parameters of the list by wire name."""
    operation = contract.operations.get("list")
    return operation.parameters if operation is not None else {}


def query_parameters(contracts: Iterable[Contract]) -> frozenset[str]:
    """The names of the list's parameters in the query, of any of these contracts."""
    known = (one for contract in contracts for one in list_parameters(contract).values())
    return frozenset(one.name for one in known if one.location == "query")


def further_parameters(contract: Contract) -> tuple[Parameter, ...]:
    """The parameters of the list beyond those that every revision has."""
    return tuple(one for name, one in list_parameters(contract).items() if name not in (LIMIT, *CURSORS, BETAS))


def optional_headers(contract: Contract) -> tuple[str, ...]:
    """The headers of a list that may be left out."""
    named = list_parameters(contract).values()
    return tuple(one.name for one in named if one.location == "header" and not one.required)


def members_of(contract: Contract) -> Mapping[str, Field]:
    """The members of a model by name."""
    return contract.objects.get(MODEL_INFO, {})


def members_below(contract: Contract, name: str, path: str = "", depth: int = 0) -> Iterator[tuple[str, Field]]:
    """Every member of an object by its path from there, and of the objects in it, but for the models of a page."""
    path = path or name
    for member, of in contract.objects.get(name, {}).items():
        yield f"{path}.{member}", of
        if of.object is not None and of.object != MODEL_INFO and depth < DEEPEST:
            yield from members_below(contract, of.object, f"{path}.{member}", depth + 1)


@cache
def filters_of(contract: Contract) -> tuple[Filter, ...]:
    """Every parameter of the list that filters by a member of the model."""
    found = []
    for name, parameter in list_parameters(contract).items():
        bare = name.removesuffix("[]")
        fact = contract.facts.get(f"list.{bare}.{FILTERS_BY}")
        if fact is None or not parameter.values:
            continue
        omitted = contract.facts.get(f"list.{bare}.{OMITTED_MEANS}")
        values = tuple(str(omitted.says).split(",")) if omitted is not None else ()
        found.append(Filter(name, str(fact.says), parameter.values, not parameter.open, parameter.max_items, values))
    return tuple(found)


def null_while(contract: Contract, member: str) -> Stages | None:
    """With which values of another member this one is null."""
    return _stages(contract, f"model.{member}.{NULL_WHILE}")


def given_while(contract: Contract, member: str) -> Stages | None:
    """With which values of another member this one is not null."""
    return _stages(contract, f"model.{member}.{GIVEN_WHILE}")


def _stages(contract: Contract, about: str) -> Stages | None:
    fact = contract.facts.get(about)
    if fact is None:
        return None
    member, _, values = str(fact.says).partition("=")
    return Stages(member, tuple(values.split(",")))


def error_type_of(contract: Contract, status: int) -> str:
    """The error type of a status: the documented one, or that of its class."""
    return contract.errors.get(status, "api_error" if status >= 500 else "invalid_request_error")


def source_of(contract: Contract, key: str) -> Source | None:
    """The best source of a point of the contract, or None when it does not know the point.

    `key` is a fact (`list.order`, `companion.errors.table`), an operation (`list`), a parameter
    (`list.anthropic-beta`) or a member of an object (`ListPage.has_more`). A fact of that name comes first.
    Where several pages say it, an HTTP page is preferred, then the first by name and line.
    """

    def preference(source: Source) -> tuple[bool, str, int, str]:
        return contract.renditions.get(source.page) != "http", source.page, source.line or 0, source.sha256

    return min(_sources_of(contract, key), key=preference, default=None)


def _sources_of(contract: Contract, key: str) -> tuple[Source, ...]:
    if key in contract.facts:
        return contract.facts[key].sources
    if key in contract.operations:
        return contract.operations[key].sources
    operation, _, parameter = key.partition(".")
    if operation in contract.operations and parameter in contract.operations[operation].parameters:
        return contract.operations[operation].parameters[parameter].sources
    owner, _, member = key.rpartition(".")
    if owner in contract.objects and member in contract.objects[owner]:
        return contract.objects[owner][member].sources
    return ()
