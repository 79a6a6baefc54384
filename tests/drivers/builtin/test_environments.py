"""No secret of the user reaches a package manager, a compiler, the code of what they install, or a driver."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from models_conformance.drivers.builtin import go, java, python, typescript
from models_conformance.drivers.builtin.fetcher import CannotFetch, Fetcher
from models_conformance.drivers.environment import fetching_environment
from models_conformance.support.cache import CACHE_VARIABLE
from tests.test_cli import COMMAND

SECRET = "planted-where-it-does-not-belong"
SECRETS = (
    "ANTHROPIC_API_KEY",
    "anthropic_auth_token",
    "ANTHROPIC_CUSTOM_HEADERS",
    "OPENAI_API_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "GITHUB_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "NPM_TOKEN",
    "NODE_AUTH_TOKEN",
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "MAVEN_GPG_PASSPHRASE",
    "DATABASE_PASSWORD",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "SSH_AUTH_SOCK",
)
# Of unknown names, and code that would run in a tool.
OTHERS = ("DATABASE_URL", "NODE_OPTIONS", "PYTHONPATH", "PYTHONSTARTUP", "JAVA_TOOL_OPTIONS", "LD_PRELOAD", "BASH_ENV")
SETTINGS = {
    "HTTPS_PROXY": "http://user:word@proxy:1",
    "no_proxy": "intern",
    "SSL_CERT_FILE": "/ca.pem",
    "NODE_EXTRA_CA_CERTS": "/ca.pem",
    "PIP_INDEX_URL": "https://user:word@mirror/simple",
    "UV_INDEX_URL": "https://mirror/simple",
    "npm_config_registry": "https://mirror",
    "GOPROXY": "https://mirror",
    "GOFLAGS": "-modcacherw",
    "MAVEN_OPTS": "-Xmx1g",
}
# It answers as whichever tool it is called, well enough to be called again, and appends its environment to a file.
TOOL = """#!{python} -S
import json, os, pathlib, sys
name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
with open({note!r}, "a") as note:
    note.write(json.dumps([name, words, dict(os.environ)]) + "\\n")
if name == "node":
    print("v22.0.0")
elif name == "go" and "list" in words:
    # No major version but the first.
    print(words[-1], "v1.2.0" if not words[-1].endswith("/v2") else "")
elif "dist-tags.latest" in words or "list" in words:
    print("v1.2.0")
elif "compile" in words:
    print("anthropic==1.2.0")
elif name == "npm":
    models = pathlib.Path("node_modules/@anthropic-ai/sdk/resources")
    models.mkdir(parents=True)
    (models / "models.mjs").touch()
