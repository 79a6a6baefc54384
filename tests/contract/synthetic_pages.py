"""The made-up contract of `synthetic_made`, written as a page of every format and language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import indent

from tests.contract.synthetic_made import (
    BETA_PROSE,
    CURL,
    CURSORS,
    ENVELOPE,
    MODEL_ID_PROSE,
    NEWEST_FIRST,
    RESOLVES,
    Made,
    example,
)
from tests.contract.synthetic_openapi import openapi_site, openapi_standard

_HTTP = {"string": "string", "time": "string", "boolean": "boolean", "const": '"model"'}
_PYTHON = {"string": "str", "time": "datetime", "boolean": "bool", "const": 'Literal["model"]'}
_CSHARP = {"string": "string", "time": "DateTimeOffset", "boolean": "Boolean"}


def _bullet(code: str, prose: str, depth: int = 0, after: str = "") -> str:
    return indent(f"- `{code}`{after}\n\n  {prose}\n\n", "  " * depth)


def _values(made: Made, depth: int) -> str:
    return "".join(indent(f'- `"{beta}"`\n\n', "  " * depth) for beta in made.betas)


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


def typescript_markdown(made: Made) -> str:
    words = {**_HTTP, "time": "string"}

    def model(head: str) -> str:
        members = "".join(_bullet(f"{name}: {words[kind]}", prose, 1) for name, kind, prose in made.members)
        return f"- `{head}`\n\n{members}" + indent('- `"model"`\n\n', "    ")

    betas = _bullet("betas?: Array<AnthropicBeta>", f"Header param: {BETA_PROSE}", 1)
    betas += indent(f"- `(string & {{}})`\n\n- `{made.union('|')}`\n\n", "    ") + _values(made, 3)
    return (
        "# Models\n\n## List\n\n`client.models.list(ModelListParamsparams?): Page<ModelInfo>`\n\n"
        f"**get** `/v1/models`\n\n{NEWEST_FIRST}\n\n### Parameters\n\n- `params: ModelListParams`\n\n"
        + "".join(_bullet(f"{name}?: string", f"Query param: {prose}", 1) for name, prose in CURSORS)
        + _bullet("limit?: number", f"Query param: {made.limit_prose}", 1)
        + f"{betas}### Returns\n\n{model('ModelInfo')}### Example\n\n"
        + _fence("typescript", "const page = client.models.list();")
        + "## Retrieve\n\n`client.models.retrieve(stringmodelID, RequestOptionsoptions?): ModelInfo`\n\n"
        f"**get** `/v1/models/{{model_id}}`\n\n{RESOLVES}\n\n### Parameters\n\n"
        + _bullet("modelID: string", MODEL_ID_PROSE)
        + f"- `params: ModelRetrieveParams`\n\n{betas}### Returns\n\n{model('ModelInfo')}"
        + f"## Domain Types\n\n### Model Info\n\n{model('ModelInfo')}"
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


def scraped(markdown: str) -> str:
    """A Markdown page as somebody scraped it: no indents, no marks, names escaped."""
    text = re.sub(r"(?m)^ *(?:- )?`([^`\n]+)`$", lambda code: code[1].replace("_", "\\_").replace("|", "\\|"), markdown)
    text = re.sub(r"(?m)^#+ (Parameters|Returns)$", r"##### \1Expand Collapse", text)
    return re.sub(r"(?m)^ +|\*\*get\*\* `(\S+)`", lambda found: f"GET{found[1]}" if found[1] else "", text)


RENDITIONS: Mapping[str, Callable[[Made], str]] = {
    "http-markdown": http_markdown,
    "python-markdown": python_markdown,
    "typescript-markdown": typescript_markdown,
    "csharp-markdown": csharp_markdown,
    "cli-markdown": cli_markdown,
    "http-scraped": scraped_http,
    "python-scraped": scraped_python,
    "typescript-scraped": lambda made: scraped(typescript_markdown(made)),
    "csharp-scraped": lambda made: scraped(csharp_markdown(made)),
    "http-flattened": flattened,
    "openapi-site": openapi_site,
    "openapi-standard": openapi_standard,
}


def write(directory: Path, name: str, text: str | bytes) -> Path:
    """A page in a file of its own."""
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
