"""The schemas that come of a contract, the files they are in, and the shipped ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from models_conformance.contract.derivation.derive import derive, write_schemas
from models_conformance.contract.document import canonical_text, from_document, to_document
from models_conformance.contract.points import Limits, betas_of, limits_of, source_of
from models_conformance.contract.schemas import render_schemas
from models_conformance.contract.shipped import load_contract, load_schema
from models_conformance.frontend.contract_commands import derive_command
from tests.contract.synthetic_made import Made, example
from tests.contract.synthetic_pages import RENDITIONS, http_markdown, write

ROOT = Path(__file__).resolve().parents[2]
MODEL = {"id": "x", "created_at": "2030-01-01T00:00:00Z", "display_name": "X", "type": "model"}
HEADERS = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
NAMES = ("list", "model", "error", "parameters")


def accepts(schema: dict[str, Any], value: Any) -> bool:
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_schema_is_a_schema(name: str) -> None:
    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    schema.clear()
    assert load_schema(name)


@given(st.lists(st.just(MODEL), max_size=3), st.booleans(), st.dictionaries(st.text(), st.integers(), max_size=3))
def test_a_conforming_list_is_accepted_with_any_further_members(
    data: list[dict[str, str]], more: bool, further: dict[str, int]
) -> None:
    ids = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    page = {**further, "data": [{**further, **item} for item in data], "has_more": more, **ids}
    assert accepts(load_schema("list"), page)


@pytest.mark.parametrize("lost", ["data", "first_id", "has_more", "last_id"])
def test_a_list_needs_each_documented_member(lost: str) -> None:
    page = {"data": [MODEL], "first_id": "x", "has_more": False, "last_id": "x"}
    del page[lost]
    assert not accepts(load_schema("list"), page)


@pytest.mark.parametrize(
    "change",
    [{"id": ""}, {"id": 1}, {"created_at": None}, {"display_name": 3}, {"type": "engine"}, {"type": None}],
)
def test_a_model_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    model = {**MODEL, **change}
    assert not accepts(load_schema("model"), model)
    page = {"data": [model], "first_id": "x", "has_more": False, "last_id": "x"}
    assert not accepts(load_schema("list"), page)


@pytest.mark.parametrize("lost", sorted(MODEL))
def test_a_model_needs_each_documented_member(lost: str) -> None:
    assert not accepts(load_schema("model"), {key: member for key, member in MODEL.items() if key != lost})


def test_the_model_schema_names_the_format_of_its_date() -> None:
    assert load_schema("model")["properties"]["created_at"]["format"] == "date-time"


@pytest.mark.parametrize(
    ("error", "right"),
    [
        ({"type": "error", "error": {"type": "not_found_error", "message": "m"}}, True),
        ({"type": "error", "error": {"type": "a_new_error", "message": ""}, "request_id": None}, True),
        ({"type": "error", "error": {"type": "api_error", "message": "m", "more": 1}, "request_id": "r"}, True),
        ({"type": "error", "error": {"type": "api_error", "message": "m"}, "request_id": 4}, False),
        ({"type": "oops", "error": {"type": "api_error", "message": "m"}}, False),
        ({"type": "error", "error": {"type": 4, "message": "m"}}, False),
        ({"type": "error", "error": {"type": "api_error"}}, False),
        ({"error": {"type": "api_error", "message": "m"}}, False),
        ({"type": "error", "error": "no"}, False),
        ([], False),
    ],
)
def test_the_error_envelope(error: Any, right: bool) -> None:
    assert accepts(load_schema("error"), error) is right


@pytest.mark.parametrize(
    ("request_parts", "right"),
    [
        ({"query": {}, "header": HEADERS}, True),
        ({"query": {"limit": 1}, "header": HEADERS}, True),
        ({"query": {"limit": 1000, "after_id": "x", "unknown": "y"}, "header": HEADERS}, True),
        ({"query": {"limit": 0}, "header": HEADERS}, False),
        ({"query": {"limit": 1001}, "header": HEADERS}, False),
        ({"query": {"limit": "abc"}, "header": HEADERS}, False),
        ({"query": {"limit": 1.5}, "header": HEADERS}, False),
        ({"query": {}, "header": {**HEADERS, "anthropic-beta": ["never-documented"]}}, True),
        ({"query": {}, "header": {**HEADERS, "anthropic-beta": "not-a-list"}}, False),
        ({"query": {}, "header": {"authorization": "Bearer t", "anthropic-version": "v"}}, True),
        ({"query": {}, "header": {"x-api-key": "k"}}, False),
        ({"query": {}, "header": {"anthropic-version": "2023-06-01"}}, False),
    ],
)
def test_the_parameters_of_list(request_parts: dict[str, Any], right: bool) -> None:
    assert accepts(load_schema("parameters"), {"list": request_parts}) is right


def test_the_parameters_of_retrieve() -> None:
    schema = load_schema("parameters")
    assert accepts(schema, {"retrieve": {"path": {"model_id": "x"}, "header": HEADERS}})
    assert not accepts(schema, {"retrieve": {"path": {}, "header": HEADERS}})
    assert not accepts(schema, {"retrieve": {"path": {"model_id": ""}, "header": HEADERS}})


def test_limit_carries_its_default() -> None:
    limit = load_schema("parameters")["$defs"]["list"]["properties"]["query"]["properties"]["limit"]
    assert limit == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 20}


@pytest.mark.parametrize("rendition", sorted(RENDITIONS))
def test_the_schemas_of_every_format_accept_the_example(tmp_path: Path, rendition: str) -> None:
    made = Made(extra=(("colour", "string"), ("is_big", "boolean")))
    contract = derive([write(tmp_path, "page.md", RENDITIONS[rendition](made))])
    schemas = render_schemas(contract)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    page = json.loads(example(made))
    assert accepts(schemas["list"], page)
    assert accepts(schemas["model"], page["data"][0])
    del page["data"][0]["colour"]
    assert not accepts(schemas["model"], page["data"][0])


def test_nullable_open_and_nested_members(tmp_path: Path) -> None:
    text = http_markdown(Made(extra=(("line", "string"), ("stage", "string"), ("can", "string"), ("tags", "string"))))
    text = text.replace("line: string", 'line: "a" or "b"').replace(
        "About line.", "More of them may be added. `null` when there is none."
    )
    text = text.replace("stage: string", 'stage: "new" or "old"').replace("tags: string", "tags: array of string")
    text = text.replace("can: string", "can: Abilities or null").replace(
        "    About can.\n", "    About can.\n\n    - `fly: boolean`\n\n      Whether it does.\n"
    )
    schema = render_schemas(derive([write(tmp_path, "page.md", text)]))["model"]
    good: dict[str, Any] = {**MODEL, "line": None, "stage": "new", "can": {"fly": True}, "tags": []}
    assert accepts(schema, good)
    for change in ({"line": "c"}, {"line": "a"}, {"can": None}, {"tags": ["x"]}, {"can": {"fly": False, "more": 1}}):
        assert accepts(schema, {**good, **change}), change
    wrong: dict[str, Any]
    for wrong in ({"line": 3}, {"stage": "never"}, {"stage": None}, {"can": {}}, {"can": {"fly": 1}}, {"tags": [1]}):
        assert not accepts(schema, {**good, **wrong}), wrong


def test_a_member_that_only_some_pages_have_may_be_absent(tmp_path: Path) -> None:
    pages = [
        write(tmp_path, "a.md", http_markdown(Made())),
        write(tmp_path, "b.md", http_markdown(Made(extra=(("colour", "string"),)))),
    ]
    schema = render_schemas(derive(pages))["model"]
    assert accepts(schema, MODEL)
    assert accepts(schema, {**MODEL, "colour": "red"})
    assert not accepts(schema, {**MODEL, "colour": 3})


def test_files_are_deterministic_whatever_the_order(tmp_path: Path) -> None:
    pages = [write(tmp_path, f"{name}.txt", render(Made())) for name, render in RENDITIONS.items()]
    derive_command(pages, tmp_path / "one")
    derive_command(pages[::-1], tmp_path / "two")
    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert written == ["contract.json", "error.json", "list.json", "model.json", "parameters.json"]
    for name in written:
        text = (tmp_path / "one" / name).read_bytes()
        assert text == (tmp_path / "two" / name).read_bytes()
        assert text == canonical_text(json.loads(text)).encode()
        assert text.endswith(b"}\n")


def test_writing_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("{}")
    contract = derive([write(tmp_path, "page.md", http_markdown(Made()))])
    written = write_schemas(contract, tmp_path)
    assert {path.name for path in written} == {f"{name}.json" for name in (*NAMES, "contract")}
    assert (tmp_path / "result.json").read_text() == "{}"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("rendition", sorted(RENDITIONS))
def test_a_contract_survives_its_document(tmp_path: Path, rendition: str) -> None:
    contract = derive([write(tmp_path, "page.md", RENDITIONS[rendition](Made()))])
    assert from_document(json.loads(canonical_text(to_document(contract)))) == contract


def test_the_shipped_contract() -> None:
    contract = load_contract()
    assert contract is load_contract()
    assert set(contract.operations) == {"list", "retrieve"}
    assert limits_of(load_contract()) == Limits(1, 20, 1000)
    betas = betas_of(load_contract())
    assert len(betas) == len(set(betas)) == 20
    assert {404: "not_found_error", 529: "overloaded_error"}.items() <= load_contract().errors.items()
    assert len(load_contract().errors) == 11


@pytest.mark.parametrize(
    "key",
    [
        "list",
        "retrieve",
        "list.limit",
        "list.anthropic-beta",
        "list.order",
        "list.after_id",
        "list.after_id.page",
        "list.before_id.page",
        "list.limit.counts",
        "list.has_more.speaks_of",
        "list.first_id.is",
        "list.last_id.is",
        "list.first_id.usable_as",
        "list.last_id.usable_as",
        "retrieve.model_id",
        "retrieve.resolves",
        "retrieve.model_id.accepts",
        "ListPage.data",
        "ListPage.first_id",
        "ListPage.has_more",
        "ListPage.last_id",
        "ModelInfo.id",
        "ModelInfo.created_at",
        "model.id.is",
        "model.created_at.format",
        "model.created_at.epoch_means",
        "model.display_name.is",
        "model.type.is",
        "auth.x-api-key",
        "version.anthropic-version",
    ],
)
def test_every_point_of_the_shipped_contract_has_a_line_of_the_http_page(key: str) -> None:
    source = source_of(load_contract(), key)
    assert source is not None
    assert load_contract().renditions[source.page] == "http"
    assert source.line
    assert source.sha256 == load_contract().pages[source.page]


@pytest.mark.parametrize("key", ["errors.envelope", "errors.table", "auth", "version", "beta-header"])
def test_the_companion_pages_are_sources_without_a_line(key: str) -> None:
    source = source_of(load_contract(), f"companion.{key}")
    assert source is not None
    assert source.page.startswith("companion: ")
    assert (source.line, source.sha256) == (None, "")


def test_what_the_contract_does_not_know_has_no_source() -> None:
    assert [
        source_of(load_contract(), key)
        for key in ("", "nothing", "list.nothing", "Nothing.id", "ModelInfo.nothing", ".")
    ] == [None] * 6


def test_loading_the_shipped_contract_imports_nothing_heavy() -> None:
    code = (
        "import sys, models_conformance.contract.shipped as s; s.load_contract(); s.load_schema('list')\n"
        "print([n for n in ('yaml', 'jsonschema', 'httpx', 'hypothesis', 'pytest',"
        " 'models_conformance.contract.derivation.outline', 'models_conformance.contract.derivation.derive')"
        " if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"
