"""The contract as JSON Schemas (2020-12): what an answer and a request must look like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models_conformance.contract.model import (
    ERROR_ENVELOPE,
    LIST_PAGE,
    MODEL_INFO,
    Contract,
    Field,
    Operation,
    Parameter,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BEARER = "authorization"


def render_schemas(contract: Contract) -> dict[str, dict[str, Any]]:
    """The schemas by name: `list`, `model`, `error`, `parameters`. Each stands alone."""
    return {
        "list": _document(contract, LIST_PAGE, "A page of models"),
        "model": _document(contract, MODEL_INFO, "A model"),
        "error": _document(contract, ERROR_ENVELOPE, "An error"),
        "parameters": _parameters(contract),
    }


def _document(contract: Contract, name: str, title: str) -> dict[str, Any]:
    below: dict[str, None] = {}
    _collect(contract, name, below)
    schema = {
        "$schema": _DIALECT,
        "title": title,
        "$comment": f"Derived; contract {contract.revision}. Members that no page documents are allowed.",
        **_object(contract.objects.get(name, {})),
    }
    if below:
        schema["$defs"] = {below_name: _object(contract.objects.get(below_name, {})) for below_name in below}
    return schema


def _collect(contract: Contract, name: str, below: dict[str, None]) -> None:
    """Every object that `name` refers to, directly or not."""
    for field in contract.objects.get(name, {}).values():
        if field.object is not None and field.object not in below:
            below[field.object] = None
            _collect(contract, field.object, below)


def _object(members: Mapping[str, Field | Parameter]) -> dict[str, Any]:
    schemas = {name: _field(of) if isinstance(of, Field) else _parameter(of) for name, of in members.items()}
    return {
        "type": "object",
        "properties": schemas,
        "required": sorted(name for name, of in members.items() if of.required),
        "additionalProperties": True,
    }


def _field(field: Field) -> dict[str, Any]:
    if field.object is not None and "array" not in field.types:
        reference = {"$ref": f"#/$defs/{field.object}"}
        return {"anyOf": [reference, {"type": "null"}]} if "null" in field.types else reference
    schema: dict[str, Any] = {}
    if field.types:
        schema["type"] = field.types[0] if len(field.types) == 1 else list(field.types)
    if field.format is not None:
        schema["format"] = field.format
    if "array" in field.types:
        if field.object is not None:
            schema["items"] = {"$ref": f"#/$defs/{field.object}"}
        elif field.items is not None:
            schema["items"] = {"type": field.items}
    elif field.const is not None:
        schema["const"] = field.const
    elif field.values:
        schema.update(_enumeration(field.values, "null" in field.types, field.open))
    if field.name == "id" and "string" in field.types:
        # An identifier that identifies nothing cannot be unique.
        schema["minLength"] = 1
    return schema


def _enumeration(values: Iterable[str], nullable: bool, still_open: bool) -> dict[str, Any]:
    """The values; an open set allows any other string too, so there they only annotate."""
    listed: list[str | None] = [*values, None] if nullable else list(values)
    if not still_open:
        return {"enum": listed}
    return {"anyOf": [{"enum": listed}, {"type": ["string", "null"] if nullable else "string"}]}


def _parameters(contract: Contract) -> dict[str, Any]:
    return {
        "$schema": _DIALECT,
        "title": "Parameters by operation and location",
        "$comment": f"Derived; contract {contract.revision}. Header names are in lower case.",
        "$defs": {name: _operation(contract, operation) for name, operation in contract.operations.items()},
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{name}"} for name in contract.operations},
        "additionalProperties": True,
    }


def _operation(contract: Contract, operation: Operation) -> dict[str, Any]:
    locations: dict[str, Any] = {}
    for location in ("path", "query", "header"):
        held = (parameter for parameter in operation.parameters.values() if parameter.location == location)
        locations[location] = _object({parameter.name: parameter for parameter in held})
    _add_request_headers(contract, locations["header"])
    return {
        "type": "object",
        "description": f"{operation.method} {operation.path}",
        "properties": locations,
        "additionalProperties": True,
    }


def _add_request_headers(contract: Contract, headers: dict[str, Any]) -> None:
    """The version and the credential that go with every request. A bearer token may stand for the key."""
    credentials = {_BEARER}
    for about, fact in contract.facts.items():
        kind, _, name = about.partition(".")
        if kind == "version":
            headers["properties"][name] = {"type": "string", "examples": [fact.says]}
            headers["required"] = sorted({*headers["required"], name})
        elif kind == "auth":
            headers["properties"][name] = {"type": "string", "minLength": 1}
            credentials.add(name)
    if credentials != {_BEARER}:
        headers["properties"].setdefault(_BEARER, {"type": "string", "minLength": 1})
        headers["anyOf"] = [{"required": [name]} for name in sorted(credentials)]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": parameter.type}
    listed = _enumeration(parameter.values, False, parameter.open) if parameter.values else {}
    if parameter.type == "array":
        schema["items"] = {"type": parameter.items or "string", **listed}
    else:
        schema.update(listed)
    bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum, "maxItems": parameter.max_items}
    schema |= {key: value for key, value in (bounds | {"default": parameter.default}).items() if value is not None}
    if parameter.location == "path":
        schema["minLength"] = 1
    return schema
