"""The line of a walk from page to page."""

from __future__ import annotations

from urllib.parse import unquote_plus, urlsplit

from models_conformance.evidence.exchange import Exchange
from models_conformance.reports.curl import BY_ITSELF, Connection, headers, is_sendable
from models_conformance.reports.shells import BASH, Shell

_KEY_VARIABLE = "ANTHROPIC_API_KEY"


def walk(
    start: Exchange,
    cursor: str,
    end: str,
    most: int,
    *,
    is_trusted: bool = True,
    connection: Connection = BY_ITSELF,
    shell: Shell = BASH,
) -> str:
    """One line that walks from the page of `start` on, at most so many pages, and prints each; '' where none can.

    `cursor` is the parameter that asks for the next page, `end` the member of a page that it is taken from.
    """
    request = start.request
    if not is_sendable(request) or request.method != "GET":
        return ""
    split = urlsplit(request.url)
    parts = [part for part in split.query.split("&") if part]
    query = "&".join(part for part in parts if part.partition("=")[0] != cursor)
    first = next((unquote_plus(part.partition("=")[2]) for part in parts if part.partition("=")[0] == cursor), "")
    words = [shell.curl, "-sSG", "--path-as-is", "-g", *connection.words(shell)]
    words += ["--url", shell.quoted(split._replace(query=query).geturl())]
    words += headers(request, _KEY_VARIABLE, is_trusted, shell)
    return shell.walk(words, cursor, first, end, most)
