"""Finding many secrets in a text in one pass, however long and however many they are.

No expression is compiled for a secret. Every secret is known by blocks of four bytes, and a text is cut into such
blocks, each of which is looked up: a text that holds none of them, which is nearly every text, costs one pass.
"""

from __future__ import annotations

import base64
import re
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = 4
# A text of this length holds a whole block wherever it begins within another text.
SHORTEST = 2 * BLOCK
# A secret that repeats itself needs no more of its places to be found.
_PLACES_A_BLOCK = 8
# Fewer different characters than this are filling, such as a row of zeros, and no part of a secret.
_DIFFERENT = 4
_PUBLIC_SHARE = 3
_ESCAPE = re.compile(
    rb"%(?:25)*(?P<percent>[0-9a-f]{2})|\\+(?:u00|x)(?P<escape>[0-9a-f]{2})"
    rb"|&#x0*(?P<hexadecimal>[0-9a-f]{1,2});|&#0*(?P<decimal>[0-9]{1,3});|\\+",
    re.IGNORECASE,
)
# Shared, since a text may hold millions of escapes.
_OCTETS = tuple(bytes([code]) for code in range(256))
_ESCAPE_MARKS = (b"%", b"\\", b"&#")


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from `start` to `end` of a text are a secret, to be replaced by `placeholder`."""

    start: int
    end: int
    placeholder: bytes


@dataclass(frozen=True, slots=True)
class Needle:
    """A text to be found: any part of it of at least `shortest` bytes.

    The first `public` bytes are known to everybody: a third of what is found must stand behind them.
    """

    text: bytes
    placeholder: bytes
    shortest: int
    public: int = 0

    def around(self, haystack: bytes, at: int, offset: int) -> Span | None:
        """The longest part of the needle in the haystack that has the needle's byte `offset` at place `at`."""
        if self.shortest >= len(self.text):
            start = at - offset
            is_there = start >= 0 and haystack.startswith(self.text, start)
            return Span(start, start + len(self.text), self.placeholder) if is_there else None
        first, last = offset, offset
        while first > 0 and at - offset + first > 0 and self.text[first - 1] == haystack[at - offset + first - 1]:
            first -= 1
        rest = len(haystack) - (at - offset)
        while last < min(len(self.text), rest) and self.text[last] == haystack[at - offset + last]:
            last += 1
        is_long = last - first >= self.shortest and last - max(first, self.public) >= self.shortest // _PUBLIC_SHARE
        is_part = is_long and len(set(self.text[first:last])) >= _DIFFERENT
        return Span(at - offset + first, at - offset + last, self.placeholder) if is_part else None


class Needles:
    """Needles by their blocks. Each must have at least SHORTEST bytes, and its `shortest` must be no less."""

    def __init__(self) -> None:
        self._blocks: dict[int, list[tuple[Needle, int]]] = {}

    def add(self, needle: Needle) -> None:
        """Look for this one, too."""
        text = needle.text
        # Where the whole must be there, one of its first blocks is in step with the blocks of the other text.
        ends = len(text) - BLOCK + 1 if needle.shortest < len(text) else BLOCK
        for offset in range(ends):
            block = int.from_bytes(text[offset : offset + BLOCK], sys.byteorder)
            places = self._blocks.setdefault(block, [])
            if len(places) < _PLACES_A_BLOCK or needle.shortest >= len(text):
                places.append((needle, offset))

    def find(self, text: bytes) -> Iterator[Span]:
        """Every part of the text that is a needle, or a long enough part of one."""
        blocks = memoryview(text)[: len(text) // BLOCK * BLOCK].cast("I")
        if self._blocks.keys().isdisjoint(blocks):
            return
        done = found = 0
        for place in (place for place, block in enumerate(blocks) if block in self._blocks):
            at = place * BLOCK
            for needle, offset in self._blocks[blocks[place]]:
                # What is inside of a part that was found is the same part again.
                if at < done and needle.shortest < len(needle.text):
                    continue
                span = needle.around(text, at, offset)
                if span is not None:
                    yield span
                    found = max(found, span.end)
            done = found


def unescaped(text: bytes) -> bytes:
    """The text with what is percent-encoded, escaped as in JSON, or an HTML reference written plainly."""
    if not any(mark in text for mark in _ESCAPE_MARKS):
        return text
    # Not by `sub`: joining millions of pieces takes a hundred bytes for each.
    plain, end = bytearray(), 0
    for match in _ESCAPE.finditer(text):
        plain += text[end : match.start()]
        plain += _character(match)
        end = match.end()
    return bytes(plain + text[end:])


def escaped_spans(text: bytes, spans: list[Span]) -> Iterator[Span]:
    """Where in `text` the spans of `unescaped(text)` are."""
    # Millions of escapes may stand in one text.
    plain_at, raw_at = array("Q", [0]), array("Q", [0])
    length = 0
    for match in _ESCAPE.finditer(text):
        length += match.start() - raw_at[-1]
        plain_at.append(length)
        raw_at.append(match.start())
        length += len(_character(match))
        plain_at.append(length)
        raw_at.append(match.end())
    for span in spans:
        # A backslash before the first character goes with it; one after the last does not.
        first = bisect_left(plain_at, span.start)
        if first == len(plain_at) or plain_at[first] != span.start:
            first -= 1
        last = bisect_right(plain_at, span.end - 1) - 1
        # Places of escapes are odd; the character of one ends where the next place begins.
        end = raw_at[last + 1] if last % 2 else raw_at[last] + span.end - plain_at[last]
        yield Span(raw_at[first] + span.start - plain_at[first], end, span.placeholder)


def replaced(text: bytes, spans: list[Span]) -> bytes:
    """The text with its spans replaced; spans that overlap become one, with the placeholder of the longest."""
    parts: list[bytes] = []
    longest: Span | None = None
    end = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if longest is not None and span.start < end:
            end = max(end, span.end)
            longest = max(longest, span, key=lambda span: span.end - span.start)
            continue
        if longest is not None:
            parts.append(longest.placeholder)
        parts.append(text[end : span.start])
        longest, end = span, span.end
    if longest is not None:
        parts.append(longest.placeholder)
    return b"".join((*parts, text[end:]))


def in_base64(secret: bytes) -> Iterator[tuple[bytes, int]]:
    """What base64 makes of the secret wherever it begins within a longer text, in both alphabets.

    With each, how many of its first characters are lost to what stands before it.
    """
    for before in range(3):
        padded = base64.b64encode(b"\0" * before + secret).rstrip(b"=")
        # The first and last characters hold bits of what is around it.
        lost = (0, 2, 3)[before]
        core = padded[lost:]
        if (before + len(secret)) % 3:
            core = core[:-1]
        yield core, lost
        other = core.translate(bytes.maketrans(b"+/", b"-_"))
        if other != core:
            yield other, lost


def _character(match: re.Match[bytes]) -> bytes:
    if match["decimal"]:
        code = int(match["decimal"])
        return _OCTETS[code] if code < 256 else match[0]
    digits = match["percent"] or match["escape"] or match["hexadecimal"]
    return _OCTETS[int(digits, 16)] if digits else b""
