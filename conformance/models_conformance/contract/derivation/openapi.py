"""An OpenAPI description, alone or inside a Markdown page, in the standard layout or in the one that sites render.

The site's layout has `paths: {path, method, request, response}` with each schema in a list of alternatives;
the standard one has `paths: {/v1/models: {get: {parameters, responses}}}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from models_conformance.contract.derivation.openapi_nodes import NOTHING, Node, References, read_descriptions
from models_conformance.contract.derivation.openapi_schemas import Schemas
from models_conformance.contract.derivation.page_reading import (
    OperationReading,
    PageReading,
    Prose,
    operation_name,
    request_headers,
)
from models_conformance.contract.derivation.pages import READ, Page, PageError

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


def read_openapi(page: Page) -> PageReading:
    """What an OpenAPI page says.

    Raises PageError when the description breaks off, is not YAML, uses aliases, refers to what is not in it, or is of
    another version or endpoint.
    """
    reading = PageReading(page.name, page.sha256, "openapi")
    others: list[tuple[int, str, str]] = []
    for root, prose in read_descriptions(page):
        others += _read(page, reading, root, prose)
    if not reading.operations:
        if others:
            line, method, path = others[0]
            raise PageError(page.name, line, f"the page of another endpoint: {method} {path}")
        raise PageError(page.name, None, "no API reference: the OpenAPI description names no endpoint")
    reading.headers += request_headers(page.lines)
    return reading


def _read(page: Page, reading: PageReading, root: Node, prose: list[Prose]) -> list[tuple[int, str, str]]:
    """Read one description; the endpoints of other APIs in it, each with its line."""
    _refuse_other_versions(page, root)
    schemas = Schemas(page.name, References(page.name, root))
    others: list[tuple[int, str, str]] = []
    for method, path, shared, node in _operations(root, schemas.references):
        name = operation_name(method, path)
        if name is None:
            others.append((node.line, method, path))
            continue
        if name in reading.operations:
            continue
        operation = OperationReading(name, method, path, node.line, prose=list(prose))
        if node["deprecated"].true:
            operation.prose.append((node["deprecated"].line, "Deprecated."))
        for key in ("summary", "description"):
            if text := node[key].text:
                operation.prose.append((node[key].line, text))
        _parameters(reading, operation, node, shared, schemas)
        _answers(reading, operation, node, schemas)
        reading.operations[name] = operation
    return others


def _refuse_other_versions(page: Page, root: Node) -> None:
    version = root["openapi"] or root["swagger"]
    if version and not (root["openapi"] and (version.text or "").startswith("3.")):
        raise PageError(page.name, version.line, f"OpenAPI {(version.text or '')[:20]} is not read; read are {READ}")


def _operations(root: Node, references: References) -> Iterator[tuple[str, str, Node, Node]]:
    """Each operation: method, path, what its path shares with others of its methods, and the operation itself."""
    paths = root["paths"]
    method, path = paths["method"].text, paths["path"].text
    if method and path:
        yield method.upper(), path, NOTHING, paths
        return
    base = _base_path(root)
    for template, node in paths.members.items():
        shared = references.followed(node)
        for verb, operation in shared.members.items():
            if verb.lower() in _METHODS:
                yield verb.upper(), base + template.partition("?")[0], shared, operation


def _base_path(root: Node) -> str:
    """What the address of the server puts before every path."""
    server = next(iter(root["servers"].parts), NOTHING)["url"].text or ""
    try:
        return urlsplit(server).path.rstrip("/")
    except ValueError:
        return ""


def _parameters(reading: PageReading, operation: OperationReading, node: Node, shared: Node, schemas: Schemas) -> None:
    for name, location, required, parameter in _declared(node, shared, schemas):
        if location == "header" and required:
            # Asked of every request alike: a fact about the API rather than about this operation.
            reading.headers.append((name.lower(), None, parameter.line))
            continue
        content = next(iter(parameter["content"].members.values()), NOTHING)
        schema = parameter["schema"] or content["schema"] or parameter
        member = schemas.member(name, schema, required)
        if not (member.holds.types or member.values):
            raise PageError(reading.page, parameter.line, f"a parameter without a type: {name}")
        if schema is not parameter:
            member.prose += parameter.prose
        member.location = location
        operation.parameters.append(member)


def _declared(node: Node, shared: Node, schemas: Schemas) -> Iterator[tuple[str, str, bool, Node]]:
    """Name, location, whether required, and node of each parameter; an operation's own stand before its path's."""
    for location, members in node["request"]["parameters"].members.items():
        for name, parameter in members.members.items():
            alternatives = parameter["schema"].parts or [parameter["schema"]]
            yield name, location, alternatives[0]["required"].true, alternatives[0]
    found: dict[tuple[str, str], Node] = {}
    for part in (*node["parameters"].parts, *shared["parameters"].parts):
        parameter = schemas.references.followed(part)
        spelled, place = parameter["name"].text, parameter["in"].text
        if not spelled or not place:
            raise PageError(schemas.page, part.line, "a parameter without a name or a place")
        found.setdefault((spelled, place), parameter)
    for (spelled, place), parameter in found.items():
        yield spelled, place, parameter["required"].true, parameter


def _answers(reading: PageReading, operation: OperationReading, node: Node, schemas: Schemas) -> None:
    responses = node["response"] or node["responses"]
    for status, part in responses.members.items():
        schema = _body(schemas.references.followed(part))
        if not schema:
            continue
        if status.startswith("2") and operation.returns_line is None:
            root = schemas.member(operation.name, schema, True)
            if not root.children:
                continue
            titles = (layer["title"].text for layer in schemas.layers(schema, 0))
            root.name = root.type.named or next(filter(None, titles), operation.name)
            root.is_type = True
            operation.returns = [root]
            operation.returns_line = schema.line
        elif status.startswith(("4", "5")) and reading.errors is None:
            root = schemas.member(operation.name, schema, True, of_error=True)
            if root.children:
                root.is_type = True
                reading.errors = root
                reading.error_types += _error_types(schema, schemas)
    if operation.returns_line is None:
        raise PageError(reading.page, operation.line, f"truncated: {operation.name} has no successful response")


def _body(answer: Node) -> Node:
    """The schema of an answer's JSON."""
    media = {**answer.members, **answer["content"].members}
    json = next((node for name, node in media.items() if name.lower().startswith("application/json")), NOTHING)
    return json["schemaArray"] or json["schema"]


def _error_types(schema: Node, schemas: Schemas) -> list[tuple[int, str]]:
    for layer in schemas.layers(schema, 0):
        for error in schemas.layers(layer["properties"]["error"], 0):
            if found := [(node.line, name) for name, node in error["discriminator"]["mapping"].members.items()]:
                return found
            kinds = []
            for part in error["oneOf"].parts:
                _, children = schemas.type(part, 1)
                for child in children:
                    kinds += [(child.line, value) for value in child.values if child.name == "type"]
            if kinds:
                return kinds
    return []
