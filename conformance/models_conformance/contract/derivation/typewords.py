"""The types of the pages, in any of their spellings, as one thing.

`Optional[List[X]]`, `optional array of X`, `IReadOnlyList<X>`, `"a" or "b" or 3 more`, `string?` and
`X { id, name, 4 more } or null` all become a `TypeWords`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import reduce

DEEPEST_TYPE = 12


@dataclass(frozen=True)
class TypeWords:
    """What a page says about a type.

    `types` are JSON Schema types (empty for a named type that the page has yet to expand, and where any JSON value
    is said to do, which is `anything`), `more` counts the
    enumeration members that a union line leaves out, `members` and `members_more` do so for an object's
    braces.
    """

    types: tuple[str, ...] = ()
    named: str | None = None
    items: TypeWords | None = None
    values: tuple[str, ...] = ()
    more: int = 0
    optional: bool = False
    open: bool = False
    format: str | None = None
    members: tuple[str, ...] = ()
    members_more: int = 0
    anything: bool = False

    @property
    def nullable(self) -> bool:
        """Whether null is one of the types."""
        return "null" in self.types

    @property
    def core(self) -> TypeWords:
        """The type that members or enumeration values belong to: an array's items, else itself."""
        return self.items.core if self.items is not None else self


_PRIMITIVES = {
    **dict.fromkeys(("string", "str", "String"), "string"),
    **dict.fromkeys(("integer", "int", "Integer", "Int", "Long", "long", "int64", "Int64", "int32"), "integer"),
    **dict.fromkeys(("number", "float", "double", "Double", "Float", "float64"), "number"),
    **dict.fromkeys(("boolean", "bool", "Boolean", "Bool"), "boolean"),
    **dict.fromkeys(("null", "None", "nil", "undefined"), "null"),
    **dict.fromkeys(("object", "Object", "dict", "Dict", "map", "Map", "Hash"), "object"),
}
_DATE_TIMES = {"datetime", "DateTimeOffset", "DateTime", "Time", "LocalDateTime", "OffsetDateTime"}
_ANYTHING = {"JsonElement", "JsonValue", "unknown", "any", "Any"}
_ARRAYS = {"List", "Array", "Sequence", "Iterable", "IReadOnlyList", "ReadonlyArray", "Tuple", "list"}
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\n]{0,400}")|(?P<word>[A-Za-z_][\w.\-]*)|(?P<number>\d{1,6}\b)|(?P<mark>[][<>{}|,?&()]|…|\.\.\.))"""
)
_GLUED_PRIMITIVE = re.compile(r"\s*(?:string|number|boolean|integer|object|null)(?![a-z_])")
_NAME = re.compile(r"[A-Z][A-Za-z0-9_]*$")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|_")


class _Unreadable(Exception):
    """The text at hand is not a type."""


