"""The schemas of an OpenAPI description as members: references followed, `allOf` put together, alternatives joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from models_conformance.contract.derivation.nesting import DEEPEST_NESTING
from models_conformance.contract.derivation.openapi_nodes import Node, References
from models_conformance.contract.derivation.page_reading import Member
from models_conformance.contract.derivation.pages import PageError
from models_conformance.contract.derivation.typewords import TypeWords

MOST_SCHEMAS = 20_000
_CONSTRAINTS = ("default", "minimum", "maximum", "maxItems", "format")
_BOUNDS = frozenset({"minimum", "maximum", "maxItems"})
_WHOLE = re.compile(r"(-?\d+)\.0+")
# A bound that is itself shut out: a number of its own in 3.1, a flag beside the bound in 3.0.
_EXCLUSIVE = {"minimum": ("exclusiveMinimum", 1), "maximum": ("exclusiveMaximum", -1)}


@dataclass
class _Kind:
    """The type of a schema while its layers are read."""

    types: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    items: TypeWords | None = None
    children: list[Member] = field(default_factory=list)
    form: str | None = None
    bare: bool = False

    def add(self, layer: Node) -> None:
        """Add what one layer of the schema says by itself."""
        self.types += _types(layer["type"])
        self.types += ["null"] if layer["nullable"].true else []
        values = [layer["const"]] if layer["const"] else layer["enum"].parts
        self.values += [value.text for value in values if value.text]
        self.types += ["null"] if any(value.null for value in values) else []
        self.form = self.form or layer["format"].text

    def join(self, words: TypeWords, below: list[Member]) -> None:
        """Add one alternative of the schema."""
        self.bare = self.bare or (words.types == ("string",) and not words.values)
        self.types += words.types
        self.values += words.values
        self.items = self.items or words.items
        self.form = self.form or words.format
        self.children = self.children or below

    @property
    def words(self) -> TypeWords:
        values = tuple(dict.fromkeys(self.values))
        types = tuple(dict.fromkeys(self.types))
        return TypeWords(types, None, self.items, values, open=bool(values) and self.bare, format=self.form)


@dataclass
class Schemas:
    """The schemas of one page. Each method raises PageError for a reference that is not resolved, for schemas that
    refer to each other without end, and for alternatives that are not one object."""

    page: str
    references: References
    visited: int = 0
    of_error: bool = False

    def member(self, name: str, node: Node, required: bool, depth: int = 0, *, of_error: bool = False) -> Member:
        """The member `name` of the schema `node`, with the members below it.

        The object of an error may be one of several, which are told apart by their type alone (`of_error`).
        """
        self.of_error = of_error or (self.of_error and depth > 0)
        title: str | None = None
        prose: list[tuple[int, str]] = []
        constraints: dict[str, str] = {}
        for layer in self.layers(node, depth):
            reference = layer["$ref"].text
            title = title or (reference.rpartition("/")[2] if reference else None)
            prose += layer.prose
        for key, value in self.constraints(node, depth):
            constraints.setdefault(key, value)
        words, children = self.type(node, depth)
        words = replace(words, named=title, optional=not required)
        return Member(name, words, node.line, prose=prose, children=children, constraints=constraints)

    def constraints(self, node: Node, depth: int) -> Iterator[tuple[str, str]]:
        """Bounds, default and format of a schema, also where they stand in the one alternative beside null."""
        for layer in self.layers(node, depth):
            yield from _constraints(layer)
            parts = [part for part in (*layer["anyOf"].parts, *layer["oneOf"].parts) if part["type"].text != "null"]
            found = [list(self.constraints(part, depth + 1)) for part in parts]
            if len(parts) > 1 and any(key in _BOUNDS for part in found for key, _ in part):
                raise PageError(self.page, parts[0].line, "bounds of one of several alternatives are not read")
            yield from (pair for part in found for pair in part)

    def layers(self, node: Node, depth: int) -> Iterator[Node]:
        """`node` and what holds beside it: the first of a list, all of its `allOf`, what it refers to."""
        self.visited += 1
        # Schemas that refer to each other twice over double at every level: depth alone is not a bound.
        if depth > DEEPEST_NESTING or self.visited > MOST_SCHEMAS:
            raise PageError(self.page, node.line, "the schemas refer to each other without end")
        if node.parts:
            yield from self.layers(node.parts[0], depth + 1)
            return
        yield node
        for part in node["allOf"].parts:
            yield from self.layers(part, depth + 1)
        target = self.references.target(node)
        if target is not None:
            yield from self.layers(target, depth + 1)

    def type(self, node: Node, depth: int) -> tuple[TypeWords, list[Member]]:
        """The type of a schema and, for an object or an array of objects, its members."""
        kind = _Kind()
        objects: list[Node] = []
        for layer in self.layers(node, depth):
            kind.add(layer)
            if layer["items"]:
                kind.items, kind.children = self.items(layer["items"], depth + 1)
            if layer["properties"] or layer["required"] or layer["requiredProperties"]:
                objects.append(layer)
            self.alternatives(layer, kind, depth)
        if any(layer["properties"] for layer in objects):
            kind.children = self.properties(objects, depth + 1)
            kind.types += [] if "object" in kind.types else ["object"]
        if kind.values and not set(kind.types) - {"null"}:
            kind.types.append("string")
        return kind.words, kind.children

    def alternatives(self, layer: Node, kind: _Kind, depth: int) -> None:
        """Join what a schema may be, of which at most one is an object; an error's objects have the same members."""
        for part in (*layer["anyOf"].parts, *layer["oneOf"].parts):
            words, below = self.type(part, depth + 1)
            if below and kind.children and not self.of_error and _names(below) != _names(kind.children):
                raise PageError(self.page, part.line, "alternatives that are objects of different members are not read")
            kind.join(words, below)

    def items(self, node: Node, depth: int) -> tuple[TypeWords, list[Member]]:
        """The type of an array's items, named by what they refer to, and their members."""
        words, children = self.type(node, depth)
        reference = node["$ref"].text
        named = reference.rpartition("/")[2] if reference else None
        return TypeWords(words.types, named, words.items, words.values, open=words.open), children

    def properties(self, layers: Iterable[Node], depth: int) -> list[Member]:
        """The members of an object, all of its layers together. Whether the object itself is required is said by the
        same key in the layout of sites."""
        required: set[str | None] = set()
        found: dict[str, list[Node]] = {}
        for layer in layers:
            required |= {part.text for part in (layer["required"].parts or layer["requiredProperties"].parts)}
            for name, member in layer["properties"].members.items():
                found.setdefault(name, []).append(member)
        return [self.member(name, _together(nodes), name in required, depth) for name, nodes in found.items()]


