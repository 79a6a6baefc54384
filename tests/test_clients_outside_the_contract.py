"""What no page speaks of is observed of a client, as it was sent, and never held against it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_client_command import findings, run

REFERENCE = (sys.executable, "-m", "models_conformance.reference.client")


def observed(folder: Path, oddity: str, only: str, most: int = 5000) -> dict[str, Any]:
    """What is observed of a client with that oddity, which violates nothing, in that many requests."""
    bounds = ("--examples", "0", "--only", only, "--max-requests", str(most))
    words = (*bounds, "--fail-on", "should", "--json", "result.json")
    ran = run(folder, *words, "--", *REFERENCE, "--oddity", oddity)
    assert ran.code == 0, ran.out + ran.err
    assert findings(ran.document) == {}
    return {entry["about"]: entry["did"] for entry in ran.document["observations"]}


@pytest.mark.parametrize(
    ("oddity", "did", "most"),
    [
        ("clamps-a-limit-to-its-range", {"limit=1001": 'sent as limit="1000"', "limit=0": 'sent as limit="1"'}, 900),
        ("says-the-default-limit", {"a page without a limit": "sent with limit=20"}, 300),
        ("walks-in-pages-of-its-own", {"a walk without a limit": "sent with limit=1000"}, 1300),
        ("asks-whether-all-is-well-first", {"a request outside the Models API": "GET /health"}, 300),
    ],
)
def test_what_no_page_speaks_of_is_shown_as_it_was_sent(
    tmp_path: Path, oddity: str, did: dict[str, str], most: int
) -> None:
    assert observed(tmp_path, oddity, "wire", most).items() >= did.items()


def test_a_walk_that_ends_at_a_cap_of_pages_with_an_error_is_observed(tmp_path: Path) -> None:
    seen = observed(tmp_path, "walks-no-further-than-fifteen-pages", "value")
    assert seen["a walk over many pages"] == "ended by the client after 15 pages: TooManyPages"
