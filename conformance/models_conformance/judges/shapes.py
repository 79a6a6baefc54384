"""What JSON Schema, derived from the documentation, says of one answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from models_conformance.contract.model import Contract
from models_conformance.contract.schemas import render_schemas
from models_conformance.evidence.particulars import Json, Path, Value, Words
from models_conformance.support.plain_schemas import plain_check, validator_of

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


@dataclass(frozen=True, slots=True)
class Problem:
    """One deviation from a schema: `kind` is a slug of `PROBLEM_KINDS`.

    `member` is the member at fault by its documented name (`error.type` where it is nested), `where` its place in the
    answer. `found` is what stands there, cut, and `rule` what the schema says of it; both are empty where the member
    is missing.
    """

    kind: str
    member: str
    where: str
    found: str = ""
    rule: str = ""

    @property
    def values(self) -> dict[str, Value]:
        """The particulars, as the sentences of the register name them."""
        return {
            "where": Path(self.where.lstrip(".") or "the answer"),
            "found": Json(self.found),
            "rule": Words(self.rule),
        }


# JSON Schema's keywords as kinds of a deviation; further keywords are all the last one.
_KIND_OF = {
    "required": "is-missing",
    "type": "has-another-type",
    "const": "has-another-value",
    "enum": "has-another-value",
}
_OTHER_KIND = "breaks-its-schema"
PROBLEM_KINDS = (*dict.fromkeys(_KIND_OF.values()), _OTHER_KIND)
_LONGEST_FOUND = 60


# What is wrong is wrong in each answer: so much of it is remembered.
_MOST_KNOWN = 200_000


class Schema:
    """One schema: `jsonschema` is asked what is wrong, where something is, and once for equal values."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._keeps = plain_check(schema)
        self._known: dict[str, tuple[Problem, ...]] = {}

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return validator_of(self._schema)

    def problems(self, value: object, where: str = "") -> tuple[Problem, ...]:
        """The deviations of a value, which stands at `where` in its answer."""
        if self._keeps(value):
            return ()
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        if (key := json.dumps(value, sort_keys=True)) not in self._known:
            self._known[key] = tuple(_problems(self._validator, value))
        found = self._known[key]
        return tuple(replace(problem, where=where + problem.where) for problem in found) if where else found


class Shapes:
    """What a contract says of the shape of answers: of a model, of a list without its items, of an error."""

    def __init__(self, contract: Contract) -> None:
        schemas = render_schemas(contract)
        self.model = Schema(_without_closed_sets(schemas["model"]))
        # Each item is checked once however often it is listed.
        members = {**schemas["list"]["properties"], "data": {"type": "array"}}
        self.envelope = Schema(_without_closed_sets({**schemas["list"], "properties": members}))
        self.error = Schema(schemas["error"])
        self._documented = {name: frozenset(schemas[name]["properties"]) for name in ("list", "model")}

    def undocumented_members(self, value: Mapping[str, Any], schema: Literal["list", "model"]) -> frozenset[str]:
        """Undocumented members: allowed everywhere, and worth a note."""
        return frozenset(value) - self._documented[schema]


@cache
def shapes_of(contract: Contract) -> Shapes:
    """The shapes of that contract, made once."""
    return Shapes(contract)


def _without_closed_sets(schema: Any) -> Any:
    """A schema of answers without its enumerations: new values of an answer are reserved, and no reader may choke."""
    if isinstance(schema, list):
        return [_without_closed_sets(part) for part in schema]
    if isinstance(schema, dict):
        return {name: _without_closed_sets(part) for name, part in schema.items() if name != "enum" or part is None}
    return schema


def _problems(validator: Draft202012Validator, value: object) -> Iterator[Problem]:
    for error in validator.iter_errors(value):
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        names = [step for step in error.absolute_path if isinstance(step, str)]
        if error.validator == "required" and isinstance(error.instance, dict):
            missing = [name for name in error.validator_value if name not in error.instance]
            # One error a missing member; jsonschema reports them one by one, in the order of the list.
            name = next((name for name in missing if repr(name) in error.message), missing[0])
            yield Problem("is-missing", ".".join([*names, name]), f"{path}.{name}")
        else:
            kind = _KIND_OF.get(str(error.validator), _OTHER_KIND)
            wanted = error.validator_value
            rule = " or ".join(wanted) if error.validator == "type" and isinstance(wanted, list) else json.dumps(wanted)
            yield Problem(kind, ".".join(names), path, _excerpt(error.instance), f"{error.validator}: {rule}")


def _excerpt(instance: object) -> str:
    """What stands there as JSON, cut: it can be megabytes long."""
    text = json.dumps(instance, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"
