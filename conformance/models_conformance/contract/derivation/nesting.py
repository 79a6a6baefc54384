"""Items of a section as a tree of members: by indent where the page kept it, else by counting.

A format that lost its indents still says how many members an object has: `X { id, type, 2 more }`, here or
where the page defines X; an example answer shows the same. Only where all are silent is the shape guessed
from how prose is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models_conformance.contract.derivation.items import Block, Item, read_constraints, wire_name
from models_conformance.contract.derivation.page_reading import Member
from models_conformance.contract.derivation.pages import PageError
from models_conformance.contract.derivation.typewords import TypeWords

DEEPEST_NESTING = 40
_OF_THE_PAGE = re.compile(r"\bpages?\b|\bdata`? ?list\b|`data`", re.IGNORECASE)


def _new_member(block: Block, item: Item) -> Member:
    return Member(item.name, item.type, block.line, item.location, is_type=item.kind == "type")


def _absorb(member: Member, block: Block) -> None:
    """Give `member` a line that describes it."""
    item = block.item
    if item is None:
        constraints = read_constraints(block.text)
        member.constraints.update(constraints)
        if not constraints:
            member.prose.append((block.line, block.text))
    elif item.kind == "literal":
        member.literals.append((block.line, item.name))
    else:
        member.variants.append((block.line, item.type))


def nest_indented(blocks: Iterable[Block]) -> list[Member]:
    """The members of a section whose blocks kept their indent."""
    top: list[Member] = []
    open_members: list[tuple[int, Member]] = []
    for block in blocks:
        depth = block.depth or 0
        while open_members and open_members[-1][0] >= depth:
            open_members.pop()
        holder = open_members[-1][1] if open_members else None
        if block.item is not None and block.item.kind in {"member", "type"}:
            member = _new_member(block, block.item)
            (holder.children if holder else top).append(member)
            # Deeper than any page goes: the members below are kept flat rather than nested without end.
            if len(open_members) < DEEPEST_NESTING:
                open_members.append((depth, member))
        elif holder is not None:
            _absorb(holder, block)
    return top


class AmbiguousMembers(PageError):
    """A page that lost its indents, and anything else that would tell where an object's members end."""


@dataclass(frozen=True)
class _Shape:
    """How to tell an object's members from what follows: by number, by the keys of an example, or neither."""

    total: int | None = None
    keys: frozenset[str] | None = None
    until_page: bool = False


def known_shapes(blocks: Iterable[Block]) -> dict[str, TypeWords]:
    """Every object of the page that is named together with its members, by name."""
    found: dict[str, TypeWords] = {}
    for block in blocks:
        item = block.item
        if item is None:
            continue
        words = item.type.core
        name = item.name if item.kind == "type" else words.named
        if name and words.members:
            found.setdefault(name, words)
    return found


@dataclass
class _Flat:
    page: str
    blocks: list[Block]
    shapes: Mapping[str, TypeWords]
    once: bool
    answer: bool
    expanded: set[str] = field(default_factory=set)
    unlike_example: int = 0
    position: int = 0

    def at(self, offset: int = 0) -> Block | None:
        index = self.position + offset
        return self.blocks[index] if index < len(self.blocks) else None

    def members(self, shape: _Shape, example: Any, depth: int) -> list[Member]:
        found: list[Member] = []
        while (block := self.at()) is not None:
            item = block.item
            if item is None or item.kind not in {"member", "type"}:
                self.position += 1
                continue
            if found and self.ends(shape, item, found):
                break
            member = self.described(block, item)
            within = self.within(item, example)
            inner = self.shape_of(member, within)
            if inner is not None and depth < DEEPEST_NESTING:
                member.children = self.members(inner, within, depth + 1)
                if inner.keys is not None:
                    names = {wire_name(child.name) for child in member.children}
                    self.unlike_example += len(inner.keys ^ names)
            found.append(member)
        return found

    def described(self, block: Block, item: Item) -> Member:
        """The member that begins here, with the lines that describe it."""
        self.position += 1
        member = _new_member(block, item)
        while (line := self.at()) and (line.item is None or line.item.kind in {"variant", "literal"}):
            _absorb(member, line)
            self.position += 1
        return member

    def within(self, item: Item, example: Any) -> Any:
        """What the example shows at the place of `item`: of a list its first entry."""
        if item.kind == "type":
            self.expanded.clear()
            shown = example
        else:
            shown = example.get(wire_name(item.name)) if isinstance(example, dict) else None
        return shown[0] if isinstance(shown, list) and shown else shown

    def ends(self, shape: _Shape, item: Item, found: list[Member]) -> bool:
        if shape.total is not None:
            return len(found) >= shape.total
        if shape.keys is not None:
            name = wire_name(item.name)
            return name not in shape.keys or any(wire_name(member.name) == name for member in found)
        if shape.until_page:
            after = self.at(1)
            text = after.text if after is not None and after.item is None else ""
            more = self.at(2)
            if more is not None and more.item is None:
                text += " " + more.text
            return (after is not None and after.inline) or bool(_OF_THE_PAGE.search(text))
        return item.kind == "type"

    def seen(self, words: TypeWords) -> bool:
        """Whether the type was expanded before, on a page that expands a type once."""
        if not self.once or words.named is None:
            return False
        before = words.named in self.expanded
        self.expanded.add(words.named)
        return before

    def shape_of(self, member: Member, example: Any) -> _Shape | None:
        """How to read the members that follow `member`; None when they are not its own."""
        follows = self.at()
        if follows is None or follows.item is None:
            return None
        first = wire_name(follows.item.name)
        core = member.type.core
        words = core if core.members else self.shapes.get(member.name if member.is_type else core.named or "")
        if words is not None and words.members:
            if wire_name(words.members[0]) != first or self.seen(core):
                return None
            return _Shape(total=len(words.members) + words.members_more)
        if member.is_type:
            return _Shape()
        if not (core.named or "object" in core.types):
            return None
        return self.shape_by_example(member, example, first)

    def shape_by_example(self, member: Member, example: Any, first: str) -> _Shape | None:
        """As `shape_of`, where no line of the page counts the members; `first` is the one that follows."""
        core = member.type.core
        if isinstance(example, dict):
            keys = frozenset(example)
            return _Shape(keys=keys) if first in keys and not self.seen(core) else None
        if not self.answer or member.literals or member.variants or core.values:
            return None
        if member.type.items is not None:
            return _Shape(until_page=True)
        reason = f"nothing on the page documents the members of {core.named or member.name} from those after it"
        raise AmbiguousMembers(self.page, member.line, reason)


