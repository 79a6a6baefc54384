"""The plain part of JSON Schema as functions: whether a value keeps a schema, in a twentieth of `jsonschema`'s time.

It says yes or no and nothing else; what is wrong is told by `jsonschema`, which is asked where the answer is no. Nearly
every answer is right, and a run has thousands of them. A schema with a keyword that is not here is always left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Check = Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_CLASSES: Mapping[str, type] = {"array": list, "boolean": bool, "null": type(None), "object": dict, "string": str}
_NUMBERS: Mapping[str, Check] = {
    "integer": lambda value: _is_number(value) and value % 1 == 0,
    "number": _is_number,
}
# What says nothing about a value: `format` annotates, unless it is asked to assert.
_ANNOTATIONS = frozenset({"$comment", "$defs", "$id", "$schema", "default", "description", "format", "title"})
_DEFINITION = "#/$defs/"


def plain_check(schema: Mapping[str, Any]) -> Check:
    """Whether a value keeps the schema, told by the validator wherever the schema is not plain."""
    try:
        return _Checks(schema.get("$defs", {})).of(schema)
    except KeyError:
        return validator_of(schema).is_valid


def validator_of(schema: Mapping[str, Any]) -> Draft202012Validator:
    """`jsonschema` for that schema, which tells what is wrong."""
    # A fifth of what a run imports, and most runs have nothing wrong that it would be asked about.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


class _Checks:
    """The checks of one schema and its definitions. Raises KeyError for a keyword or definition that is not there."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def of(self, schema: Any) -> Check:
        if isinstance(schema, bool):
            return lambda value: schema
        checks = tuple(
            self._of_keyword(keyword, part, schema.get("properties", {}))
            for keyword, part in schema.items()
            if keyword not in _ANNOTATIONS and (keyword, part) != ("additionalProperties", True)
        )
        return checks[0] if len(checks) == 1 else _all_of(checks)

    def _of_keyword(self, keyword: str, wanted: Any, named: Mapping[str, Any]) -> Check:
        if keyword in _ALONE:
            return _ALONE[keyword](wanted)
        if keyword == "$ref":
            # No definition of ours is recursive: a contract has a fixed depth.
            return self.of(self._definitions[wanted.removeprefix(_DEFINITION)])
        if keyword == "properties":
            return _with_members({name: self.of(part) for name, part in wanted.items()})
        if keyword == "additionalProperties":
            rest = self.of(wanted)
            return lambda value: (
                not isinstance(value, dict) or all(rest(value[name]) for name in value if name not in named)
            )
        if keyword == "items":
            item = self.of(wanted)
            return lambda value: not isinstance(value, list) or all(map(item, value))
        if keyword == "not":
            unwanted = self.of(wanted)
            return lambda value: not unwanted(value)
        return _OF_SEVERAL[keyword](tuple(self.of(part) for part in wanted))


def _typed(wanted: str | Sequence[str]) -> Check:
    names = [wanted] if isinstance(wanted, str) else wanted
    classes = tuple(_CLASSES[name] for name in names if name not in _NUMBERS)
    checks = [_NUMBERS[name] for name in names if name in _NUMBERS]
    checks += [lambda value: isinstance(value, classes)] if classes else []
    return checks[0] if len(checks) == 1 else _any_of(checks)


def _one_of(wanted: Sequence[Any]) -> Check:
    if any(isinstance(one, list | dict) for one in wanted):
        raise KeyError(wanted)
    # A truth value is not a number to JSON.
    told_apart = [(isinstance(one, bool), one) for one in wanted]
    return lambda value: (isinstance(value, bool), value) in told_apart


def _with_all(wanted: Sequence[str]) -> Check:
    names = frozenset(wanted)
    return lambda value: not isinstance(value, dict) or names <= value.keys()


def _without_repeats(wanted: bool) -> Check:
    def check(value: Any) -> bool:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return not wanted or len(set(value)) == len(value)
        # Which other values are equal is a matter of its own.
        return validator_of({"uniqueItems": wanted}).is_valid(value)

    return check


# Written out: `all` and `any` over a generator take longer than what they ask, for every member of every model.
def _all_of(checks: Sequence[Check]) -> Check:
    def check(value: Any) -> bool:
        for holds in checks:  # noqa: SIM110 - as said above
            if not holds(value):
                return False
        return True

    return check


def _any_of(checks: Sequence[Check]) -> Check:
    def check(value: Any) -> bool:
        for holds in checks:  # noqa: SIM110 - as said above
            if holds(value):
                return True
        return False

    return check


def _with_members(checks: Mapping[str, Check]) -> Check:
    pairs = tuple(checks.items())

    def check(value: Any) -> bool:
        if isinstance(value, dict):
            for name, holds in pairs:
                if name in value and not holds(value[name]):
                    return False
        return True

    return check


_ALONE: Mapping[str, Callable[[Any], Check]] = {
    "const": lambda wanted: _one_of([wanted]),
    "enum": _one_of,
    "exclusiveMinimum": lambda least: lambda value: not _is_number(value) or value > least,
    "maximum": lambda most: lambda value: not _is_number(value) or value <= most,
    "minimum": lambda least: lambda value: not _is_number(value) or value >= least,
    "minItems": lambda least: lambda value: not isinstance(value, list) or len(value) >= least,
    "minLength": lambda least: lambda value: not isinstance(value, str) or len(value) >= least,
    "required": _with_all,
    "type": _typed,
    "uniqueItems": _without_repeats,
}
_OF_SEVERAL: Mapping[str, Callable[[Sequence[Check]], Check]] = {
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": lambda checks: lambda value: sum(check(value) for check in checks) == 1,
}
