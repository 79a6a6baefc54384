"""The line that repeats a request, or walks: what somebody pastes into a shell to see the finding for themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus, urlsplit

from models_conformance.evidence.exchange import API_KEY, TOKEN, WRONG_KEY, Exchange, Request
from models_conformance.reports.shells import BASH, Shell
from models_conformance.result import Finding
from models_conformance.support.text import printable

LONGEST_COMMAND = 8 * 1024
"""A command is whole or not there: half of one is worse than none, and a longer one is nothing to be pasted."""
# Headers that every HTTP client sets for itself and that change no answer worth reproducing.
_NOISE = frozenset({"host", "accept-encoding", "connection", "content-length", "transfer-encoding"})
_ANYTHING = "*/*"
_URL = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# The host of the API itself may be given the key that its users have in their environment.
_OWN_HOST = "api.anthropic.com"
_KEY_VARIABLE = "ANTHROPIC_API_KEY"
# curl reads these in a URL as patterns for many URLs, unless it is told not to.
_GLOB = frozenset("[]{}")


@dataclass(frozen=True, slots=True)
class Connection:
    """What curl has to be told of the way to a server; empty is what it does by itself.

    `proxy_variable` is the environment variable that names a proxy, the others are paths of files in PEM.
    """

    proxy_variable: str = ""
    ca_file: str = ""
    ca_folder: str = ""
    insecure: bool = False
    certificate: str = ""
    key: str = ""

    def words(self, shell: Shell) -> list[str]:
        """Options of curl, as a shell reads them."""
        words = ["-k"] if self.insecure else []
        if self.proxy_variable:
            words += ["-x", shell.variable(self.proxy_variable)]
        # A path that begins with a dash would be taken for an option.
        for option, path in (("--cacert", self.ca_file), ("--capath", self.ca_folder), ("--key", self.key)):
            if path:
                words += [option, shell.quoted(_path(path))]
        if self.certificate:
            # curl takes what stands behind a colon for a password.
            words += ["--cert", shell.quoted(_path(self.certificate).replace("\\", "\\\\").replace(":", "\\:"))]
        return words


BY_ITSELF = Connection()


def _path(path: str) -> str:
    return f"./{path}" if path.startswith("-") else path


def reproduce(
    exchange: Exchange,
    *,
    is_trusted: bool = True,
    connection: Connection = BY_ITSELF,
    shell: Shell = BASH,
) -> str:
    """One line of a `shell` that sends the request of `exchange` again, its URL byte for byte; '' where none can.

    The placeholder of the API key becomes the environment variable that its users have, so that the line can be
    shared; that of the wrong key becomes the same with another last character, which is what was sent. Where the
    host is not `is_trusted`, because only a recording names it, the reader has to fill a key in. A header
    with an empty value uses curl's `name;`, because `name:` would remove it.
    """
    request = exchange.request
    if not _is_sendable(request):
        return ""
    # --path-as-is: curl would take `..` out of a path; -i: the status is half of every finding.
    words = [shell.curl, "-sSi", "--path-as-is", *connection.words(shell)]
    if _GLOB & set(request.url):
        words.append("-g")
    method = request.method
    if method == "HEAD":
        words.append("-I")
    elif method != "GET":
        words += ["-X", shell.quoted(method)]
    # Whatever it begins with, it is not an option.
    words += ["--url", shell.quoted(request.url), *_headers(request, is_trusted, shell)]
    return " ".join(words)


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
    if not _is_sendable(request) or request.method != "GET":
        return ""
    split = urlsplit(request.url)
    parts = [part for part in split.query.split("&") if part]
    query = "&".join(part for part in parts if part.partition("=")[0] != cursor)
    first = next((unquote_plus(part.partition("=")[2]) for part in parts if part.partition("=")[0] == cursor), "")
    words = [shell.curl, "-sSG", "--path-as-is", "-g", *connection.words(shell)]
    words += ["--url", shell.quoted(split._replace(query=query).geturl())]
    words += _headers(request, is_trusted, shell)
    return shell.walk(words, cursor, first, end, most)


def _is_sendable(request: Request) -> bool:
    """Whether a line can be made of it: what a recording holds may be no request of this API at all."""
    url = request.url
    return bool(_URL.match(url) and not _CONTROL.search(url) and TOKEN.fullmatch(request.method))


def _headers(request: Request, is_trusted: bool, shell: Shell) -> list[str]:
    """The options of curl for the headers of a request, as a shell reads them."""
    is_trusted = is_trusted or urlsplit(request.url).hostname == _OWN_HOST
    words: list[str] = []
    for name, value in request.headers:
        if _meaningful(name, value):
            words += ["-H", _header(name, value, is_trusted, shell)]
    return words


def line_for(finding: Finding, exchanges: Mapping[int, Exchange] | None) -> str:
    """The line to reproduce a finding: its own, or one made from the first exchange that proves it, or ''."""
    if finding.reproduce:
        return finding.reproduce
    kept = exchanges or {}
    culprit = next((kept[number] for number in finding.exchanges if number in kept), None)
    return reproduce(culprit) if culprit else ""


def shown_command(line: str) -> tuple[str, str]:
    """A line to reproduce as people see it, on one line and whole, or '' and a note on how long it is."""
    # What is copied is what is seen: a hidden control character could end a paste and run what follows it.
    shown = printable(line) if len(line) <= LONGEST_COMMAND else line
    if len(shown) <= LONGEST_COMMAND:
        return shown, ""
    return "", f"cut, {len(line):,} characters: the JSON result has the whole command"


def _meaningful(name: str, value: str) -> bool:
    lower = name.lower()
    # curl reads a file for a header whose name begins with an at sign.
    if not TOKEN.fullmatch(name) or _CONTROL.search(value):
        return False
    if lower == "accept":
        return value not in (_ANYTHING, "application/json")
    # A judge that sends a user agent of its own kind does it to be told apart; ours is noise.
    if lower == "user-agent":
        return not value.startswith(("models-conformance", "python-httpx"))
    return lower not in _NOISE


def _header(name: str, value: str, is_trusted: bool, shell: Shell) -> str:
    if not value.strip():
        return shell.quoted(f"{name};")
    if not is_trusted:
        value = value.replace(API_KEY, "YOUR-KEY-FOR-THIS-HOST").replace(WRONG_KEY, "A-WRONG-KEY")
    if API_KEY not in value and WRONG_KEY not in value:
        return shell.quoted(f"{name}: {value}")
    return shell.filled(f"{name}: {value}", {API_KEY: (_KEY_VARIABLE, False), WRONG_KEY: (_KEY_VARIABLE, True)})
