"""OpenAPI 3.0 and 3.1, alone or inside a page: references, shared parameters and `allOf` are read, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from models_conformance.contract.derivation.derive import PageError, derive
from models_conformance.contract.model import Contract
from models_conformance.frontend.differences import compare
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_openapi import openapi_site, openapi_standard
from tests.contract.synthetic_pages import write

BY_REFERENCE = """\
openapi: 3.1.0
info: {title: Made up, version: "1"}
servers:
  - url: https://api.example.com/v1
paths:
  /models:
    parameters:
      - $ref: '#/components/parameters/Version'
      - $ref: '#/components/parameters/Betas'
    get:
      description: Newer models come first.
      parameters:
        - $ref: '#/components/parameters/After'
        - {name: limit, in: query, schema: {$ref: '#/components/schemas/Limit'}}
      responses:
        '200': {$ref: '#/components/responses/Page'}
components:
  parameters:
    Version: {name: anthropic-version, in: header, required: true, schema: {type: string}}
    Betas: {name: anthropic-beta, in: header, schema: {type: array, items: {type: string}}}
    After: {name: after_id, in: query, schema: {type: string}}
  responses:
    Page:
      content:
        application/json; charset=utf-8:
          schema: {$ref: '#/components/schemas/Page'}
  schemas:
    Limit: {type: integer, minimum: 1, exclusiveMaximum: 1001, default: 20}
    Named:
      type: object
      required: [id]
      properties:
        id: {type: string}
    Model:
      allOf:
        - $ref: '#/components/schemas/Named'
        - type: object
          required: [type, line]
          properties:
            type: {const: model}
            line: {enum: [bird, fish, null]}
            until: {type: [string, 'null'], format: date-time}
    Page:
      type: object
      required: [data, has_more]
      properties:
        data: {type: array, items: {$ref: '#/components/schemas/Model'}}
        has_more: {type: boolean}
