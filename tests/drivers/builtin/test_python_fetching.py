"""Releases of the Python library are what pip, as its user has set it up, finds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from models_conformance.drivers.builtin.fetcher import CannotFetch
from models_conformance.drivers.builtin.python import FETCHER
from tests.drivers.builtin.index import make_index


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_index(tmp_path / "wheels", "0.45.0", "1.2.0", "2.0.0rc1")
    for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(tmp_path / "wheels"), "RETRIES": "0"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "release").mkdir()
    return tmp_path / "release"


def test_the_newest_release_is_no_pre_release_and_comes_from_the_users_own_index() -> None:
    assert FETCHER.newest() == "1.2.0"


def test_a_release_is_installed_by_itself_and_survives_a_move(folder: Path) -> None:
    messages = list[str]()
    FETCHER.install("0.45.0", folder, messages.append)
    moved = folder.rename(folder.with_name("moved"))
    interpreter, *options = FETCHER.command("0.45.0", moved)[:2]
    printing = "import anthropic; print(anthropic.__version__)"
    done = subprocess.run([interpreter, *options, "-c", printing], capture_output=True, text=True, check=True)
    assert done.stdout == "0.45.0\n"
    assert messages == ["fetching anthropic 0.45.0 with pip"]


def test_packages_of_the_suite_and_of_the_users_path_do_not_reach_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leak.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    FETCHER.install("0.45.0", folder, lambda _: None)
    interpreter, *options = FETCHER.command("0.45.0", folder)[:2]
    printing = (
        "import importlib.util as u; print([n for n in ('leak', 'httpx', 'models_conformance') if u.find_spec(n)])"
    )
    done = subprocess.run([interpreter, *options, "-c", printing], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_version_that_does_not_exist_is_one_line(folder: Path) -> None:
    with pytest.raises(CannotFetch, match=r"^fetching anthropic 9\.9\.9 failed: .*anthropic==9\.9\.9") as refusal:
        FETCHER.install("9.9.9", folder, lambda _: None)
    assert "\n" not in str(refusal.value)


def test_a_release_from_before_the_models_api_is_not_fetched(folder: Path) -> None:
    messages = list[str]()
    with pytest.raises(CannotFetch, match=r"0\.41\.0 is the first"):
        FETCHER.install("0.40.0", folder, messages.append)
    assert messages == []


def test_an_index_that_cannot_be_reached_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(CannotFetch, match=r"^asking pip for the newest anthropic failed: ") as refusal:
        FETCHER.newest()
    assert "\n" not in str(refusal.value)
