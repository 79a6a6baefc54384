"""The one reading of a request's target and lists, as they were sent: nothing is normalised, nothing judged.

Evidence, the fixture and the reference server split a request with it; how each decodes what it finds is its own:
judges want to know why a text does not stand for what it says, a server compares bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes

# RFC 9112, 3.2.2: a request may name the whole URL, as if to a proxy, and schemes have no case (RFC 3986, 3.1).
_URL = re.compile(r"https?://(?P<authority>[^/?#]*)(?P<target>.*)", re.DOTALL | re.IGNORECASE)
_MODELS = re.compile(r"(?P<prefix>.*?)/v1/models(?:/(?P<id>.*))?", re.DOTALL)
# Escapes of unreserved characters change nothing, and nobody has to write them (RFC 3986, 2.3).
UNRESERVED_ESCAPE = re.compile(r"%(2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What no request target may hold, and what breaks the request line or the reading of it.
_NEVER_RAW = re.compile(r"[^\x21-\x7e]|#")
# The parameters of the list that name a place in it: the way to older models, and to newer ones.
CURSORS = ("after_id", "before_id")
NOT_UTF_8 = "bytes that are not UTF-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text out of a target. `problem` says why it is not what it stands for, None where it is sound."""

    text: str
    problem: str | None


def decoded(raw: str, plus_is_blank: bool = False) -> Decoded:
    """Percent-decode once. A raw blank, control or non-ASCII character and a broken escape are problems."""
    never = _NEVER_RAW.search(raw)
    problem = f"a raw {never[0]!a}" if never else None
    if problem is None and (bad := BROKEN_ESCAPE.search(raw)):
        problem = f"a broken escape at {raw[bad.start() : bad.start() + 3]!a}"
    text = raw.replace("+", " ") if plus_is_blank else raw
    # Targets are read as Latin-1, so that every byte is one character.
    octets = unquote_to_bytes(text.encode("latin-1", "replace"))
    try:
        return Decoded(octets.decode("utf-8"), problem)
    except UnicodeDecodeError:
        return Decoded(octets.decode("latin-1"), problem or NOT_UTF_8)


def query_pairs(query: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a query as they were sent, in order; one without an equals sign has an empty value."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return tuple((name, value) for name, _, value in parts)


def listed(lines: Iterable[str]) -> tuple[str, ...]:
    """The members of a header that is a list: its lines are one comma-separated list (RFC 9110, 5.3)."""
    return tuple(member.strip() for line in lines for member in line.split(",") if member.strip())


@dataclass(frozen=True, slots=True)
class ModelsPath:
    """A path of the Models API below a prefix. `raw_id` is what follows `/v1/models/`, None where nothing does."""

    prefix: str
    raw_id: str | None


def models_path(path: str) -> ModelsPath | None:
    """Read the first `/v1/models` of a path; None where it is not all that the path ends with, but for an id."""
    match = _MODELS.fullmatch(path)
    return ModelsPath(match["prefix"], match["id"]) if match else None


def may_be_of_models(path: str) -> bool:
    """Whether a path names models at all, in the right place or not."""
    return "/models" in path


@dataclass(frozen=True)
class Target:
    """`path` and `query` are raw; `query` is without its question mark and None where there is none."""

    authority: str
    path: str
    query: str | None

    @property
    def plain_path(self) -> str:
        """The path with escapes of unreserved characters undone, the others in capitals: the same (RFC 3986, 6.2.2)."""
        undone = UNRESERVED_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), self.path)
        return _ESCAPE.sub(lambda escape: escape[0].upper(), undone)

    @cached_property
    def parameters(self) -> tuple[tuple[str, Decoded], ...]:
        """The query's pairs, decoded as a form is, in order."""
        pairs = query_pairs(self.query or "")
        return tuple((decoded(name, True).text, decoded(value, True)) for name, value in pairs)

    def values(self, name: str) -> list[str]:
        """Every value that the query gives `name`."""
        return [value.text for key, value in self.parameters if key == name]


def read_target(url: str) -> Target:
    """Read the URL of an exchange whose request target was kept as it was sent."""
    match = _URL.fullmatch(url)
    if match is None:
        return Target("", url, None)
    path, mark, query = match["target"].partition("?")
    return Target(match["authority"], path, query if mark else None)