@dataclass
class _Reader:
    text: str
    position: int
    glued: bool

    def peek(self) -> tuple[str, str, int]:
        """The next token's kind ('' at an end), its text, and where it ends."""
        if self.glued and (match := _GLUED_PRIMITIVE.match(self.text, self.position)):
            return "word", match[0].strip(), match.end()
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            return "", "", self.position
        kind = match.lastgroup or ""
        return kind, match[kind], match.end()

    def take(self, *wanted: str) -> bool:
        _, text, end = self.peek()
        if text in wanted:
            self.position = end
            return True
        return False

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise _Unreadable

    def union(self, depth: int) -> TypeWords:
        found = self.term(depth)
        while True:
            before = self.position
            if not self.take("or", "|"):
                return found
            kind, text, end = self.peek()
            if kind == "number":
                self.position = end
                self.expect("more")
                found = replace(found, more=found.more + int(text))
                continue
            try:
                found = _either(found, self.term(depth))
            except _Unreadable:
                # The word "or" of a sentence that follows the type, not of the type.
                self.position = before
                return found

    def term(self, depth: int) -> TypeWords:
        if depth > DEEPEST_TYPE:
            raise _Unreadable
        kind, text, end = self.peek()
        if kind == "text":
            self.position = end
            return TypeWords(types=("string",), values=(text[1:-1],))
        if self.take("("):
            return self.grouped(depth)
        if kind != "word":
            raise _Unreadable
        if text in {"optional", "required"}:
            self.position = end
            inner = self.union(depth + 1)
            return replace(inner, optional=True) if text == "optional" else inner
        if text == "array":
            self.position = end
            self.expect("of")
            return _array(self.union(depth + 1))
        self.position = end
        return self.suffixed(self.braced(self.word(text, depth)))

    def grouped(self, depth: int) -> TypeWords:
        """A type in brackets, after the first: TypeScript writes `(string & {})` for a string beside listed ones."""
        inner = self.union(depth + 1)
        if self.take("&"):
            self.expect("{")
            self.expect("}")
        self.expect(")")
        return self.suffixed(inner)

    def word(self, text: str, depth: int) -> TypeWords:
        opened = self.text[self.position : self.position + 1]
        closing = {"[": "]", "<": ">"}.get(opened)
        if closing and self.text[self.position : self.position + 2] != "[]":
            self.position += 1
            return self.wrapped(text, closing, depth)
        if text in _PRIMITIVES:
            return TypeWords(types=(_PRIMITIVES[text],))
        if text in _DATE_TIMES:
            return TypeWords(types=("string",), format="date-time")
        if text in _ANYTHING:
            return TypeWords(anything=True)
        if self.glued:
            text = self.unglued(text)
        if not _NAME.match(text):
            raise _Unreadable
        return TypeWords(named=text)

    def unglued(self, text: str) -> str:
        """A name without the sentence glued to it: `ThinkingTypesWhether the ...` is `ThinkingTypes`."""
        follows = self.text[self.position :]
        humps = _HUMPS.findall(text)
        if re.match(r" (?!or |\{|=)[a-z(]", follows) and len(humps) > 1 and "".join(humps) == text:
            self.position -= len(humps[-1])
            return text[: -len(humps[-1])]
        return text

    def wrapped(self, text: str, closing: str, depth: int) -> TypeWords:
        if text == "Literal":
            values, more = self.listed(closing, "text")
            return TypeWords(types=("string",), values=values, more=more)
        parts = [self.union(depth + 1)]
        while self.take(","):
            parts.append(self.union(depth + 1))
        self.expect(closing)
        if text == "Optional":
            return replace(parts[0], optional=True, types=(*parts[0].types, "null"))
        if text in _ARRAYS:
            return _array(parts[0])
        if text == "Union":
            return reduce(_either, parts)
        if text in _PRIMITIVES:
            return TypeWords(types=(_PRIMITIVES[text],))
        return TypeWords(named=text, items=parts[0])

    def listed(self, closing: str, *kinds: str) -> tuple[tuple[str, ...], int]:
        """What brackets list in tokens of these kinds, up to their end, and how many more they say there are."""
        found: list[str] = []
        more = 0
        while not self.take(closing):
            kind, text, self.position = self.peek()
            if kind == "number":
                self.expect("more")
                more += int(text)
            elif kind in kinds:
                found.append(text.strip('"'))
            else:
                raise _Unreadable
            self.take(",")
        return tuple(found), more

    def braced(self, found: TypeWords) -> TypeWords:
        if not self.take("{"):
            return found
        members, more = self.listed("}", "word", "text")
        types = tuple(dict.fromkeys((*found.types, "object")))
        return replace(found, types=types, members=members, members_more=more)

    def suffixed(self, found: TypeWords) -> TypeWords:
        while True:
            if self.text[self.position : self.position + 2] == "[]":
                self.position += 2
                found = _array(found)
            elif self.text[self.position : self.position + 1] == "?":
                self.position += 1
                found = replace(found, types=(*found.types, "null"))
            else:
                return found


def _array(items: TypeWords) -> TypeWords:
    """An array of `items`; `array of X or null` is an array or null, not an array that holds nulls."""
    null = ("null",) if items.nullable else ()
    inner = replace(items, types=tuple(name for name in items.types if name != "null"), optional=False)
    return TypeWords(types=("array", *null), items=inner, optional=items.optional)


def _either(left: TypeWords, right: TypeWords) -> TypeWords:
    values = (*left.values, *right.values)
    bare = any(side.types == ("string",) and not side.values for side in (left, right))
    return TypeWords(
        types=tuple(dict.fromkeys((*left.types, *right.types))),
        named=left.named or right.named,
        items=left.items or right.items,
        values=values,
        more=left.more + right.more,
        optional=left.optional or right.optional,
        open=left.open or right.open or (bool(values) and bare),
        format=left.format or right.format,
        members=left.members or right.members,
        members_more=left.members_more or right.members_more,
        anything=left.anything or right.anything,
    )


def read_type(text: str, position: int = 0, *, glued: bool = False) -> tuple[TypeWords, int] | None:
    """The type that starts at `position` of `text` and where it ends, or None when none does.

    `glued` is for text that lost the spaces and line breaks between a type and what follows it.
    """
    reader = _Reader(text, position, glued)
    try:
        found = reader.union(0)
    except _Unreadable:
        return None
    return found, reader.position


def whole_type(text: str) -> TypeWords | None:
    """The type that `text` is, all of it, or None."""
    found = read_type(text)
    if found is None or text[found[1] :].strip(" …."):
        return None
    return found[0]
