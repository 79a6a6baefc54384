"""What is wrong with a scenario: where its server or its call is not one that the contract and the protocol allow."""

from __future__ import annotations

import json
from collections.abc import Iterator

from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.scenarios.models import ids_of, in_order
from models_conformance.scenarios.scenario import Scenario, ServerScript

_ARGUMENTS = {"list": {"limit", "after_id", "before_id", "betas"}, "retrieve": {"model_id", "betas"}}
_ENVELOPE = {"data", "has_more", "first_id", "last_id"}


def problems(scenario: Scenario) -> list[str]:
    """One line for each thing that is wrong; none for a legal scenario."""
    script = scenario.server
    return [
        *_in_models(script),
        *_in_script(script),
        *_in_interventions(script),
        *_in_call(scenario.call),
        *_in_waits(scenario),
    ]


def _in_models(script: ServerScript) -> Iterator[str]:
    ids = ids_of(script.models)
    if len(set(ids)) != len(ids) or not all(ids):
        yield "ids are not unique and filled"
    for model in script.models:
        if model["type"] != "model" or not all(isinstance(model[name], str) for name in ("display_name", "created_at")):
            yield f"{model!r} is not a model"
    if not in_order(script.models):
        yield "dates rise along the list, or are none"
    for alias, target in script.aliases.items():
        if alias in ids or target not in ids:
            yield f"alias {alias!r} names no model, or is one"
    json.dumps(list(script.models), allow_nan=False).encode()


def _in_script(script: ServerScript) -> Iterator[str]:
    if any(size < 1 for size in script.page_sizes):
        yield "a page size below 1"
    if _ENVELOPE & set(script.envelope):
        yield "the envelope's own members are replaced"
    if script.prefix and (script.prefix[0] != "/" or not all(script.prefix[1:].split("/"))):
        yield f"prefix {script.prefix!r}"
    json.dumps(dict(script.envelope), allow_nan=False).encode()


def _in_interventions(script: ServerScript) -> Iterator[str]:
    for intervention in script.interventions:
        if (
            intervention.first < 1
            or (intervention.last is not None and intervention.last < intervention.first)
            or not 0 <= intervention.keep <= 1
        ):
            yield f"{intervention!r} reaches no request"


def _in_call(spec: CallSpec) -> Iterator[str]:
    if not set(spec.args) <= _ARGUMENTS[spec.operation]:
        yield f"arguments {sorted(spec.args)}"
    if spec.operation == "retrieve" and ("model_id" not in spec.args or spec.walk):
        yield "a model without an id, or walked"
    if spec.max_items < 1 or spec.timeout_seconds <= 0:
        yield "nothing may come of it"


def _in_waits(scenario: Scenario) -> Iterator[str]:
    stalls = any(intervention.framing.startswith("stall") for intervention in scenario.server.interventions)
    is_long = len(scenario.server.page_sizes) > 1000
    if scenario.slow != (stalls or is_long or scenario.call.max_retries != 0):
        yield "slow is not declared"
