"""JSON as RFC 8259 has it, no more: what Python's parser lets through is named here.

`json.loads` accepts NaN, Infinity, duplicate keys and a byte-order mark, and guesses UTF-16; a client in
another language need not. Parsing is total: hostile input yields problems, never an exception.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import Any

from models_conformance.support.reading import MOST_NODES, has_too_many_nodes

# Deeper than any documented object by far, and well under CPython's recursion limit.
MAX_DEPTH = 200
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """`value` is None where `error` says why. `duplicates` are keys seen twice in one object.

    `has_lone_surrogate` says that a string holds half of a surrogate pair: no Unicode text (RFC 8259, 8.2).
    """

    value: Any
    error: str | None = None
    duplicates: tuple[str, ...] = ()
    has_lone_surrogate: bool = False


class _NotJson(ValueError):
    """A token that Python reads and RFC 8259 does not know."""


def parse(body: bytes) -> Parsed:
    """Parse one JSON text in UTF-8. Never raises."""
    if not body.strip():
        return Parsed(None, "the body is empty")
    if body.startswith(b"\xef\xbb\xbf"):
        return Parsed(None, "the body starts with a byte-order mark (RFC 8259, 8.1)")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        return Parsed(None, f"the body is not UTF-8 at byte {problem.start}")
    if has_too_many_nodes(text):
        return Parsed(None, f"holds more than {MOST_NODES} values, the most that are read")
    duplicates: list[str] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            seen: set[str] = set()
            duplicates.extend(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return result

    def refuse(token: str) -> Any:
        raise _NotJson(f"{token} is not JSON")

    try:
        value = json.loads(text, object_pairs_hook=as_object, parse_constant=refuse, parse_int=_integer)
    except json.JSONDecodeError as problem:
        return Parsed(None, f"not one JSON value: {problem.msg} at character {problem.pos}")
    except _NotJson as problem:
        return Parsed(None, str(problem))
    except RecursionError:
        return Parsed(None, "nested too deeply to read")
    # Few brackets nest no deeper than they are many.
    if text.count("[") + text.count("{") > MAX_DEPTH and depth_exceeds(value, MAX_DEPTH):
        return Parsed(None, f"nested deeper than {MAX_DEPTH} levels")
    return Parsed(value, None, tuple(duplicates), _has_lone_surrogate(text, value))


def _has_lone_surrogate(text: str, value: Any) -> bool:
    # UTF-8 holds none, so that only an escape can stand for one.
    if not _SURROGATE_ESCAPE.search(text):
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _integer(digits: str) -> int | float:
    """Integers past CPython's conversion limit become infinities instead of a ValueError."""
    limit = sys.get_int_max_str_digits()
    return int(digits) if not limit or len(digits) < limit else float(digits)


def depth_exceeds(value: Any, limit: int) -> bool:
    """Whether arrays and objects nest deeper than `limit`; iterative, so that it cannot overflow."""
    level = [value]
    for _ in range(limit):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
