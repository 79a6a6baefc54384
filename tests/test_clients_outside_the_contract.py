"""What no page speaks of is observed of a client, as it was sent, and never held against it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_client_command import findings, run

REFERENCE = (sys.executable, "-m", "models_conformance.reference.client")


def observed(folder: Path, oddity: str, only: str) -> dict[str, Any]:
    """What is observed of a client with that oddity, which violates nothing."""
    words = ("--examples", "0", "--only", only, "--fail-on", "should", "--json", "result.json")
    ran = run(folder, *words, "--", *REFERENCE, "--oddity", oddity)
    assert ran.code == 0, ran.out + ran.err
    assert findings(ran.document) == {}
    return {entry["about"]: entry["did"] for entry in ran.document["observations"]}


@pytest.mark.parametrize(
    ("oddity", "did"),
    [
        ("clamps-a-limit-to-its-range", {"limit=1001": 'sent as limit="1000"', "limit=0": 'sent as limit="1"'}),
        ("says-the-default-limit", {"a page without a limit": "sent with limit=20"}),
        ("walks-in-pages-of-its-own", {"a walk without a limit": "sent with limit=1000"}),
        ("asks-whether-all-is-well-first", {"a request beside those of the Models API": "GET /health"}),
    ],
)
def test_what_no_page_speaks_of_is_shown_as_it_was_sent(tmp_path: Path, oddity: str, did: dict[str, str]) -> None:
    assert observed(tmp_path, oddity, "wire").items() >= did.items()


def test_a_walk_that_ends_at_a_cap_of_pages_with_an_error_is_observed(tmp_path: Path) -> None:
    seen = observed(tmp_path, "walks-no-further-than-fifteen-pages", "value")
    assert seen["a walk over many pages"] == "ended by the client after 15 pages: TooManyPages"
