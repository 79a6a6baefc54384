"""The objects that a page describes, each at its path in the answers.

Paths, not names, tell which objects of two pages are one: a page may call the item `BetaModelInfo`,
`ModelInfo` or leave it nameless. `page` is the list's envelope, `model` the item, `model.capabilities` what
that member of it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from models_conformance.contract.derivation.items import wire_name
from models_conformance.contract.derivation.nesting import DEEPEST_NESTING
from models_conformance.contract.derivation.page_reading import Member, OperationReading, PageReading, Prose
from models_conformance.contract.derivation.pages import PageError
from models_conformance.contract.derivation.typewords import TypeWords
from models_conformance.contract.model import Source

ENVELOPE = "page"
ITEM = "model"
MOST_OBJECTS = 5_000
TYPE_ORDER = ("string", "integer", "number", "boolean", "array", "object", "null")
_NULL_IN_PROSE = re.compile(r"\bnull`? (?:while|when|if|unless|for|until|means)\b", re.IGNORECASE)
_RFC_3339 = re.compile(r"\bRFC\s*-?3339\b", re.IGNORECASE)
_GROWS = re.compile(r"\bmore\b[^.]{0,40}\bmay be added\b|\bnew\b[^.]{0,40}\bmay be added\b", re.IGNORECASE)


@dataclass(frozen=True)
class FieldReading:
    """One member of an object, as one page has it at one place. `child` is the path of the object in it,
    and with `anything` it may be any JSON value."""

    name: str
    source: Source
    types: tuple[str, ...]
    values: tuple[str, ...] = ()
    open: bool = False
    required: bool = True
    format: str | None = None
    items: str | None = None
    child: str | None = None
    anything: bool = False
    prose: tuple[Prose, ...] = ()


@dataclass
class ObjectReading:
    """An object at `path`, as one page has it at one place; `described` unless only an example shows it."""

    path: str
    name: str | None
    source: Source
    described: bool = True
    fields: dict[str, FieldReading] = field(default_factory=dict)


def sorted_types(types: Iterable[str]) -> tuple[str, ...]:
    """JSON Schema types in a fixed order, each once."""
    held = set(types)
    return tuple(name for name in TYPE_ORDER if name in held)


def objects_of(reading: PageReading) -> list[ObjectReading]:
    """Every object that `reading` describes, and the envelope where its example shows it.

    Raises PageError when the page's types expand to more objects than any honest page has.
    """
    walker = _Walker(reading)
    for operation in reading.operations.values():
        walker.operation(operation)
    return walker.found


def describes_envelope(operation: OperationReading) -> bool:
    """Whether the Returns section is of the list's envelope rather than of its items."""
    root, members = _root(operation)
    name = root.name if root else None
    if name and operation.signature and re.search(rf"\w\[{re.escape(name)}\]", operation.signature[1]):
        return False
    return any("array" in member.type.types and (member.children or member.type.core.named) for member in members)


def _root(operation: OperationReading) -> tuple[Member | None, list[Member]]:
    """The returned object, None where it has no name, and its members."""
    first = operation.returns[0] if operation.returns else None
    if first is None:
        return None, []
    alone = len(operation.returns) == 1 and first.children and "object" in first.type.types
    if first.is_type or alone:
        return first, first.children
    return None, operation.returns


