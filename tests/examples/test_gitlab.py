"""The GitLab pipeline of the examples: the scripts of its jobs, run against references and cassettes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from models_conformance.reference.server.serving import behaviour_named, running
from tests.examples.shell import ROOT, Ran, Shell, holding

PIPELINE: dict[str, Any] = yaml.safe_load((ROOT / "examples" / "gitlab" / ".gitlab-ci.yml").read_text())
LIVE = "https://api.anthropic.com"
RELEASES = """
from types import SimpleNamespace
from models_conformance.reference.client.driver import driver_named

def release(version, name):
    driver = driver_named(name)
    me = {**driver.hello()["ok"], "version": version}
    return SimpleNamespace(hello=lambda: me, list=driver.list, retrieve=driver.retrieve)

old, new = release("1.0", "lists-with-post"), release("2.0", "ideal")
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "work", tmp_path / "temp", PIPELINE["variables"])


def job(shell: Shell, name: str, env: dict[str, str] | None = None, live: str = LIVE) -> Ran:
    """Run a job: all lines of its scripts in one shell, as a runner does."""
    entry = {**PIPELINE.get(PIPELINE[name].get("extends", ""), {}), **PIPELINE[name]}
    lines = [*entry.get("before_script", []), *entry["script"]]
    # Nothing generated, and the first requests alone: the pipeline is what is tested, and not the client.
    script = "\n".join(lines).replace(LIVE, live).replace(" client ", " client --examples 0 --max-requests 300 ")
    return shell.run(script, env or {}, ("bash", "-eo", "pipefail"))


def reports(shell: Shell) -> list[Path]:
    """What the pipeline hands to GitLab as JUnit."""
    return sorted(shell.workspace.glob(PIPELINE[".judge"]["artifacts"]["reports"]["junit"]))


@pytest.mark.parametrize(("recording", "code"), [("ideal", 0), ("has-more-is-a-string", 1)])
def test_recordings_gate_a_merge_request(shell: Shell, recording: str, code: int) -> None:
    shutil.copytree(ROOT / "cassettes" / recording, shell.workspace / "cassettes")
    assert job(shell, "recordings").code == code
    (junit,) = reports(shell)
    assert (ElementTree.parse(junit).find(".//failure") is not None) is (code == 1)
    assert json.loads(shell.pip_log.read_text())[0][-1] == PIPELINE["variables"]["SUITE"]


def test_nightly_takes_its_key_from_the_environment(shell: Shell) -> None:
    with running(behaviour_named("ideal", 4)) as server:
        assert server.api_key
        ran = job(shell, "nightly", {"ANTHROPIC_API_KEY": server.api_key}, server.url)
        assert ran.code == 0
        assert server.api_key not in ran.output
        # The stand-in of pip tells what its environment held.
        assert holding(server.api_key, shell.workspace, shell.temporary) == [shell.pip_log]
    assert len(reports(shell)) == 1


def test_releases_become_a_table(shell: Shell) -> None:
    (shell.workspace / "releases.py").write_text(RELEASES)
    codes = [
        job(shell, "releases", {"CLIENT": client, "CI_NODE_INDEX": index}).code
        for index, client in (("1", "releases:old"), ("2", "releases:new"))
    ]
    assert codes == [PIPELINE["releases"]["allow_failure"]["exit_codes"], 0]
    assert len(reports(shell)) == 2
    assert job(shell, "table").code == 0
    assert "client-uses-get" in (shell.workspace / "matrix.md").read_text()
