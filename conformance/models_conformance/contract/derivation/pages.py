"""A documentation page: its bytes, its lines, and which format it is in, told by its content alone.

When it was as it is, its front matter says, or its file name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from models_conformance.contract.derivation.marks import plain_lines
from models_conformance.support.reading import UnreadableError, read_bounded

LARGEST_PAGE = 2 * 1024 * 1024
LONGEST_LINE = 64 * 1024
MOST_LINES = 100_000
# One stray byte of another encoding can be repaired; a page of them is not text that we can read.
MOST_FOREIGN_BYTES = 0.01


class PageError(ValueError):
    """A page that cannot be derived from. Its text is one line: the page, the line if known, the reason."""

    def __init__(self, page: str, line: int | None, reason: str) -> None:
        self.page = page
        self.line = line
        self.reason = reason
        where = page if line is None else f"{page}:{line}"
        super().__init__(" ".join(f"{where}: {reason}".split()))


class NoPageError(PageError):
    """A file that is not a page at all, such as an image or a list of contents."""


class Format(Enum):
    """How a page is laid out."""

    OPENAPI = "OpenAPI 3 (YAML, JSON or inside Markdown)"
    MARKDOWN = "Markdown with nested bullets"
    SCRAPED = "scraped page"
    FLATTENED = "flattened text"


READ = ", ".join(form.value for form in Format) + "; the textual ones for HTTP, Python, TypeScript, C# and the CLI"
"""The formats that are read, in words."""


@dataclass(frozen=True)
class Page:
    """A page as read: `lines[0]` is line 1."""

    name: str
    sha256: str
    lines: tuple[str, ...]
    format: Format


_OPENAPI_FENCE = re.compile(r"^(`{3,}|~{3,})\s*(?:ya?ml|json)\b", re.IGNORECASE)
_OPENAPI_YAML = re.compile(r"^[\"']?(?:paths|openapi|swagger)[\"']?\s*:", re.MULTILINE)
_OPENAPI_JSON = re.compile(r"\"(?:paths|openapi|swagger)\"\s*:")
_YAML_KEY = re.compile(r"^[\"']?[A-Za-z][\w\-]*[\"']?\s*:")
_SCRAPED_HEADING = re.compile(r"^(?:#{1,6} )?[A-Z].{0,80}Expand Collapse\s*$")
_FLATTENED_HEADING = re.compile(r"(?:^|[\"'.`])[A-Z][A-Za-z ]{2,40}#$")
_BULLET = re.compile(r"^ *(?:[-*+]|\d{1,3}[.)]) `[^`]+`")
_MARKDOWN_ENDPOINT = re.compile(r"^\*\*[A-Za-z]{3,7}\*\* `/")
_DATE = re.compile(r"(?<![0-9])(20[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)(?![0-9-])")
# The keys of a front matter that say when a page was read or changed.
_DATED_KEY = re.compile(r"^(?:fetched_at|fetched|date|retrieved|accessed|last_modified|updated)\s*:", re.IGNORECASE)
_MOST_FRONT_MATTER = 40
_HTML_START = re.compile(r"^\s*(?:<!--[^>]{0,400}-->\s*)?<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_HTML_TAG = re.compile(r"<(?:html|head|body|script|meta|link|noscript)\b", re.IGNORECASE)
# Those of Unicode, but for the three that text has.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u2122]{1,3}")


def read_pages(paths: Sequence[Path]) -> list[Page]:
    """Read each page of `paths`, in an order that does not depend on theirs; the same page twice counts once.

    Raises PageError for a page that cannot be read, is too large, is not text, or is in no known format.
    """
    unique = {path.resolve(): path for path in paths}
    names = _names(list(unique))
    pages = {}
    for path in unique:
        page = read_page(path, names[path])
        pages[page.name, page.sha256] = page
    return [pages[key] for key in sorted(pages)]


def _names(paths: list[Path]) -> dict[Path, str]:
    """File names, lengthened by folders only where two pages would share one."""
    names = {path: path.name for path in paths}
    for depth in range(2, 64):
        taken = list(names.values())
        shared = {path for path, name in names.items() if taken.count(name) > 1}
        if not shared:
            break
        names.update({path: "/".join(path.parts[-depth:]) for path in shared})
    return names


def read_page(path: Path, name: str | None = None) -> Page:
    """Read one page; `name` is what sources call it (the file name unless given).

    Raises PageError as `read_pages` does.
    """
    name = name or path.name
    try:
        data = read_bounded(path, LARGEST_PAGE)
    except UnreadableError as failure:
        raise PageError(name, None, str(failure)) from None
    lines = tuple(line.rstrip() for line in _text(name, data).split("\n"))
    if len(lines) > MOST_LINES:
        raise PageError(name, None, f"{len(lines)} lines are not a documentation page")
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise PageError(name, number, f"a line of {len(line)} characters is not documentation")
    return Page(name, hashlib.sha256(data).hexdigest(), lines, _recognise(name, lines))


def _text(name: str, data: bytes) -> str:
    if not data.strip():
        raise NoPageError(name, None, "empty page")
    if b"\0" in data:
        raise NoPageError(name, None, "binary, not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        foreign = sum(byte >= 0x80 for byte in data) / len(data)
        if foreign > MOST_FOREIGN_BYTES:
            raise NoPageError(name, None, f"not UTF-8 (byte {failure.start}) and beyond repair") from failure
        text = data.decode("cp1252", errors="replace")
    controls = sum(map(len, _CONTROLS.findall(text)))
    if controls > len(text) * MOST_FOREIGN_BYTES:
        raise NoPageError(name, None, "binary, not text")
    return _MOJIBAKE.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    """UTF-8 that somebody decoded as Windows-1252, decoded as it should have been."""
    try:
        return match[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return match[0]


def front_matter(lines: Sequence[str]) -> int:
    """How many lines of front matter (possibly more than one block of it) come first."""
    start = 0
    while True:
        at = start
        while at < len(lines) and not lines[at].strip():
            at += 1
        if at >= len(lines) or lines[at].strip() != "---":
            return start
        end = next((n for n in range(at + 1, min(at + 40, len(lines))) if lines[n].strip() == "---"), None)
        if end is None:
            return start
        start = end + 1


def date_of(page: Page) -> str | None:
    """The date of a page, `YYYY-MM-DD` or `YYYY-MM`; None where neither front matter nor file name has one."""
    if page.lines and page.lines[0] == "---":
        for line in page.lines[1:_MOST_FRONT_MATTER]:
            if line == "---":
                break
            found = _DATE.search(line.replace("T", " ")) if _DATED_KEY.match(line) else None
            if found is not None:
                return found[1]
    found = _DATE.search(page.name.rpartition("/")[2].replace("_", " "))
    return found[1] if found is not None else None


def last_day(date: str) -> str:
    """The date itself, or the end of the month that it is: a page of a month may have any of its days."""
    return date if len(date) == len("YYYY-MM-DD") else f"{date}-31"


@dataclass(frozen=True)
class Description:
    """Where an OpenAPI description stands: from line `first` up to `end`, both counted from 0.

    `fence` is the line that opens its fence, None for a page that is nothing else; `end` is None where that is open.
    """

    fence: int | None
    first: int
    end: int | None


def find_description(lines: Sequence[str], after: int = 0) -> Description | None:
    """The first OpenAPI description of a page from line `after` on, counted from 0, or the page that is one; None where
    it holds none."""
    number = after
    while number < len(lines):
        fence = _OPENAPI_FENCE.match(lines[number])
        if fence is not None:
            close = (n for n in range(number + 1, len(lines)) if lines[n].startswith(fence[1]))
            end = next(close, None)
            if _describes(lines[number + 1 : end]):
                return Description(number, number + 1, end)
            if end is None:
                return None
            number = end
        number += 1
    if after:
        return None
    start = front_matter(lines)
    first = next((line for line in lines[start:] if line.strip() and not line.startswith(("#", "---"))), "")
    if (first.startswith("{") or _YAML_KEY.match(first)) and _describes(lines[start:]):
        return Description(None, start, len(lines))
    return None


def _describes(lines: Sequence[str]) -> bool:
    text = "\n".join(lines)
    return bool(_OPENAPI_JSON.search(text) if text.lstrip().startswith("{") else _OPENAPI_YAML.search(text))


def _is_markdown(lines: Sequence[str]) -> bool:
    return any(map(_MARKDOWN_ENDPOINT.match, lines)) and any(map(_BULLET.match, lines))


def _recognise(name: str, lines: tuple[str, ...]) -> Format:
    text = "\n".join(lines)
    if _HTML_START.match(text[:4096]) or len(_HTML_TAG.findall(text[:65536])) > 5:
        raise PageError(name, 1, "an HTML page, not documentation text")
    if find_description(lines) is not None:
        return Format.OPENAPI
    if any(_SCRAPED_HEADING.match(line) for line in lines):
        return Format.SCRAPED
    if _is_markdown(lines) or _is_markdown(plain_lines(lines)):
        return Format.MARKDOWN
    if sum(bool(_FLATTENED_HEADING.search(line)) for line in lines) >= 2:
        return Format.FLATTENED
    raise NoPageError(name, None, f"no API reference: none of the known page formats, which are {READ}")
