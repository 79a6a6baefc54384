from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from models_conformance.contract.shipped import load_schema
from models_conformance.reports.as_json import LONGEST_BODY, render, to_document
from models_conformance.result import Result
from tests.reports.result_strategies import exchange, results, sample

SCHEMA = load_schema("result")
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(results())
def test_every_document_keeps_the_schema(result: Result) -> None:
    VALIDATOR.validate(json.loads(render(result)))


@given(results())
def test_the_text_is_the_document_and_the_same_each_time(result: Result) -> None:
    text = render(result)
    assert text.isascii()
    # A build system that prints the file finds no ##command[ in it: the same value, spelt in another way.
    assert "##" not in text
    assert text.replace("#\\u0023", "##") == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"
    assert json.loads(text) == to_document(result)
    assert render(result) == text
    # Valid Unicode all through: readers other than Python's refuse lone surrogates.
    json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")


def test_the_document_has_the_published_shape() -> None:
    document = to_document(sample(list_after_id_is_exclusive="fail"))
    assert set(document) == {
        "format", "suite", "contract", "subject", "run", "causes", "requirements", "observations", "exchanges", "notes",
    }  # fmt: skip
    entry = next(entry for entry in document["requirements"] if entry["verdict"] == "fail")
    assert set(entry) == {
        "id", "level", "area", "statement", "source", "verdict", "exercised", "reason", "findings",
    }  # fmt: skip
    assert entry["source"]["line"] > 0
    assert set(entry["findings"][0]) == {
        "observed", "expected", "exchanges", "reproduce", "advice", "fingerprint", "kind",
    }  # fmt: skip
    assert entry["findings"][0]["reproduce"].startswith("curl ")
    assert set(document["exchanges"]["2"]) == {"request", "response"}
    assert set(document["run"]) == {"started_at", "seconds", "requests", "seed", "verdict"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], 2),
        (["run", "verdict"], "pass"),
        (["run", "started_at"], "yesterday"),
        (["requirements", 0, "verdict"], "passed"),
        (["requirements", 0, "exercised"], 0),
        (["requirements", 0, "level"], "may"),
        (["exchanges", "2", "response"], None),
        (["exchanges", "0"], {}),
        (["contract", "sources", 0, "sha256"], "abc"),
    ],
)
def test_the_schema_refuses_what_breaks_the_shape(path: list[Any], value: object) -> None:
    document = to_document(sample())
    VALIDATOR.validate(document)
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)


def body_of(body: bytes) -> dict[str, Any]:
    result = sample()
    kept = Result(result.subject, result.run, (), (), {1: exchange(1, body=body)})
    response: dict[str, Any] = to_document(kept)["exchanges"]["1"]["response"]
    return response


@given(st.text(max_size=30))
def test_a_text_body_is_kept_as_text(text: str) -> None:
    assert body_of(text.encode("utf-8", "replace"))["body"].encode() == text.encode("utf-8", "replace")


@given(st.binary(max_size=30).map(lambda rest: b"\xff" + rest) | st.just(b"cut within a character: \xe2\x82"))
def test_any_other_body_is_kept_in_base64(body: bytes) -> None:
    response = body_of(body)
    assert response["body_encoding"] == "base64"
    assert base64.b64decode(response["body"]) == body


@pytest.mark.parametrize("shift", range(4))
def test_a_long_body_is_cut_between_characters_and_says_its_size(shift: int) -> None:
    body = b"a" * shift + "\U0001f600".encode() * (LONGEST_BODY // 4 + 1)
    response = body_of(body)
    assert response["body_encoding"] == "utf-8"
    assert body.startswith(response["body"].encode())
    assert LONGEST_BODY - 4 < len(response["body"].encode()) <= LONGEST_BODY
    assert response["body_bytes"] == len(body)
    assert response["body_is_cut"] is True
    assert body_of(body[:LONGEST_BODY][: LONGEST_BODY - LONGEST_BODY % 4])["body_is_cut"] is False


def test_the_schema_ships_beside_the_contract() -> None:
    root = Path(__file__).resolve().parents[2]
    assert json.loads((root / "schemas" / "result.json").read_text("utf-8")) == SCHEMA