@dataclass
class _Walker:
    reading: PageReading
    found: list[ObjectReading] = field(default_factory=list)

    def operation(self, operation: OperationReading) -> None:
        root, members = _root(operation)
        name, line = (root.name, root.line) if root else (None, operation.returns_line or operation.line)
        if root is not None and not members and root.name in self.reading.types:
            members = self.reading.types[root.name].children
        path = ITEM if operation.name in {"list", "retrieve"} else operation.name
        if operation.name == "list" and describes_envelope(operation):
            path = ENVELOPE
        self.walk(path, name, line, members, ())
        if operation.name == "list" and path == ITEM:
            self.shown(operation)

    def walk(self, path: str, name: str | None, line: int, members: list[Member], above: tuple[str, ...]) -> None:
        if len(self.found) >= MOST_OBJECTS or len(above) > DEEPEST_NESTING:
            raise PageError(self.reading.page, line, "its types expand without end")
        held = ObjectReading(path, name, self.reading.source(line))
        self.found.append(held)
        for member in members:
            if member.is_type:
                continue
            read = self.field(path, member, above)
            held.fields.setdefault(read.name, read)

    def field(self, path: str, member: Member, above: tuple[str, ...]) -> FieldReading:
        words = member.holds
        name = wire_name(member.name)
        named = words.core.named
        children, types = self.members_and_types(member, above)
        child = None
        if children:
            child = ITEM if path == ENVELOPE and words.items is not None else f"{path}.{name}"
            self.walk(child, named, member.line, children, (*above, named) if named else above)
        text = " ".join(text for _, text in member.prose)
        if types and _may_be_null(words, text):
            types.add("null")
        return FieldReading(
            name=name,
            source=self.reading.source(member.line),
            types=sorted_types(types),
            values=member.values,
            open=bool(member.values) and (member.open or bool(_GROWS.search(text))),
            # Only OpenAPI tells a member that may be null from one that may be absent.
            required=not words.optional or (words.nullable and self.reading.rendition != "openapi"),
            format=words.format or member.constraints.get("format") or _spoken_format(types, text),
            items=_items(words, child),
            child=child,
            anything=words.anything,
            prose=tuple(member.prose),
        )

    def members_and_types(self, member: Member, above: tuple[str, ...]) -> tuple[list[Member], set[str]]:
        """The members below `member`, also where its type was expanded elsewhere, and its types without `null`."""
        words = member.holds
        children = member.children
        named = words.core.named
        if not children and named in self.reading.types and named not in above:
            children = self.reading.types[named].children
        alternatives = [child for child in children if child.is_type]
        if alternatives:
            # Several objects at one place have no members in common that could be asked for.
            children = alternatives[0].children if len(alternatives) == 1 else []
        types = {name for name in words.types if name != "null"}
        if words.items is None and (children or (alternatives and not types)):
            types = {"object"}
        return children, types

    def shown(self, operation: OperationReading) -> None:
        """The envelope as an example answer shows it, for a page that describes only the items."""
        for line, text, value in operation.examples:
            if not isinstance(value.get("data"), list):
                continue
            held = ObjectReading(ENVELOPE, None, self.reading.source(line), described=False)
            for name, content in value.items():
                kind = _json_type(content)
                child = ITEM if kind == "array" else None
                source = self.reading.source(line + _line_of(text, name))
                held.fields[name] = FieldReading(name, source, (kind,), items="object" if child else None, child=child)
            self.found.append(held)
            return


def _may_be_null(words: TypeWords, text: str) -> bool:
    """Whether a member holds null too, by its type or by its prose."""
    return words.nullable or words.core.nullable or bool(_NULL_IN_PROSE.search(text))


def _items(words: TypeWords, child: str | None) -> str | None:
    """The type of an array's items, where they have one."""
    if words.items is None:
        return None
    return "object" if child is not None else next(iter(sorted_types(words.items.types)), None)


def _spoken_format(types: set[str], text: str) -> str | None:
    """The format that prose gives to a string: not every rendition has a line or a type for it."""
    return "date-time" if "string" in types and _RFC_3339.search(text) else None


def _json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    kinds = {str: "string", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def _line_of(text: str, key: str) -> int:
    """How many lines below the start of `text` the outermost `key` is."""
    quoted = json.dumps(key) + ":"
    places = [
        (len(line) - len(line.lstrip()), number)
        for number, line in enumerate(text.split("\n"))
        if line.lstrip().startswith(quoted)
    ]
    return min(places)[1] if places else 0
