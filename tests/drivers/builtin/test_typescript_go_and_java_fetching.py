"""Releases of the TypeScript, Go and Java libraries are fetched with the tools of their language."""

from __future__ import annotations

from pathlib import Path

import pytest

from models_conformance.drivers.builtin import go, java, typescript
from models_conformance.drivers.builtin.fetcher import CannotFetch, Fetcher

NEEDS = {
    "typescript": "the TypeScript driver needs node and npm: install Node.js 18 or newer",
    "go": "the Go driver needs go: install Go 1.24 or newer",
    "java": "the Java driver needs java, javac and mvn: install a JDK, 11 or newer, and Maven",
}


@pytest.fixture(params=[typescript.FETCHER, go.FETCHER, java.FETCHER], ids=lambda fetcher: fetcher.aliases[0])
def fetcher(request: pytest.FixtureRequest) -> Fetcher:
    found: Fetcher = request.param
    return found


def test_a_missing_toolchain_is_one_line_that_says_what_to_install(
    fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for fetching in (fetcher.newest, lambda: fetcher.install("1.2.0", tmp_path, lambda _: None)):
        with pytest.raises(CannotFetch) as refusal:
            fetching()
        assert str(refusal.value) == NEEDS[fetcher.aliases[0]]


@pytest.mark.parametrize("version", ["latest", "1", "--force", "1.2.0 evil", "1.2.0</version>", "^1.2.0"])
def test_only_an_exact_release_is_fetched(fetcher: Fetcher, version: str, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="is not a version of"):
        fetcher.install(version, tmp_path, lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_cannot_be_had_is_one_line(fetcher: Fetcher, tmp_path: Path) -> None:
    messages = list[str]()
    with pytest.raises(CannotFetch) as failed:
        fetcher.install("99.9.9", tmp_path, messages.append)
    line = str(failed.value)
    if line == NEEDS[fetcher.aliases[0]]:
        pytest.skip(line)
    assert "99.9.9" in line
    assert "\n" not in line
    assert len(messages) == 1
    assert messages[0].startswith(f"fetching {fetcher.name} ")


def test_an_old_node_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ("node", "npm"):
        (tmp_path / tool).write_text("#!/bin/sh\necho v16.20.2\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(CannotFetch, match=r"install Node\.js 18 or newer; this is v16\.20\.2$"):
        typescript.FETCHER.newest()
