"""Strict JSON: what RFC 8259 does not know is named, and nothing makes the parser raise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.evidence.strict_json import MAX_DEPTH, depth_exceeds, parse

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_every_json_value_is_read_back(value: object) -> None:
    parsed = parse(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if parsed.error is None:
        assert parsed.value == value
    else:
        assert "UTF-8" in parsed.error


@given(st.binary(max_size=200))
def test_garbage_is_a_value_or_an_error(body: bytes) -> None:
    parsed = parse(body)
    assert parsed.error is None or parsed.value is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"NaN", "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b"{} {}", "Extra data"),
        (b'{"a": 1,}', "not one JSON value"),
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        (b'"\xff"', "not UTF-8 at byte 1"),
        ("[1]".encode("utf-16"), "UTF-8"),
        (b"[" * 100_000, "deep"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeper"),
    ],
)
def test_what_is_not_json_is_named(body: bytes, why: str) -> None:
    assert why in (parse(body).error or "")


def test_duplicate_keys_are_reported_at_any_depth() -> None:
    assert parse(b'{"a": [{"b": 1, "b": 2}], "c": 3}').duplicates == ("b",)


def test_a_huge_integer_is_read() -> None:
    assert parse(b"1" * 100_000).error is None


@given(st.integers(1, 40))
def test_depth_counts_containers(depth: int) -> None:
    value: object = 1
    for _ in range(depth):
        value = [value]
    assert not depth_exceeds(value, depth)
    assert depth_exceeds(value, depth - 1) is (depth > 1) or depth == 1
