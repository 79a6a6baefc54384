"""The suite under pytest, from cassettes: with the options of pytest-recording, and with nobody to ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.serving import behaviour_named, running
from tests.recording.make_cassettes import FAULTS, FOLDER, NAMES

SUITE = ("--pyargs", "models_conformance.suites.server", "-p", "no:cacheprovider", "-q")
NOBODY = ("--target", "http://127.0.0.1:9")
OFFLINE = ("--record-mode=none", "--block-network", *NOBODY)


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)


def failed(path: Path) -> set[str]:
    return {load["id"] for load in json.loads(path.read_text())["requirements"] if load["verdict"] == "fail"}


@pytest.mark.parametrize("name", NAMES[:2])
def test_shipped_cassettes_are_played_without_a_network(name: str, pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess(*SUITE, *OFFLINE, "--cassettes", str(FOLDER / name), "--models-json", "r.json")
    assert ran.ret == int(name != "ideal")
    document = json.loads((pytester.path / "r.json").read_text())
    # What a cassette says of its run counts: every question is on the tape, the generated ones too.
    assert not any("no recorded answer" in note for note in document.get("notes", []))
    assert failed(pytester.path / "r.json") >= ({SERVERS.faults()[name].root} if name in FAULTS else set())


def test_a_recording_is_made_once_and_then_played(pytester: pytest.Pytester) -> None:
    settings = ("--models-examples", "4", "--models-max-requests", "60", "--models-seed", "7")
    with running(behaviour_named(FAULTS[0], 4)) as server:
        to = (
            "--target",
            server.url,
            "--models-api-key",
            str(server.api_key),
            *settings,
            "--record-mode=once",
            "-n",
            "2",
        )
        live = pytester.runpytest_subprocess(*SUITE, *to, "--models-json", "live.json")
        port = server.url.rpartition(":")[2]
    assert live.ret == 1
    folder = pytester.path / "cassettes" / f"127.0.0.1_{port}"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(before) >= 5
    # By the folder's own name, with nobody at that address any more, and without saying again what it was told.
    ran = pytester.runpytest_inprocess(
        *SUITE, "--record-mode=once", "--target", server.url, "--models-json", "again.json"
    )
    assert ran.ret == 1
    again, first = (json.loads((pytester.path / name).read_text()) for name in ("again.json", "live.json"))
    assert again["requirements"] == first["requirements"]
    assert again["run"]["seed"] == 7
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_another_seed_asks_what_is_not_there_and_that_is_no_failure(pytester: pytest.Pytester) -> None:
    words = (
        "--cassettes",
        str(FOLDER / "ideal"),
        "--models-seed",
        "3",
        "--models-examples",
        "20",
        "--models-max-requests",
        "400",
    )
    ran = pytester.runpytest_inprocess(*SUITE, *OFFLINE, *words)
    assert ran.ret == 0
    ran.stdout.fnmatch_lines(["note: * requests have no recorded answer*"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--block-network", *NOBODY), "there are no cassettes"),
        (("--cassettes", "bad", *NOBODY), "not YAML"),
        (("--cassettes", "mine", "--record-mode=all", *NOBODY), "notes.txt"),
        (("--cassettes", "x", "--disable-recording", *NOBODY), "--disable-recording"),
    ],
)
def test_bad_input_is_one_line_and_usage(words: tuple[str, ...], expected: str, pytester: pytest.Pytester) -> None:
    for name, text in (("bad/a.yaml", "interactions: ["), ("mine/notes.txt", "x")):
        pytester.path.joinpath(name).parent.mkdir()
        pytester.path.joinpath(name).write_text(text)
    ran = pytester.runpytest_inprocess(*SUITE, *words)
    assert ran.ret == 2
    lines = [line for line in (*ran.outlines, *ran.errlines) if line.startswith("Exit: ")]
    assert len(lines) == 1
    assert expected in lines[0]
    assert "Traceback" not in ran.stdout.str() + ran.stderr.str()
