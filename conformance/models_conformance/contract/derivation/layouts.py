"""The three textual layouts of a page, each as the same list of blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from models_conformance.contract.derivation.items import (
    Block,
    BlockKind,
    Item,
    read_constraints,
    read_endpoint,
    read_heading,
    read_item,
)
from models_conformance.contract.derivation.markdown import markdown_blocks
from models_conformance.contract.derivation.marks import ANCHOR, FENCE, UNSEEN
from models_conformance.contract.derivation.pages import Format, Page, PageError, front_matter
from models_conformance.contract.derivation.typewords import read_type

_LINK = re.compile(r"\[([^\][\n]{1,200})\]\([^()\s]{1,400}\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~$])")
_EXPANDER = re.compile(r"\s*Expand Collapse\s*$")
_TYPES_FIRST = re.compile(r"\bI?[A-Z][A-Za-z]{2,40}<[A-Z]|^required [A-Za-z]")
# A line without backticks that is a name with what stands for its type, or a name of two words alone.
_DECLARES = re.compile(r"^[a-z][a-z0-9_]{0,60}\??:(?: [^.\s][^.]{0,60})?$|^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$")
_COUNTED = re.compile(r"^[^.]{1,400}\b\d{1,6} more\b[^.\w]*$")
_CHOICE = re.compile(r"^(?:accepts )?one of the following:?$", re.IGNORECASE)


def read_blocks(page: Page) -> list[Block]:
    """The blocks of a Markdown, scraped or flattened page, in order.

    Raises PageError when the page breaks off inside a code fence.
    """
    layouts: dict[Format, Callable[[Page], Iterator[Block]]] = {
        Format.MARKDOWN: markdown_blocks,
        Format.SCRAPED: _scraped,
        Format.FLATTENED: _flattened,
    }
    return list(layouts[page.format](page))


def _scraped(page: Page) -> Iterator[Block]:
    types_first = any(_TYPES_FIRST.search(line) for line in page.lines)
    number = front_matter(page.lines)
    while number < len(page.lines):
        line = page.lines[number]
        number += 1
        if fence := FENCE.match(line):
            first = number
            while number < len(page.lines) and page.lines[number].strip() != fence[1]:
                number += 1
            if number == len(page.lines):
                raise PageError(page.name, first, "truncated: the page ends inside a code block")
            yield Block("code", first + 1, "\n".join(page.lines[first:number]))
            number += 1
            continue
        text = _LINK.sub(r"\1", _ESCAPE.sub(r"\1", UNSEEN.sub("", ANCHOR.sub("", line)).replace("•", ""))).strip()
        if text and not _CHOICE.match(text):
            yield _scraped_line(number, text, types_first=types_first)


def _scraped_line(number: int, text: str, *, types_first: bool) -> Block:
    if (heading := read_heading(text)) or _EXPANDER.search(text):
        return Block("heading", number, _EXPANDER.sub("", heading or text))
    if read_endpoint(text):
        return Block("endpoint", number, text)
    if (item := read_item(text)) and (types_first or not _wordy(item, text)):
        return Block("item", number, text, item)
    declares = _DECLARES.match(text) or _COUNTED.match(text)
    return Block("prose", number, text, unread=text if declares and not read_constraints(text) else None)


def _wordy(item: Item, text: str) -> bool:
    """Whether a line without backticks that could be a type, or a type and a name, is rather words."""
    bare = item.kind == "type" and item.name == text
    return bare or item.style == "csharp" or (item.kind == "variant" and not item.name and text[0].isupper())


_GLUED_HEADING = re.compile(
    r"^([A-Z][A-Za-z]{0,20}(?: [A-Za-z]{1,20}){0,5})#$"
    r"|(?<=[^A-Za-z ])([A-Z][A-Za-z]{0,20}(?: [A-Z][A-Za-z]{0,20}){0,5})#$"
)
_GLUED_START = re.compile(
    r"""(?P<quoted>"[a-z][a-z0-9\-]*(?:\[\])?":[ ])
      | (?P<alias>UnionMember\d+[ ]=[ ])
      | (?P<object>[A-Z]\w{0,80}[ ](?:=[ ])?object[ ]?\{)
      | (?P<name>(?:(?<![\w"])[a-z]|(?<=["}])[a-z])[a-z0-9_]*(?:\[\])?:[ ](?=[a-zA-Z"]))
      | (?P<fused>(?<!\w)[A-Z]\w*[a-z0-9]:[ ](?=[a-zA-Z"]))""",
    re.VERBOSE,
)
_LITERALS = re.compile(r'\s*"([^"\n]{1,200})"')


def _flattened(page: Page) -> Iterator[Block]:
    # Object names that the page defines, the longest first: what `ModelInfoid: string` is cut by.
    found = set(re.findall(r"\b([A-Z][A-Za-z0-9]*) (?:= )?object ?\{", "\n".join(page.lines)))
    known = sorted(found, key=len, reverse=True)
    for number, raw in enumerate(page.lines, start=1):
        line = raw.strip()
        heading = _GLUED_HEADING.search(line) if line.endswith("#") else None
        if heading:
            line = line[: heading.start()]
        if line and read_endpoint(line):
            yield Block("endpoint", number, line)
        elif read_constraints(line):
            yield Block("prose", number, line)
        elif line:
            yield from _unglued(line, number, known)
        if heading:
            yield Block("heading", number, heading[1] or heading[2])


def _unglued(line: str, number: int, known: list[str]) -> Iterator[Block]:
    """A line of glued text as blocks: each declaration with its type, and what stands between two of them."""
    rest = line
    while start := _GLUED_START.search(rest):
        inline = rest is not line
        yield from _between(rest[: start.start()], number, inline)
        rest = rest[start.start() :]
        head = start[0]
        if start["fused"]:
            # An object's name runs into its first member where nothing separates them.
            cut = _fused_cut(head, known) or len(head)
            yield from _between(rest[:cut] if cut == len(head) else "", number, inline)
            rest = rest[cut:]
            continue
        opens = head.index("object") if start["object"] else len(head)
        end = _glued_end(rest, opens, known)
        item = read_item(rest[:end]) if end else None
        end = end if item and end else len(head)
        # A word and a colon are prose as well; what is quoted, or of several words, names something of the API.
        unread = head.strip() if item is None and (start["quoted"] or "_" in (start["name"] or "")) else None
        kind: BlockKind = "item" if item else "prose"
        yield Block(kind, number, rest[:end], item, inline=inline and item is None, unread=unread)
        rest = rest[end:]
    yield from _between(rest, number, rest is not line)


def _glued_end(line: str, position: int, known: list[str]) -> int | None:
    """Where the type that starts at `position` ends; None when there is no type."""
    found = read_type(line, position, glued=True)
    if found is None:
        return None
    end = found[1]
    # `array of ModelInfoid: string`: the type's name must not swallow the member after it.
    if line[end : end + 1] == ":":
        start = max(line.rfind(" ", 0, end), position - 1) + 1
        cut = _fused_cut(line[start:end], known)
        return end if cut is None else start + cut
    return end


def _fused_cut(word: str, known: list[str]) -> int | None:
    """Where the object's name ends in a word that runs on into a member's name."""
    for name in known:
        if word.startswith(name) and len(word) > len(name) and word[len(name)].islower():
            return len(name)
    # Nothing on the page names the object: every object of this API starts with one of these members.
    for member in ("id", "type", "supported"):
        if word.rstrip(": ").endswith(member):
            return len(word.rstrip(": ")) - len(member)
    return None


def _between(text: str, number: int, inline: bool) -> Iterator[Block]:
    """Text between two declarations: glued literals first, then prose."""
    position = 0
    while match := _LITERALS.match(text, position):
        yield Block("item", number, match[0].strip(), Item("literal", match[1]), inline=inline)
        position = match.end()
    rest = text[position:].strip()
    if rest:
        yield Block("prose", number, rest, inline=inline)
