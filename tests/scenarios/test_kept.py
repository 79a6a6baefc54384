"""What was drawn is kept and read again, as it was and only where it is our own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models_conformance.contract.shipped import load_contract, shipped_contracts
from models_conformance.evidence.driver_calls import Hello
from models_conformance.scenarios import kept, strategies
from models_conformance.scenarios.scenario import Scenario
from models_conformance.support.cache import CACHE_VARIABLE
from tests.scenarios.hellos import BARE, FULL


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each time that something is really drawn."""
    really, made = strategies.drawn_scenarios, list[object]()

    def counted(*arguments: object) -> list[Scenario]:
        made.append(arguments)
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(strategies, "drawn_scenarios", counted)
    return made


def generated(hello: Hello = FULL, seed: int = 0, examples: int = 3) -> list[Scenario]:
    return kept.generated(hello, load_contract(), seed, examples)


def kept_files(cache: Path) -> list[Path]:
    return sorted((cache / "drawn").iterdir())


@pytest.mark.parametrize("seed", [0, 1])
def test_what_is_read_is_what_was_drawn_to_the_order_of_members(seed: int, draws: list[object]) -> None:
    drawn = strategies.drawn_scenarios(FULL, load_contract(), seed, 120)
    assert repr(generated(seed=seed, examples=120)) == repr(generated(seed=seed, examples=120)) == repr(drawn)
    assert len(draws) == 2


def test_what_decides_the_scenarios_decides_where_they_are_kept(cache: Path, draws: list[object]) -> None:
    for hello, contract, seed, examples in [
        (FULL, load_contract(), 0, 3),
        (BARE, load_contract(), 0, 3),
        (FULL, shipped_contracts()[-1], 0, 3),
        (FULL, load_contract(), 1, 3),
        (FULL, load_contract(), 0, 4),
    ]:
        kept.generated(hello, contract, seed, examples)
    assert len(draws) == len(kept_files(cache)) == 5
    # Who it is decides nothing.
    generated(Hello("another", "2", "go", FULL.surfaces, FULL.capabilities, FULL.betas_on))
    assert len(draws) == 5


@pytest.mark.parametrize("spoilt", [b"", b"no digest\n{}", b"\xff\xfe", None])
def test_a_file_that_is_not_as_it_was_written_is_drawn_and_written_again(
    spoilt: bytes | None, cache: Path, draws: list[object]
) -> None:
    right = generated()
    [path] = kept_files(cache)
    whole = path.read_bytes()
    path.write_bytes(whole[:-2] if spoilt is None else spoilt)
    assert generated() == right
    assert path.read_bytes() == whole
    assert len(draws) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("which", ["file", "drawn", "cache"])
def test_what_another_user_may_have_written_is_not_read(which: str, cache: Path, draws: list[object]) -> None:
    right = generated()
    [path] = kept_files(cache)
    os.chown({"file": path, "drawn": path.parent, "cache": cache}[which], 12345, 12345)
    assert generated() == right
    assert len(draws) == 2
    # A file is replaced by our own; nothing is put into a folder that is another's.
    assert generated() == right
    assert len(draws) == (2 if which == "file" else 3)


def test_where_nothing_can_be_kept_everything_is_drawn(cache: Path, draws: list[object]) -> None:
    cache.touch()
    assert generated() == generated()
    assert len(draws) == 2


def test_the_oldest_are_forgotten(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST_FILES", 3)
    for seed in range(3):
        generated(seed=seed, examples=1)
        os.utime(kept_files(cache)[0] if seed == 0 else max(kept_files(cache), key=os.path.getmtime), (seed, seed))
    before = kept_files(cache)
    generated(seed=3, examples=1)
    assert len(kept_files(cache)) == 3
    assert min(before, key=lambda path: path.stat().st_mtime if path.exists() else 0).exists() is False
