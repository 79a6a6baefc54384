"""One unit of a page (a bullet, a line, a glued stretch) as an item: a member, a type, a literal, ..."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from models_conformance.contract.derivation.typewords import TypeWords, read_type, whole_type

ItemKind = Literal["member", "type", "variant", "literal"]
BlockKind = Literal["heading", "endpoint", "item", "prose", "code"]


@dataclass(frozen=True)
class Item:
    """`member`: a name and its type; `type`: a named type being described; `variant`: one side of a union;
    `literal`: one value of an enumeration (its `name`).

    `location` is where a parameter goes, when the item itself says so.
    """

    kind: ItemKind
    name: str
    type: TypeWords = field(default_factory=TypeWords)
    location: str | None = None
    style: str | None = None


@dataclass(frozen=True)
class Block:
    """A stretch of a page. `depth` is its indent, None in formats that lost it; `inline` marks prose that
    stood on the line of the item before it. `unread` is the code that is all of a line, and no item that we know.
    """

    kind: BlockKind
    line: int
    text: str
    item: Item | None = None
    depth: int | None = None
    inline: bool = False
    unread: str | None = None


_LITERAL = re.compile(r'^"([^"]*)"\s*\w*$')
_CLASS = re.compile(r"^class ([A-Z]\w*)\b(?:\([^)]*\))?:?[ .…]*$")
_NAME = re.compile(r"^(?:interface )?([A-Z][a-z]\w*)$")
_ALIAS = re.compile(r"^([A-Z]\w*) ?= ?(.+)$")
_OBJECT = re.compile(r"^([A-Z]\w*) (object\b ?\{.*)$")
_MEMBER = re.compile(r'^("?)((?:--)?[A-Za-z_][\w.\-]*(?:\[\])?)\1(\??): ?(\S.*)$')
_AFTER_TYPE = re.compile(r'^ ([A-Za-z_]\w*)(?: ?("[^"]*") ?constant)?$')
_ENDPOINT = re.compile(
    r"^(?:\*\*)?(get|post|put|patch|delete|head|options)(?:\*\*)?\s*`?(/v\d[^\s`?]*)(?:\?[^\s`]{0,200})?`?\s*$", re.I
)
_HEADING = re.compile(r"^(#{1,6})\s+(\S.*?)\s*$")
_CONSTRAINT = re.compile(
    r"(default|maximum|minimum|maxItems|minItems|maxLength|minLength|format)(?:: ?)?(-?\w[^\s,]*)(?:, ?|$)"
)
_BOUND = {"default", "maximum", "minimum", "maxItems", "minItems", "maxLength", "minLength"}
_NUMBERED = re.compile(r"(?<=[a-z])(?=\d{8}(?:_|$))")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def read_item(text: str) -> Item | None:
    """The item that `text` is, all of it, or None when it is something else (prose, as a rule)."""
    text = text.strip()
    if match := _LITERAL.match(text):
        return Item("literal", match[1])
    if match := _CLASS.match(text):
        return Item("type", match[1], style="class")
    if match := _NAME.match(text):
        return Item("type", match[1])
    if match := _OBJECT.match(text) or _ALIAS.match(text):
        held = whole_type(match[2])
        if held is None:
            return None
        return Item("type" if "object" in held.types else "variant", match[1], held)
    if match := _MEMBER.match(text):
        held = whole_type(match[4])
        if held is None:
            return None
        style = "cli" if match[2].startswith("--") else _style(match[4])
        if match[3]:
            style = "typescript"
            held = whole_type(f"optional {match[4]}") or held
        return Item("member", match[2], held, style=style)
    return _type_first(text)


def _type_first(text: str) -> Item | None:
    """`required string ID` or `JsonElement Type "model"constant`; a type alone is a union's variant."""
    found = read_type(text)
    if found is None:
        return None
    held, end = found
    if not text[end:].strip():
        return Item("variant", "", held) if held.types or held.values else None
    match = _AFTER_TYPE.match(text[end:])
    if match is None:
        return None
    if match[2]:
        held = TypeWords(types=("string",), values=(match[2].strip('"'),))
    elif not text.startswith("required "):
        held = replace(held, optional=True)
    return Item("member", match[1], held, style="csharp")


def _style(text: str) -> str | None:
    if re.match(r"(?:Optional|List|Literal|Union)\[|(?:str|int|bool|float|datetime)\b", text):
        return "python"
    if re.match(r"(?:optional |array of |number\b|string\b|boolean\b)", text):
        return "http"
    return None


def read_endpoint(text: str) -> tuple[str, str] | None:
    """Method and path of a line such as ``**get** `/v1/models` `` or `GET/v1/models`."""
    match = _ENDPOINT.match(text.strip())
    return (match[1].upper(), match[2]) if match else None


def read_heading(text: str) -> str | None:
    """The words of a Markdown heading."""
    match = _HEADING.match(text)
    return match[2] if match else None


def read_constraints(text: str) -> dict[str, str]:
    """`default: 20, maximum: 1000` or `maximum1000` as a mapping; empty when the line holds anything else."""
    found: dict[str, str] = {}
    position = 0
    text = text.strip()
    while position < len(text):
        match = _CONSTRAINT.match(text, position)
        if match is None or (":" not in match[0] and match[1] in _BOUND and not match[2].lstrip("-").isdigit()):
            return {}
        found[match[1]] = match[2]
        position = match.end()
    return found


def wire_name(name: str) -> str:
    """The name over the wire for a name of any rendition: `afterID` and `--after-id` are `after_id`."""
    name = name.strip().strip('"')
    if name.startswith("--"):
        name = name[2:].replace("-", "_")
    if "-" in name:
        return name
    return _NUMBERED.sub("_", _CAMEL.sub("_", name).lower())