def _together(nodes: list[Node]) -> Node:
    """Several schemas of one member as one."""
    return nodes[0] if len(nodes) == 1 else Node(nodes[0].line, {"allOf": Node(nodes[0].line, nodes)})


def _names(members: Iterable[Member]) -> set[str]:
    return {member.name for member in members}


def _types(node: Node) -> list[str]:
    """The types that a schema lists; `null` is one with and without quotes."""
    return [part.value for part in (node.parts or [node]) if isinstance(part.value, str) and part.value]


def _constraints(layer: Node) -> Iterator[tuple[str, str]]:
    for key in _CONSTRAINTS:
        if value := layer[key].text:
            yield key, _inclusive(layer, key, _WHOLE.sub(r"\1", value) if _WHOLE.fullmatch(value) else value)
    for bound in _EXCLUSIVE:
        if not layer[bound] and (value := layer[_EXCLUSIVE[bound][0]].text):
            yield bound, _stepped(bound, value)


def _inclusive(layer: Node, key: str, value: str) -> str:
    """A bound as the last value that is allowed: in OpenAPI 3.0 a flag beside it may shut itself out."""
    return _stepped(key, value) if key in _EXCLUSIVE and layer[_EXCLUSIVE[key][0]].true else value


def _stepped(bound: str, value: str) -> str:
    return str(int(value) + _EXCLUSIVE[bound][1]) if value.lstrip("-").isdecimal() and len(value) < 18 else value
