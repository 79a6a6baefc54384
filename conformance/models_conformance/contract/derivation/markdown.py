"""A Markdown page as blocks: markdown-it tells headings, lists, tables and code apart, the spelling of a bullet's code
tells what it declares.

Lines keep their own indents: pages are written by many hands, and what hangs under what is told by those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from models_conformance.contract.derivation.items import Block, Item, read_constraints, read_endpoint, read_item
from models_conformance.contract.derivation.marks import plain_lines
from models_conformance.contract.derivation.pages import Page, PageError, front_matter
from models_conformance.contract.derivation.typewords import read_type

# Deeper than any page goes, and far from the depth at which the parser's own recursion ends.
_DEEPEST = 60
# Of CommonMark, what would take a line of a declaration for something else: code by indent, a heading by what stands
# below it, references, quotes and HTML.
_NOT_HERE = ["code", "lheading", "reference", "blockquote", "html_block", "inline"]
_CODE = re.compile(r"^ *(?:[-*+]|\d{1,3}[.)]) `([^`]+)`(.*)$")
# A name that is bold, or code by itself, and its type behind it.
_NAMED = re.compile(
    r"^ *(?:[-*+]|\d{1,3}[.)]) [*_`]{1,3}\"?((?:--)?[a-z][\w\-]*(?:\[\])?)\"?[*_`]{1,3}[\s:(*_`–—-]+(.*)$"
)
_GOES_ON = re.compile(r"^ ?(?:or|\|) ?`")
_OPTIONAL = re.compile(r"^,? ?[(*_]{0,2}optional[)*_]{0,2}$", re.IGNORECASE)
_BULLET = re.compile(r"^ *(?:[-*+]|\d{1,3}[.)]) ")
_LOCATION = re.compile(r"^ ?\((query|header|path|body) param(?:eter)?\)$")
_COLUMNS = {
    "name": r"(?:name|parameter|field|member|property|attribute|header|argument)s?",
    "type": r"(?:data )?types?",
    "required": r"required\??|presence",
    "default": r"defaults?(?: value)?",
    "description": r"descriptions?|details|notes?|meaning",
    "location": r"in|location",
}
_IS_REQUIRED = {"yes": True, "true": True, "required": True, "no": False, "false": False, "optional": False}
_LOCATIONS = frozenset({"query", "header", "path", "body"})


def markdown_blocks(page: Page) -> Iterator[Block]:
    """The blocks of a Markdown page, in order.

    Raises PageError when the page breaks off inside a code fence, or is nested more deeply than is read.
    """
    first = front_matter(page.lines)
    lines = [*page.lines[:first], *plain_lines(page.lines[first:])]
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(_NOT_HERE)
    tokens = parser.parse("\n".join(lines[first:]))
    read = first
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.map is None or token.type in {"bullet_list_open", "ordered_list_open", "list_item_open"}:
            continue
        start, end = first + token.map[0], first + token.map[1]
        _refuse_unread(page, lines, read, start)
        read = max(read, end)
        if token.type == "table_open":
            rows = at
            while tokens[at].type != "table_close":
                at += 1
            yield from _table(page, tokens[rows:at], first)
        elif token.type == "fence":
            yield _code(page, token, start, end)
        elif token.type == "heading_open":
            yield Block("heading", start + 1, tokens[at].content)
        elif token.type in {"inline", "hr"} and tokens[at - 2].type != "heading_open":
            yield from _lines(lines[start:end], start + 1)
    _refuse_unread(page, lines, read, len(lines))


def _refuse_unread(page: Page, lines: Sequence[str], start: int, end: int) -> None:
    """Raise PageError for a line, of those from `start` up to `end`, that the parser left out."""
    for number in range(start, end):
        if lines[number].strip():
            reason = f"an empty bullet, or a list that is nested more than {_DEEPEST} deep, which no page is"
            raise PageError(page.name, number + 1, reason)


def _code(page: Page, fence: Token, start: int, end: int) -> Block:
    closing = page.lines[end - 1].strip()
    if end - start < 2 or closing.strip(fence.markup[0]) or len(closing) < len(fence.markup):
        raise PageError(page.name, start + 1, "truncated: the page ends inside a code block")
    return Block("code", start + 2, fence.content.removesuffix("\n"))


def _lines(lines: Sequence[str], first: int) -> Iterator[Block]:
    """The lines of a paragraph, what a converter wrapped put together again."""
    held, start = lines[0], first
    for number, line in enumerate(lines[1:], start=first + 1):
        if _is_wrapped(held, line):
            held = f"{held} {line.strip()}"
        else:
            yield from _line(held, start)
            held, start = line, number
    yield from _line(held, start)


def _is_wrapped(before: str, line: str) -> bool:
    """Whether a line goes on with the one before it: code that is still open, or the words of one sentence."""
    if before.count("`") % 2:
        return True
    bullet = _CODE.match(before)
    if _BULLET.match(line) or (bullet and _bulleted(*bullet.groups())):
        return False
    return not any(read_endpoint(text.strip()) or read_constraints(text) for text in (before, line))


def _line(line: str, number: int) -> Iterator[Block]:
    text = line.strip()
    if not text:
        return
    depth = len(line) - len(line.lstrip(" "))
    bullet = _CODE.match(line)
    if read_endpoint(text):
        yield Block("endpoint", number, text)
    elif bullet and (item := _bulleted(*bullet.groups())):
        yield Block("item", number, bullet[1], item, depth)
    else:
        unread = _declares(*bullet.groups()) if bullet else None
        yield Block("prose", number, text, depth=depth, unread=unread or _declares_by_parts(line))


def _bulleted(code: str, rest: str) -> Item | None:
    """The item of a bullet; None for a bullet of prose, which only starts with code."""
    if _GOES_ON.match(rest):
        return read_item((code + rest).replace("`", ""))
    location = _LOCATION.match(rest)
    item = read_item(code)
    if item and item.kind == "member" and _OPTIONAL.match(rest):
        return replace(item, type=replace(item.type, optional=True))
    if rest and location is None:
        return None
    return replace(item, location=location[1]) if item and location else item


def _declares(code: str, rest: str) -> str | None:
    """What a bullet that is not an item declares all the same; None where it only begins with code."""
    if not rest or _LOCATION.match(rest):
        return code
    item = read_item(code)
    return code + rest if _GOES_ON.match(rest) or (item and item.kind == "member") else None


def _declares_by_parts(line: str) -> str | None:
    """The declaration that a bullet is without code, or whose name is bold or code by itself, its type behind it."""
    bullet = _BULLET.match(line)
    bare = re.sub(r"^\[[ xX]\] |[`*~]", "", line[bullet.end() :]) if bullet else ""
    item = read_item(bare) if bare[:1].islower() else None
    if item is not None and item.kind == "member":
        return bare
    named = _NAMED.match(line)
    found = read_type(named[2]) if named else None
    if named is None or found is None:
        return None
    held, end = found
    is_type = held.types or held.values or not named[2][end:].strip("`*_) ")
    return f"{named[1]}: {named[2]}" if is_type else None


def _table(page: Page, tokens: list[Token], first: int) -> Iterator[Block]:
    """The rows of a table: declarations, where it has a name, a type and whether it is required in each; as a
    declaration that is not understood, where it has names without these; else prose."""
    rows: list[tuple[int, list[str]]] = []
    for token in tokens:
        if token.type == "tr_open" and token.map is not None:
            rows.append((first + token.map[0] + 1, []))
        elif token.type == "inline":
            rows[-1][1].append(token.content.strip())
    columns = [_column(title) for title in rows[0][1]]
    declares = {"name", "type", "required"} <= {*columns}
    for number, cells in rows[0 if not declares else 1 :]:
        text = page.lines[number - 1]
        depth = len(text) - len(text.lstrip(" "))
        if declares:
            yield from _row(number, dict(zip(columns, cells, strict=False)), text.strip(), depth)
        else:
            unread = text.strip() if columns[0] == "name" else None
            yield Block("prose", number, text.strip(), depth=depth, unread=unread)


def _column(title: str) -> str | None:
    words = title.strip("*_` ").lower()
    return next((name for name, pattern in _COLUMNS.items() if re.fullmatch(pattern, words)), None)


def _row(number: int, cells: dict[str | None, str], text: str, depth: int) -> Iterator[Block]:
    name, kind = cells["name"].strip("*`"), cells["type"].replace("`", "")
    required = _IS_REQUIRED.get(cells["required"].strip("*`_ ").lower())
    item = read_item(f"{name}: {'' if required else 'optional '}{kind}")
    if item is None or item.kind != "member" or required is None:
        yield Block("prose", number, text, depth=depth, unread=text)
        return
    location = cells.get("location", "").strip("*`_ ").lower()
    yield Block("item", number, text, replace(item, location=location if location in _LOCATIONS else None), depth)
    if (default := cells.get("default", "").strip("*`_ ")) not in {"", "-", "–", "none"}:
        yield Block("prose", number, f"default: {default}", depth=depth + 1)
    if description := cells.get("description", ""):
        yield Block("prose", number, description, depth=depth + 1)
