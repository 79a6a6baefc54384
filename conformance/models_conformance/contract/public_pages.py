"""Where the pages of the contracts that ship stand for everyone to read, and where on them a point is.

Title and URL by the SHA-256 of the page: facts of its front matter, or of its rendition where it was kept without one.
What a user derived from has none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

_DOCS = "https://platform.claude.com/docs/en/api/"


@dataclass(frozen=True, slots=True)
class PublicPage:
    title: str
    url: str


def _page(title: str, path: str) -> PublicPage:
    return PublicPage(title, _DOCS + path)


PUBLIC_PAGES: Mapping[str, PublicPage] = {
    "1308af9bf55c5f75c0d4017e5f18693a612eb575e25ca416803e94e5ee5ee246": _page("Models", "python/beta/models"),
    "4d44aee95219cc0fda638ae415b8d11ee33435b06a189bfb7c360c71c4473948": _page("Models", "models"),
    "1e652b8d4bda589ffd4dc75cd0427fa6f11bec1533c45c00af8e579c145c7504": _page("Models", "csharp/models"),
    "d55d9b62410834da3943bd91153b54215d18f712caf2d09a25f977d6de86992c": _page("Models", "models"),
    "98c04a8b42e30c1d4553cea33dd3b23e43f0044b7c4d8dffeb0957f860cf9dd0": _page("Models", "models"),
    "ac75436e8b140760e43d95970583f080d68305b7ca038d1308e7b2e9df3e753e": _page("Models", "models"),
    "458f5709fe1d544ee9babda3b51a17bc4d0372282d8df41e3fc10d1292d9a70f": _page("List Models", "models/list"),
    "bb889507ba8cde17c29382353b0ffd3258e2b1b26a8503d31cd35c6bf271d4fa": _page("List Models", "models/list"),
    "8137f9cc1cff2e4c0f296444c28675bf568faf8d5ba14d1ca038fad0ef678744": _page("List Models", "cli/beta/models/list"),
    "fc8af79f27af320b03b4b1b53716a848771db94e01d92296d7260057389ad959": _page("List Models", "python/models/list"),
    "333acc369c79070faa2e4b431a6215e077d0c96416e16a9b6297dfe6eb802e2c": _page("Models", "models"),
    "11185792e601496808de7b338a6e07b5b5dd784bd8471903cdded9d0e66b170f": _page("List Models", "models-list"),
    "6565c62eb13de60b32a748089c55424d7ef4a8dd99eec8d77cad74f39c33efe0": _page("List Models", "python/beta/models/list"),
    "69265f34d7d88f5080380c557b23ad2cadb57a18264070b406ee8a3f4ad20a4a": _page("List Models", "models/list"),
}

_COMPANIONS: Mapping[str, PublicPage] = {
    "companion: errors": _page("Errors", "errors"),
    "companion: beta-headers": _page("Beta headers", "beta-headers"),
    "companion: versions": _page("Versions", "versioning"),
}
# What a point is called on its page, where that is not the last part of its key.
_CALLED: Mapping[str, str] = {
    "list": "List",
    "list.order": "listed first",
    "retrieve": "Retrieve",
    "retrieve.resolves": "Retrieve",
    "companion.errors.envelope": "request_id",
    "companion.errors.table": "invalid_request_error",
    "companion.beta-header": "anthropic-beta",
    "companion.auth": "x-api-key",
    "companion.version": "anthropic-version",
}


def public_place(point: str, page: str, sha256: str) -> PublicPage | None:
    """The page that has the point, with the fragment that leads to its words there; None for a page nobody knows."""
    known = PUBLIC_PAGES.get(sha256) or _COMPANIONS.get(page)
    if known is None:
        return None
    called = _CALLED.get(point)
    if called is None:
        parts = [part.removesuffix("[]") for part in point.split(".")]
        called = parts[1] if len(parts) > 1 and parts[0] != "companion" else parts[-1]
    # A text fragment: it leads to the words themselves, whatever a page calls its headings.
    return PublicPage(known.title, f"{known.url}#:~:text={quote(called, safe='').replace('-', '%2D')}")
