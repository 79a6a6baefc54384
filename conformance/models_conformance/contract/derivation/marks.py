"""Marks of Markdown in which converters differ, undone: what is left of a line is spelled in one way."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

ANCHOR = re.compile(r"\[\s?\]\([^()\s]{0,400}\)")
"""A link without words, which sites put beside what they link to."""
FENCE = re.compile(r"^ *(`{3,}|~{3,})")
UNSEEN = re.compile("[\ue000-\uf8ff\u200b-\u200f\u2060\ufeff]")
"""What no reader sees: marks of icon fonts, joiners, byte order marks."""
# Words of a link are code in part where the link stands in the middle of it: `array of `[`X`](#x).
_LINK = re.compile(r"(`?)\[(`?)((?:[^\][`\n]|\[\]){1,200})(`?)\]\([^()\s]{1,400}\)(`?)")
_CODE_TAG = re.compile(r"</?code\b[^<>]{0,200}>", re.IGNORECASE)
_TWO_TICKS = re.compile(r"(?<!`)`` ?([^`\n]{1,400}?) ?``(?!`)")
_HEADING_ID = re.compile(r"^(#{1,6} .*?)\s*\{#[\w\-]{1,200}\}$")
# What any of these begins with, so that a line without marks is looked at once.
_MARKED = re.compile("``|[\t\u00a0&<\\[{\ue000-\uf8ff\u200b-\u200f\u2060\ufeff]")
_TAB = 4


def plain_lines(lines: Iterable[str]) -> list[str]:
    """The lines of a Markdown page in one spelling, what is inside a fence as it is."""
    plain, fence = [], ""
    for line in lines:
        mark = FENCE.match(line)
        inside = bool(fence)
        if mark is not None and not (inside and not line.strip().startswith(fence)):
            fence = "" if inside else mark[1]
        plain.append(line if inside else _plain(line))
    return plain


def _plain(line: str) -> str:
    if not _MARKED.search(line):
        return line
    text = ANCHOR.sub("", UNSEEN.sub("", line.expandtabs(_TAB))).replace("\u00a0", " ")
    text = _TWO_TICKS.sub(r"`\1`", _CODE_TAG.sub("`", html.unescape(text)))
    return _HEADING_ID.sub(r"\1", _LINK.sub(_words, text)).rstrip()


def _words(link: re.Match[str]) -> str:
    """A link's words; where code goes on into it, or out of it, the two ticks between are none."""
    before, opening, words, closing, after = link.groups()
    first = "" if before and opening else before + opening
    last = "" if closing and after else closing + after
    return first + words + last
