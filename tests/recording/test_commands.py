"""`record`, `server --trace` and their replays, as somebody types them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models_conformance.cli.main import main
from models_conformance.engine import server as engine
from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.recording import judge_recording
from models_conformance.engine.server import judge_server
from models_conformance.reference.server.serving import behaviour_named, running
from tests import sweeps
from tests.recording.make_cassettes import FAULTS, FOLDER, NAMES, made
from tests.recordings.reading import read_trace
from tests.recordings.writers import write_trace

Command = Callable[..., tuple[int, str, str]]
SHORT = ("--examples", "2", "--max-requests", "60", "-q")


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return int(str(ended.value.code)), out, err

    return run


@pytest.fixture(scope="module")
def faulty() -> Iterator[tuple[str, str]]:
    """URL and key of a server with a fault."""
    with running(behaviour_named(FAULTS[0], 4)) as server:
        assert server.api_key
        yield server.url, server.api_key


def test_record_judges_as_server_does_and_keeps_cassettes(
    command: Command, faulty: tuple[str, str], tmp_path: Path
) -> None:
    url, key = faulty
    folder = tmp_path / "new" / "c"
    code, out, err = command("record", url, "-o", folder, "--api-key", key, "--header", "x-tenant: abc-123", *SHORT)
    live = command("server", url, "--api-key", key, *SHORT)
    assert (code, live[0], err) == (1, 1, "")
    assert out.rpartition(" in ")[0] == live[1].rpartition(" in ")[0]
    text = "".join(path.read_text() for path in folder.iterdir())
    assert "<api-key>" in text
    assert "x-tenant" in text
    assert key not in text
    assert "abc-123" not in text
    assert command("replay", folder, "-q")[0] == 1
    err = command("record", url, "-o", folder, "--api-key", key, "--overwrite", *SHORT[:4])[2]
    assert f"{len(list(folder.iterdir()))} cassettes in {folder}" in err


def test_equal_runs_give_equal_files(command: Command, tmp_path: Path) -> None:
    kept = []
    for name in "ab":
        with running(behaviour_named("ideal", 4)) as server:
            assert command("record", server.url, "-o", tmp_path / name, "--api-key", server.api_key, *SHORT)[0] == 0
        texts = {path.name: path.read_text() for path in (tmp_path / name).iterdir()}
        kept.append({name: text.replace(server.url, "URL") for name, text in texts.items()})
    assert kept[0] == kept[1]
    assert len(kept[0]) >= 5


def test_cassettes_that_are_there_stay_unless_told_otherwise(
    command: Command, faulty: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "c" / "01-old.yaml"
    old.parent.mkdir()
    old.write_text("interactions: []\nversion: 1\n")
    words = ("record", faulty[0], "-o", old.parent, "--api-key", faulty[1], *SHORT)
    code, out, err = command(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--overwrite" in err

    with monkeypatch.context() as patched:

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(engine, "minimised", interrupted)
        assert command(*words, "--overwrite")[0] == 130
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", interrupted)
        assert command(*words, "--overwrite")[0] == 130
    with monkeypatch.context() as patched:
        rename = Path.rename

        def interrupted_in_place(path: Path, target: Path) -> Path:
            if path.name.endswith(".part"):
                raise KeyboardInterrupt
            return rename(path, target)

        patched.setattr(Path, "rename", interrupted_in_place)
        assert command(*words, "--overwrite")[0] == 130
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [old]
    assert list(tmp_path.iterdir()) == [old.parent]
    assert command(*words, "--overwrite")[0] == 1
    assert not old.exists()


def test_bad_input_is_one_line_and_usage(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "http://127.0.0.1:1"
    (tmp_path / "file").write_text("x")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    for words, expected in (
        ((nowhere,), "--output"),
        (("-o", "c"), "URL"),
        (("ftp://x", "-o", "c"), "ftp"),
        ((nowhere, "-o", "c"), "127.0.0.1:1"),
        ((nowhere, "-o", "file"), "is a file"),
        ((nowhere, "-o", "file/c"), "file"),
        ((nowhere, "-o", "mine", "--overwrite"), "notes.txt"),
        ((nowhere, "-o", "."), "current folder"),
        ((nowhere, "-o", "c", "--header", "sk-secret"), "no colon"),
    ):
        code, out, err = command("record", *words)
        assert (code, out, err.count("\n")) == (2, "", 1), words
        assert expected in err
        assert "Traceback" not in err
    for more in (("--trace", str(tmp_path / "none" / "t")), ("--trace", "a", "--json", "a")):
        code, out, err = command("server", *more)
        assert (code, out, err.count("\n")) == (2, "", 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine"]


def test_a_trace_is_kept_whole_and_judged_again(command: Command, faulty: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("old")
    code, out, _ = command("server", faulty[0], "--api-key", faulty[1], "--trace", path, *SHORT)
    assert code == 1
    assert list(tmp_path.iterdir()) == [path]
    assert faulty[1] not in path.read_text()
    again = command("replay", path, "-q")
    assert again[0] == 1
    assert again[1].splitlines()[-1].partition(";")[0] == out.splitlines()[-1].partition(";")[0]


@pytest.mark.parametrize(
    "name", sweeps.first(["connection-closes-on-unknown-models", "betas-reverse-the-page", FAULTS[0], "ideal"], 2)
)
def test_a_replayed_trace_has_the_verdicts_of_the_run(name: str, tmp_path: Path) -> None:
    path = tmp_path / "t"
    behaviour = behaviour_named(name, 25)
    with running(behaviour) as server:
        live = judge_server(
            ServerOptions(server.url, server.api_key, keep_trace=lambda trace: write_trace(trace, path))
        )
    again = {entry.requirement.id: entry for entry in judge_recording([path], RunOptions()).requirements}
    assert {name: entry.verdict for name, entry in again.items()} == {
        entry.requirement.id: entry.verdict for entry in live.requirements
    }
    explored = read_trace(path).explored
    assert explored is not None
    for entry in live.requirements:
        # What was sent to make a finding small stands first in the live report, and is not judged again.
        observed = [finding.observed for finding in entry.findings if finding.exchanges[0] <= explored]
        found = [finding.observed for finding in again[entry.requirement.id].findings]
        if len(entry.findings) < 5 and len(found) < 5:
            assert sorted(observed) == sorted(found)
        elif entry.findings:
            assert set(observed) & set(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_cassettes_are_what_they_say(command: Command, name: str) -> None:
    files = {path.name: path.read_text("utf-8") for path in (FOLDER / name).iterdir()}
    assert all(len(text.encode()) < 150_000 for text in files.values())
    assert files == made(name), "make them again: python -m tests.recording.make_cassettes"
    assert command("replay", FOLDER / name, "-q")[0] == int(name != "ideal")


def test_the_folder_of_shipped_cassettes_is_small() -> None:
    assert sorted(os.listdir(FOLDER)) == sorted(NAMES)
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.yaml")) < 600_000
