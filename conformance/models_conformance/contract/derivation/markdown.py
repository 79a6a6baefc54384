"""A Markdown page as blocks: markdown-it tells headings, lists, tables and code apart, the spelling of a bullet's code
tells what it declares.

Lines keep their own indents: pages are written by many hands, and what hangs under what is told by those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from models_conformance.contract.derivation.items import ANCHOR, Block, Item, read_endpoint, read_item
from models_conformance.contract.derivation.pages import Page, PageError, front_matter

# Deeper than any page goes, and far from the depth at which the parser's own recursion ends.
_DEEPEST = 60
# Of CommonMark, what would take a line of a declaration for something else: code by indent, a heading by what stands
# below it, references, quotes and HTML.
_NOT_HERE = ["code", "lheading", "reference", "blockquote", "html_block", "inline"]
_CODE = re.compile(r"^ *[-*+] `([^`]+)`(.*)$")
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
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(_NOT_HERE)
    tokens = parser.parse("\n".join(page.lines[first:]))
    read = first
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.map is None or token.type in {"bullet_list_open", "ordered_list_open", "list_item_open"}:
            continue
        start, end = first + token.map[0], first + token.map[1]
        _refuse_unread(page, read, start)
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
            for number in range(start + 1, end + 1):
                yield from _line(page.lines[number - 1], number)
    _refuse_unread(page, read, len(page.lines))


def _refuse_unread(page: Page, start: int, end: int) -> None:
    """Raise PageError for a line, of those from `start` up to `end`, that the parser left out."""
    for number in range(start, end):
        if page.lines[number].strip():
            raise PageError(page.name, number + 1, f"a list is nested more than {_DEEPEST} deep, which no page is")


def _code(page: Page, fence: Token, start: int, end: int) -> Block:
    closing = page.lines[end - 1].strip()
    if end - start < 2 or closing.strip(fence.markup[0]) or len(closing) < len(fence.markup):
        raise PageError(page.name, start + 1, "truncated: the page ends inside a code block")
    return Block("code", start + 2, fence.content.removesuffix("\n"))


def _line(line: str, number: int) -> Iterator[Block]:
    text = line.strip()
    if not text or ANCHOR.fullmatch(text):
        return
    depth = len(line) - len(line.lstrip(" "))
    bullet = _CODE.match(line)
    if read_endpoint(text):
        yield Block("endpoint", number, text)
    elif bullet and (item := _bulleted(bullet[1], bullet[2])):
        yield Block("item", number, bullet[1], item, depth)
    else:
        declares = bullet and (not bullet[2].strip() or _LOCATION.match(bullet[2].rstrip()))
        yield Block("prose", number, text, depth=depth, unread=bullet[1] if bullet and declares else None)


def _bulleted(code: str, rest: str) -> Item | None:
    """The item of a bullet; None for a bullet of prose, which only starts with code."""
    location = _LOCATION.match(rest.rstrip())
    if rest.strip() and location is None:
        return None
    item = read_item(code)
    return replace(item, location=location[1]) if item and location else item


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
        if columns[0] == "name" and not declares:
            yield Block("prose", number, text.strip(), depth=depth, unread=text.strip())
        elif declares:
            yield from _row(number, dict(zip(columns, cells, strict=False)), text.strip(), depth)
        else:
            yield Block("prose", number, text.strip(), depth=depth)


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
