"""An OpenAPI description inside a Markdown page, in the standard layout or in the one that sites render.

The site's layout has `paths: {path, method, request, response}` with each schema in a list of alternatives;
the standard one has `paths: {/v1/models: {get: {parameters, responses}}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from models_conformance.contract.derivation.nesting import DEEPEST_NESTING
from models_conformance.contract.derivation.page_reading import (
    Member,
    OperationReading,
    PageReading,
    operation_name,
    request_headers,
)
from models_conformance.contract.derivation.pages import Page, PageError
from models_conformance.contract.derivation.typewords import TypeWords

LARGEST_DESCRIPTION = 256 * 1024
MOST_SCHEMAS = 20_000
_FENCE = re.compile(r"^(`{3,})ya?ml\b", re.IGNORECASE)
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True)
class _Node:
    """A YAML value and the line of the page that it starts on. A scalar is kept as its text."""

    line: int
    value: dict[str, _Node] | list[_Node] | str

    def __getitem__(self, key: str) -> _Node:
        return self.value.get(key, _NOTHING) if isinstance(self.value, dict) else _NOTHING

    @property
    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) else None

    @property
    def members(self) -> dict[str, _Node]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def parts(self) -> list[_Node]:
        return self.value if isinstance(self.value, list) else []

    def __bool__(self) -> bool:
        return self is not _NOTHING


_NOTHING = _Node(0, "")


def read_openapi(page: Page) -> PageReading:
    """What an OpenAPI page says.

    Raises PageError when the description breaks off, is no YAML, uses aliases, or is of another endpoint.
    """
    root, prose = _description(page)
    reading = PageReading(page.name, page.sha256, "openapi")
    schemas = _Schemas(page.name, root["components"]["schemas"])
    others: list[tuple[int, str, str]] = []
    for method, path, node in _operations(root):
        name = operation_name(method, path)
        if name is None:
            others.append((node.line, method, path))
            continue
        operation = OperationReading(name, method, path, node.line, prose=list(prose))
        for key in ("summary", "description"):
            if text := node[key].text:
                operation.prose.append((node[key].line, text))
        _parameters(reading, operation, node, schemas)
        _answers(reading, operation, node, schemas)
        reading.operations[name] = operation
    if not reading.operations:
        if others:
            line, method, path = others[0]
            raise PageError(page.name, line, f"the page of another endpoint: {method} {path}")
        raise PageError(page.name, None, "no API reference: the OpenAPI description names no endpoint")
    reading.headers += request_headers(page.lines)
    return reading


def _description(page: Page) -> tuple[_Node, list[tuple[int, str]]]:
    """The YAML of the page as nodes, and the prose around it."""
    prose: list[tuple[int, str]] = []
    for index, line in enumerate(page.lines):
        fence = _FENCE.match(line)
        if fence is None:
            if line.strip():
                prose.append((index + 1, line.strip()))
            continue
        end = next(
            (n for n in range(index + 1, len(page.lines)) if page.lines[n].startswith(fence[1])),
            None,
        )
        if end is None:
            raise PageError(page.name, index + 1, "truncated: the page ends inside its OpenAPI description")
        text = "\n".join(page.lines[index + 1 : end])
        if len(text) > LARGEST_DESCRIPTION:
            raise PageError(page.name, index + 1, "the OpenAPI description is too large")
        try:
            composed = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, OverflowError) as failure:
            mark = getattr(failure, "problem_mark", None)
            at = index + 2 + mark.line if mark is not None else index + 1
            raise PageError(page.name, at, "the OpenAPI description is not YAML") from failure
        except RecursionError as failure:
            raise PageError(page.name, index + 1, "the OpenAPI description is nested too deeply") from failure
        return _nodes(page.name, composed, index + 2, 0, set()), prose
    raise PageError(page.name, None, "no API reference: no OpenAPI description")


def _nodes(page: str, node: yaml.Node | None, first: int, depth: int, seen: set[int]) -> _Node:
    if node is None:
        return _NOTHING
    line = node.start_mark.line + first
    if id(node) in seen:
        # An alias: honest pages have none, and a few of them can stand for more nodes than memory holds.
        raise PageError(page, line, "the OpenAPI description uses YAML aliases")
    if depth > 100:
        raise PageError(page, line, "the OpenAPI description is nested too deeply")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        pairs = {}
        for key, value in node.value:
            pairs[str(key.value) if isinstance(key, yaml.ScalarNode) else ""] = _nodes(
                page, value, first, depth + 1, seen
            )
        return _Node(line, pairs)
    if isinstance(node, yaml.SequenceNode):
        return _Node(line, [_nodes(page, part, first, depth + 1, seen) for part in node.value])
    return _Node(line, str(node.value))


def _operations(root: _Node) -> Iterator[tuple[str, str, _Node]]:
    paths = root["paths"]
    method, path = paths["method"].text, paths["path"].text
    if method and path:
        yield method.upper(), path, paths
        return
    for template, node in paths.members.items():
        for verb, operation in node.members.items():
            if verb.lower() in _METHODS:
                yield verb.upper(), template, operation


@dataclass
class _Schemas:
    page: str
    components: _Node
    visited: int = 0

    def member(self, name: str, node: _Node, required: bool, depth: int = 0) -> Member:
        """The member `name` of the schema `node`, with the members below it."""
        line = node.line
        title: str | None = None
        prose: list[tuple[int, str]] = []
        constraints: dict[str, str] = {}
        for layer in self.layers(node, depth):
            reference = layer["$ref"].text
            title = title or (reference.rpartition("/")[2] if reference else None)
            if text := layer["description"].text:
                prose.append((layer["description"].line, text))
            for key in ("default", "minimum", "maximum", "maxItems", "format"):
                if value := layer[key].text:
                    constraints[key] = value
        words, children = self.type(node, depth)
        words = TypeWords(
            types=words.types,
            named=title,
            items=words.items,
            values=words.values,
            optional=not required,
            open=words.open,
            format=words.format,
        )
        return Member(name, words, line, prose=prose, children=children, constraints=constraints)

    def layers(self, node: _Node, depth: int) -> Iterator[_Node]:
        """`node` and whatever it only wraps: a list of one, `allOf` of one, a reference."""
        self.visited += 1
        # Schemas that refer to each other twice over double at every level: depth alone is no bound.
        if depth > DEEPEST_NESTING or self.visited > MOST_SCHEMAS:
            raise PageError(self.page, node.line, "the schemas refer to each other without end")
        if node.parts:
            yield from self.layers(node.parts[0], depth + 1)
            return
        yield node
        for part in node["allOf"].parts:
            yield from self.layers(part, depth + 1)
        reference = node["$ref"].text
        if reference and (target := self.components[reference.rpartition("/")[2]]):
            yield from self.layers(target, depth + 1)

    def type(self, node: _Node, depth: int) -> tuple[TypeWords, list[Member]]:
        """The type of a schema and, for an object or an array of objects, its members."""
        types: list[str] = []
        values: list[str] = []
        items: TypeWords | None = None
        children: list[Member] = []
        form: str | None = None
        bare = False
        for layer in self.layers(node, depth):
            types += _texts(layer["type"])
            values += _texts(layer["enum"]) or _texts(layer["const"])
            form = form or layer["format"].text
            if layer["items"]:
                items, children = self.items(layer["items"], depth + 1)
            if layer["properties"]:
                children = self.properties(layer, depth + 1)
            for part in (*layer["anyOf"].parts, *layer["oneOf"].parts):
                other, below = self.type(part, depth + 1)
                bare = bare or (other.types == ("string",) and not other.values)
                types += other.types
                values += other.values
                items = items or other.items
                form = form or other.format
                children = children or below
        unique = tuple(dict.fromkeys(values))
        words = TypeWords(tuple(dict.fromkeys(types)), None, items, unique, open=bool(unique) and bare, format=form)
        return words, children

    def items(self, node: _Node, depth: int) -> tuple[TypeWords, list[Member]]:
        """The type of an array's items, named by what they refer to, and their members."""
        words, children = self.type(node, depth)
        reference = node["$ref"].text
        named = reference.rpartition("/")[2] if reference else None
        return TypeWords(words.types, named, words.items, words.values, open=words.open), children

    def properties(self, node: _Node, depth: int) -> list[Member]:
        """The members of an object. Whether the object itself is required is said by the same key."""
        required = {part.text for part in (node["required"].parts or node["requiredProperties"].parts)}
        members = node["properties"].members
        return [self.member(name, member, name in required, depth) for name, member in members.items()]


