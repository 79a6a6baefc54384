"""Models with every member that a contract documents, and lists that its filters leave: made of the facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models_conformance.contract.model import Contract, Field
from models_conformance.contract.points import EVERYWHERE, Filter, filters_of, given_while, members_of, null_while
from models_conformance.reference.server.catalogue import Catalogue, Model

_DATE = "2026-05-01T00:00:00Z"
_DEEPEST = 12


def documented(catalogue: Catalogue, contract: Contract) -> Catalogue:
    """The catalogue, each model with the members that the contract documents; what it has of its own stays."""
    further = {name: of for name, of in members_of(contract).items() if name not in EVERYWHERE}
    if not further:
        return catalogue
    total, named = len(catalogue.models), frozenset(catalogue.aliases.values())
    filtered = {chosen.member: chosen for chosen in filters_of(contract)}

    def documented_model(model: Model, at: int) -> Model:
        values = {name: _value(of, contract, at, 0) for name, of in further.items()}
        for name, chosen in filtered.items():
            values[name] = _along(chosen, at, total, is_listed=model.id in named)
        return _in_its_stage(model, values, contract)

    models = [documented_model(model, at) for at, model in enumerate(catalogue.models)]
    return Catalogue(models, catalogue.aliases, [documented_model(model, total - 1) for model in catalogue.retired])


def _along(chosen: Filter, at: int, total: int, *, is_listed: bool) -> str:
    """The value of a model at that place: a filter goes through its values along the list, newest first.

    What an alias names has one with which it is listed.
    """
    value = chosen.values[at * len(chosen.values) // max(total, 1)]
    return chosen.omitted[-1] if is_listed and chosen.omitted and value not in chosen.omitted else value


def _in_its_stage(model: Model, values: dict[str, Any], contract: Contract) -> Model:
    """A model with these members, null where the stage that it is in says so."""
    for name in list(values):
        null, given = null_while(contract, name), given_while(contract, name)
        if null is not None and values.get(null.member) in null.values:
            values[name] = None
        elif given is not None and values.get(given.member) in given.values and values[name] is None:
            values[name] = _DATE
    return replace(model, extra={**values, **model.extra})


def _value(of: Field, contract: Contract, at: int, depth: int) -> Any:
    """A value of a documented type, the same for the same place in the list."""
    if of.const is not None:
        return of.const
    if of.values:
        return of.values[at % len(of.values)]
    if of.object is not None and "array" not in of.types and depth < _DEEPEST:
        members = contract.objects.get(of.object, {})
        return {name: _value(member, contract, at, depth + 1) for name, member in members.items()}
    plain: Mapping[str, Any] = {
        "string": _DATE if of.format == "date-time" else f"{of.name} {at}",
        "integer": 1000 + at,
        "number": 1000 + at,
        "boolean": at % 2 == 0,
        "array": [],
        "object": {},
    }
    return next((plain[name] for name in of.types if name in plain), None)


def left_in(catalogue: Catalogue, chosen: Filter, values: tuple[str, ...]) -> Catalogue:
    """The models of a catalogue that a filter leaves in with these values; a model without the member stays."""
    models = [model for model in catalogue.models if model.extra.get(chosen.member, values[0]) in values]
    return Catalogue(models)
