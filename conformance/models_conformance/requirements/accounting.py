"""Every fact of a contract accounted for: a requirement judges it, or the register says why none can.

`untestable.toml` holds the facts that no machine can check from outside, each with the reason. A fact is a key of the
contract (`list.limit`, `ModelInfo.line`, `list.order`), or one with what is said of it in brackets: `list.limit
(default)`. What is said of all that a member holds is judged with that member.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from models_conformance.contract.model import ERROR, ERROR_ENVELOPE, LIST_PAGE, MODEL_INFO, Contract, Field, Parameter

_ROOTS = (LIST_PAGE, MODEL_INFO, ERROR_ENVELOPE, ERROR)


@cache
def untestable() -> Mapping[str, str]:
    """The facts that no requirement judges, with the reason; one that ends in `.*` stands for all that begin so."""
    text = files("models_conformance.requirements").joinpath("untestable.toml").read_text("utf-8")
    return {fact: entry["reason"] for entry in tomllib.loads(text)["untestable"] for fact in entry["facts"]}


def facts_of(contract: Contract) -> Iterator[str]:
    """Every fact of a contract, by its key."""
    yield from contract.facts
    for name, operation in contract.operations.items():
        yield name
        for parameter in operation.parameters.values():
            yield from _of_parameter(f"{name}.{parameter.name}", parameter)
    for owner in _ROOTS:
        for member in contract.objects.get(owner, {}).values():
            yield from _of_member(f"{owner}.{member.name}", member)


def _of_parameter(key: str, parameter: Parameter) -> Iterator[str]:
    documented = {
        "default": parameter.default is not None,
        "range": parameter.minimum is not None or parameter.maximum is not None,
        "values": bool(parameter.values),
        "most items": parameter.max_items is not None,
        "optional": not parameter.required and parameter.location == "header",
    }
    yield key
    yield from (f"{key} ({what})" for what, is_there in documented.items() if is_there)


def _of_member(key: str, member: Field) -> Iterator[str]:
    documented = {
        "format": member.format is not None,
        "constant": member.const is not None,
        "values": bool(member.values) and member.const is None,
    }
    yield key
    yield from (f"{key} ({what})" for what, is_there in documented.items() if is_there)
