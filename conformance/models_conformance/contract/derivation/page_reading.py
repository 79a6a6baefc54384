"""What one page says, free of the page's format: operations, their parameters, the objects, the prose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from models_conformance.contract.derivation.typewords import TypeWords
from models_conformance.contract.model import Source

LIST_PATH = "/v1/models"
Prose = tuple[int, str]
_CURL_HEADER = re.compile(r"""(?:-H|--header)\s+["']([A-Za-z][\w\-]*):\s*([^"'\n]*)["']""")


@dataclass
class Member:
    """A declared name: a parameter, a member of an object, or (with `is_type`) a named type being described.

    `variants` are the lines of a union below it, `literals` the listed values of its enumeration.
    """

    name: str
    type: TypeWords
    line: int
    location: str | None = None
    is_type: bool = False
    prose: list[Prose] = field(default_factory=list)
    children: list[Member] = field(default_factory=list)
    variants: list[tuple[int, TypeWords]] = field(default_factory=list)
    literals: list[Prose] = field(default_factory=list)
    constraints: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """The enumeration's members: as listed, else as the union line shows them."""
        if self.literals:
            return tuple(dict.fromkeys(text for _, text in self.literals))
        shown = [self.type.core, *(words.core for _, words in self.variants)]
        return tuple(dict.fromkeys(value for words in shown for value in words.values))

    @property
    def open(self) -> bool:
        """Whether a bare string stands beside the enumeration's values."""
        return self.type.core.open or any(words.core.open or not words.core.values for _, words in self.variants)

    @property
    def holds(self) -> TypeWords:
        """The declared type, with that of its variants where it only has a name."""
        core = self.type.core
        if core.types or not (self.variants or self.literals):
            return self.type
        types = tuple(dict.fromkeys(name for _, words in self.variants for name in words.types)) or ("string",)
        inner = replace(core, types=types)
        return replace(self.type, items=inner) if self.type.items is not None else inner


@dataclass
class OperationReading:
    """An operation of one page. `returns` are the members or the named type of its Returns section."""

    name: str
    method: str
    path: str
    line: int
    prose: list[Prose] = field(default_factory=list)
    signature: tuple[int, str] | None = None
    parameters: list[Member] = field(default_factory=list)
    returns: list[Member] = field(default_factory=list)
    returns_line: int | None = None
    examples: list[tuple[int, str, Any]] = field(default_factory=list)


@dataclass
class PageReading:
    """Everything one page says.

    `types` are the named types that the page expands, with all members; `headers` the request headers that
    every call carries, as (name, value or None, line); `errors` the error envelope where the page has one.
    """

    page: str
    sha256: str
    rendition: str
    operations: dict[str, OperationReading] = field(default_factory=dict)
    types: dict[str, Member] = field(default_factory=dict)
    headers: list[tuple[str, str | None, int]] = field(default_factory=list)
    errors: Member | None = None
    error_types: list[Prose] = field(default_factory=list)

    def source(self, line: int | None) -> Source:
        """That line of the page as a source."""
        return Source(self.page, line, self.sha256)


def operation_name(method: str, path: str) -> str | None:
    """`list` or `retrieve` for the two operations of the Models API; method and path for one that joins them;
    None for an endpoint of another API."""
    path = path.rstrip("/")
    if path == LIST_PATH and method == "GET":
        return "list"
    tail = path.removeprefix(LIST_PATH)
    if tail == path or (tail and not tail.startswith("/")):
        return None
    if method == "GET" and tail.startswith("/{") and tail.endswith("}") and tail.count("/") == 1:
        return "retrieve"
    return f"{method} {path}"


def request_headers(lines: Iterable[str]) -> list[tuple[str, str | None, int]]:
    """The headers of a page's curl examples: lower-case name, value unless it is a placeholder, line."""
    found: list[tuple[str, str | None, int]] = []
    for number, line in enumerate(lines, start=1):
        for header, value in _CURL_HEADER.findall(line):
            found.append((header.lower(), None if set(value) & set("${<") else value.strip(), number))
    return found
