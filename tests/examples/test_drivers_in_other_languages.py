"""The examples of drivers in Ruby and PHP; each is skipped where its interpreter is not installed."""

from __future__ import annotations

import subprocess
import sys
from shutil import which

import pytest

from tests.examples.shell import ROOT

_INTERPRETERS = {"ruby_driver.rb": "ruby", "php_driver.php": "php"}


def _said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, check=True, text=True, timeout=300).stdout


@pytest.fixture(params=_INTERPRETERS)
def command(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The command that starts one of them."""
    interpreter = _INTERPRETERS[request.param]
    if which(interpreter) is None:
        pytest.skip(f"{interpreter} is not installed")
    if interpreter == "php" and "curl" not in _said("php", "-m").split():
        pytest.skip("php has no extension curl")
    return interpreter, str(ROOT / "examples" / "drivers" / request.param)


def _judged(*words: str) -> str:
    return _said(sys.executable, "-m", "models_conformance", *words)


def test_it_keeps_the_protocol(command: tuple[str, str]) -> None:
    assert "The driver keeps the protocol in all 13 checks." in _judged("driver", "check", "--", *command)


@pytest.mark.sweep
def test_its_client_violates_nothing(command: tuple[str, str]) -> None:
    assert "PASSED: no requirement violated" in _judged("client", "--fail-on", "should", "--", *command)
