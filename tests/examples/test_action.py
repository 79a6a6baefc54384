"""The action at the root of the repository, run as GitHub runs it."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from models_conformance.reference.server.serving import behaviour_named, running
from tests.examples.conftest import MakeGithub
from tests.examples.github import Github, loaded
from tests.examples.shell import HERE, ROOT, Shell, holding

SHORT = "--examples=0"
REPORTS = ["junit.xml", "report.html", "result.json", "summary.md"]
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "a\ntouch pwned",
    "x & touch pwned",
    "${{ github.token }}",
    "*",
]
_RECORDER = """#!/bin/bash
printf '%s\\0' "${ANTHROPIC_API_KEY-}" "$@" > words
"""


def recorded(github: Github, inputs: dict[str, str], env: dict[str, str] | None = None) -> tuple[list[str], str]:
    """The words of the command line that the action makes of inputs, and the key in its environment."""
    recorder = github.shell.temporary / "recorder"
    recorder.write_text(_RECORDER)
    recorder.chmod(0o755)
    github.installed = {"command": str(recorder)}
    github.action(inputs, env)
    key, *words = (github.shell.workspace / "words").read_text().split("\0")[:-1]
    return words, key


def test_it_installs_this_checkout_in_an_environment_of_its_own_without_showing_it_the_key(
    installation: Github,
) -> None:
    assert installation.installed is not None
    assert Path(installation.installed["command"]).is_relative_to(installation.shell.temporary)
    called = [json.loads(line) for line in installation.shell.pip_log.read_text().splitlines()]
    home = str(installation.shell.temporary / "models-conformance")
    start = ["--python", home, "install", "--quiet", "--disable-pip-version-check"]
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", f"{ROOT}/constraints.txt"]
    assert [arguments for arguments, _ in called] == [
        [*start, *pinned],
        [*start, "--no-deps", "--no-build-isolation", str(ROOT)],
    ]
    assert {key for _, key in called} == {""}


def test_each_package_that_the_action_installs_is_pinned_with_its_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in ("in-process", "pytest", "serve"):
        wanted += project["project"]["optional-dependencies"][extra]
    pins = re.findall(
        r"^([a-z0-9-]+)==(\S+)(?: ; [^\n]*?)? \\\n    --hash=sha256:[0-9a-f]{64}", constraints(), re.MULTILINE
    )
    assert len(pins) == len(re.findall(r"^[a-z]", constraints(), re.MULTILINE))
    versions = dict(pins)
    for requirement in map(Requirement, wanted):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def constraints() -> str:
    return (ROOT / "constraints.txt").read_text("utf-8")


@pytest.mark.parametrize(("fault", "code", "verdict"), [("ideal", 0, "passed"), ("after-id-is-inclusive", 1, "failed")])
def test_it_judges_a_server_and_keeps_the_key_to_itself(
    github: MakeGithub, fault: str, code: int, verdict: str
) -> None:
    run = github()
    with running(behaviour_named(fault, 4)) as server:
        assert server.api_key
        inputs = {"subject": "server", "target": server.url, "arguments": SHORT}
        ended, outputs = run.action(inputs, {"ANTHROPIC_API_KEY": server.api_key})
        assert (ended, outputs["verdict"], outputs["json"]) == (code, verdict, "models-conformance/result.json")
        assert sorted(path.name for path in (run.shell.workspace / "models-conformance").iterdir()) == REPORTS
        assert json.loads((run.shell.workspace / outputs["json"]).read_text())["run"]["verdict"] == verdict
        assert run.summary.read_text() == (run.shell.workspace / "models-conformance" / "summary.md").read_text()
        assert holding(server.api_key, run.shell.workspace, run.shell.temporary) == []
        assert server.api_key not in run.output
    assert ("::error title=" in run.output) is (code == 1)


def test_the_key_is_in_the_environment_alone(github: MakeGithub) -> None:
    key = "sk-ant-in-the-environment"
    inputs = {"subject": "server", "target": "http://127.0.0.1:1", "waivers": "w.toml", "arguments": "--strict\n-v"}
    words, seen = recorded(github(), inputs, {"ANTHROPIC_API_KEY": key})
    assert seen == key
    assert words == [
        *("server", "--strict", "-v", "--fail-on=must", "--json=models-conformance/result.json"),
        *("--junit=models-conformance/junit.xml", "--html=models-conformance/report.html"),
        *("--markdown=models-conformance/summary.md", "--waivers=w.toml", "http://127.0.0.1:1"),
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["target", "driver", "fail-on", "waivers", "reports", "arguments"])
def test_no_shell_reads_an_input(github: MakeGithub, name: str, hostile: str) -> None:
    run = github()
    inputs = {"subject": "client", name: f"--only={hostile}" if name == "arguments" else hostile}
    if name in ("reports", "arguments") and "\n" in hostile:
        code, outputs = run.action(inputs)
        assert (code, outputs["verdict"]) == (2, "error")
    else:
        words, _ = recorded(run, inputs)
        prefix = {"fail-on": "--fail-on=", "waivers": "--waivers=", "reports": "--json=", "arguments": "--only="}
        lines = hostile.splitlines() if name in ("target", "driver") else [hostile]
        suffix = "/result.json" if name == "reports" else ""
        for line in lines:
            assert prefix.get(name, "") + line + suffix in words
    assert list(run.shell.workspace.rglob("pwned")) == []


def test_a_hostile_target_is_no_more_than_a_target_that_is_not_there(github: MakeGithub) -> None:
    run = github()
    code, outputs = run.action({"subject": "server", "target": '$(touch pwned)"; touch pwned; "'})
    assert (code, outputs["verdict"], outputs["json"]) == (2, "error", "")
    assert "models-conformance: " in run.output
    assert "exit code 2" in run.summary.read_text()
    assert [path.name for path in run.shell.workspace.rglob("*")] == ["models-conformance"]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"subject": "serve"}, "subject is server, client or replay"),
        ({"subject": "server", "target": "--fault=ideal"}, "a target is not an option"),
        ({"subject": "server", "arguments": "--api-key=sk-ant-secret"}, "the key goes into the env of the step"),
        ({"subject": "server", "arguments": "--seed\n1"}, "each with its value"),
        ({"subject": "client", "arguments": "--"}, "each with its value"),
        ({"subject": "server", "driver": "sh"}, "a driver goes with the subject client"),
        ({"subject": "server", "reports": "-x"}, "reports is the path of a folder"),
    ],
)
def test_what_cannot_be_meant_is_one_line_that_repeats_no_input(
    github: MakeGithub, inputs: dict[str, str], expected: str
) -> None:
    run = github()
    code, outputs = run.action(inputs)
    assert (code, outputs["verdict"]) == (2, "error")
    assert run.output.count("\n") == 1
    assert run.output.startswith("::error title=models-conformance::")
    assert expected in run.output
    assert "secret" not in run.output


def test_help_is_no_verdict_and_an_old_result_is_none_either(github: MakeGithub) -> None:
    run = github()
    assert run.action({"subject": "server", "arguments": SHORT})[1]["verdict"] == "passed"
    code, outputs = run.action({"subject": "server", "arguments": "--help"})
    assert (code, outputs["verdict"], outputs["json"]) == (2, "error", "")


def test_it_judges_a_client_through_a_driver(github: MakeGithub) -> None:
    run = github()
    driver = "\n".join(
        [str(HERE / "python"), "-m", "models_conformance.reference.client", "--fault", "drops-the-prefix"]
    )
    code, outputs = run.action(
        {
            "subject": "client",
            "driver": driver,
            "arguments": f"{SHORT}\n--only=wire\n--max-requests=900",
            "reports": "a b/c",
        }
    )
    assert (code, outputs["verdict"], outputs["json"]) == (1, "failed", "a b/c/result.json")
    assert "client-keeps-base-url-prefix" in run.output


def test_it_judges_recordings_of_several_paths(github: MakeGithub) -> None:
    run = github()
    for name in ("ideal", "has-more-is-a-string"):
        shutil.copytree(ROOT / "cassettes" / name, run.shell.workspace / name)
    assert run.action({"subject": "replay", "target": "ideal"})[0] == 0
    assert run.action({"subject": "replay", "target": "ideal\nhas-more-is-a-string\n"})[0] == 1


@pytest.mark.parametrize("version", ["dist/models_conformance-0.1.0-py3-none-any.whl", '$(touch pwned)"; touch pwned'])
def test_a_version_is_what_pip_gets(tmp_path: Path, version: str) -> None:
    install = loaded(ROOT / "action.yml")["runs"]["steps"][0]["run"]
    shell = Shell(tmp_path / "work", tmp_path / "temp")
    (tmp_path / "outputs").touch()
    env = {"VERSION": version, "RUNNER_TEMP": str(shell.temporary), "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    assert shell.run(install, env).code == 0
    assert json.loads(shell.pip_log.read_text())[0][-1:] == [version]
    assert list(shell.workspace.iterdir()) == []


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        ('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.10.13 || exit 1\n', "this is Python 3.10.13"),
        (None, "Python 3.11 or newer is needed"),
    ],
)
def test_a_python_that_is_too_old_is_one_line(tmp_path: Path, python: str | None, expected: str) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    if python is not None:
        (tools / "python3").write_text(python)
        (tools / "python3").chmod(0o755)
    install = loaded(ROOT / "action.yml")["runs"]["steps"][0]["run"]
    shell = Shell(tmp_path / "work", tmp_path / "temp")
    ran = shell.run(install, {"PATH": str(tools), "VERSION": ""}, (shutil.which("bash") or "bash", "-e"))
    assert ran.code == 2
    assert ran.output.count("\n") == 1
    assert expected in ran.output


def test_scripts_are_never_put_together_from_inputs() -> None:
    files = [ROOT / "action.yml", *(ROOT / "examples" / "github").iterdir()]
    scripts = [
        step["run"]
        for file in files
        for steps in (
            [loaded(file)["runs"]["steps"]]
            if "runs" in loaded(file)
            else [job["steps"] for job in loaded(file)["jobs"].values()]
        )
        for step in steps
        if "run" in step
    ]
    assert len(scripts) >= 6
    assert [script for script in scripts if "${{" in script] == []
