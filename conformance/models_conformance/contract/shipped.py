"""The contract and schemas that ship with the suite. Imports nothing heavy: it is on every command's path."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from models_conformance.contract.document import from_document
from models_conformance.contract.model import Contract, Parameter, Source

FIRST = "first"
SHIPPED = (FIRST, "2026-03", "2026-08", "2026-10")
"""The names of the contracts that ship, oldest first."""

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def schema_directory() -> Path:
    """Where the shipped schemas are: inside an installed wheel, or at the top of a checkout.

    Raises FileNotFoundError naming both places when neither holds a `contract.json`.
    """
    places = (_PACKAGE / "schemas", _PACKAGE.parent.parent / "schemas")
    for place in places:
        if (place / "contract.json").is_file():
            return place
    raise FileNotFoundError(f"no contract.json in {places[0]} nor in {places[1]}: the installation is incomplete")


@cache
def load_contract(name: str = FIRST) -> Contract:
    """The shipped contract of that name, read once.

    Raises FileNotFoundError when it is not installed and ValueError when the file is damaged.
    """
    folder = schema_directory() if name == FIRST else schema_directory() / "revisions" / name
    text = (folder / "contract.json").read_text(encoding="utf-8")
    return replace(from_document(json.loads(text)), name=name)


@cache
def _schema_text(name: str) -> str:
    return (schema_directory() / f"{name}.json").read_text(encoding="utf-8")


def load_schema(name: str) -> dict[str, Any]:
    """The shipped JSON Schema `name`: 'list', 'model', 'error', 'parameters' or 'result'. The caller owns it.

    Raises FileNotFoundError when there is no schema of that name.
    """
    return cast(dict[str, Any], json.loads(_schema_text(name)))


def source_of(key: str) -> Source | None:
    """The best source of a point of the shipped contract, or None when the contract does not know the point.

    `key` is a fact (`list.order`, `companion.errors.table`), an operation (`list`), a parameter
    (`list.anthropic-beta`) or a member of an object (`ListPage.has_more`). A fact of that name comes first.
    Where several pages say it, an HTTP page is preferred, then the first by name and line.
    """
    contract = load_contract()
    sources = _sources_of(contract, key)
    if not sources:
        return None
    return min(
        sources,
        key=lambda source: (
            contract.renditions.get(source.page) != "http",
            source.page,
            source.line or 0,
            source.sha256,
        ),
    )


def _sources_of(contract: Contract, key: str) -> tuple[Source, ...]:
    if key in contract.facts:
        return contract.facts[key].sources
    if key in contract.operations:
        return contract.operations[key].sources
    operation, _, parameter = key.partition(".")
    if operation in contract.operations and parameter in contract.operations[operation].parameters:
        return contract.operations[operation].parameters[parameter].sources
    owner, _, member = key.rpartition(".")
    if owner in contract.objects and member in contract.objects[owner]:
        return contract.objects[owner][member].sources
    return ()


def _list_parameter(name: str) -> Parameter:
    return load_contract().operations["list"].parameters[name]


def documented_betas() -> tuple[str, ...]:
    """The betas that the pages name, in their order. The set is open: an unlisted beta is well-formed too."""
    return _list_parameter("anthropic-beta").values


def limit_bounds() -> tuple[int, int, int]:
    """`limit` of a list as (minimum, default, maximum).

    Raises ValueError when the shipped contract leaves one of them out.
    """
    limit = _list_parameter("limit")
    if limit.minimum is None or limit.maximum is None or not isinstance(limit.default, int):
        raise ValueError("the shipped contract gives no bounds or no default for limit")
    return limit.minimum, limit.default, limit.maximum


def error_types() -> Mapping[int, str]:
    """The documented error type of each status. The set is open."""
    return load_contract().errors


def error_type_of(status: int) -> str:
    """The error type of a status: the documented one, or that of its class."""
    return error_types().get(status, "api_error" if status >= 500 else "invalid_request_error")
