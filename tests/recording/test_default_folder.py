"""What `record URL -o cassettes` wrote is what the suite replays without being told where it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

RECORDED = Path(__file__).resolve().parents[2] / "cassettes" / "ideal"


@pytest.mark.parametrize("folder", ["cassettes", "cassettes/127.0.0.1_1"])
def test_recordings_are_found_by_default(folder: str, pytester: pytest.Pytester) -> None:
    shutil.copytree(RECORDED, pytester.path / folder)
    arguments = ("--record-mode=none", "--block-network", "--target", "http://127.0.0.1:1")
    ran = pytester.runpytest_inprocess("--pyargs", "models_conformance.suites.server", *arguments)
    assert ran.ret == 0
    ran.stdout.fnmatch_lines(["PASSED: no requirement violated*"])
