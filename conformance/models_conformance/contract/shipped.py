"""The contract and schemas that ship with the suite. Imports nothing heavy: it is on every command's path."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from models_conformance.contract.document import from_document
from models_conformance.contract.model import Contract

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


def load_contract(name: str = FIRST) -> Contract:
    """The shipped contract of that name, read once.

    Raises FileNotFoundError when it is not installed and ValueError when the file is damaged.
    """
    return _loaded(name)


# Apart, so that the first contract is one object however it was asked for: much is kept by contract, and is found at
# once by the same object, by an equal one only after all of both is compared.
@cache
def _loaded(name: str) -> Contract:
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


def shipped_contracts() -> tuple[Contract, ...]:
    """Every contract that ships, oldest first."""
    return tuple(load_contract(name) for name in SHIPPED)
