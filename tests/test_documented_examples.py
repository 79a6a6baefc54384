"""The curl examples printed on the documentation pages, read from the pages, work against the reference server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from models_conformance.reference.server.serving import behaviour_named, running

PAGES = Path(__file__).resolve().parents[2] / "shared" / "docs"
# A command is `curl URL` and its -H options; flattened pages glue the next heading to its last quote.
EXAMPLE = re.compile(
    r"""curl\s+https://api\.anthropic\.com(?P<path>\S*)(?P<headers>(?:[\s\\]+-H\s+(?:'[^']*'|"[^"]*"))*)"""
)


def examples() -> list[tuple[str, str, str]]:
    """(page, path, headers as shell text) of each example on the three starting pages and later ones."""
    if not PAGES.is_dir():
        return []
    pages = sorted([*PAGES.glob("00*.txt"), *PAGES.glob("later/*.md")])
    return [
        (page.name, match["path"], match["headers"])
        for page in pages
        for match in EXAMPLE.finditer(page.read_text("utf-8"))
        if match["headers"]
    ]


FOUND = examples()


@pytest.mark.skipif(not PAGES.is_dir(), reason="the documentation pages are not in ../shared/docs")
def test_the_pages_hold_examples() -> None:
    assert {path for _, path, _ in FOUND} == {"/v1/models", "/v1/models/$MODEL_ID"}


@pytest.mark.skipif(not FOUND, reason="the documentation pages are not in ../shared/docs")
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("page", "path", "headers"), FOUND, ids=[f"{page}-{path}" for page, path, _ in FOUND])
def test_an_example_works_as_printed(page: str, path: str, headers: str) -> None:
    model = "claude-sonnet-4-20250514"
    with running(behaviour_named("ideal")) as server:
        environment = {**os.environ, "ANTHROPIC_API_KEY": server.api_key or "", "MODEL_ID": model, "NO_PROXY": "*"}
        command = f'curl -sSf "{server.url}{path}" {headers}'
        done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["id"] == model if "MODEL_ID" in path else len(answer["data"]) == 20
