"""`replay`: the same reports, options and exit codes as for a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models_conformance.cli.main import main
from tests.recordings import writers
from tests.recordings.samples import recorded, recorded_wrongly

Replay = Callable[..., tuple[int, str, str]]


@pytest.fixture
def replay(capfd: pytest.CaptureFixture[str]) -> Replay:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["replay", *map(str, arguments)])
        out, err = capfd.readouterr()
        return int(str(ended.value.code)), out, err

    return run


def test_a_good_recording_conforms(replay: Replay, tmp_path: Path) -> None:
    path = writers.save(recorded().trace, "vcrpy", tmp_path / "good.yaml")
    code, out, err = replay(path)
    assert code == 0
    assert "PASSED" in out
    assert "1 recording read" in out
    assert err == ""


def test_a_bad_recording_fails_and_is_reported(replay: Replay, tmp_path: Path) -> None:
    writers.save(recorded().trace, "har", tmp_path / "a.har")
    bad = writers.save(recorded_wrongly().trace, "go-v1", tmp_path / "b.yaml")
    result, junit = tmp_path / "out" / "r.json", tmp_path / "out" / "r.xml"
    result.parent.mkdir()
    code, out, _ = replay(tmp_path / "a.har", bad, "--json", result, "--junit", junit, "-v")
    assert code == 1
    assert "FAILED" in out
    assert f"{bad}, interaction 3: " in replay(bad, "-q")[1]
    document = json.loads(result.read_text())
    assert document["subject"]["kind"] == "recording"
    assert document["run"]["verdict"] == "failed"
    assert "<failure" in junit.read_text()


def test_thresholds_and_globs_are_honoured(replay: Replay, tmp_path: Path) -> None:
    path = writers.save(recorded().trace, "r", tmp_path / "x")
    assert replay(path, "-q", "--only", "envelope", "--strict")[0] == 0
    assert replay(path, "-q", "--strict")[0] == 3
    broken = recorded()
    broken.retrieve("claude-no-such-thing", {"type": "error", "error": {"type": "api_error", "message": "x"}}, 404)
    path = writers.save(broken.trace, "r", tmp_path / "y")
    assert replay(path, "-q")[0] == 0
    assert replay(path, "-q", "--fail-on", "should")[0] == 1


def test_nothing_judged_is_incomplete(replay: Replay, tmp_path: Path) -> None:
    code, out, _ = replay(tmp_path)
    assert code == 3
    assert "INCOMPLETE" in out


def test_bad_input_is_one_line_and_usage(replay: Replay, tmp_path: Path) -> None:
    path = tmp_path / "x\x1b[31m"
    path.write_text("interactions:\n- !!python/object:os.system {}\n")
    for arguments in ([path], [tmp_path / "nowhere"], []):
        code, out, err = replay(*arguments)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert "\x1b" not in err
        assert "Traceback" not in err
    assert "line 2: the tag !!python/object:os.system" in replay(path)[2]
    good = writers.save(recorded().trace, "r", tmp_path / "good")
    assert replay(good, "--only", "no-such-thing")[0] == 2
