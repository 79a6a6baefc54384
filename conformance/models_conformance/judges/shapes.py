"""What JSON Schema, derived from the documentation, says of one answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from models_conformance.contract.shipped import load_schema


@dataclass(frozen=True, slots=True)
class Problem:
    """One deviation from a schema. `member` is the member at fault, `where` its place in the answer."""

    member: str
    where: str
    text: str


@cache
def _model_schema() -> Draft202012Validator:
    return Draft202012Validator(load_schema("model"))


@cache
def _envelope_schema() -> Draft202012Validator:
    """The list schema without its items: each item is checked once however often it is listed."""
    schema = load_schema("list")
    members = {**schema["properties"], "data": {"type": "array"}}
    return Draft202012Validator({**schema, "properties": members})


@cache
def _error_schema() -> Draft202012Validator:
    return Draft202012Validator(load_schema("error"))


def envelope_problems(value: object) -> tuple[Problem, ...]:
    """Deviations of a list answer, its items left out."""
    return tuple(_problems(_envelope_schema(), value, ""))


def error_problems(value: object) -> tuple[Problem, ...]:
    """Deviations of an error body."""
    return tuple(_problems(_error_schema(), value, ""))


# A catalogue of this size is remembered whole; beyond it, memory is bounded.
_MOST_KNOWN = 200_000


class ModelShapes:
    """Checks models, remembering each distinct one: a run lists the same models hundreds of times."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Problem, ...]] = {}

    def problems(self, value: object, where: str) -> tuple[Problem, ...]:
        """Deviations of one model object found at `where`."""
        key = json.dumps(value, sort_keys=True)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        if key not in self._known:
            self._known[key] = tuple(_problems(_model_schema(), value, ""))
        return tuple(Problem(one.member, where + one.where, one.text) for one in self._known[key])


@cache
def _documented_members(schema: str) -> frozenset[str]:
    return frozenset(load_schema(schema)["properties"])


def undocumented_members(value: dict[str, Any], schema: str) -> frozenset[str]:
    """Members nobody documented: allowed everywhere, and worth a note."""
    return frozenset(value) - _documented_members(schema)


def _problems(validator: Draft202012Validator, value: object, where: str) -> Iterator[Problem]:
    for error in validator.iter_errors(value):
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        if error.validator == "required" and isinstance(error.instance, dict):
            missing = [name for name in error.validator_value if name not in error.instance]
            # One error a missing member; jsonschema reports them one by one, in the order of the list.
            name = next((name for name in missing if repr(name) in error.message), missing[0])
            yield Problem(name, f"{where}{path}.{name}", "is missing")
        else:
            member = str(error.absolute_path[-1]) if error.absolute_path else ""
            yield Problem(member, where + path, _in_plain_words(error.validator, error.validator_value, error.instance))


def _in_plain_words(rule: object, wanted: object, instance: object) -> str:
    """The observation, cut: an instance can be megabytes long."""
    shown = json.dumps(instance, ensure_ascii=True, default=str)
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    kinds = " or ".join(wanted) if isinstance(wanted, list) and rule == "type" else wanted
    return f"is {shown}; the schema says {rule}: {json.dumps(kinds)}"
