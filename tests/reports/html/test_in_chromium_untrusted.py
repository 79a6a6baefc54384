from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from models_conformance.reports.html import render
from models_conformance.requirements.pages import documentation
from tests.reports.html.opened import Opened
from tests.reports.html.planted import hostile

SEND = """() => new Promise((resolve) => {
  document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
  document.querySelector("#send").click();
})"""


class Stranger(ThreadingHTTPServer):
    """A server that a planted element points to; it remembers who asked."""

    def __init__(self) -> None:
        self.spec: list[str] = []
        super().__init__(("127.0.0.1", 0), _Remembers)

    def markup(self) -> str:
        base = f"http://127.0.0.1:{self.server_address[1]}"
        return (
            f"<script>window.planted = 1</script><img src='{base}/image' onerror='window.planted = 2'>"
            f"<a id='link' href='javascript:window.planted = 3'>x</a><iframe src='{base}/frame'></iframe>"
            f"<script src='{base}/script'></script><style>body {{ background: url({base}/style) }}</style>"
            f"<form action='{base}/form'><button id='send'>x</button></form>"
        )


class _Remembers(BaseHTTPRequestHandler):
    server: Stranger

    def do_GET(self) -> None:
        self.server.spec.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Not on the terminal of the tests."""


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_nothing_planted_in_any_field_runs_or_loads(context: BrowserContext, tmp_path: Path) -> None:
    opened = Opened.of(render(hostile()), context, tmp_path)
    opened.button("Expand all").click()
    page = opened.page
    expect(page.get_by_text("<script>window.planted = 1</script>").first).to_be_visible()
    assert page.evaluate("window.planted") is None
    assert page.locator("img, svg, iframe, base, object, form").count() == 0
    assert page.locator(f"a:not([href^='#'], [href^='{documentation()}requirements/'])").count() == 0
    assert page.locator("script").count() == 1
    assert opened.complaints == []
    assert opened.requests == [opened.url]


def test_even_markup_that_got_into_the_file_neither_runs_nor_loads(
    chromium: Browser, tmp_path: Path, stranger: Stranger
) -> None:
    """The second wall: what if escaping had failed? Without the policy the same markup does its worst."""
    document = render(hostile()).replace("<footer>", f"<footer>{stranger.markup()}", 1)
    guarded = Opened.of(document, chromium.new_context(), tmp_path)
    guarded.page.locator("#link").click()
    assert guarded.page.evaluate(SEND) == "form-action"
    assert guarded.page.evaluate("window.planted") is None
    assert stranger.spec == []

    bare = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", document)
    unguarded = Opened.of(bare, chromium.new_context(), tmp_path)
    assert unguarded.page.evaluate("window.planted") in (1, 2)
    assert {"/image", "/frame", "/script"} <= set(stranger.spec)


def test_direction_and_width_of_what_was_sent_cannot_disguise_it(context: BrowserContext, tmp_path: Path) -> None:
    opened = Opened.of(render(hostile("safe\u202egnp.exe\u200b\u2066 \u05d0\u05d1")), context, tmp_path)
    opened.button("Expand all").click()
    expect(opened.page.get_by_text(r"safe\u202egnp.exe\u200b\u2066").first).to_be_visible()
    inner = opened.page.evaluate("document.body.innerText")
    assert not {"\u202e", "\u200b", "\u2066"} & set(inner)


def test_a_page_of_hostile_text_is_no_wider_than_the_window(context: BrowserContext, tmp_path: Path) -> None:
    opened = Opened.of(render(hostile("W" * 3000)), context, tmp_path)
    opened.button("Expand all").click()
    for width in (1280, 400, 320):
        opened.page.set_viewport_size({"width": width, "height": 900})
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
