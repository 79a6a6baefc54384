"""The waiver file: TOML, one `[[waiver]]` for each known deviation.

    [[waiver]]
    requirement = "list-after-id-is-exclusive"    # an id, or a glob over ids
    subject = "anthropic@0.7*"                    # optional glob over the name, or over name@version
    finding = "0f3a9c62b1d4"                      # optional fingerprint of the one kind that is excused
    reason = "fixed upstream, released with 0.80"
    link = "https://github.com/example/sdk/issues/1"
    expires = 2026-12-31                          # the last day on which it holds

`expires` is required: a deviation that nobody has to look at again is not waived but forgotten.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models_conformance.errors import UsageError
from models_conformance.result import Subject
from models_conformance.support.reading import UnreadableError, read_bounded
from models_conformance.support.suggestions import did_you_mean
from models_conformance.support.text import printable
from models_conformance.waivers.fingerprint import LENGTH

_TABLE = "waiver"
_REQUIRED = ("requirement", "reason", "expires")
_KEYS = ("requirement", "subject", "finding", "reason", "link", "expires")
_FINGERPRINT = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
_HEADER = re.compile(rf"^[ \t]*\[\[[ \t]*{_TABLE}[ \t]*\]\]", re.MULTILINE)
_LONGEST_SHOWN = 80
# Some thousand waivers. Every dot of a key is a table within a table, and tables are large.
_MOST_BYTES = 1 << 20
_MOST_DOTS = 16
_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP_KEY = re.compile(rf"(?:^|[{{,\[])[ \t]*{_KEY}(?:[ \t]*\.[ \t]*{_KEY}){{{_MOST_DOTS + 1}}}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry. `entry` counts from 1; `line` is where it begins, None where it is not written as `[[waiver]]`."""

    requirement: str
    reason: str
    expires: date
    subject: str | None = None
    finding: str | None = None
    link: str | None = None
    entry: int = 1
    line: int | None = None

    def is_about(self, subject: Subject) -> bool:
        """Whether it speaks of that subject. Files are shared by many: one for another subject says nothing."""
        if self.subject is None:
            return True
        names = [subject.name, *([f"{subject.name}@{subject.version}"] if subject.version else [])]
        # Compared as it stands, too: the brackets of an IPv6 address would be read as a set of characters.
        return any(name == self.subject or fnmatchcase(name, self.subject) for name in names)

    def covers(self, requirement_id: str) -> bool:
        """Whether the id is that of the waiver or matches its glob."""
        return fnmatchcase(requirement_id, self.requirement)


@dataclass(frozen=True, slots=True)
class Waivers:
    """The entries of one file, in its order."""

    path: str
    entries: tuple[Waiver, ...] = ()

    def place(self, waiver: Waiver) -> str:
        """Where the entry is, as a message names it: `waivers.toml, entry 2 (line 9)`."""
        return _place(self.path, waiver.entry, waiver.line)


def read_waivers(path: str | Path) -> Waivers:
    """The waivers of a file. Raises UsageError, one line, where it cannot be read or understood."""
    name = printable(str(path))
    try:
        text = read_bounded(path, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: is not UTF-8 (byte {error.start})") from error
    except UnreadableError as error:
        raise UsageError(f"{name}: {error}") from None
    return parse_waivers(text, str(path))


def parse_waivers(text: str, path: str) -> Waivers:
    """The waivers of a file's text. Raises UsageError, which names the file and the entry."""
    name = printable(path)
    if _DEEP_KEY.search(text):
        raise UsageError(f"{name}: a key of more than {_MOST_DOTS} dots, which no waiver has")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # RecursionError: tomllib descends into nested arrays.
        why = "nested too deeply" if isinstance(error, RecursionError) else printable(str(error), 200)
        raise UsageError(f"{name}: is not TOML: {why}") from error
    for key in document:
        if key != _TABLE:
            raise UsageError(f"{name}: {_unknown(key, (_TABLE,))}; expected [[{_TABLE}]] entries only")
    entries = document.get(_TABLE, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{name}: {_TABLE} is not a list of tables; write each entry under [[{_TABLE}]]")
    headers = [text.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(text)]
    lines: list[int] | list[None] = headers if len(headers) == len(entries) else [None] * len(entries)
    return Waivers(
        path, tuple(_waiver(name, entry, number, lines[number - 1]) for number, entry in enumerate(entries, start=1))
    )


def _waiver(path: str, entry: dict[str, Any], number: int, line: int | None) -> Waiver:
    where = _place(path, number, line)
    for key in entry:
        if key not in _KEYS:
            raise UsageError(f"{where}: {_unknown(key, _KEYS)}")
    missing = [key for key in _REQUIRED if key not in entry]
    if missing:
        raise UsageError(f"{where}: {' and '.join(missing)} missing; a waiver needs {', '.join(_REQUIRED)}")
    texts = {key: _text(value, key, where) for key, value in entry.items() if key != "expires"}
    expires = entry["expires"]
    # A date-time is a date in Python; in a waiver it would raise the question of whose noon is meant.
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise UsageError(f"{where}: expires is {_shown(expires)}; expected a date without quotes, such as 2026-12-31")
    finding = texts.get("finding")
    if finding is not None and not _FINGERPRINT.fullmatch(finding):
        raise UsageError(
            f"{where}: finding is {_shown(finding)}; expected {LENGTH} hex digits, as --write-waivers writes them"
        )
    link = texts.get("link")
    if link is not None and not _is_link(link):
        raise UsageError(f"{where}: link is {_shown(link)}; expected a URL such as https://example.com/issues/1")
    return Waiver(**texts, expires=expires, entry=number, line=line)


def _text(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: {key} is {_shown(value)}; expected a text that is not empty")
    # A subject is matched as it stands: its name may begin with a blank.
    return value if key == "subject" else value.strip()


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable() and " " not in text


def _unknown(key: str, known: tuple[str, ...]) -> str:
    hint = did_you_mean(key, known) or (f"known are {', '.join(known)}" if len(known) > 1 else "")
    return f"unknown key {_shown(key)}" + (hint and f"; {hint}")


def _place(path: str, entry: int, line: int | None) -> str:
    return f"{printable(path)}, entry {entry}" + (f" (line {line})" if line is not None else "")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"'{printable(value, _LONGEST_SHOWN)}'"
    return value.isoformat() if isinstance(value, date) else printable(str(value), _LONGEST_SHOWN)
