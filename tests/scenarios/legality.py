"""What is wrong with a scenario: where its world or its call is not one that the contract and the protocol allow."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conformance.evidence.calls import Asked
from conformance.scenarios.models import ids_of, in_order
from conformance.scenarios.scenario import Scenario, World

_ARGUMENTS = {"list": {"limit", "after_id", "before_id", "betas"}, "retrieve": {"model_id", "betas"}}
_ENVELOPE = {"data", "has_more", "first_id", "last_id"}


def problems(scenario: Scenario) -> list[str]:
    """One line for each thing that is wrong; none for a legal scenario."""
    return [*_in_world(scenario.world), *_in_call(scenario.asked), *_in_waits(scenario)]


def _in_world(world: World) -> Iterator[str]:
    ids = ids_of(world.models)
    if len(set(ids)) != len(ids) or not all(ids):
        yield "ids are not unique and filled"
    for model in world.models:
        if model["type"] != "model" or not all(isinstance(model[name], str) for name in ("display_name", "created_at")):
            yield f"{model!r} is no model"
    if not in_order(world.models):
        yield "dates rise along the list, or are none"
    for alias, target in world.aliases.items():
        if alias in ids or target not in ids:
            yield f"alias {alias!r} names no model, or is one"
    if any(size < 1 for size in world.page_sizes):
        yield "a page size below 1"
    if _ENVELOPE & set(world.envelope):
        yield "the envelope's own members are replaced"
    if world.prefix and (world.prefix[0] != "/" or not all(world.prefix[1:].split("/"))):
        yield f"prefix {world.prefix!r}"
    for one in world.interventions:
        if one.first < 1 or (one.last is not None and one.last < one.first) or not 0 <= one.keep <= 1:
            yield f"{one!r} reaches no request"
    json.dumps([list(world.models), dict(world.envelope)], allow_nan=False).encode()


def _in_call(asked: Asked) -> Iterator[str]:
    if not set(asked.args) <= _ARGUMENTS[asked.operation]:
        yield f"arguments {sorted(asked.args)}"
    if asked.operation == "retrieve" and ("model_id" not in asked.args or asked.walk):
        yield "a model without an id, or walked"
    if asked.max_items < 1 or asked.timeout_seconds <= 0:
        yield "nothing may come of it"


def _in_waits(scenario: Scenario) -> Iterator[str]:
    stalls = any(one.framing.startswith("stall") for one in scenario.world.interventions)
    is_long = len(scenario.world.page_sizes) > 1000
    if scenario.slow != (stalls or is_long or scenario.asked.max_retries != 0):
        yield "slow is not told"
