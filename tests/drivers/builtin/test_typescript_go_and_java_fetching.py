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


_GO = """#!/bin/sh
echo "$@" >> "$0.log"
case "$*" in
  *sdk-go/v2) echo "$4 v2.0.0 v2.1.0-rc.1 v2.10.0";;
  *sdk-go/v3) echo "$4 v3.0.0";;
  *-versions*sdk-go) echo "$4 v1.2.0 v1.19.0";;
  *-versions*) echo "module $4: not found" >&2; exit 1;;
esac
"""


@pytest.fixture
def asked_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A go that knows three major versions; the file with what it was asked."""
    (tmp_path / "go").write_text(_GO)
    (tmp_path / "go").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return tmp_path / "go.log"


def test_go_releases_are_found_over_all_major_versions(asked_go: Path) -> None:
    assert go.FETCHER.versions() == ["1.2.0", "1.19.0", "2.0.0", "2.10.0", "3.0.0"]
    assert (go.FETCHER.newest(), go.FETCHER.newest(2), go.FETCHER.newest(1)) == ("3.0.0", "2.10.0", "1.19.0")
    with pytest.raises(CannotFetch, match="has no release v4"):
        go.FETCHER.newest(4)


@pytest.mark.parametrize(("version", "path"), [("1.19.0", "sdk-go"), ("2.10.0", "sdk-go/v2"), ("3.0.0", "sdk-go/v3")])
def test_a_major_version_of_go_is_a_module_of_its_own(asked_go: Path, version: str, path: str, tmp_path: Path) -> None:
    folder = tmp_path / "driver"
    folder.mkdir()
    go.FETCHER.install(version, folder, lambda _: None)
    assert f"get github.com/anthropics/anthropic-{path}@v{version}\n" in asked_go.read_text()
    imported = [
        line for line in (folder / "main.go").read_text().splitlines() if "anthropics" in line and "//" not in line
    ]
    assert len(imported) == 6
    assert all(f'github.com/anthropics/anthropic-{path}"' in line or f"{path}/" in line for line in imported)
