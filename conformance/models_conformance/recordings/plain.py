"""JSON and YAML as plain values: text, bytes, booleans, nothing, lists, mappings.

Scalars stay the text they were: a recorder that forgot its quotes must not turn a body into a number or a
date. YAML is read from libyaml's events and no object is ever constructed; tags that ask for one are refused
by name. Depth and what aliases expand to are bounded.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, cast

import yaml

from models_conformance.recordings.problems import MAX_DEPTH, MAX_FILE_BYTES, RecordingError
from models_conformance.support.reading import MOST_NODES, has_too_many_nodes

Value = Any
"""`str`, `bytes`, `bool`, None, a list of these, or Members."""

# Merge keys (`<<`) copy mappings; nobody who writes one by hand copies this much.
_MAX_MERGED_MEMBERS = 100_000
_LOADER = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
# libyaml 0.2.6 and later, which looks further ahead than the events that it has given so far.
_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
# What a value costs beside its text.
_NODE_BYTES = 64
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_CORE = "tag:yaml.org,2002:"
_BINARY = frozenset({_CORE + "binary", "!binary", _CORE + "python/bytes"})
# Tags of plain values: YAML's own, and how Python 2 and Ruby say "text" for what is text anyway.
_PLAIN_KINDS = "str int float bool null timestamp map seq omap set pairs merge value"
_PYTHON_KINDS = "unicode str int long float bool none tuple list dict"
_HARMLESS = frozenset(
    {
        *(_CORE + kind for kind in _PLAIN_KINDS.split()),
        *(_CORE + "python/" + kind for kind in _PYTHON_KINDS.split()),
        # The type of OkReplay's whole document.
        "!tape",
        *("!" + kind for kind in ("", "str", "int", "float", "bool", "null", "seq", "map")),
    }
)
_RUBY_STRING = "!ruby/string"
_LITERAL = re.compile(r"true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


class Members(dict[str, Value]):
    """A mapping that knows all its members: `pairs` in order, also where a name comes twice."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: Sequence[tuple[str, Value]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs

    def is_repeated(self, name: str) -> bool:
        """Whether `name` is there more than once."""
        return len(self) != len(self.pairs) and sum(key == name for key, _ in self.pairs) > 1


class Literal(str):
    """The text of a JSON number, and of what YAML without quotes would take for one, or for true or false."""

    __slots__ = ()


def _literal(text: str) -> str:
    return Literal(text) if _LITERAL.fullmatch(text) else text