def _texts(node: _Node) -> list[str]:
    """The text of a node, or those of a list; empty ones are none."""
    return [text for text in (node.text, *(part.text for part in node.parts)) if text]


def _parameters(reading: PageReading, operation: OperationReading, node: _Node, schemas: _Schemas) -> None:
    request = node["request"]["parameters"]
    found: list[tuple[str, str, bool, _Node]] = []
    for location, members in request.members.items():
        for name, parameter in members.members.items():
            alternatives = parameter["schema"].parts or [parameter["schema"]]
            found.append((name, location, alternatives[0]["required"].text == "true", alternatives[0]))
    for part in node["parameters"].parts:
        spelled, place = part["name"].text, part["in"].text
        if spelled and place:
            found.append((spelled, place, part["required"].text == "true", part))
    for name, location, required, parameter in found:
        if location == "header" and required:
            # Asked of every request alike: a fact about the API rather than about this operation.
            reading.headers.append((name.lower(), None, parameter.line))
            continue
        schema = parameter["schema"] if parameter["schema"] else parameter
        member = schemas.member(name, schema, required)
        if (text := parameter["description"].text) and schema is not parameter:
            member.prose.append((parameter["description"].line, text))
        member.location = location
        operation.parameters.append(member)


def _answers(reading: PageReading, operation: OperationReading, node: _Node, schemas: _Schemas) -> None:
    responses = node["response"] or node["responses"]
    for status, answer in responses.members.items():
        body = answer["application/json"] or answer["content"]["application/json"]
        schema = body["schemaArray"] or body["schema"]
        if not schema:
            continue
        root = schemas.member(operation.name, schema, True)
        root.is_type = True
        if status.startswith("2") and root.children:
            titles = (layer["title"].text for layer in schemas.layers(schema, 0))
            root.name = root.type.named or next(filter(None, titles), operation.name)
            operation.returns = [root]
            operation.returns_line = schema.line
        elif status.startswith(("4", "5")) and root.children and reading.errors is None:
            reading.errors = root
            reading.error_types += _error_types(schema, schemas)
    if operation.returns_line is None:
        raise PageError(reading.page, operation.line, f"truncated: {operation.name} has no successful response")


def _error_types(schema: _Node, schemas: _Schemas) -> list[tuple[int, str]]:
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
