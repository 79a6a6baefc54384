"""A page's blocks as what the page says: its operations with their parameters, answers and prose."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from models_conformance.contract.derivation.items import Block, read_constraints, read_endpoint, wire_name
from models_conformance.contract.derivation.layouts import read_blocks
from models_conformance.contract.derivation.nesting import (
    AmbiguousMembers,
    check_whole,
    known_shapes,
    nest_flat,
    nest_indented,
)
from models_conformance.contract.derivation.objects import describes_envelope
from models_conformance.contract.derivation.page_reading import (
    Member,
    OperationReading,
    PageReading,
    operation_name,
    request_headers,
)
from models_conformance.contract.derivation.pages import Format, Page, PageError
from models_conformance.contract.derivation.typewords import TypeWords
from models_conformance.contract.derivation.wholeness import refuse_lost_members, refuse_misplaced, refuse_unread_lines

_LOCATIONS = ("query", "header", "path", "body", "cookie")
_OF_PARAMETERS = re.compile(r"parameter|^(?:request )?headers?$|^(?:query|arguments?)(?: string)?$")
_CALL = re.compile(r"\w\(")
_SENTENCE_END = re.compile(r"[.!?:;`\"')\]}*>]$")


@dataclass
class _Section:
    kind: str
    location: str | None
    line: int
    blocks: list[Block] = field(default_factory=list)


@dataclass
class _Region:
    """From an endpoint line to the next. `name` is that of the operation, None for one of another API."""

    line: int
    method: str
    path: str
    signature: tuple[int, str] | None
    sections: list[_Section] = field(default_factory=list)

    @property
    def name(self) -> str | None:
        return operation_name(self.method, self.path)

    def of(self, kind: str) -> Iterator[_Section]:
        return (section for section in self.sections if section.kind == kind)


def read_outline(page: Page) -> PageReading:
    """What a Markdown, scraped or flattened page says.

    Raises PageError when the page documents another endpoint or none, breaks off, or holds a list that is
    shorter or longer than it says.
    """
    blocks = read_blocks(page)
    _refuse_cut(page, blocks)
    regions = list(_regions(blocks))
    if not regions:
        raise PageError(page.name, None, "no API reference: it names no endpoint")
    if not any(region.name in {"list", "retrieve"} for region in regions):
        first = regions[0]
        raise PageError(page.name, first.line, f"the page of another endpoint: {first.method} {first.path}")

    reading = PageReading(page.name, page.sha256, _rendition(blocks))
    flat = page.format is not Format.MARKDOWN
    nester = _Nester(page.name, flat, known_shapes(blocks))
    for region in regions:
        name = region.name
        if name is not None and name not in reading.operations:
            operation = _operation(page, region, name, nester, reading.headers)
            reading.operations[name] = operation
            _learn_types(reading, operation.returns)
        for section in region.of("domain"):
            try:
                _learn_types(reading, nester.nest(section.blocks, None))
            except AmbiguousMembers:
                # The Returns sections have their examples to go by; here the types are only told again.
                continue
    _refuse_half_answer(page, reading, regions[-1], blocks[-1])
    reading.headers += request_headers(page.lines)
    return reading


def _refuse_cut(page: Page, blocks: list[Block]) -> None:
    last = next((number for number in range(len(page.lines), 0, -1) if page.lines[number - 1].strip()), 1)
    if not blocks:
        raise PageError(page.name, None, "no API reference: nothing but front matter")
    if blocks[-1].kind == "heading" or page.lines[last - 1].rstrip().endswith("\\"):
        raise PageError(page.name, last, "truncated: the page breaks off")


def _regions(blocks: list[Block]) -> Iterator[_Region]:
    region: _Region | None = None
    signature: tuple[int, str] | None = None
    for block in blocks:
        endpoint = read_endpoint(block.text) if block.kind == "endpoint" else None
        if endpoint is not None:
            if region is not None:
                yield region
            region = _Region(block.line, *endpoint, signature, [_Section("intro", None, block.line)])
            signature = None
            continue
        if block.kind == "prose" and _is_signature(block.text):
            signature = (block.line, block.text.strip("`"))
        if region is None:
            continue
        current = region.sections[-1]
        if block.kind == "heading":
            signature = None
            kind, location = _classify(block.text, current.kind)
            region.sections.append(_Section(kind, location, block.line))
            continue
        if block.kind == "code" and current.kind in {"parameters", "returns"}:
            current = _Section("example", None, block.line)
            region.sections.append(current)
        current.blocks.append(block)
    if region is not None:
        yield region


def _is_signature(text: str) -> bool:
    call = _CALL.search(text)
    return call is not None and ")" in text[call.end() :]


def _classify(heading: str, before: str) -> tuple[str, str | None]:
    words = heading.lower()
    if "domain types" in words:
        return "domain", None
    if "example" in words or words.startswith("response"):
        return "example", None
    if _OF_PARAMETERS.search(words):
        return "parameters", next((location for location in _LOCATIONS if location in words), None)
    if words.startswith("return"):
        return "returns", None
    return ("domain" if before == "domain" else "other"), None


def _rendition(blocks: Iterable[Block]) -> str:
    styles = Counter(block.item.style for block in blocks if block.item and block.item.style not in {None, "class"})
    # These spell most of their types as the HTTP pages do; flags and question marks give them away.
    for style in ("cli", "typescript"):
        if styles[style]:
            return style
    return str(max(sorted(styles, key=str), key=lambda style: styles[style])) if styles else "unknown"


@dataclass
class _Nester:
    page: str
    flat: bool
    shapes: dict[str, TypeWords]

    def nest(self, blocks: list[Block], example: Any, *, answer: bool = True) -> list[Member]:
        """The blocks as a tree whose lists are whole; raises PageError where one is not."""
        refuse_unread_lines(self.page, blocks)
        if self.flat:
            return nest_flat(self.page, blocks, self.shapes, example, answer=answer)
        found = nest_indented(blocks)
        refuse_misplaced(self.page, found)
        check_whole(self.page, found, self.shapes)
        return found


def _operation(
    page: Page, region: _Region, name: str, nester: _Nester, headers: list[tuple[str, str | None, int]]
) -> OperationReading:
    operation = OperationReading(name, region.method, region.path, region.line, signature=region.signature)
    for section in region.of("intro"):
        operation.prose += [(block.line, block.text) for block in section.blocks if block.kind == "prose"]
    for section in region.of("example"):
        operation.examples += _examples(page, section)
    refuse_lost_members(page.name, [(section.kind, section.line, section.blocks) for section in region.sections])
    for section in region.of("parameters"):
        for member in _lifted(nester.nest(section.blocks, None, answer=False), nester.flat):
            member.location = member.location or section.location
            if member.location == "header" and not member.type.optional and "-" in member.name:
                # Asked of every request alike: a fact about the API rather than about this operation.
                fixed = member.values[0] if len(member.values) == 1 else None
                headers.append((member.name.lower(), fixed, member.line))
                continue
            operation.parameters.append(member)
    _read_returns(page, region, operation, nester)
    return operation


def _examples(page: Page, section: _Section) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for block in section.blocks:
        shown = _object_in(block.text) if block.kind == "code" else None
        if shown is not None and not block.text[shown[1] :].strip():
            yield block.line, block.text, shown[0]
    # The answer among the lines of an example that lost its fences.
    start = next((block.line for block in section.blocks if block.text.startswith("{")), None)
    if start is not None and not any(block.kind == "code" for block in section.blocks):
        text = "\n".join(page.lines[start - 1 : section.blocks[-1].line]).lstrip()
        if (shown := _object_in(text)) is not None:
            yield start, text[: shown[1]], shown[0]


def _read_returns(page: Page, region: _Region, operation: OperationReading, nester: _Nester) -> None:
    name = operation.name
    example = next((shown for _, _, shown in operation.examples), None)
    for section in region.of("returns"):
        operation.returns_line = operation.returns_line or section.line
        item = example
        first = next((block.item for block in section.blocks if block.item is not None), None)
        of_items = name == "list" and first is not None and first.kind == "type"
        if of_items and example and isinstance(example.get("data"), list):
            item = next(iter(example["data"]), None)
        operation.returns += nester.nest(section.blocks, item)
    if operation.returns_line is None:
        raise PageError(page.name, operation.line, f"truncated: {name} has no Returns section")
    if not operation.returns:
        raise PageError(page.name, operation.returns_line, f"truncated: {name} returns nothing that could be read")


def _refuse_half_answer(page: Page, reading: PageReading, region: _Region, last: Block) -> None:
    """A page may end with what an operation returns, but not in the middle of it."""
    operation = reading.operations.get(region.name or "")
    if operation is None or region.sections[-1].kind != "returns":
        return
    root = operation.returns[0]
    named = reading.types.get(root.name, root) if root.is_type else root
    members = named.children if len(operation.returns) == 1 and named.children else operation.returns
    end = operation.returns[-1]
    while end.children:
        end = end.children[-1]
    undescribed = not end.prose and any(member.prose for member in members)
    cut = last.kind == "prose" and not read_constraints(last.text) and not _SENTENCE_END.search(last.text)
    if undescribed or cut or not _is_whole(members, describes_envelope(operation)):
        raise PageError(page.name, last.line, f"truncated: the page breaks off in what {operation.name} returns")


def _is_whole(members: list[Member], envelope: bool) -> bool:
    """Whether the members that come last in every rendition are there."""
    names = {wire_name(member.name) for member in members}
    if not envelope:
        return {"id", "type"} <= names
    item = next((member for member in members if wire_name(member.name) == "data"), None)
    inside = {wire_name(member.name) for member in item.children} if item is not None else set()
    return {"data", "has_more", "last_id"} <= names and (not inside or {"id", "type"} <= inside)


def _object_in(text: str) -> tuple[dict[str, Any], int] | None:
    """The JSON object that a text begins with, and where it ends."""
    start = len(text) - len(text.lstrip())
    if not text.startswith("{", start):
        return None
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return value, end


def _lifted(members: list[Member], flat: bool) -> Iterator[Member]:
    """The parameters themselves, out of the one object that some languages pass them in.

    Where the page lost its indents, and nothing counts the object's members, they follow it as its equals.
    """
    for member in members:
        holds = (member.type.named or "").endswith("Params")
        if holds and member.children:
            yield from member.children
        elif not (holds and flat and member is not members[-1]):
            yield member


def _learn_types(reading: PageReading, members: Iterable[Member]) -> None:
    """Keep every named type that is expanded somewhere: later generations expand a type only once.

    Raises PageError where two expansions of a type differ by one breaking off.
    """
    for member in members:
        name = member.name if member.is_type else member.type.core.named
        if name and member.children:
            held = reading.types.get(name)
            if held is not None:
                short, long = sorted((held.children, member.children), key=len)
                names = [child.name for child in short]
                if len(short) < len(long) and names == [child.name for child in long[: len(names)]]:
                    line = member.line if short is member.children else held.line
                    reason = f"truncated: {name} has {len(short)} members here, elsewhere {len(long)}"
                    raise PageError(reading.page, line, reason)
            if held is None or len(member.children) > len(held.children):
                reading.types[name] = member
        _learn_types(reading, member.children)
