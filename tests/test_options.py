"""The table of options: what is made from it, and that command line and pytest read values by one reader."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from models_conformance.cli.main import cli
from models_conformance.errors import UsageError
from models_conformance.frontend.documentation import BLOCKS, regenerated
from models_conformance.frontend.extras import EXTRAS, require
from models_conformance.frontend.option import Option
from models_conformance.frontend.options import OPTIONS, options_of
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.suites.settings import read_settings
from tests.test_cli import refused

ROOT = Path(__file__).resolve().parents[1]
URL = "http://127.0.0.1:1"
# For an option: a value that it cannot have.
BAD = {
    "--max-requests": "0",
    "--examples": "-1",
    "--seed": "one",
    "--timeout": "nan",
    "--fail-on": "may",
    "--header": "no colon",
    "--alias": "=x",
    "--json": "",
    "--junit": "missing/r.xml",
    "--only": "zzzz*",
    "--models": "-2",
}


@pytest.mark.parametrize("name", BLOCKS)
def test_what_is_made_from_the_table_is_up_to_date(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert regenerated(name, text) == text, "run python -m models_conformance.frontend.documentation"


@pytest.mark.parametrize("command", ["server", "client", "replay", "record", "serve", "matrix", "derive", "faults"])
def test_a_command_has_the_options_of_the_table(command: str) -> None:
    shown = {name for parameter in cli.commands[command].params for name in parameter.opts if name.startswith("--")}
    assert shown == {option.name for option in options_of(command)}  # type: ignore[arg-type]


def test_an_option_that_pytest_has_begins_as_no_other_plugins_does() -> None:
    names = {option.pytest_name for option in options_of("pytest")}
    assert {name for name in names if not name.startswith("--models-")} == {"--target", "--client", "--cassettes"}
    assert len(names) == len(options_of("pytest"))


@pytest.mark.parametrize("name", BAD)
def test_command_line_and_pytest_say_the_same_of_a_bad_value(
    name: str,
    pytester: pytest.Pytester,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    (option,) = (option for option in options_of("server") if option.name == name)
    line = refused(capsys, "server", URL, f"{name}={BAD[name]}")
    config = pytester.parseconfig("--target", URL, f"{option.pytest_name}={BAD[name]}")
    with pytest.raises(UsageError) as caught:
        read_settings(config)
    assert line == f"models-conformance: {str(caught.value).replace(option.pytest_name, name)}\n"
    assert str(caught.value).startswith(option.pytest_name)


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.least is not None], ids=lambda o: o.name)
def test_the_default_of_a_number_is_within_its_bounds(option: Option) -> None:
    for subject in ("server", "client"):
        default = option.default_for(subject)
        if isinstance(default, int | float):
            assert option.least is not None
            assert option.least <= default <= (option.most or default)


def test_the_extras_are_those_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for extra, modules in EXTRAS.items():
        assert [requirement.partition(">=")[0] for requirement in declared[extra]] == list(modules)
    assert declared["all"] == [f"models-conformance[{','.join(sorted({*EXTRAS, 'pytest'}))}]"]


def without_extras(*words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process where no module of an extra can be imported."""
    modules = ["pytest", "_pytest", "pytest_recording", *(name for names in EXTRAS.values() for name in names)]
    program = (
        f"import sys\nsys.modules.update(dict.fromkeys({modules!r}))\n"
        "from models_conformance.cli.main import main\n"
        f"main({list(words)!r})\n"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("server",), "serve"),
        (("serve",), "serve"),
        (("faults", "--matrix", "ideal"), "serve"),
        (("client", "tests.drivers.programs.objects:Right"), "in-process"),
    ],
)
def test_a_missing_extra_is_one_line(words: tuple[str, ...], extra: str) -> None:
    ran = without_extras(*words)
    assert ran.returncode == 2, ran.stderr
    assert ran.stderr.endswith(f"pip install 'models-conformance[{extra}]'\n")
    assert len(ran.stderr.splitlines()) == 1


def test_recordings_servers_and_clients_are_judged_without_any_extra() -> None:
    assert without_extras("replay", "cassettes/ideal").returncode == 0
    with running(behaviour_named("ideal", 3)) as server:
        ran = without_extras("server", server.url, "--api-key", str(server.api_key), "--max-requests", "40")
    assert ran.returncode == 0, ran.stderr
    reference = [sys.executable, "-m", "models_conformance.reference.client"]
    ran = without_extras(
        "client", "--only", "client-uses-get", "--examples", "0", "--max-requests", "200", "--", *reference
    )
    assert ran.returncode == 0, ran.stderr


def test_what_is_installed_is_not_complained_of() -> None:
    for extra in EXTRAS:
        require(extra, "this test")
