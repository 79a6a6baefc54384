"""Steps towards a simpler scenario: fewer models, arguments, answers that go wrong, and smaller numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from conformance.evidence.calls import Asked
from conformance.scenarios.models import LATER_MEMBERS, NULLABLE_MEMBERS, Wire, extra_of, without_extra
from conformance.scenarios.scenario import Intervention, Scenario, Spelling, World

_Spelt = TypeVar("_Spelt", Spelling, Intervention)

NAMING = ("after_id", "before_id", "model_id")
"""Arguments that name a model."""


def fewer_models(scenario: Scenario) -> Iterator[Scenario]:
    """Without all models, without halves, quarters, … and without single ones; those that the call names stay."""
    world = scenario.world
    kept = _named(scenario)
    free = [at for at, model in enumerate(world.models) if model["id"] not in kept]
    for chunk in _chunks(free):
        yield replace(scenario, world=_without_models(world, set(chunk)))


def fewer_arguments(scenario: Scenario) -> Iterator[Scenario]:
    """Without one argument; a shorter list of betas; a page call instead of a walk."""
    asked = scenario.asked
    for name, value in asked.args.items():
        if name != "model_id":
            yield _asking(scenario, replace(asked, args=_without(asked.args, name)))
        if name == "betas":
            for chunk in _chunks(range(len(value))):
                left = [each for at, each in enumerate(value) if at not in chunk]
                yield _asking(scenario, replace(asked, args={**asked.args, name: left}))
    if asked.walk:
        yield _asking(scenario, replace(asked, walk=False))


def plainer_world(scenario: Scenario) -> Iterator[Scenario]:
    """Without prefix, aliases, short pages, members of the envelope, or anything but the usual spelling."""
    world = scenario.world
    yield replace(scenario, world=replace(world, spelling=Spelling(), prefix="", envelope={}, request_id="both"))
    for plainer in (
        replace(world, prefix=""),
        replace(world, stuck=False),
        replace(world, request_id="both"),
        replace(world, spelling=Spelling()),
        *(replace(world, spelling=each) for each in _one_field_back(world.spelling, Spelling())),
    ):
        yield replace(scenario, world=plainer)
    for alias in world.aliases:
        if alias != scenario.asked.args.get("model_id"):
            yield replace(scenario, world=replace(world, aliases=_without(world.aliases, alias)))
    for chunk in _chunks(range(len(world.page_sizes))):
        left = tuple(each for at, each in enumerate(world.page_sizes) if at not in chunk)
        yield replace(scenario, world=replace(world, page_sizes=left))


def fewer_interventions(scenario: Scenario) -> Iterator[Scenario]:
    """Without one of the replaced answers, or with one that replaces less."""
    world = scenario.world
    for at, intervention in enumerate(world.interventions):
        before, after = world.interventions[:at], world.interventions[at + 1 :]
        yield replace(scenario, world=replace(world, interventions=before + after))
        body = intervention.body or ""
        shorter = (replace(intervention, body=body[: len(body) // 2]),) if body else ()
        for one in (*_one_field_back(intervention, Intervention()), *shorter):
            yield replace(scenario, world=replace(world, interventions=(*before, one, *after)))


def fewer_members(scenario: Scenario) -> Iterator[Scenario]:
    """Without members beyond the documented ones, of all models, of one, a single one; or with null for its value."""
    world = scenario.world
    yield replace(scenario, world=replace(world, models=tuple(map(without_extra, world.models)), envelope={}))
    for envelope in _fewer(world.envelope):
        yield replace(scenario, world=replace(world, envelope=envelope))
    for at, model in enumerate(world.models):
        for extra in _fewer(extra_of(model)):
            yield with_model(scenario, at, {**without_extra(model), **extra})


def smaller_numbers(scenario: Scenario) -> Iterator[Scenario]:
    """A smaller limit, fewer items, shorter pages, an earlier failure."""
    asked, world = scenario.asked, scenario.world
    for limit in _lower(asked.args.get("limit", 0)):
        yield _asking(scenario, replace(asked, args={**asked.args, "limit": limit}))
    for items in _lower(asked.max_items):
        yield _asking(scenario, replace(asked, max_items=items))
    for at, page in enumerate(world.page_sizes):
        for length in _lower(page):
            sizes = (*world.page_sizes[:at], length, *world.page_sizes[at + 1 :])
            yield replace(scenario, world=replace(world, page_sizes=sizes))
    for at, intervention in enumerate(world.interventions):
        for first in _lower(intervention.first):
            one = replace(intervention, first=first)
            interventions = (*world.interventions[:at], one, *world.interventions[at + 1 :])
            yield replace(scenario, world=replace(world, interventions=interventions))


def with_model(scenario: Scenario, at: int, model: Wire) -> Scenario:
    """The scenario with another model at that place of its list."""
    models = (*scenario.world.models[:at], model, *scenario.world.models[at + 1 :])
    return replace(scenario, world=replace(scenario.world, models=models))


def changed_fields(value: _Spelt, default: _Spelt) -> list[str]:
    """The fields in which `value` is not as usual. Which requests an intervention is for is no such field."""
    names = (field.name for field in fields(default) if field.name not in {"first", "last"})
    return [name for name in names if getattr(value, name) != getattr(default, name)]


def _one_field_back(value: _Spelt, default: _Spelt) -> Iterator[_Spelt]:
    for name in changed_fields(value, default):
        yield replace(value, **{name: getattr(default, name)})


def _named(scenario: Scenario) -> set[str]:
    """Ids that the call names, itself or by an alias."""
    names = {scenario.asked.args[each] for each in NAMING if each in scenario.asked.args}
    return names | {target for alias, target in scenario.world.aliases.items() if alias in names}


def _without_models(world: World, places: set[int]) -> World:
    models = tuple(model for at, model in enumerate(world.models) if at not in places)
    ids = {model["id"] for model in models}
    aliases = {alias: target for alias, target in world.aliases.items() if target in ids}
    return replace(world, models=models, aliases=aliases)


def _asking(scenario: Scenario, asked: Asked) -> Scenario:
    return replace(scenario, asked=asked)


def _chunks(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """All of them, halves, quarters, … and single ones, the last of each first: what comes late matters least."""
    length = len(places)
    while length:
        yield from (places[start : start + length] for start in reversed(range(0, len(places), length)))
        length //= 2


def _fewer(members: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if len(members) > 1:
        yield {}
    for name, value in members.items():
        yield _without(members, name)
        # Null is a fault of its own where the pages promise a value.
        if value is not None and (name not in LATER_MEMBERS or name in NULLABLE_MEMBERS):
            yield {**members, name: None}


def _without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}


def _lower(number: int) -> Iterator[int]:
    """One, half and one less; nothing for what is no more than one."""
    yield from sorted({1, number // 2, number - 1}) if number > 1 else ()
