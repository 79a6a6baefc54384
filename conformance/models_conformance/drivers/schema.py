"""The protocol's JSON Schema, fast enough to check every line of a living driver.

`jsonschema` takes over a millisecond for a page of twenty models. So it is asked only where a line is not as it should.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from models_conformance.contract.shipped import load_schema
from models_conformance.support.plain_schemas import Check, plain_check, validator_of
from models_conformance.support.text import quoted

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Line = Literal[
    "helloQuestion", "listQuestion", "retrieveQuestion", "helloAnswer", "pageAnswer", "walkAnswer", "modelAnswer"
]
_LONGEST = 120


def problem_of(kind: Line, line: Mapping[str, Any]) -> str | None:
    """The first thing in a line that its schema does not allow, as one sentence; None where all is well."""
    if _plain_check(kind)(line):
        return None
    models: list[tuple[str, list[Any]]] = []
    thin = _without_models(kind, line, models)
    error = _first_error(kind, thin)
    if error is not None:
        return _sentence(error, error.json_path.removeprefix("$").removeprefix("."))
    for place, listed in models:
        for index, model in enumerate(listed):
            if not is_model(model) and (error := _first_error("model", model)) is not None:
                return _sentence(error, f"{place}[{index}]{error.json_path.removeprefix('$')}")
    return None


def is_model(value: object) -> bool:
    """Whether it keeps the schema of a model."""
    return _plain_check("model")(value)


def brief(value: object) -> str:
    """A value of a driver in a few words: a text in quotation marks and escaped."""
    match value:
        case dict():
            return "an object"
        case list():
            return f"an array of {len(value)}"
        case str():
            return quoted(value[:_LONGEST], _LONGEST)
    return json.dumps(value)


def _without_models(kind: Line, line: Mapping[str, Any], models: list[tuple[str, list[Any]]]) -> Mapping[str, Any]:
    """The line with its lists of models empty; what was in them goes to `models`, each with its place."""
    thin = dict(line)
    if kind in ("pageAnswer", "walkAnswer") and isinstance(ok := line.get("ok"), dict):
        if isinstance(page := ok.get("page"), dict) and isinstance(page.get("data"), list):
            models.append(("ok.page.data", page["data"]))
            ok = {**ok, "page": {**page, "data": []}}
        if isinstance(ok.get("items"), list):
            models.append(("ok.items", ok["items"]))
            ok = {**ok, "items": []}
        thin["ok"] = ok
    if kind.endswith("Answer") and isinstance(line.get("items_before"), list):
        models.append(("items_before", line["items_before"]))
        thin["items_before"] = []
    return thin


def _first_error(name: str, value: object) -> ValidationError | None:
    return next(_validator(name).iter_errors(value), None)


@cache
def _validator(name: str) -> Draft202012Validator:
    return validator_of(_schema(name))


@cache
def _plain_check(name: str) -> Check:
    return plain_check(_schema(name))


def _schema(name: str) -> dict[str, Any]:
    definitions = load_schema("driver")["$defs"]
    return {**definitions[name], "$defs": definitions}


def _sentence(error: ValidationError, place: str) -> str:
    what = place or "the object"
    wanted: Any = error.validator_value
    if error.validator == "required":
        lacking = [member for member in wanted if member not in cast(Mapping[str, Any], error.instance)]
        return f"{what} lacks {', '.join(lacking)}"
    seen = f"{what} is {brief(error.instance)}"
    if error.validator == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        return f"{seen}, the protocol wants {' or '.join(names)}"
    if error.validator == "const":
        return f"{seen}, the protocol wants {brief(wanted)}"
    if error.validator == "enum":
        return f"{seen}, the protocol wants one of {', '.join(wanted)}"
    if error.validator in ("minLength", "minItems"):
        return f"{what} is empty"
    if error.validator == "uniqueItems":
        return f"{what} repeats itself"
    return f"{seen}, against the protocol's schema ({error.validator})"
