"""The made-up contract of `synthetic_pages` as OpenAPI descriptions: as sites render it, and by the standard."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.contract.synthetic_made import CURSORS, ENVELOPE, MODEL_ID_PROSE, NEWEST_FIRST, RESOLVES, Made


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
