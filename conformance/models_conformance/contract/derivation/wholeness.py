"""Whether a page was read whole. What was understood in part is refused, never kept: a fact that got lost on the way
looks in a contract just as one that no page promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from models_conformance.contract.derivation.items import Block, wire_name
from models_conformance.contract.derivation.merge_parameters import ParameterReading
from models_conformance.contract.derivation.objects import ENVELOPE, ITEM, ObjectReading
from models_conformance.contract.derivation.page_reading import Member, PageReading
from models_conformance.contract.derivation.pages import PageError

# What SDKs call the one argument that they pass the parameters in, and what is not a parameter of the API.
_CONTAINERS = {"params", "parameters", "options", "request_options", "kwargs", "args", "body"}
_COUNTS = re.compile(r"\b\d{1,6} more\b\W*$")
# Every object of this API has these two, and every page of a list those.
_OF_EVERY_ITEM = ("id", "type")
_OF_EVERY_PAGE = ("data", "has_more")
_LONGEST_NONE = 200
_NONE = re.compile(r"\b(?:none|no(?: \w+){0,3} (?:parameters|headers))\b", re.IGNORECASE)
_NAMED_AS_TYPES = {"string", "str", "time", "int64", "bool", "boolean", "integer", "number", "object", "float64"}


def refuse_unread_lines(page: str, blocks: Sequence[Block]) -> None:
    """Raise PageError for a line of declarations, `blocks` being a section of them, that is none that we know."""
    depths = {block.depth for block in blocks if block.item is not None and block.item.kind in {"member", "type"}}
    for block in blocks:
        text = block.unread
        if text is None:
            continue
        if _COUNTS.search(text):
            raise PageError(page, block.line, f"a list with more than it shows is not understood: {text[:80]}")
        if re.search(r"[\s:]", text.strip()):
            raise PageError(page, block.line, f"a declaration that is not understood: {text[:80]}")
        if not depths or block.depth in depths:
            raise PageError(page, block.line, f"a member without a type: {text[:80]}")


def refuse_lost_members(page: str, sections: Iterable[tuple[str, int, Sequence[Block]]]) -> None:
    """Raise PageError for a part of an operation, given by kind, line and blocks, that declares what nobody would read:
    members in a part that is not known to have any, or none where parameters are announced."""
    for kind, line, blocks in sections:
        declared = next((block for block in blocks if block.item is not None and block.item.kind == "member"), None)
        unread = next((block.line for block in blocks if block.unread is not None), None)
        if declared is not None and kind in {"intro", "other"}:
            reason = f"a part that is not understood, from line {line} on, declares {declared.text[:80]}"
            raise PageError(page, declared.line, reason)
        if kind == "parameters" and declared is None and unread is None and not _says_none(blocks):
            raise PageError(page, line, "a part for parameters in which none could be read")


def _says_none(blocks: Sequence[Block]) -> bool:
    text = " ".join(block.text for block in blocks)
    return len(text) < _LONGEST_NONE and _NONE.search(text) is not None


def refuse_misplaced(page: str, members: Iterable[Member]) -> None:
    """Raise PageError for a member below one that can have none: it was indented for something else."""
    for member in members:
        core = member.type.core
        plain = core.types and not (core.named or core.members or core.anything or "object" in core.types)
        below = next((child for child in member.children if not child.is_type), None)
        if plain and below is not None and not member.is_type:
            raise PageError(page, below.line, f"{below.name} stands below {member.name}, which is not an object")
        refuse_misplaced(page, member.children)


def refuse_half_read(reading: PageReading, objects: Iterable[ObjectReading]) -> None:
    """Raise PageError where `reading`, or the `objects` that were made of it, cannot be all that its page says."""
    paths = set()
    for found in objects:
        paths.add(found.path)
        needed = {ITEM: _OF_EVERY_ITEM, ENVELOPE: _OF_EVERY_PAGE}.get(found.path, ())
        for name in needed:
            if name not in found.fields:
                what = "an item" if found.path == ITEM else "a page of the list"
                raise PageError(reading.page, found.source.line, f"{what} without {name}")
        for member in found.fields.values() if needed else ():
            if member.name in _NAMED_AS_TYPES:
                raise PageError(reading.page, member.source.line, f"a member that is named as a type: {member.name}")
            if not (member.types or member.values or member.anything):
                raise PageError(reading.page, member.source.line, f"a member without a type: {member.name}")
    listing = reading.operations.get("list")
    if listing is not None and ITEM not in paths:
        raise PageError(
            reading.page, listing.returns_line or listing.line, "no page documents what an item of the list is"
        )
    for operation in reading.operations.values():
        _refuse_counted(reading, [*operation.parameters, *operation.returns])


def _refuse_counted(reading: PageReading, members: Iterable[Member]) -> None:
    """A type that is documented to have so many members, and whose members are nowhere on the page."""
    for member in members:
        core = member.type.core
        if core.members_more and not member.children and core.named not in reading.types:
            total = len(core.members) + core.members_more
            reason = f"{member.name} is documented to have {total} members, the list is missing"
            raise PageError(reading.page, member.line, reason)
        _refuse_counted(reading, member.children)


def refuse_impossible(parameters: Iterable[ParameterReading]) -> None:
    """Raise PageError for a parameter that can be none, or whose bounds and default contradict each other."""
    for parameter in parameters:
        page, line = parameter.source.page, parameter.source.line
        if wire_name(parameter.name).removesuffix("[]") in _CONTAINERS:
            raise PageError(page, line, f"a parameter called {parameter.name}: what it holds was not understood")
        smallest, largest, default = parameter.minimum, parameter.maximum, parameter.default
        if smallest is not None and largest is not None and smallest > largest:
            reason = f"the range of {parameter.name} is turned round: from {smallest} to {largest}"
            raise PageError(page, line, reason)
        if not isinstance(default, int) or isinstance(default, bool):
            continue
        if (smallest is not None and default < smallest) or (largest is not None and default > largest):
            span = f"{'' if smallest is None else smallest} to {'' if largest is None else largest}".strip()
            reason = f"the default of {parameter.name}, {default}, is outside its range, {span}"
            raise PageError(page, line, reason)
