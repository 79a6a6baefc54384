"""One real installation by the action, which all that run it share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.examples.github import Github
from tests.examples.shell import Shell

MakeGithub = Callable[..., Github]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Github:
    """A run in which the action installed the suite; `installed` holds the outputs of that step."""
    folder = tmp_path_factory.mktemp("installation")
    github = Github(Shell(folder / "work", folder / "temp"))
    code, outputs = github.action({"subject": "none"})
    assert code == 2
    assert "subject is server, client or replay" in github.output
    github.installed = {"command": outputs["command"]}
    return github


@pytest.fixture
def github(installation: Github, tmp_path: Path) -> MakeGithub:
    """Makes a run in folders of its own that finds the suite installed."""

    def make(**more: object) -> Github:
        number = len(list(tmp_path.iterdir()))
        shell = Shell(tmp_path / f"{number}-work", tmp_path / f"{number}-temp")
        return Github(shell, installed=installation.installed, **more)  # type: ignore[arg-type]

    return make
