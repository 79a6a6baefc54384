"""Fetched releases are kept whole, once."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models_conformance.drivers.builtin.cache import fetched
from models_conformance.drivers.builtin.fetcher import CannotFetch, Progress
from models_conformance.support.cache import CACHE_VARIABLE, cache_folder


class Installer:
    """Installs one file; `problem` is raised halfway, `gate` is waited for before the end."""

    name = "@scope/library"
    aliases: tuple[str, ...] = ()

    def __init__(self, problem: BaseException | None = None, gate: threading.Event | None = None) -> None:
        self.problem = problem
        self.gate = gate
        self.installed = 0

    def newest(self) -> str:
        return "1.0.0"

    def versions(self) -> list[str]:
        return [self.newest()]

    def install(self, version: str, folder: Path, progress: Progress) -> None:
        self.installed += 1
        progress(f"fetching {self.name} {version}")
        (folder / "half").write_text(version)
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.problem is not None:
            raise self.problem
        (folder / "whole").write_text(version)

    def command(self, version: str, folder: Path) -> tuple[str, ...]:
        return (str(folder / "whole"),)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_no_lock_is_left_behind(cache: Path) -> None:
    fetched(Installer(), "1.0.0", [], lambda _: None)
    with pytest.raises(CannotFetch):
        fetched(Installer(CannotFetch("no such version")), "2.0.0", [], lambda _: None)
    assert list(cache.glob("*.lock")) == []


def folders(cache: Path) -> list[str]:
    return [path.name for path in cache.iterdir() if path.is_dir()]


def test_a_release_is_fetched_once_and_progress_shown_once() -> None:
    installer, messages = Installer(), list[str]()
    first = fetched(installer, "1.0.0", [], messages.append)
    assert fetched(installer, "1.0.0", [], messages.append) == first
    assert (first / "whole").read_text() == "1.0.0"
    assert messages == ["fetching @scope/library 1.0.0"]


def test_each_version_has_a_folder_of_its_own() -> None:
    installer = Installer()
    assert fetched(installer, "1.0.0", [], lambda _: None) != fetched(installer, "1.0.1", [], lambda _: None)


@pytest.mark.parametrize("problem", [CannotFetch("no such version"), KeyboardInterrupt(), RuntimeError("a defect")])
def test_a_fetch_that_ends_halfway_leaves_nothing(problem: BaseException, cache: Path) -> None:
    with pytest.raises(type(problem)):
        fetched(Installer(problem), "1.0.0", [], lambda _: None)
    assert folders(cache) == []


def test_what_a_killed_process_left_behind_is_not_taken_for_a_release(cache: Path) -> None:
    whole = fetched(Installer(), "1.0.0", [], lambda _: None)
    whole.rename(whole.with_name(f"{whole.name}.part"))
    (whole.with_name(f"{whole.name}.part") / "stale").touch()
    again = fetched(Installer(), "1.0.0", [], lambda _: None)
    assert sorted(path.name for path in again.iterdir()) == ["half", "whole"]
    assert folders(cache) == [again.name]


def test_a_changed_driver_program_is_installed_anew(tmp_path: Path) -> None:
    program = tmp_path / "driver.go"
    program.write_text("one")
    installer = Installer()
    first = fetched(installer, "1.0.0", [program], lambda _: None)
    program.write_text("two")
    assert fetched(installer, "1.0.0", [program], lambda _: None) != first


def test_two_that_want_the_same_release_fetch_it_once() -> None:
    gate = threading.Event()
    installer = Installer(gate=gate)
    started = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(fetched, installer, "1.0.0", [], lambda _: started.set())
        assert started.wait(10)
        second = pool.submit(fetched, installer, "1.0.0", [], lambda _: None)
        gate.set()
        assert first.result(10) == second.result(10)
    assert installer.installed == 1


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "file" / "cache"))
    with pytest.raises(CannotFetch, match=r"cannot keep @scope/library 1\.0\.0 in "):
        fetched(Installer(), "1.0.0", [], lambda _: None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("which", ["entry", "cache", "link"])
def test_what_another_user_owns_is_not_run(which: str, cache: Path) -> None:
    entry = fetched(Installer(), "1.0.0", [], lambda _: None)
    if which == "link":
        entry.rename(cache / "elsewhere")
        entry.symlink_to(cache / "elsewhere")
    os.chown(cache if which == "cache" else entry, 12345, 12345, follow_symlinks=False)
    installer = Installer()
    with pytest.raises(
        CannotFetch, match=r" belongs to another user \(uid 12345\): remove it, or name a folder of your"
    ):
        fetched(installer, "1.0.0", [], lambda _: None)
    assert installer.installed == 0


@pytest.mark.parametrize("which", ["entry", "cache"])
def test_what_everybody_may_write_is_not_run(which: str, cache: Path) -> None:
    entry = fetched(Installer(), "1.0.0", [], lambda _: None)
    assert entry.stat().st_mode & 0o777 == cache.stat().st_mode & 0o777 == 0o700
    (cache if which == "cache" else entry).chmod(0o777)
    with pytest.raises(CannotFetch, match=r" can be written by everybody: remove it, or name a folder of your own in "):
        fetched(Installer(), "1.0.0", [], lambda _: None)


def test_without_the_variable_the_cache_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder().name == "models-conformance"
    assert tmp_path in cache_folder().parents
