"""An OpenAPI description as nodes that know their lines, and its references resolved.

Built from the events of a YAML parser (JSON is YAML), and bounded in depth and number: descriptions may be anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

from models_conformance.contract.derivation.pages import Description, Page, PageError, find_description

LARGEST_DESCRIPTION = 1024 * 1024
MOST_NODES = 100_000
DEEPEST_DESCRIPTION = 100
_LOADER = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
_Events = Iterator[tuple[yaml.Event, int]]
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, eq=False)
class Node:
    """A value of a description and the line of the page that it starts on. A scalar is kept as its text, and
    `plain` says that it stood without quotes."""

    line: int
    value: dict[str, Node] | list[Node] | str
    plain: bool = False

    def __getitem__(self, key: str) -> Node:
        return self.value.get(key, NOTHING) if isinstance(self.value, dict) else NOTHING

    @property
    def text(self) -> str | None:
        """The text of a scalar that is not null."""
        return self.value if isinstance(self.value, str) and not self.null else None

    @property
    def null(self) -> bool:
        """Whether this is JSON's null."""
        return self.plain and self.value in _NULLS

    @property
    def true(self) -> bool:
        """Whether this is JSON's true."""
        return isinstance(self.value, str) and self.value.lower() == "true"

    @property
    def prose(self) -> list[tuple[int, str]]:
        """Its description, and that it is deprecated, each with its line."""
        described = [(self["description"].line, text)] if (text := self["description"].text) else []
        return described + ([(self["deprecated"].line, "Deprecated.")] if self["deprecated"].true else [])

    @property
    def members(self) -> dict[str, Node]:
        return self.value if isinstance(self.value, dict) else {}

    @property
    def parts(self) -> list[Node]:
        return self.value if isinstance(self.value, list) else []

    def __bool__(self) -> bool:
        return self is not NOTHING


NOTHING = Node(0, "")


def read_descriptions(page: Page) -> Iterator[tuple[Node, list[tuple[int, str]]]]:
    """Each description of the page as nodes, with the prose before it.

    Raises PageError when there is none, or one breaks off, is too large, is not YAML or uses aliases.
    """
    found = find_description(page.lines)
    if found is None:
        raise PageError(page.name, None, "no API reference: no OpenAPI description")
    before = 0
    while found is not None:
        yield _described(page, found, before)
        before = len(page.lines) if found.end is None else found.end + 1
        found = find_description(page.lines, before)


def _described(page: Page, found: Description, before: int) -> tuple[Node, list[tuple[int, str]]]:
    start = found.first + 1 if found.fence is None else found.fence + 1
    if found.end is None:
        raise PageError(page.name, start, "truncated: the page ends inside its OpenAPI description")
    text = "\n".join(page.lines[found.first : found.end])
    if len(text) > LARGEST_DESCRIPTION:
        raise PageError(page.name, start, "the OpenAPI description is too large")
    if text.lstrip().startswith("{"):
        # JSON may be indented by tabs, YAML may not; inside of a string neither has one.
        text = text.replace("\t", " ")
    numbered = enumerate(page.lines[before : found.fence or 0], before + 1)
    prose = [(number, line.strip()) for number, line in numbered if line.strip()]
    try:
        root = _built(page.name, yaml.parse(text, Loader=_LOADER), found.first + 1)
    except (yaml.YAMLError, ValueError, OverflowError) as failure:
        if isinstance(failure, PageError):
            raise
        mark = getattr(failure, "problem_mark", None)
        at = found.first + 1 + mark.line if mark is not None else start
        raise PageError(page.name, at, "the OpenAPI description is not YAML or JSON") from failure
    return root, prose


def _built(page: str, events: Iterator[yaml.Event], first: int) -> Node:
    """The root of the first document of `events`; `first` is the line of the page that it begins on."""
    checked = _checked(page, events, first)
    for event, line in checked:
        if isinstance(event, yaml.NodeEvent):
            return _node(page, checked, event, line)
    return NOTHING


def _checked(page: str, events: Iterator[yaml.Event], first: int) -> _Events:
    """The events, each with its line, up to one that no honest page has."""
    count = depth = 0
    for event in events:
        line = first + (event.start_mark.line if event.start_mark is not None else 0)
        if isinstance(event, yaml.AliasEvent):
            # A few of them can stand for more nodes than memory holds.
            raise PageError(page, line, "the OpenAPI description uses YAML aliases")
        count += isinstance(event, yaml.NodeEvent)
        if count > MOST_NODES:
            raise PageError(page, line, "the OpenAPI description holds too many values")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_DESCRIPTION:
            raise PageError(page, line, "the OpenAPI description is nested too deeply")
        yield event, line


def _node(page: str, events: _Events, event: yaml.Event, line: int) -> Node:
    """The node that begins with `event`, the rest of it taken from `events`."""
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, str(event.value), plain=bool(event.implicit[0]))
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, [_node(page, events, *part) for part in _up_to_the_end(events)])
    members: dict[str, Node] = {}
    for part in _up_to_the_end(events):
        spelled = _node(page, events, *part).value
        key = spelled if isinstance(spelled, str) else ""
        value = next(events)
        if key in members:
            raise PageError(page, value[1], f"the OpenAPI description has {key[:60]} twice in one place")
        members[key] = _node(page, events, *value)
    return Node(line, members)


def _up_to_the_end(events: _Events) -> _Events:
    """What begins each part of a mapping or of a list; whoever takes it takes the rest of the part."""
    for event, line in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event, line


class _Plain(dict[str, Any]):
    """A mapping as the library of references knows it, which remembers the node that it was made of."""

    node: Node = NOTHING


def _plain(node: Node) -> Any:
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, list):
        return [_plain(part) for part in node.value]
    held = _Plain({key: _plain(value) for key, value in node.value.items()})
    held.node = node
    return held


@dataclass
class References:
    """The references of one description."""

    page: str
    root: Node
    _registry: Registry[Any] = field(init=False)

    def __post_init__(self) -> None:
        contents: Mapping[str, Any] = _plain(self.root) if self.root.members else {}
        self._registry = Registry[Any]().with_resource("", Resource.opaque(contents))

    def target(self, node: Node) -> Node | None:
        """What the `$ref` of `node` stands for; None where it has none.

        Raises PageError, with its line, for one that leads nowhere or into another document.
        """
        reference = node["$ref"]
        if not reference:
            return None
        text = reference.text or ""
        reason = f"the reference {text[:80]} is not resolved"
        if not text.startswith("#"):
            raise PageError(self.page, reference.line, f"{reason}: it is to another document")
        try:
            found = self._registry.resolver().lookup(text).contents
        except (Unresolvable, TypeError, ValueError) as failure:
            # The library steps into a scalar, or into a list by a word, without asking.
            raise PageError(self.page, reference.line, reason) from failure
        if not isinstance(found, _Plain):
            raise PageError(self.page, reference.line, f"{reason}: there is no object")
        return found.node

    def followed(self, node: Node) -> Node:
        """The node itself, or what its reference, and that one's, stands for. Raises PageError as `target` does."""
        for _ in range(DEEPEST_DESCRIPTION):
            target = self.target(node)
            if target is None:
                return node
            node = target
        raise PageError(self.page, node.line, "the references lead round in a circle")
