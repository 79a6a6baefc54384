"""One small made-up contract, written as a page of every format and language.

The wording is ours: it carries the meaning that derivation looks for, and no sentence of a real page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

NEWEST_FIRST = "Newer models come first in the answer."
RESOLVES = "Resolves an alias to the id that it stands for."


@dataclass(frozen=True)
class Made:
    """What the pages promise. `extra` are further members of a model: name -> `string` or `boolean`."""

    betas: tuple[str, ...] = ("apples-2030-01-01", "pears-2030-02-02", "plums-2030-03-03", "figs-2030-04-04")
    minimum: int = 1
    default: int = 20
    maximum: int = 1000
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def limit_prose(self) -> str:
        return f"How many items a page holds. Default: `{self.default}`. Between `{self.minimum}` and `{self.maximum}`."

    @property
    def members(self) -> list[tuple[str, str, str]]:
        """Name, kind and prose of each member of a model, `type` being the last."""
        return [
            ("id", "string", "A unique name."),
            ("created_at", "time", "RFC 3339 time of release; the epoch when that is unknown."),
            ("display_name", "string", "A human-readable name."),
            *((name, kind, f"About {name}.") for name, kind in self.extra),
            ("type", "const", "Says what it is."),
        ]

    def union(self, word: str = "or") -> str:
        """The line that shows three values and counts the rest."""
        shown = [f'"{beta}"' for beta in self.betas[:3]]
        more = [f"{len(self.betas) - 3} more"] if len(self.betas) > 3 else []
        return f" {word} ".join([*shown, *more])


ENVELOPE = (
    ("first_id", "string", "The first id in `data`; use it as `before_id`."),
    ("has_more", "boolean", "Whether the requested direction holds more."),
    ("last_id", "string", "The last id in `data`; use it as `after_id`."),
)
CURSORS = (
    ("after_id", "A cursor: gives the page directly after this model."),
    ("before_id", "A cursor: gives the page directly before this model."),
)
BETA_PROSE = "Header that turns betas on."
MODEL_ID_PROSE = "An id or an alias."
CURL = """curl https://api.example.com{path} \\
    -H 'anthropic-version: 2023-06-01' \\
    -H "X-Api-Key: $KEY"
