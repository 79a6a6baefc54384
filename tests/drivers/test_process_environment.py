"""A driver program gets an environment in which its client does as it is told by the suite, and nobody else."""

from __future__ import annotations

import sys

import pytest

from models_conformance.drivers.environment import inherited_environment, minimal_environment
from models_conformance.drivers.interface import NoDriver
from models_conformance.drivers.process import ProgramDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.evidence.driver_calls import Connect
from tests.drivers.starting import CALM

SECRET = "sk-ant-of-the-user"
USERS = {
    "PATH": "/bin",
    "HOME": "/home/u",
    "LC_ALL": "C.UTF-8",
    "EDITOR": "ed",
    "ANTHROPIC_API_KEY": SECRET,
    "anthropic_auth_token": SECRET,
    "ANTHROPIC_CUSTOM_HEADERS": "x: y",
    "HTTPS_PROXY": "http://proxy:1",
    "no_proxy": "intern,localhost",
}


def test_the_users_environment_is_passed_on_without_a_clients_settings() -> None:
    passed = inherited_environment(USERS)
    assert SECRET not in passed.values()
    assert not any(name.upper().startswith("ANTHROPIC") for name in passed)
    assert passed["EDITOR"] == "ed"
    assert passed["HTTPS_PROXY"] == "http://proxy:1"
    assert passed["no_proxy"] == "intern,localhost,127.0.0.1,::1"
    assert passed["NO_PROXY"] == "127.0.0.1,localhost,::1"


def test_the_minimal_environment_holds_what_a_program_needs_to_start() -> None:
    assert set(minimal_environment(USERS)) == {"PATH", "HOME", "LC_ALL", "NO_PROXY", "no_proxy"}


def test_a_program_gets_the_users_environment_unless_given_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("OF_THE_USER", "kept")
    looked_for = ("ANTHROPIC_API_KEY", "OF_THE_USER", "ONLY")
    code = f"import os, sys; sys.exit(' '.join(name for name in {looked_for} if name in os.environ))"
    for env, passed in ((None, "OF_THE_USER"), ({"ONLY": "this"}, "ONLY")):
        driver = ProgramDriver([sys.executable, "-c", code], env, timeouts=CALM)
        with pytest.raises(NoDriver, match=f"standard error ends with: {passed}$"):
            driver.hello()


def test_a_calls_limit_stays_clear_of_the_clients_own() -> None:
    timeouts = Timeouts(call=10, first_call=30)
    assert timeouts.limit(Connect("u", "k", 5, 0), first=False) == 17.5
    assert timeouts.limit(Connect("u", "k", 5, 2), first=True) == 62.5
    assert timeouts.limit(Connect("u", "k", 5, None), first=False) == 32.5
    assert timeouts.limit(Connect("u", "k", 5, 0), first=False, items=2000) == 47.5
