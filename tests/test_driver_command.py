"""The `driver check` command: a driver that keeps the protocol, one that breaks it, and one that is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models_conformance.scenarios.fixture.fixture_server import FIXTURE_KEY
from models_conformance.support.cache import CACHE_VARIABLE
from tests.drivers.starting import PROGRAMS
from tests.test_cli import COMMAND, code_of, refused


def checked(capsys: pytest.CaptureFixture[str], *program: str) -> tuple[int, list[str]]:
    """The exit code, and the lines that are no `ok`."""
    code = code_of("driver", "check", "--", *program)
    return code, [line for line in capsys.readouterr().out.splitlines() if not line.startswith("ok ")]


def test_a_driver_that_keeps_the_protocol_is_told_so() -> None:
    program = [sys.executable, "-m", "models_conformance.reference.client"]
    ran = subprocess.run([*COMMAND, "driver", "check", "--", *program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0] == "reference-client 1 (python), surfaces: models, beta.models"
    assert {line[:7] for line in lines[1:-1]} == {"ok     "}
    assert lines[-1] == f"The driver keeps the protocol in all {len(lines) - 2} checks."


def test_a_wrong_client_behind_a_right_driver_is_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    program = (sys.executable, "-m", "models_conformance.reference.client", "--fault", "page-loses-its-last-model")
    code, lines = checked(capsys, *program)
    assert code == 0, lines


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_driver_that_ships_is_checked_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert code_of("driver", "check", "curl") == 0
    assert "keeps the protocol" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("program", "habit", "expected"),
    [
        ("urllib_driver.py", "flat-extra", 'a model has the member "max_input_tokens"'),
        ("misbehaving.py", "last-words", 'after its last answer it wrote "goodbye\\n"'),
        ("misbehaving.py", "exit-at-start", "ended with status 7"),
        ("misbehaving.py", "banner", '"Listening for questions" is not an answer'),
    ],
)
def test_a_breach_is_shown_where_it_is(
    program: str, habit: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = checked(capsys, sys.executable, str(PROGRAMS / program), habit)
    assert code == 1
    assert any(line.startswith("WRONG") for line in lines)
    assert any(expected in line for line in lines)
    assert lines[-1].startswith("The driver breaks the protocol in ")


def test_a_python_object_is_checked_as_a_program_that_serves_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("driver", "check", f"{PROGRAMS / 'objects.py'}:Right") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "object 1.0 (python), surfaces: models, beta.models"
    assert any("no request reached the server" in line for line in lines)
    assert "ok     the end of input" in lines


def test_a_remark_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = checked(capsys, sys.executable, str(PROGRAMS / "urllib_driver.py"), "always-limit")
    assert code == 0
    assert any("remark: " in line for line in lines)


def test_a_program_that_does_not_exist_breaks_its_hello(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = checked(capsys, "/no/such/driver")
    assert (code, lines[0]) == (1, "WRONG  hello")
    assert "cannot be started: No such file or directory" in lines[1]


def test_what_a_driver_says_is_shown_without_the_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    driver = tmp_path / "tells.py"
    right = (PROGRAMS / "misbehaving.py").read_text().replace('"no idea"', 'str(question["connect"]["api_key"])')
    driver.write_text(right)
    code, lines = checked(capsys, sys.executable, str(driver), "fault")
    assert code == 1
    assert any("answered fault" in line for line in lines)
    assert FIXTURE_KEY not in "".join(lines)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "give the name of a client, or -- and the command of a driver"),
        (["--"], "nothing follows --"),
        (["curl", "--", "true"], "give the name of a client, or -- and the command of a driver"),
        (["crul"], "did you mean curl"),
        ([f"{PROGRAMS / 'objects.py'}:nobody"], "cannot load"),
        (["curl@installed"], "only the Python driver runs in this process"),
    ],
)
def test_bad_input_is_one_line(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert expected in refused(capsys, "driver", "check", *words)


def test_without_a_command_driver_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("driver") == 2
    assert "check" in capsys.readouterr().err
    assert code_of("driver", "check", "--help") == 0
    assert "[-- CMD...]\n" in capsys.readouterr().out