def json_text(value: Value) -> str:
    """A JSON value as text again: numbers as they were written, members in their order, also repeated ones."""
    if isinstance(value, Members):
        return "{" + ", ".join(f"{json.dumps(name)}: {json_text(member)}" for name, member in value.pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    return str(value) if isinstance(value, Literal) else json.dumps(value)


def read_json(text: str, path: str) -> Value:
    """One JSON text. Raises RecordingError."""
    if has_too_many_nodes(text):
        raise RecordingError(path, "", f"holds more than {MOST_NODES} values, which no recording does")
    try:
        # Numbers as their text: converting megabytes of digits takes minutes, and nobody counts with them.
        return json.loads(text, object_pairs_hook=Members, parse_int=Literal, parse_float=Literal)
    except json.JSONDecodeError as problem:
        position = f"line {problem.lineno}, column {problem.colno}"
        raise RecordingError(path, position, f"not JSON: {problem.msg}") from None
    except RecursionError:
        raise RecordingError(path, "", "nested too deeply to be a recording") from None


def read_toml(text: str, path: str) -> Value:
    """One TOML document. Raises RecordingError."""
    try:
        return read_json(json.dumps(tomllib.loads(text), default=str), path)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise RecordingError(path, "", f"not TOML: {problem}") from None


def read_yaml(text: str, path: str) -> list[Value]:
    """Every document of a YAML text. Raises RecordingError."""
    try:
        return list(_Builder(path, yaml.parse(text, Loader=_LOADER)).documents())
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        if mark and problem.problem == _LIBYAML_TOO_DEEP:
            raise RecordingError(path, f"line {mark.line + 1}", _TOO_DEEP) from None
        position = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise RecordingError(path, position, f"not YAML: {problem.problem or problem.context}") from None
    except yaml.YAMLError as problem:
        # Characters that no YAML text may hold; its message has several lines.
        raise RecordingError(path, "", f"not YAML: {' '.join(str(problem).split())}") from None


class _Builder:
    """Builds the values of one file's documents from events."""

    def __init__(self, path: str, events: Iterator[Any]) -> None:
        self._path = path
        self._events = events
        self._anchors: dict[str, Value] = {}
        # What each anchored value comes to in bytes, with what its aliases stand for.
        self._sizes: dict[str, int] = {}
        self._size = self._aliased = 0
        self._nodes = 0
        self._merged = 0
        self._line = 0

    def documents(self) -> Iterator[Value]:
        """Raises RecordingError, and yaml.YAMLError where the text is not YAML."""
        for event in iter(self._next, None):
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors.clear()
            elif isinstance(event, yaml.NodeEvent):
                yield self._value(event, 0)

    def _next(self) -> Any:
        """The next event. Bounds what a short text can come to: by the number of these, and by what aliases stand for.

        The positions that errors tell are those of values, not of their ends.
        """
        event = next(self._events, None)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._refused(f"holds more than {MOST_NODES} values, which no recording does")
        if isinstance(event, yaml.AliasEvent):
            self._aliased += self._sizes.get(str(event.anchor), 0)
            if self._aliased > MAX_FILE_BYTES:
                raise self._refused(f"its aliases stand for more than {MAX_FILE_BYTES} bytes")
        if isinstance(event, yaml.NodeEvent):
            self._line = event.start_mark.line + 1 if event.start_mark is not None else 0
        return event

    def _value(self, event: Any, depth: int) -> Value:
        """The value that begins with this event, in so many collections."""
        if isinstance(event, yaml.AliasEvent):
            self._size += self._sizes.get(str(event.anchor), 0)
            return self._named(event)
        before = self._size
        self._size += _NODE_BYTES
        value: Value
        if isinstance(event, yaml.ScalarEvent):
            self._size += len(event.value)
            value = self._scalar(event)
        else:
            self._check_tag(event.tag, is_scalar=False)
            if depth >= MAX_DEPTH:
                raise self._refused(_TOO_DEEP)
            value = self._mapping(depth) if isinstance(event, yaml.MappingStartEvent) else self._sequence(depth)
        self._note_anchor(event.anchor, value, self._size - before)
        return value

    def _named(self, alias: Any) -> Value:
        # An alias inside what it names would be a circle; the anchor is known from its end on.
        if alias.anchor not in self._anchors:
            raise self._refused(f"the alias *{alias.anchor} names nothing that is complete before it")
        return self._anchors[alias.anchor]

    def _note_anchor(self, anchor: str | None, value: Value, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor], self._sizes[anchor] = value, size

    def _sequence(self, depth: int) -> list[Value]:
        items = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> Members:
        pairs = []
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            name = self._name(event)
            pairs.append((name, self._value(self._next(), depth + 1)))
        return self._with_merged(pairs)

    def _name(self, event: Any) -> str:
        """The name of a member, as it is written."""
        if isinstance(event, yaml.ScalarEvent):
            size = _NODE_BYTES + len(event.value)
            self._size += size
            self._note_anchor(event.anchor, event.value, size)
            return str(event.value)
        if isinstance(event, yaml.AliasEvent):
            self._named(event)
            raise self._refused("an alias as the name of a member")
        raise self._refused("a collection as the name of a member")

    def _with_merged(self, pairs: list[tuple[str, Value]]) -> Members:
        """The members, with those of merge keys (`<<`) that the mapping does not have itself."""
        if all(name != "<<" for name, _ in pairs):
            return Members(pairs)
        own = {name for name, _ in pairs}
        merged: list[tuple[str, Value]] = []
        for name, value in pairs:
            if name != "<<":
                merged.append((name, value))
                continue
            for source in value if isinstance(value, list) else [value]:
                if not isinstance(source, Members):
                    raise self._refused("a merge key (<<) that names no mapping")
                self._merged += len(source)
                if self._merged > _MAX_MERGED_MEMBERS:
                    raise self._refused(f"merge keys (<<) copy more than {_MAX_MERGED_MEMBERS} members")
                merged += [pair for pair in source.items() if pair[0] not in own]
                own |= set(source)
        return Members(merged)

    def _scalar(self, event: Any) -> Value:
        tag = event.tag
        if tag is None:
            # implicit[0]: plain, so that an unquoted null is nothing; quoted it is a word.
            if not event.implicit[0]:
                return event.value
            return None if event.value in _NULLS else _literal(event.value)
        if tag in _BINARY:
            try:
                return base64.b64decode(event.value)
            except (binascii.Error, ValueError):
                raise self._refused("!!binary that is not base64") from None
        self._check_tag(tag, is_scalar=True)
        return None if tag in (_CORE + "null", "!null", _CORE + "python/none") else event.value

    def _check_tag(self, tag: str | None, is_scalar: bool) -> None:
        if tag is None or tag in _HARMLESS or (is_scalar and tag.startswith(_RUBY_STRING)):
            return
        shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
        raise self._refused(f"the tag {shown} asks for an object to be constructed; a recording is plain data")

    def _refused(self, reason: str) -> RecordingError:
        return RecordingError(self._path, f"line {self._line}", reason)
