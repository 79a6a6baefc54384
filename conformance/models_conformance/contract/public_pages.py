"""Where the pages of the contracts that ship stand for everyone to read: title and URL by the SHA-256 of the page.

Facts from the front matter of those pages; a page without one, or that a user derived from, has none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
}