"""


def derived(folder: Path, text: str, name: str = "api.yaml") -> Contract:
    return derive([write(folder, name, text)])


def shown(contract: Contract) -> list[Any]:
    """What was read, without where it stands."""
    parameters = contract.operations["list"].parameters.values()
    members = [member for name in ("ListPage", "ModelInfo") for member in contract.objects[name].values()]
    return [
        [(p.name, p.location, p.type, p.items, p.required, p.default, p.minimum, p.maximum) for p in parameters],
        [(m.name, m.types, m.format, m.const, m.values, m.required) for m in members],
    ]


def test_references_shared_parameters_and_all_of_are_read(tmp_path: Path) -> None:
    contract = derived(tmp_path, BY_REFERENCE)
    operation = contract.operations["list"]
    assert operation.path == "/v1/models"
    assert operation.parameters.keys() == {"after_id", "anthropic-beta", "limit"}
    limit = operation.parameters["limit"]
    assert (limit.type, limit.minimum, limit.maximum, limit.default) == ("integer", 1, 1000, 20)
    model = contract.objects["ModelInfo"]
    assert {name: member.required for name, member in model.items()} == {
        "id": True,
        "type": True,
        "line": True,
        "until": False,
    }
    assert model["line"].types == ("string", "null")
    assert model["line"].values == ("bird", "fish")
    assert model["until"].types == ("string", "null")
    # The line is that of the file.
    assert operation.sources[0].line == BY_REFERENCE.splitlines().index("    get:") + 2


@pytest.mark.parametrize("form", ["json", "tabs", "in-markdown", "json-in-markdown", "with-front-matter"])
def test_every_wrapping_holds_the_same(tmp_path: Path, form: str) -> None:
    document = json.dumps(yaml.safe_load(BY_REFERENCE), indent=2)
    wrapped = {
        "json": document,
        "tabs": json.dumps(yaml.safe_load(BY_REFERENCE), indent="\t"),
        "in-markdown": f"# Models\n\nWords.\n\n````yaml get /v1/models\n{BY_REFERENCE}````\n",
        "json-in-markdown": f"# Models\n\n```json\n{document}\n```\n",
        "with-front-matter": f"---\nurl: made-up\n---\n{BY_REFERENCE}",
    }
    assert shown(derived(tmp_path, wrapped[form])) == shown(derived(tmp_path, BY_REFERENCE, "plain.yaml"))


def test_null_is_said_in_the_words_of_3_0_as_well(tmp_path: Path) -> None:
    older = BY_REFERENCE.replace("openapi: 3.1.0", "openapi: 3.0.3")
    older = older.replace("exclusiveMaximum: 1001", "maximum: 1001, exclusiveMaximum: true")
    older = older.replace("{const: model}", "{type: string, enum: [model]}")
    older = older.replace("type: [string, 'null'], format", "type: string, nullable: true, format")
    assert shown(derived(tmp_path, older)) == shown(derived(tmp_path, BY_REFERENCE, "plain.yaml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "{type: integer, minimum: 1, exclusiveMaximum: 1001, default: 20}",
            "{anyOf: [{type: integer, minimum: 1, maximum: 1000}, {type: 'null'}], default: 20}",
        ),
        ("minimum: 1, exclusiveMaximum: 1001, default: 20", "minimum: 1.0, maximum: 1000.0, default: 20.00"),
        ("  /models:", "  /models/:"),
    ],
)
def test_what_generators_write_is_read(tmp_path: Path, old: str, new: str) -> None:
    text = BY_REFERENCE.replace(old, new)
    assert text != BY_REFERENCE
    assert shown(derived(tmp_path, text)) == shown(derived(tmp_path, BY_REFERENCE, "plain.yaml"))


def test_a_parameter_of_the_operation_stands_before_that_of_its_path(tmp_path: Path) -> None:
    text = BY_REFERENCE.replace("      - $ref: '#/components/parameters/Betas'\n", "")
    text = text.replace("    get:\n", "      - {name: limit, in: query, schema: {type: string}}\n    get:\n")
    assert derived(tmp_path, text).operations["list"].parameters["limit"].type == "integer"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("- $ref: '#/components/parameters/After'", "- $ref: '#/components/parameters/X'", "parameters/X is not"),
        ("{$ref: '#/components/schemas/Limit'}", "{$ref: 'other.yaml#/Limit'}", "to another document"),
        ("{$ref: '#/components/schemas/Limit'}", "{$ref: '#/info/title'}", "there is no object"),
        ("{$ref: '#/components/schemas/Limit'}", "{$ref: '#/info/title/x'}", "is not resolved"),
        ("{$ref: '#/components/responses/Page'}", "{$ref: '#/components/responses/None'}", "is not resolved"),
        ("- $ref: '#/components/schemas/Named'", "- $ref: '#/components/schemas/Model'", "without end"),
        ("openapi: 3.1.0", "swagger: '2.0'", "OpenAPI 2.0 is not read; read are OpenAPI 3"),
        ("default: 20", "default: 2000", "outside its range, 1 to 1000"),
        ("minimum: 1,", "minimum: 2000,", "turned round: from 2000 to 1000"),
        ("line: {enum: [bird, fish, null]}", "line: {description: A line.}", "a member without a type: line"),
        ("minimum: 1, exc", "anyOf: [{minimum: 1}, {type: string}], exc", "bounds of one of several alternatives"),
        ("in: query, schema: {type: string}}", "in: query, schema: {}}", "a parameter without a type: after_id"),
        ("        id: {type: string}\n", "        name: {type: string}\n", "an item without id"),
        ("info: {", "info: &a {", None),
        ("      required: [id]", "      type: array\n      required: [id]", "type twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, old: str, new: str, reason: str | None) -> None:
    text = BY_REFERENCE.replace(old, new)
    assert text != BY_REFERENCE
    if reason is None:
        assert shown(derived(tmp_path, text)) == shown(derived(tmp_path, BY_REFERENCE, "plain.yaml"))
        return
    with pytest.raises(PageError) as caught:
        derived(tmp_path, text)
    assert reason in caught.value.reason
    assert caught.value.line


def test_alternatives_of_objects_are_read_where_they_are_one(tmp_path: Path) -> None:
    old = "items: {$ref: '#/components/schemas/Model'}"
    one = "items: {oneOf: [{$ref: '#/components/schemas/Model'}, {$ref: '#/components/schemas/Named'}]}"
    with pytest.raises(PageError, match="alternatives that are objects"):
        derived(tmp_path, BY_REFERENCE.replace(old, one))
    either = BY_REFERENCE.replace(old, "items: {anyOf: [{$ref: '#/components/schemas/Model'}, {type: 'null'}]}")
    assert derived(tmp_path, either, "b.yaml").objects["ModelInfo"].keys() == {"id", "type", "line", "until"}


def test_a_description_in_json_is_compared_as_a_page_is(tmp_path: Path) -> None:
    old = write(tmp_path, "old.json", json.dumps(yaml.safe_load(BY_REFERENCE), indent=1))
    new = write(tmp_path, "new.yaml", BY_REFERENCE.replace("exclusiveMaximum: 1001", "maximum: 500"))
    assert any("largest of list.limit changed from 1000 to 500" in line for line in compare(old, new).as_text())


def test_every_description_of_a_page_is_read(tmp_path: Path) -> None:
    whole = json.loads(openapi_standard(Made()).partition("paths: ")[2].partition("\ncomponents: ")[0])
    schemas = openapi_standard(Made()).partition("\ncomponents: ")[2].rpartition("\n```")[0]
    pages = [
        f"## {path}\n\n```json\n"
        + json.dumps({"openapi": "3.1.0", "paths": {path: whole[path]}, "components": json.loads(schemas)})
        + "\n```\n"
        for path in whole
    ]
    foreign = '```json\n{"openapi": "3.1.0", "paths": {"/v1/files": {"get": {}}}}\n```\n'
    contract = derive([write(tmp_path, "page.md", "# Models\n\n" + "\n".join((pages[0], foreign, pages[1])))])
    assert set(contract.operations) == {"list", "retrieve"}
    assert contract.operations["retrieve"].parameters["model_id"].sources[0].line != 1
    with pytest.raises(PageError, match=r"page\.md:\d+: the OpenAPI description is not YAML or JSON"):
        derive([write(tmp_path, "page.md", pages[0] + pages[1].replace('"get":', '"get'))])


def test_pages_that_each_list_other_errors_disagree_each(tmp_path: Path) -> None:
    texts = {name: openapi_site(Made()).replace("teapot", name) for name in ("kettle", "teapot")}
    contract = derive([write(tmp_path, f"{name}.md", text) for name, text in texts.items()])
    assert [entry.about for entry in contract.disagreements].count("Error.type (values)") == 2
    assert {"kettle_error", "teapot_error"} <= {*contract.objects["Error"]["type"].values}
