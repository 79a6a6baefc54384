"""Text that came from a subject, made safe to show.

Ids, headers and bodies are a stranger's words. On a terminal they could move the cursor, recolour or reverse
what is around them; in XML a control character makes the whole file unreadable; and a build system takes what a step
prints for its own commands.
"""

from __future__ import annotations

import re
import unicodedata

# Control, format (bidi overrides, zero-width), lone surrogates, line and paragraph separators, and code
# points that are not characters: they act on the reader's display, or XML 1.0 forbids them.
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})

# The character that is written as its escape, so that what follows it is not a command. Breaking more than is obeyed
# today costs nothing; a line may begin anywhere, for terminals are narrow.
_COMMAND = re.compile(
    r"#(?=#)"  # ##vso[ of Azure Pipelines, ##teamcity[, ##[ of GitHub and Azure
    r"|:(?=:[A-Za-z].*?::)"  # ::name …:: of GitHub; an IPv6 address has one :: at most
    r"|_(?<=section_)(?=(?:start|end):)"  # GitLab
    r"|_(?<=travis_)(?=(?:fold|time):)"  # Travis CI
    r"|-(?=--(?:\s|$))|~(?=~~(?:\s|$))|\+(?=\+\+(?:\s|$))|\^(?=\^\^(?:\s|$))"  # groups of Buildkite
    r"|:(?<=RUNDECK:)(?=DATA:)",  # Rundeck
    re.IGNORECASE,
)


def printable(text: str, longest: int | None = None) -> str:
    """`text` on one line, with every character that is not plainly visible, and the first of what a build system would
    obey, written as its escape.

    Cut after `longest` characters, where given, with the number of those left out.
    """
    rest = 0
    if longest is not None and len(text) > longest:
        rest = len(text) - longest
        text = text[:longest]
    safe = text if text.isascii() and text.isprintable() else "".join(_shown(character) for character in text)
    safe = _COMMAND.sub(_escaped, safe)
    return f"{safe}… ({rest} more characters)" if rest else safe


def printable_lines(text: str) -> str:
    """`text` of several lines, each made printable: what another program wrote, such as a traceback."""
    return "\n".join(printable(line) for line in text.split("\n"))


def well_formed(text: str) -> str:
    """`text` as valid Unicode: lone surrogates, which UTF-8 cannot carry, are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _shown(character: str) -> str:
    if unicodedata.category(character) not in UNSAFE:
        return character
    return escape_of(character)


def _escaped(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


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
