"""Shell lines of several requests: one after the other, one again and again, or a walk from page to page."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from urllib.parse import unquote_plus, urlsplit

from models_conformance.evidence.exchange import Exchange
from models_conformance.reports.curl import BY_ITSELF, Connection, headers, is_sendable

_KEY_VARIABLE = "ANTHROPIC_API_KEY"


def again(line: str, times: int) -> str:
    """One line that runs such a line so many times: what not every answer shows, one of these does."""
    return f"for n in {' '.join(map(str, range(1, times + 1)))}; do {line}; echo; done" if line else ""


def together(lines: Iterable[str]) -> str:
    """One line that runs such lines one after the other; '' where one of them is."""
    lines = list(dict.fromkeys(lines))
    return "; echo; ".join(lines) if all(lines) else ""


def walk(
    start: Exchange, cursor: str, end: str, most: int, *, is_trusted: bool = True, connection: Connection = BY_ITSELF
) -> str:
    """One line that walks from the page of `start` on, at most so many pages, and prints each; '' where none can.

    `cursor` is the parameter that asks for the next page, `end` the member of a page that it is taken from. The
    members are found by `sed`, because no tool that reads JSON is on every machine.
    """
    request = start.request
    if not is_sendable(request) or request.method != "GET":
        return ""
    split = urlsplit(request.url)
    parts = [part for part in split.query.split("&") if part]
    query = "&".join(part for part in parts if part.partition("=")[0] != cursor)
    first = next((unquote_plus(part.partition("=")[2]) for part in parts if part.partition("=")[0] == cursor), "")
    words = ["curl", "-sSG", "--path-as-is", "-g", *connection.words]
    words += ["--url", shlex.quote(split._replace(query=query).geturl())]
    words += [f'${{c:+--data-urlencode "{cursor}=$c"}}', *headers(request, _KEY_VARIABLE, is_trusted)]
    found = f'printf %s "$p" | sed -n \'s/.*"{end}": *"\\([^"]*\\)".*/\\1/p\''
    more = """case $p in *'"has_more":true'*|*'"has_more": true'*) ;; *) break;; esac"""
    return (
        f"c={shlex.quote(first)}; n=0; while [ $n -lt {most} ]; do n=$((n+1)); "
        f"p=$({' '.join(words)}); printf '%s\\n' \"$p\"; c=$({found}); {more}; done"
    )
