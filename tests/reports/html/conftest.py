"""A real Chromium without a window. Where the machine has none, the tests that need it are skipped by name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from models_conformance.engine.fault_matrix import run_against
from models_conformance.reports.html import render
from models_conformance.result import Result
from tests.reports.html.opened import Opened

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Of a module, not of the session: the driver's event loop would be in the way of other tests' own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def real_result() -> Result:
    """A run against the reference server with a fault that trips four requirements."""
    return run_against("has-more-is-always-false")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Without a network: a page that asks for anything fails."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def opened(context: BrowserContext, tmp_path: Path, real_result: Result) -> Opened:
    """The report of the real run, opened from disk."""
    return Opened.of(render(real_result), context, tmp_path)