def nest_flat(
    page: str, blocks: list[Block], shapes: Mapping[str, TypeWords], example: Any, *, answer: bool
) -> list[Member]:
    """The members of a section that lost its indents; `example` is the answer that the page shows, if any.

    `answer` tells the description of an answer, whose objects have members, from that of parameters.

    Some pages expand a named type at each use, some at its first use only. Read the wrong way the counts do
    not come out, so the way in which they do is the right one.

    Raises PageError as `check_whole` does when they come out neither way, and AmbiguousMembers.
    """
    refusals: list[PageError] = []
    readings: list[tuple[int, list[Member]]] = []
    for once in (False, True):
        reader = _Flat(page, blocks, shapes, once=once, answer=answer)
        found = reader.members(_Shape(total=len(blocks) + 1), example, 0)
        try:
            check_whole(page, found, shapes)
        except PageError as refusal:
            refusals.append(refusal)
            continue
        readings.append((reader.unlike_example, found))
        if not reader.unlike_example:
            break
    if not readings:
        raise refusals[0]
    # An example need not have every member, so there the better fit decides.
    return min(readings, key=lambda reading: reading[0])[1]


def check_whole(page: str, members: Iterable[Member], shapes: Mapping[str, TypeWords]) -> None:
    """Compare every enumeration and object of `members` with the count that its line, or its type's, gives.

    Raises PageError naming the line when a list was not read whole: the page breaks off, or says what we
    do not understand. Either way its contract would be wrong.
    """
    for member in members:
        _check_values(page, member)
        core = member.type.core
        words = core if core.members else shapes.get(core.named or "", core)
        if member.children and words.members and not any(child.is_type for child in member.children):
            names = [wire_name(child.name) for child in member.children]
            shown = [wire_name(name) for name in words.members]
            total = len(shown) + words.members_more
            if len(names) != total or names[: len(shown)] != shown:
                reason = f"{member.name} is documented to have {total} members, {len(names)} were read"
                raise PageError(page, member.line, reason)
        check_whole(page, member.children, shapes)


def _check_values(page: str, member: Member) -> None:
    unions = [(member.line, member.type.core), *((line, words.core) for line, words in member.variants)]
    unions = [(line, words) for line, words in unions if words.values]
    if not unions:
        return
    line = unions[-1][0]
    total = sum(len(words.values) + words.more for _, words in unions)
    listed = [text for _, text in member.literals]
    if not listed:
        if any(words.more for _, words in unions):
            raise PageError(page, line, f"{member.name} is documented to have {total} values, the list is missing")
        return
    if len(listed) != total:
        raise PageError(page, line, f"{member.name} is documented to have {total} values, {len(listed)} were read")
    if not {value for _, words in unions for value in words.values} <= set(listed):
        raise PageError(page, line, f"{member.name} lists other values than its union line names")