"""

_HTTP = {"string": "string", "time": "string", "boolean": "boolean", "const": '"model"'}
_PYTHON = {"string": "str", "time": "datetime", "boolean": "bool", "const": 'Literal["model"]'}
_CSHARP = {"string": "string", "time": "DateTimeOffset", "boolean": "Boolean"}


def _bullet(code: str, prose: str, depth: int = 0, after: str = "") -> str:
    return indent(f"- `{code}`{after}\n\n  {prose}\n\n", "  " * depth)


def _values(made: Made, depth: int) -> str:
    return "".join(indent(f'- `"{beta}"`\n\n', "  " * depth) for beta in made.betas)


def example(made: Made) -> str:
    """An answer with one model."""
    shown: dict[str, object] = {
        name: {"string": "x", "time": "2030-01-01T00:00:00Z", "boolean": True, "const": "model"}[kind]
        for name, kind, _ in made.members
    }
    return json.dumps({"data": [shown], "first_id": "x", "has_more": False, "last_id": "x"}, indent=2)


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n\n"


def http_markdown(made: Made) -> str:
    betas = _bullet('"anthropic-beta": optional array of AnthropicBeta', BETA_PROSE)
    betas += indent(f"- `UnionMember0 = string`\n\n- `UnionMember1 = {made.union()}`\n\n", "  ")
    betas += _values(made, 2)

    def model(depth: int) -> str:
        return "".join(_bullet(f"{name}: {_HTTP[kind]}", prose, depth) for name, kind, prose in made.members)

    names = ", ".join(name for name, _, _ in made.members[:3])
    rest = len(made.members) - 3
    return (
        "---\nurl: made-up\n---\n\n# Models\n\n## List\n\n**get** `/v1/models`\n\n"
        f"{NEWEST_FIRST}\n\n### Query Parameters\n\n"
        + "".join(_bullet(f"{name}: optional string", prose) for name, prose in CURSORS)
        + _bullet("limit: optional number", made.limit_prose)
        + f"### Header Parameters\n\n{betas}### Returns\n\n- `data: array of ModelInfo`\n\n{model(1)}"
        + "".join(_bullet(f"{name}: {kind}", prose) for name, kind, prose in ENVELOPE)
        + "### Example\n\n"
        + _fence("http", CURL.format(path="/v1/models"))
        + f"## Retrieve\n\n**get** `/v1/models/{{model_id}}`\n\n{RESOLVES}\n\n### Path Parameters\n\n"
        + _bullet("model_id: string", MODEL_ID_PROSE)
        + f"### Header Parameters\n\n{betas}### Returns\n\n"
        + f"- `ModelInfo = object {{ {names}, {rest} more }}`\n\n{model(1)}### Example\n\n"
        + _fence("http", CURL.format(path="/v1/models/$MODEL"))
    )


def python_markdown(made: Made) -> str:
    betas = _bullet("betas: Optional[List[AnthropicBetaParam]]", BETA_PROSE)
    more = f", {len(made.betas) - 3} more" if len(made.betas) > 3 else ""
    shown = ", ".join(f'"{beta}"' for beta in made.betas[:3])
    betas += indent(f"- `UnionMember0 = str`\n\n- `UnionMember1 = Literal[{shown}{more}]`\n\n", "  ")
    betas += _values(made, 2)
    model = "- `class BetaModelInfo: …`\n\n" + "".join(
        _bullet(f"{name}: {_PYTHON[kind]}", prose, 1) for name, kind, prose in made.members
    )
    return (
        "# Models\n\n## List\n\n`beta.models.list(**kwargs)  -> SyncPage[BetaModelInfo]`\n\n"
        f"**get** `/v1/models`\n\n{NEWEST_FIRST}\n\n### Parameters\n\n"
        + "".join(_bullet(f"{name}: Optional[str]", prose) for name, prose in CURSORS)
        + _bullet("limit: Optional[int]", made.limit_prose)
        + f"{betas}### Returns\n\n{model}### Example\n\n"
        + _fence("python", "page = client.beta.models.list()")
        + "## Retrieve\n\n`beta.models.retrieve(model_id)  -> BetaModelInfo`\n\n"
        f"**get** `/v1/models/{{model_id}}`\n\n{RESOLVES}\n\n### Parameters\n\n"
        + _bullet("model_id: str", MODEL_ID_PROSE)
        + f"{betas}### Returns\n\n{model}### Example\n\n"
        + _fence("python", "client.beta.models.retrieve('x')")
    )


def _pascal(name: str) -> str:
    return "".join("ID" if part == "id" else part.capitalize() for part in name.split("_"))


def csharp_markdown(made: Made) -> str:
    def member(name: str, kind: str, prose: str, depth: int) -> str:
        if kind == "const":
            return _bullet(f'JsonElement {_pascal(name)} "model"constant', prose, depth)
        return _bullet(f"required {_CSHARP[kind]} {_pascal(name)}", prose, depth)

    def model(depth: int) -> str:
        return "".join(member(name, kind, prose, depth) for name, kind, prose in made.members)

    betas = _bullet("IReadOnlyList<AnthropicBeta> betas", f"Header param: {BETA_PROSE}", 1)
    betas += "".join(indent(f'- `"{beta}"V{number}`\n\n', "    ") for number, beta in enumerate(made.betas))
    return (
        "# Models\n\n## List\n\n`ModelListPage Models.List(ModelListParams?parameters)`\n\n"
        f"**get** `/v1/models`\n\n{NEWEST_FIRST}\n\n### Parameters\n\n- `ModelListParams parameters`\n\n"
        + _bullet("string afterID", f"Query param: {CURSORS[0][1]}", 1)
        + _bullet("string beforeID", f"Query param: {CURSORS[1][1]}", 1)
        + _bullet("Long limit", f"Query param: {made.limit_prose}", 1)
        + f"{betas}### Returns\n\n- `class ModelListPage:`\n\n"
        + indent(f"- `required IReadOnlyList<ModelInfo> Data`\n\n{model(1)}", "  ")
        + "".join(member(name, kind, prose, 1).replace("string ", "string? ") for name, kind, prose in ENVELOPE)
        + "## Retrieve\n\n`ModelInfo Models.Retrieve(ModelRetrieveParams parameters)`\n\n"
        f"**get** `/v1/models/{{model_id}}`\n\n{RESOLVES}\n\n### Parameters\n\n"
        "- `ModelRetrieveParams parameters`\n\n"
        + _bullet("required string modelID", MODEL_ID_PROSE, 1)
        + f"{betas}### Returns\n\n- `class ModelInfo:`\n\n{model(1)}"
        + f"## Domain Types\n\n### Model Info\n\n- `class ModelInfo:`\n\n{model(1)}"
    )


def cli_markdown(made: Made) -> str:
    def flag(name: str, words: str, prose: str, where: str = "query") -> str:
        return _bullet(f"--{name}: optional {words}", prose, after=f" ({where} parameter)")

    return (
        "# List Models\n\n`$ tool models list`\n\n**GET** `/v1/models`\n\n"
        f"{NEWEST_FIRST}\n\n## Parameters\n\n"
        + flag("after-id", "string", CURSORS[0][1])
        + flag("before-id", "string", CURSORS[1][1])
        + flag("limit", "number", f"How many items a page holds. Default: `{made.default}`.")
        + f"  minimum: {made.minimum}, maximum: {made.maximum}\n\n"
        + flag("beta", "array of AnthropicBeta", BETA_PROSE, "header")
        + "## Returns\n\n- `Anything_: object`\n\n  - `data: array of ModelInfo`\n\n"
        + "".join(_bullet(f"{name}: {_HTTP[kind]}", prose, 2) for name, kind, prose in made.members)
        + "".join(_bullet(f"{name}: {kind}", prose, 1) for name, kind, prose in ENVELOPE)
        + "## Example\n\n"
        + _fence("bash", "tool models list")
    )


def _escaped(text: str) -> str:
    return text.replace("_", "\\_")


def _scraped_betas(made: Made, first: str, second: str) -> str:
    values = "".join(f'"{beta}"\n\n' for beta in made.betas)
    return f"{BETA_PROSE}\n\nOne of the following:\n\n{first}\n\n{second}\n\nOne of the following:\n\n{values}"


def scraped_http(made: Made) -> str:
    def line(name: str, words: str, prose: str) -> str:
        return f"\u2022\n\n{_escaped(name)}: {words}\ue09a\n\n{prose}\n\n"

    names = ", ".join(_escaped(name) for name, _, _ in made.members[:3])
    braces = f"{{ {names}, {len(made.members) - 3} more }}"
    return (
        "# List Models\n\nCopy page\n\ncURL\n\nGET/v1/models\n\n"
        f"{NEWEST_FIRST}\n\n##### Query ParametersExpand Collapse\n\n"
        + "".join(line(name, "optional string", prose) for name, prose in CURSORS)
        + line("limit", "optional number", f"How many items a page holds. Default: `{made.default}`.")
        + f"maximum{made.maximum}\n\nminimum{made.minimum}\n\n##### Header ParametersExpand Collapse\n\n"
        + '"anthropic-beta": optional array of [AnthropicBeta](api/beta.md)\ue09a\n\n'
        + _scraped_betas(made, "string\ue09a", made.union())
        + f"##### ReturnsExpand Collapse\n\ndata: array of [ModelInfo](api/models.md) {braces} \ue09a\n\n"
        + "".join(line(name, _HTTP[kind], prose) for name, kind, prose in made.members)
        + "".join(line(name, kind, prose) for name, kind, prose in ENVELOPE)
        + "List Models\n\n"
        + _fence("shiki", CURL.format(path="/v1/models"))
        + "Response 200\n\n"
        + _fence("shiki", example(made))
    )


def scraped_python(made: Made) -> str:
    shown = ", ".join(f'"{beta}"' for beta in made.betas[:3])
    more = f", {len(made.betas) - 3} more" if len(made.betas) > 3 else ""
    return (
        "# List Models\n\nPython\n\nmodels.list(\\*\\*kwargs)  -> SyncPage[[ModelInfo](api/models.md)]\n\n"
        f"get/v1/models\n\n{NEWEST_FIRST}\n\n##### ParametersExpand Collapse\n\n"
        + "".join(f"{_escaped(name)}: Optional[str]\n\n{prose}\n\n" for name, prose in CURSORS)
        + f"limit: Optional[int]\n\n{made.limit_prose}\n\n"
        + "betas: Optional[List[[AnthropicBetaParam](api/beta.md)]]\n\n"
        + _scraped_betas(made, "UnionMember0 = str", f"UnionMember1 = Literal[{shown}{more}]")
        + "##### ReturnsExpand Collapse\n\nclass ModelInfo: \u00e2\u20ac\u00a6\n\n"
        + "".join(f"{_escaped(name)}: {_PYTHON[kind]}\n\n{prose}\n\n" for name, kind, prose in made.members)
        + '"model"\n\n'
        + _fence("shiki", "page = client.models.list()")
        + "Response 200\n\n"
        + _fence("shiki", example(made))
    )


def flattened(made: Made) -> str:
    glued = "".join(f'"{beta}"' for beta in made.betas)
    betas = (
        f'"anthropic-beta": optional array of AnthropicBeta{BETA_PROSE}\n'
        f"UnionMember0 = stringUnionMember1 = {made.union()}\n{glued}\n"
    )
    model = "\n".join(f"{name}: {_HTTP[kind]}\n{prose}" for name, kind, prose in made.members)
    names = ", ".join(name for name, _, _ in made.members)
    curl = CURL.format(path="/v1/models").rstrip()
    return (
        "Models ↗\nList#\nget /v1/models\n"
        f"{NEWEST_FIRST}\nQuery Parameters#\n"
        + "".join(f"{name}: optional string{prose}\n" for name, prose in CURSORS)
        + "limit: optional numberHow many items a page holds.\n"
        + f"Defaults to\n{made.default}. Ranges from{made.minimum}to{made.maximum}.\n"
        + f"Header Parameters#\n{betas}Returns#\ndata: array of ModelInfo{model}\n"
        + '"model"first_id: stringThe first id in the\ndatalist; use it as thebefore_idthen.'
        + "has_more: booleanWhether the requested direction holds more.\n"
        + "last_id: stringThe last id in the\ndatalist; use it as theafter_idthen.\n"
        + f"Example#\n{curl}Retrieve#\nget /v1/models/{{model_id}}\n{RESOLVES}\n"
        + f"Path Parameters#\nmodel_id: string{MODEL_ID_PROSE}\nHeader Parameters#\n{betas}"
        + f'Returns#\nModelInfo = object {{ {names} }}{model}\n"model"\n'
        + f"Example#\n{curl}"
    )


def openapi_site(made: Made) -> str:
    properties = ""
    for name, kind, prose in made.members:
        words = "boolean" if kind == "boolean" else "string"
        properties += f"        {name}:\n          type: {words}\n          description: {json.dumps(prose)}\n"
        properties += "          const: model\n" if kind == "const" else ""
        properties += "          format: date-time\n" if kind == "time" else ""
    required = "".join(f"        - {name}\n" for name, _, _ in made.members)
    cursors = "".join(
        f"        {name}:\n          schema:\n            - type: string\n              required: false\n"
        f"              description: {json.dumps(prose)}\n"
        for name, prose in CURSORS
    )
    envelope = "".join(
        f"              {name}:\n                allOf:\n                  - anyOf:\n"
        f"                      - type: {kind}\n"
        + ("                      - type: 'null'\n" if kind == "string" else "")
        + f"                    description: {json.dumps(prose)}\n"
        for name, kind, prose in ENVELOPE
    )
    return (
        f"# List Models\n\n{NEWEST_FIRST}\n\n## OpenAPI\n\n````yaml get /v1/models\npaths:\n"
        "  path: /v1/models\n  method: get\n  request:\n    parameters:\n      path: {}\n      query:\n"
        + cursors
        + "        limit:\n          schema:\n            - type: integer\n              required: false\n"
        + "              description: How many items a page holds.\n"
        + f"              maximum: {made.maximum}\n              minimum: {made.minimum}\n"
        + f"              default: {made.default}\n      header:\n"
        + "        anthropic-version:\n          schema:\n            - type: string\n"
        + "              required: true\n        x-api-key:\n          schema:\n            - type: string\n"
        + "              required: true\n        anthropic-beta:\n          schema:\n            - type: array\n"
        + "              items:\n                allOf:\n                  - type: string\n"
        + "              required: false\n"
        + "  response:\n    '200':\n      application/json:\n        schemaArray:\n          - type: object\n"
        + "            properties:\n              data:\n                allOf:\n                  - items:\n"
        + "                      $ref: '#/components/schemas/ModelInfo'\n                    type: array\n"
        + envelope
        + "            requiredProperties:\n              - data\n              - first_id\n"
        + "              - has_more\n              - last_id\n"
        + "    4XX:\n      application/json:\n        schemaArray:\n          - type: object\n"
        + "            properties:\n              type:\n                allOf:\n                  - const: error\n"
        + "                    type: string\n              error:\n                allOf:\n"
        + "                  - discriminator:\n                      mapping:\n"
        + "                        not_found_error: '#/components/schemas/Gone'\n"
        + "                        teapot_error: '#/components/schemas/Gone'\n"
        + "                    oneOf:\n                      - $ref: '#/components/schemas/Gone'\n"
        + "            requiredProperties:\n              - error\n              - type\n"
        + "components:\n  schemas:\n    Gone:\n      type: object\n      properties:\n        message:\n"
        + "          type: string\n        type:\n          const: not_found_error\n          type: string\n"
        + "      required:\n        - message\n        - type\n"
        + f"    ModelInfo:\n      type: object\n      properties:\n{properties}      required:\n{required}````\n"
    )


def openapi_standard(made: Made) -> str:
    """The layout of the OpenAPI specification itself, as JSON, which is YAML too."""
    kinds = {"string": {}, "time": {"format": "date-time"}, "const": {"const": "model"}, "boolean": {}}
    text = {"type": "string"}

    def query(name: str, prose: str, schema: Mapping[str, object]) -> dict[str, object]:
        return {"name": name, "in": "query", "description": prose, "schema": schema}

    limit = {
        "type": "integer",
        "minimum": made.minimum,
        "maximum": made.maximum,
        "default": made.default,
    }
    header = {
        "name": "anthropic-beta",
        "in": "header",
        "schema": {"type": "array", "items": {"anyOf": [text, {"type": "string", "enum": list(made.betas)}]}},
    }
    version = {"name": "anthropic-version", "in": "header", "required": True, "schema": text}
    model = {
        "type": "object",
        "required": [name for name, _, _ in made.members],
        "properties": {
            name: {"type": "boolean" if kind == "boolean" else "string", "description": prose, **kinds[kind]}
            for name, kind, prose in made.members
        },
    }
    either = {"type": ["string", "null"]}
    envelope = {
        "type": "object",
        "required": ["data", "first_id", "has_more", "last_id"],
        "properties": {
            "data": {"type": "array", "items": {"$ref": "#/components/schemas/ModelInfo"}},
            **{
                name: {**(either if kind == "string" else {"type": kind}), "description": prose}
                for name, kind, prose in ENVELOPE
            },
        },
    }

    def answer(schema: Mapping[str, object]) -> dict[str, object]:
        return {"200": {"content": {"application/json": {"schema": schema}}}}

    document = {
        "openapi": "3.1.0",
        "paths": {
            "/v1/models": {
                "get": {
                    "description": NEWEST_FIRST,
                    "parameters": [
                        *(query(name, prose, text) for name, prose in CURSORS),
                        query("limit", "How many items a page holds.", limit),
                        header,
                        version,
                    ],
                    "responses": answer(envelope),
                }
            },
            "/v1/models/{model_id}": {
                "get": {
                    "description": RESOLVES,
                    "parameters": [
                        {
                            "name": "model_id",
                            "in": "path",
                            "required": True,
                            "description": MODEL_ID_PROSE,
                            "schema": text,
                        },
                        header,
                    ],
                    "responses": answer({"$ref": "#/components/schemas/ModelInfo"}),
                }
            },
        },
        "components": {"schemas": {"ModelInfo": model}},
    }
    # An OpenAPI page is recognised by its top keys at the start of a line, as YAML has them.
    lines = [f"{key}: {json.dumps(value, indent=1)}" for key, value in document.items()]
    return "# Models\n\n```yaml\n" + "\n".join(lines).replace("\n}", "\n }") + "\n```\n"


RENDITIONS: Mapping[str, Callable[[Made], str]] = {
    "http-markdown": http_markdown,
    "python-markdown": python_markdown,
    "csharp-markdown": csharp_markdown,
    "cli-markdown": cli_markdown,
    "http-scraped": scraped_http,
    "python-scraped": scraped_python,
    "http-flattened": flattened,
    "openapi-site": openapi_site,
    "openapi-standard": openapi_standard,
}


def write(directory: Path, name: str, text: str | bytes) -> Path:
    """A page in a file of its own."""
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