"""
FETCHERS = (typescript.FETCHER, go.FETCHER, java.FETCHER, python.FETCHER)


def fake_tools(folder: Path) -> Path:
    """A folder of tools that all note what they are given; returns the file of notes."""
    folder.mkdir()
    note = folder.parent / "note.jsonl"
    for name in ("node", "npm", "go", "java", "javac", "mvn", "uv"):
        (folder / name).write_text(TOOL.format(python=sys.executable, note=str(note)))
        (folder / name).chmod(0o755)
    return note


def hostile(folder: Path) -> dict[str, str]:
    """An environment full of secrets, with the tools of `folder` first on its path."""
    planted = dict.fromkeys(SECRETS, SECRET) | dict.fromkeys(OTHERS[1:], f"/{SECRET}")
    planted |= {"DATABASE_URL": f"postgres://user:{SECRET}@host/"}
    # Such a file would have to be there.
    del planted["LD_PRELOAD"]
    return {**planted, **SETTINGS, "PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder.parent)}


@pytest.mark.parametrize("fetcher", FETCHERS, ids=lambda fetcher: fetcher.aliases[0])
def test_tools_get_what_reaches_registries_and_no_secret(
    fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = fake_tools(tmp_path / "tools")
    for name, value in hostile(tmp_path / "tools").items():
        monkeypatch.setenv(name, value)
    # Without pip, so that the one on the path is asked.
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    if fetcher is not java.FETCHER:
        assert fetcher.newest()
    (tmp_path / "release").mkdir()
    fetcher.install("1.2.0", tmp_path / "release", lambda _: None)
    called = [json.loads(line) for line in note.read_text().splitlines()]
    assert called
    for name, words, environment in called:
        assert SECRET not in json.dumps(environment), name
        assert not {*SECRETS, *OTHERS} & set(environment)
        assert SETTINGS.items() <= environment.items()
        assert nothing_is_built(name, words)


def nothing_is_built(tool: str, words: list[str]) -> bool:
    """Whether a tool was told to run nothing of what it fetches."""
    if tool == "npm" and words[0] == "install":
        return "--ignore-scripts" in words
    if tool == "uv":
        return words[words.index("--only-binary") + 1] == ":all:"
    return tool != "javac" or "-proc:none" in words


def test_only_the_users_settings_of_tools_are_passed_on() -> None:
    passed = fetching_environment({"PIP_X": "1", "pip_y": "2", "NPM_CONFIG_OTP": "3", "EDITOR": "ed", "PATH": "/bin"})
    assert passed == {"PIP_X": "1", "pip_y": "2", "PATH": "/bin"}


@pytest.fixture
def sdist(tmp_path: Path) -> Path:
    """A release that has no wheel, in an index of its own; the folder that it would write to, were it built."""
    (tmp_path / "index").mkdir()
    code = f"open({str(tmp_path / 'built')!r}, 'w')\nfrom setuptools import setup\nsetup(name='anthropic')\n"
    about = "Metadata-Version: 2.1\nName: anthropic\nVersion: 1.2.0\n"
    with tarfile.open(tmp_path / "index" / "anthropic-1.2.0.tar.gz", "w:gz") as archive:
        for name, text in (("setup.py", code), ("PKG-INFO", about)):
            entry = tarfile.TarInfo(f"anthropic-1.2.0/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return tmp_path


def test_what_would_have_to_be_built_is_refused_in_one_line(sdist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(sdist / "index"))
    (sdist / "release").mkdir()
    with pytest.raises(CannotFetch) as told:
        python.FETCHER.install("1.2.0", sdist / "release", lambda _: None)
    assert "No matching distribution found for anthropic==1.2.0 (nothing is built from source: " in str(told.value)
    assert "PIP_FIND_LINKS" in str(told.value)
    with pytest.raises(CannotFetch):
        python.FETCHER.newest()
    assert not (sdist / "built").exists()


DRIVER = """
import json, os, pathlib, sys
pathlib.Path("environment.json").write_text(json.dumps(dict(os.environ)))
sys.exit(1)
"""


def test_a_program_of_the_users_gets_their_environment_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)
    environment = {**os.environ, **hostile(tmp_path / "tools"), "OF_THE_USER": "kept", "PYTHONPATH": "/kept"}
    words = ["client", "--", sys.executable, "driver.py"]
    subprocess.run([*COMMAND, *words], env=environment, cwd=tmp_path, capture_output=True, check=False)
    passed = json.loads((tmp_path / "environment.json").read_text())
    assert not {*SECRETS, "DATABASE_URL"} & set(passed)
    assert SECRET not in "".join(value for name, value in passed.items() if name not in OTHERS)
    assert (passed["OF_THE_USER"], passed["PYTHONPATH"]) == ("kept", "/kept")


def test_a_driver_that_ships_gets_the_least(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    # The driver asks it for its version.
    (tools / "curl").write_text(f'#!/bin/sh\nenv > "{tmp_path}/environment.txt"\necho "curl 8.0.0 (x)"\n')
    (tools / "curl").chmod(0o755)
    environment = {**os.environ, **hostile(tools), CACHE_VARIABLE: str(tmp_path / "cache")}
    words = ["client", "curl", "--examples", "0", "--max-requests", "1", "-q"]
    subprocess.run([*COMMAND, *words], env=environment, cwd=tmp_path, capture_output=True, check=False)
    passed = (tmp_path / "environment.txt").read_text()
    assert "PATH=" in passed
    assert SECRET not in passed
    assert "proxy:1" not in passed
