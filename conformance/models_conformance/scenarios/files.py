"""Scenario files: a scenario as one line of JSON, which `--scenario` runs again.

Members have the names of the fields in `scenario.py` and `calls.py`; what has its default is left out. The members of
models and of the envelope keep their order, as they are shown in it; all others are sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any

from models_conformance.errors import UsageError
from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.evidence.strict_json import parse
from models_conformance.scenarios.file_schema import FORMAT, SCHEMA
from models_conformance.scenarios.fixture.scripted_server import ScriptedServer
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling
from models_conformance.support.reading import has_too_many_nodes

# A thousand models with all that is documented of one come to a tenth of it.
MOST_BYTES = 16 * 1024 * 1024
_MOST_NODES = 300_000
_LONGEST_REASON = 200
# Free JSON, shown to the client as it stands.
_KEEPS_ORDER = frozenset({"models", "envelope"})


def scenario_text(scenario: Scenario) -> str:
    """The scenario as compact JSON on one line of ASCII, without a line end."""
    return json.dumps(dict(sorted({**members_of(scenario), "scenario": FORMAT}.items())), separators=(",", ":"))


def read_scenario(text: str, origin: str) -> Scenario:
    """The scenario that a text holds. `origin` is where it comes from, for people: a file's name.

    Raises UsageError, one line that names the member, for whatever is no scenario.
    """
    # No text has fewer bytes than characters: what is far too long is not even encoded.
    if len(text) > MOST_BYTES or len(body := text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise UsageError(f"{origin}: larger than {MOST_BYTES} bytes, which no scenario is")
    if has_too_many_nodes(text, _MOST_NODES):
        raise UsageError(f"{origin}: holds more than {_MOST_NODES} values, which no scenario does")
    parsed = parse(body)
    if parsed.error is not None:
        raise UsageError(f"{origin}: {parsed.error}")
    if parsed.duplicates:
        raise UsageError(f"{origin}: {_short(repr(parsed.duplicates[0]))} stands twice in one object")
    # The first problem and not the best: a long file may have a million.
    problem = next(_validator().iter_errors(parsed.value), None)
    if problem is not None:
        raise UsageError(f"{origin}: {_where(problem.absolute_path)}: {_short(problem.message)}")
    scenario = scenario_of(parsed.value)
    _check(scenario, origin)
    return scenario


def scenario_of(value: Mapping[str, Any]) -> Scenario:
    """The scenario of such members, which are known to be those of one."""
    return Scenario(value["name"], CallSpec(**value["call"]), _script(value["server"]), value.get("slow", False))


def members_of(value: Any, *, keep_order: bool = False) -> dict[str, Any]:
    """The fields of a value that have not their default, by name; with `keep_order`, all that is free as it stands."""
    members = {}
    for field in sorted(fields(value), key=lambda field: field.name):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        held = getattr(value, field.name)
        if held != default:
            members[field.name] = _as_json(held, sort=not keep_order and field.name not in _KEEPS_ORDER)
    return members


def _as_json(value: Any, sort: bool) -> Any:
    if is_dataclass(value):
        return members_of(value, keep_order=not sort)
    if isinstance(value, Mapping):
        return {key: _as_json(value[key], sort) for key in (sorted(value) if sort else value)}
    return [_as_json(entry, sort) for entry in value] if isinstance(value, list | tuple) else value


def _script(value: Mapping[str, Any]) -> ServerScript:
    members = dict(value)
    for name in ("models", "page_sizes"):
        members[name] = tuple(value.get(name, ()))
    members["spelling"] = Spelling(**value.get("spelling", {}))
    members["interventions"] = tuple(_intervention(intervention) for intervention in value.get("interventions", ()))
    return ServerScript(**members)


def _intervention(value: Mapping[str, Any]) -> Intervention:
    return Intervention(**{**value, "headers": tuple((name, text) for name, text in value.get("headers", ()))})


def _check(scenario: Scenario, origin: str) -> None:
    """What the schema cannot say. Raises UsageError."""
    for number, intervention in enumerate(scenario.server.interventions):
        if intervention.last is not None and intervention.last < intervention.first:
            raise UsageError(f"{origin}: server.interventions[{number}]: last stands before first")
    try:
        ScriptedServer(scenario, "")
    except ValueError as problem:
        raise UsageError(f"{origin}: server: {_short(str(problem))}") from None


@cache
def _validator() -> Any:
    # JSON Schema takes 2.0 for an integer; a driver asked for a limit of 2.0 would not.
    # Most runs read no scenario of a user's, and start without it.
    from jsonschema import Draft202012Validator, validators

    strict = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    return validators.extend(Draft202012Validator, type_checker=strict)(SCHEMA)  # type: ignore[no-untyped-call]


def _where(path: Iterable[str | int]) -> str:
    """The path of a member, as `server.models[3].id`."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path)
    return steps.removeprefix(".") or "the whole file"


def _short(text: str) -> str:
    """One line that a terminal can show."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:_LONGEST_REASON])
    return shown if len(text) <= _LONGEST_REASON else f"{shown}…"
