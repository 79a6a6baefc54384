"""The line that repeats a request: what somebody pastes into a shell to see the finding for themselves."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Exchange
from models_conformance.result import Finding

# Headers that every HTTP client sets for itself and that change no answer worth reproducing.
_NOISE = frozenset({"host", "accept-encoding", "connection", "content-length", "transfer-encoding"})
_ANYTHING = "*/*"
# curl reads these in a URL as patterns for many URLs, unless it is told not to.
_GLOB = frozenset("[]{}")


def reproduce(exchange: Exchange, key_variable: str = "ANTHROPIC_API_KEY") -> str:
    """One shell line that sends the request of `exchange` again, its URL byte for byte.

    The placeholder of the API key becomes the environment variable `key_variable`, so that the line can be
    shared; that of the wrong key becomes the same with another last character, which is what was sent. A header
    with an empty value uses curl's `name;`, because `name:` would remove it.
    """
    request = exchange.request
    # --path-as-is: curl would take `..` out of a path; -i: the status is half of every finding.
    words = ["curl", "-sSi", "--path-as-is"]
    if _GLOB & set(request.url):
        words.append("-g")
    method = request.method
    if method == "HEAD":
        words.append("-I")
    elif method != "GET":
        words += ["-X", shlex.quote(method)]
    words.append(shlex.quote(request.url))
    for name, value in request.headers:
        if _meaningful(name, value):
            words += ["-H", _header(name, value, key_variable)]
    return " ".join(words)


def line_for(finding: Finding, exchanges: Mapping[int, Exchange] | None) -> str:
    """The line to reproduce a finding: its own, or one made from the first exchange that proves it, or ''."""
    if finding.reproduce:
        return finding.reproduce
    kept = exchanges or {}
    culprit = next((kept[number] for number in finding.exchanges if number in kept), None)
    return reproduce(culprit) if culprit else ""


def _meaningful(name: str, value: str) -> bool:
    lower = name.lower()
    if lower == "accept":
        return value not in (_ANYTHING, "application/json")
    # A judge that sends a user agent of its own kind does it to be told apart; ours is noise.
    if lower == "user-agent":
        return not value.startswith(("models-conformance", "python-httpx"))
    return lower not in _NOISE


def _header(name: str, value: str, key_variable: str) -> str:
    if not value.strip():
        return shlex.quote(f"{name};")
    if API_KEY not in value and WRONG_KEY not in value:
        return shlex.quote(f"{name}: {value}")
    # Inside double quotes a shell still acts on these four; the variable alone is meant to be acted on.
    quoted = _in_double_quotes(f"{name}: {value}")
    wrong = f"${{{key_variable}%?}}_"
    return '"' + quoted.replace(API_KEY, f"${key_variable}").replace(WRONG_KEY, wrong) + '"'


def _in_double_quotes(text: str) -> str:
    for character in '\\"$`':
        text = text.replace(character, "\\" + character)
    return text
