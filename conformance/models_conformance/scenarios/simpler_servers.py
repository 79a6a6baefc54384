"""Steps towards a simpler scenario: fewer models, arguments, answers that go wrong, and smaller numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.scenarios.models import LATER_MEMBERS, NULLABLE_MEMBERS, Wire, extra_of, without_extra
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling

_Spelt = TypeVar("_Spelt", Spelling, Intervention)

# Enough of a web page to know it by: half of everything would be nothing in the end.
_LEAST_OF_A_BODY = 24

NAMING = ("after_id", "before_id", "model_id")
"""Arguments that name a model."""


def fewer_models(scenario: Scenario) -> Iterator[Scenario]:
    """Without all models, without halves, quarters, … and without single ones; those that the call names stay."""
    script = scenario.server
    kept = _named(scenario)
    free = [at for at, model in enumerate(script.models) if model["id"] not in kept]
    for chunk in _chunks(free):
        yield replace(scenario, server=_without_models(script, set(chunk)))


def fewer_arguments(scenario: Scenario) -> Iterator[Scenario]:
    """Without one argument; a shorter list of betas; a page call instead of a walk."""
    spec = scenario.call
    for name, value in spec.args.items():
        if name != "model_id":
            yield _asking(scenario, replace(spec, args=_without(spec.args, name)))
        if name == "betas":
            for chunk in _chunks(range(len(value))):
                left = [beta for at, beta in enumerate(value) if at not in chunk]
                yield _asking(scenario, replace(spec, args={**spec.args, name: left}))
    if spec.walk:
        yield _asking(scenario, replace(spec, walk=False))


def plainer_server(scenario: Scenario) -> Iterator[Scenario]:
    """Without prefix, aliases, short pages, members of the envelope, or anything but the usual spelling."""
    script = scenario.server
    yield replace(scenario, server=replace(script, spelling=Spelling(), prefix="", envelope={}, request_id="both"))
    for plainer in (
        replace(script, prefix=""),
        replace(script, stuck=False),
        replace(script, request_id="both"),
        replace(script, spelling=Spelling()),
        *(replace(script, spelling=spelling) for spelling in _one_field_back(script.spelling, Spelling())),
    ):
        yield replace(scenario, server=plainer)
    for alias in script.aliases:
        if alias != scenario.call.args.get("model_id"):
            yield replace(scenario, server=replace(script, aliases=_without(script.aliases, alias)))
    for chunk in _chunks(range(len(script.page_sizes))):
        left = tuple(page_size for at, page_size in enumerate(script.page_sizes) if at not in chunk)
        yield replace(scenario, server=replace(script, page_sizes=left))


def fewer_interventions(scenario: Scenario) -> Iterator[Scenario]:
    """Without one of the replaced answers, or with one that replaces less."""
    script = scenario.server
    for at, intervention in enumerate(script.interventions):
        before, after = script.interventions[:at], script.interventions[at + 1 :]
        yield replace(scenario, server=replace(script, interventions=before + after))
        body = intervention.body or ""
        shorter = (replace(intervention, body=body[: len(body) // 2]),) if len(body) > _LEAST_OF_A_BODY else ()
        for smaller in (*_one_field_back(intervention, Intervention()), *shorter):
            # What a body is said to be is a part of what it is.
            if intervention.body is not None and smaller.body is not None and smaller.headers != intervention.headers:
                continue
            yield replace(scenario, server=replace(script, interventions=(*before, smaller, *after)))


def fewer_members(scenario: Scenario) -> Iterator[Scenario]:
    """Without members beyond the documented ones, of all models, of one, a single one; or with null for its value."""
    script = scenario.server
    yield replace(scenario, server=replace(script, models=tuple(map(without_extra, script.models)), envelope={}))
    for envelope in _fewer(script.envelope):
        yield replace(scenario, server=replace(script, envelope=envelope))
    for at, model in enumerate(script.models):
        for extra in _fewer(extra_of(model)):
            yield with_model(scenario, at, {**without_extra(model), **extra})


def smaller_numbers(scenario: Scenario) -> Iterator[Scenario]:
    """A smaller limit, fewer items, shorter pages, an earlier failure."""
    spec, script = scenario.call, scenario.server
    for limit in _lower(spec.args.get("limit", 0)):
        yield _asking(scenario, replace(spec, args={**spec.args, "limit": limit}))
    for items in _lower(spec.max_items):
        yield _asking(scenario, replace(spec, max_items=items))
    for at, page in enumerate(script.page_sizes):
        for length in _lower(page):
            sizes = (*script.page_sizes[:at], length, *script.page_sizes[at + 1 :])
            yield replace(scenario, server=replace(script, page_sizes=sizes))
    for at, intervention in enumerate(script.interventions):
        for first in _lower(intervention.first):
            moved = replace(intervention, first=first)
            interventions = (*script.interventions[:at], moved, *script.interventions[at + 1 :])
            yield replace(scenario, server=replace(script, interventions=interventions))


def with_model(scenario: Scenario, at: int, model: Wire) -> Scenario:
    """The scenario with another model at that place of its list."""
    models = (*scenario.server.models[:at], model, *scenario.server.models[at + 1 :])
    return replace(scenario, server=replace(scenario.server, models=models))


def changed_fields(value: _Spelt, default: _Spelt) -> list[str]:
    """The fields in which `value` is not as usual. Which requests an intervention is for is no such field."""
    names = (field.name for field in fields(default) if field.name not in {"first", "last"})
    return [name for name in names if getattr(value, name) != getattr(default, name)]


def _one_field_back(value: _Spelt, default: _Spelt) -> Iterator[_Spelt]:
    for name in changed_fields(value, default):
        yield replace(value, **{name: getattr(default, name)})


def _named(scenario: Scenario) -> set[str]:
    """Ids that the call names, itself or by an alias."""
    names = {scenario.call.args[name] for name in NAMING if name in scenario.call.args}
    return names | {target for alias, target in scenario.server.aliases.items() if alias in names}


def _without_models(script: ServerScript, places: set[int]) -> ServerScript:
    models = tuple(model for at, model in enumerate(script.models) if at not in places)
    ids = {model["id"] for model in models}
    aliases = {alias: target for alias, target in script.aliases.items() if target in ids}
    return replace(script, models=models, aliases=aliases)


def _asking(scenario: Scenario, spec: CallSpec) -> Scenario:
    return replace(scenario, call=spec)


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
