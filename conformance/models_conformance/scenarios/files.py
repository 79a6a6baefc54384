"""Scenario files: a scenario as one line of JSON, which `--scenario` runs again.

Members have the names of the fields of `Scenario` and `CallSpec`; what has its default is left out. The members of
models and of the envelope keep their order, as they are shown in it; all others are sorted. The bounds of the schema
keep what a file can ask for within what HTTP can carry and a fixture server can show.
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
from models_conformance.scenarios.fixture.scripted_server import ScriptedServer
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling
from models_conformance.support.reading import has_too_many_nodes

# A thousand models with all that is documented of one come to a tenth of it.
MOST_BYTES = 16 * 1024 * 1024
_MOST_NODES = 300_000
_LONGEST_REASON = 200
# Free JSON, shown to the client as it stands.
_KEEPS_ORDER = frozenset({"models", "envelope"})

_FORMAT = 2

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER_FROM_1 = {"type": "integer", "minimum": 1}
_FLAG = {"type": "boolean"}
# Printable latin-1, blanks within: anything else would end the header it stands in.
_HEADER_VALUE = {"type": "string", "pattern": r"^(?:[!-~\u00a0-\u00ff](?:[\t -~\u00a0-\u00ff]*[!-~\u00a0-\u00ff])?)?\Z"}
_HEADER_NAME = {"type": "string", "pattern": r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z"}


def _object(required: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_PARAMS = {"type": "object", "additionalProperties": {"type": ["string", "array"], "items": _TEXT}}
_ARGS = _object(
    limit={"type": "integer"}, after_id=_TEXT, before_id=_TEXT, model_id=_TEXT, betas=_list(_TEXT), params=_PARAMS
)

_CALL = _object(
    ("operation", "surface"),
    operation={"enum": ["list", "retrieve"]},
    surface=_TEXT,
    args=_ARGS,
    walk=_FLAG,
    max_items=_COUNT,
    timeout_seconds={"type": "number", "exclusiveMinimum": 0, "maximum": 3600},
    max_retries={"type": ["integer", "null"], "minimum": 0},
)

_HEADER = {"type": "array", "prefixItems": [_HEADER_NAME, _HEADER_VALUE], "minItems": 2, "maxItems": 2}

_INTERVENTION = _object(
    first=_NUMBER_FROM_1,
    last={"type": ["integer", "null"], "minimum": 1},
    status={"type": ["integer", "null"], "minimum": 200, "maximum": 599},
    headers=_list(_HEADER),
    body={"type": ["string", "null"]},
    keep={"type": "number", "minimum": 0, "maximum": 1},
    framing={"enum": ["whole", "cut-body", "cut-chunk", "no-answer", "stall-before", "stall-within"]},
    redirect={"enum": [None, "same-host", "other-host"]},
    retry_at={"type": ["integer", "null"], "minimum": 1, "maximum": 10**9},
)

_SPELLING = _object(
    ascii_only=_FLAG,
    indent=_FLAG,
    reversed_keys=_FLAG,
    gzip=_FLAG,
    chunked=_FLAG,
    close=_FLAG,
    content_type=_HEADER_VALUE,
)

_SERVER = _object(
    models=_list({"type": "object", "properties": {"id": _TEXT}, "required": ["id"]}),
    aliases={"type": "object", "additionalProperties": _TEXT},
    page_sizes=_list(_COUNT),
    envelope={"type": "object"},
    # A path: what a URL may hold before its query.
    prefix={"type": "string", "pattern": r"^(?:/[!\"$-.0->@-~]*)*\Z"},
    stuck=_FLAG,
    request_id={"enum": ["both", "header", "body", "none"]},
    spelling=_SPELLING,
    interventions=_list(_INTERVENTION),
)

_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A scenario: one call, and the server that answers it",
    **_object(
        ("scenario", "name", "call", "server"),
        scenario={"const": _FORMAT},
        name=_TEXT,
        call=_CALL,
        server=_SERVER,
        slow=_FLAG,
    ),
}


def scenario_text(scenario: Scenario) -> str:
    """The scenario as compact JSON on one line of ASCII, without a line end."""
    return json.dumps(dict(sorted({**members_of(scenario), "scenario": _FORMAT}.items())), separators=(",", ":"))


def read_scenario(text: str, origin: str) -> Scenario:
    """The scenario that a text holds. `origin` is where it comes from, for people: a file's name.

    Raises UsageError, one line that names the member, for whatever is not a scenario.
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
        raise UsageError(f"{origin}: {_short(repr(parsed.duplicates[0]))} is in one object twice")
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
            raise UsageError(f"{origin}: server.interventions[{number}]: last is less than first")
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
    return validators.extend(Draft202012Validator, type_checker=strict)(_SCHEMA)  # type: ignore[no-untyped-call]


def _where(path: Iterable[str | int]) -> str:
    """The path of a member, as `server.models[3].id`."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in path)
    return steps.removeprefix(".") or "the whole file"


def _short(text: str) -> str:
    """One line that a terminal can show."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:_LONGEST_REASON])
    return shown if len(text) <= _LONGEST_REASON else f"{shown}…"
