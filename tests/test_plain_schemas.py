"""The plain check of a schema and jsonschema say the same of every value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from models_conformance.contract.schemas import render_schemas
from models_conformance.contract.shipped import shipped_contracts
from models_conformance.support import plain_schemas
from models_conformance.support.plain_schemas import plain_check

NAMES = st.sampled_from(["a", "b"])
SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([0.0, 1.0, 1.5]) | st.sampled_from(["", "a", "bc"])
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner), max_leaves=6)
TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
PLAIN: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "const": SCALARS,
        "enum": st.lists(SCALARS, min_size=1, max_size=3),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "minimum": st.integers(-1, 2),
        "maximum": st.integers(-1, 2),
        "exclusiveMinimum": st.integers(-1, 2),
        "minItems": st.integers(0, 2),
        "minLength": st.integers(0, 2),
        "uniqueItems": st.booleans(),
        "format": st.just("date-time"),
        "additionalProperties": st.booleans(),
    },
)
SCHEMAS = st.recursive(
    PLAIN,
    lambda inner: (
        st.fixed_dictionaries(
            {},
            optional={
                "properties": st.dictionaries(NAMES, inner),
                "additionalProperties": inner,
                "items": inner,
                "not": inner,
                "allOf": st.lists(inner, min_size=1, max_size=2),
                "anyOf": st.lists(inner, min_size=1, max_size=3),
                "oneOf": st.lists(inner, min_size=1, max_size=3),
            },
        )
        | PLAIN
    ),
    max_leaves=5,
)


@given(SCHEMAS, st.lists(VALUES, min_size=5, max_size=10))
def test_it_says_what_jsonschema_says(schema: dict[str, Any], values: list[Any]) -> None:
    check, validator = plain_check(schema), Draft202012Validator(schema)
    assert [check(value) for value in values] == [validator.is_valid(value) for value in values]


@pytest.mark.parametrize("schema", [{"maxItems": 1}, {"pattern": "^a"}, {"const": [True]}])
def test_what_is_not_plain_is_left_to_jsonschema(schema: dict[str, Any]) -> None:
    check = plain_check(schema)
    assert [check(value) for value in ("ab", {"a": 1}, [True], [1])] == [
        Draft202012Validator(schema).is_valid(value) for value in ("ab", {"a": 1}, [True], [1])
    ]


def test_every_shipped_schema_of_answers_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_schemas, "validator_of", None)
    for contract in shipped_contracts():
        for name in ("list", "model", "error"):
            plain_check(render_schemas(contract)[name])
