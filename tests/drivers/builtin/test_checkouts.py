"""A checkout in place of a release: what it has to be, and that the library judged is the one that stands there."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models_conformance.drivers.builtin import go, java, python, typescript
from tests.test_cli import refused

Said = Callable[[str, Path], str]
SDK = {
    "anthropic": {"pyproject.toml": '[project]\nname = "anthropic"\ndependencies = []\n'},
    "@anthropic-ai/sdk": {"package.json": '{"name": "@anthropic-ai/sdk", "version": "1.2.3"}'},
    go.FETCHER.name: {"go.mod": f"module {go.FETCHER.name}/v2\n\ngo 1.22\n"},
    java.FETCHER.name: {
        f"{module}/build.gradle.kts": ""
        for module in ("anthropic-java-core", "anthropic-java-client-okhttp", "anthropic-java")
    },
}
# What the folder is -> what is said of it, for each library.
OTHER = {
    "anthropic": ({"pyproject.toml": '[project]\nname = "httpx"\n'}, "is a checkout of 'httpx', not of anthropic"),
    "@anthropic-ai/sdk": (
        {"package.json": '{"name": "openai"}'},
        "is a checkout of 'openai', not of @anthropic-ai/sdk",
    ),
    go.FETCHER.name: (
        {"go.mod": "module example.com/other\n"},
        f"is a checkout of 'example.com/other', not of {go.FETCHER.name}",
    ),
    java.FETCHER.name: ({"pom.xml": "<project/>"}, "is not a checkout of com.anthropic:anthropic-java: it has no "),
}
UNBUILT = {
    "anthropic": "has no src/anthropic",
    "@anthropic-ai/sdk": "is not built: run 'npm install && npm run build' there",
    java.FETCHER.name: "is not built: run './gradlew jar generatePomFileForMavenPublication' there",
}


def made(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The one line that the command ends with."""
    return lambda name, checkout: refused(capsys, "client", name, "-q", "--from", str(checkout)).rstrip()


@pytest.mark.parametrize("name", list(SDK))
def test_what_is_no_checkout_of_that_library_is_refused_by_name(name: str, tmp_path: Path, said: Said) -> None:
    assert said(name, tmp_path / "none").endswith(f"--from {tmp_path / 'none'}: there is no such folder")
    (tmp_path / "file").touch()
    assert said(name, tmp_path / "file").endswith("is not a folder")
    assert f"is not a checkout of {name}: it has no " in said(name, made(tmp_path / "empty", {"README.md": ""}))
    files, words = OTHER[name]
    assert words in said(name, made(tmp_path / "other", files))


@pytest.mark.parametrize("name", list(UNBUILT))
def test_what_is_not_built_is_told_how_to_build_it(name: str, tmp_path: Path, said: Said) -> None:
    assert said(name, made(tmp_path, SDK[name])).endswith(f"--from {tmp_path}: {UNBUILT[name]}")


@pytest.mark.parametrize(
    ("name", "files", "words"),
    [
        ("anthropic", {"pyproject.toml": "[project\n"}, "pyproject.toml is not TOML"),
        ("@anthropic-ai/sdk", {"package.json": "{"}, "package.json is not JSON"),
        *(
            (
                "anthropic",
                {"pyproject.toml": f'[project]\nname = "anthropic"\n{wanted}\n'},
                "does not list what it needs",
            )
            for wanted in (
                'dynamic = ["dependencies"]',
                'dependencies = ["--index-url=https://example.com"]',
                'dependencies = ["evil @ file:///tmp/evil"]',
            )
        ),
    ],
)
def test_a_manifest_that_cannot_be_used_is_one_line(
    name: str, files: dict[str, str], words: str, tmp_path: Path, said: Said
) -> None:
    assert words in said(name, made(tmp_path, {**files, "src/anthropic/__init__.py": ""}))


def test_a_checkout_goes_with_the_name_of_a_library_alone(
    tmp_path: Path, said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "is either a release or a checkout: give anthropic alone" in said("anthropic@0.75.0", tmp_path)
    assert said("curl", tmp_path).endswith(f"curl has no checkout: --from goes with {', '.join(SDK)}")
    words = refused(capsys, "client", "--from", str(tmp_path), "--", sys.executable)
    assert "goes with the name of a library, and not with the command of a driver" in words


def test_the_python_library_of_the_checkout_is_loaded(tmp_path: Path, said: Said) -> None:
    made(tmp_path, {**SDK["anthropic"], "src/anthropic/__init__.py": "raise SystemExit('this is the checkout')\n"})
    before = sorted(tmp_path.rglob("*"))
    assert "this is the checkout" in said("python", tmp_path)
    assert sorted(path for path in tmp_path.rglob("*") if "__pycache__" not in path.parts) == before


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
@pytest.mark.parametrize("place", ["", "dist/"])
def test_the_npm_package_of_the_checkout_is_loaded_and_no_script_of_it_is_run(
    place: str, tmp_path: Path, said: Said
) -> None:
    manifest = {"name": "@anthropic-ai/sdk", "version": "9.9.9", "type": "module", "main": "index.mjs"}
    scripts = dict.fromkeys(("preinstall", "install", "prepare", "prepack", "postinstall"), f"touch {tmp_path}/ran")
    checkout = made(
        tmp_path / "checkout",
        {
            "package.json": json.dumps({"name": "@anthropic-ai/sdk", "scripts": scripts}),
            f"{place}package.json": json.dumps({**manifest, "scripts": scripts}),
            f"{place}index.mjs": "console.error('this is the checkout'); process.exit(3)",
            f"{place}{typescript.HAS_MODELS}": "",
        },
    )
    assert "this is the checkout" in said("typescript", checkout)
    assert not (tmp_path / "ran").exists()
    assert not (checkout / "node_modules").exists()


def test_every_library_with_a_driver_of_a_language_has_checkouts() -> None:
    assert list(SDK) == [fetcher.name for fetcher in (python.FETCHER, typescript.FETCHER, go.FETCHER, java.FETCHER)]


def test_a_tool_that_takes_too_long_is_ended_and_says_which_option_gives_it_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for tool, does in {"node": "echo v20.0.0", "npm": "sleep 60"}.items():
        (tmp_path / tool).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    checkout = made(tmp_path / "sdk", {**SDK["@anthropic-ai/sdk"], typescript.HAS_MODELS: ""})
    words = refused(capsys, "client", "typescript", "-q", "--from", str(checkout), "--fetch-timeout", "2")
    assert words.endswith("npm took longer than 2 s (--fetch-timeout)\n")
