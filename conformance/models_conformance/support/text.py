"""Text that came from a subject, made safe to show.

Ids, headers and bodies are a stranger's words. On a terminal they could move the cursor, recolour or reverse
what is around them; in XML a control character makes the whole file unreadable.
"""

from __future__ import annotations

import unicodedata

# Control, format (bidi overrides, zero-width), lone surrogates, line and paragraph separators, and code
# points that are no characters: they act on the reader's display, or XML 1.0 forbids them.
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def printable(text: str, longest: int | None = None) -> str:
    """`text` on one line, with every character that is not plainly visible written as its escape.

    Cut after `longest` characters, where given, with the number of those left out.
    """
    rest = 0
    if longest is not None and len(text) > longest:
        rest = len(text) - longest
        text = text[:longest]
    safe = text if text.isascii() and text.isprintable() else "".join(_shown(character) for character in text)
    return f"{safe}… ({rest} more characters)" if rest else safe


def well_formed(text: str) -> str:
    """`text` as valid Unicode: lone surrogates, which UTF-8 cannot carry, are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _shown(character: str) -> str:
    if unicodedata.category(character) not in UNSAFE:
        return character
    return escape_of(character)


def escape_of(character: str) -> str:
    """How a character that acts on the display is shown."""
    return character.encode("unicode_escape").decode("ascii")


def quoted(text: str, longest: int = 80) -> str:
    """`text` in quotation marks as a sentence shows it: escaped, so that nothing in it is interpreted, and cut."""
    shown = '"' + text.encode("unicode_escape").decode() + '"'
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def counted(number: int, noun: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
