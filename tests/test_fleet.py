"""A fleet: what a file names, which releases a range means, what is kept, told and compared."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from models_conformance.errors import UsageError
from models_conformance.frontend.fleet.fleet_file import read_fleet
from models_conformance.frontend.fleet.judging import Outcome, earlier_outcome
from models_conformance.frontend.fleet.subjects import from_json, subjects_of, wanted
from models_conformance.frontend.fleet.summary import gate, worst
from models_conformance.suites import fleet
from tests.commanded import commanded

RELEASED = ["0.9.0", "1.0.0", "1.0.1", "1.1.0", "1.10.0", "2.0.0"]
CASSETTES = Path(__file__).parents[1] / "cassettes"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The command, which starts another for each subject."""
    return commanded(*words)


def fleet_file(folder: Path, text: str) -> Path:
    path = folder / "fleet.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("versions", "each", "chosen"),
    [
        (["newest"], "release", ["2.0.0"]),
        (["1.0.1"], "release", ["1.0.1"]),
        (["2.0.0", "v1.0.0"], "release", ["1.0.0", "2.0.0"]),
        ([">=1.0, <2"], "release", ["1.0.0", "1.0.1", "1.1.0", "1.10.0"]),
        ([">1.1"], "release", ["1.10.0", "2.0.0"]),
        (["all"], "minor", ["0.9.0", "1.0.1", "1.1.0", "1.10.0", "2.0.0"]),
        (["all"], "major", ["0.9.0", "1.10.0", "2.0.0"]),
        (["==1.1.0", "!=1.1.0, >=2"], "release", ["1.1.0", "2.0.0"]),
    ],
)
def test_a_range_means_the_releases_in_it(versions: Sequence[str], each: str, chosen: list[str]) -> None:
    assert wanted("sdk", versions, each, lambda: "2.0.0", lambda: RELEASED) == chosen  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "why"), [(">=3", "no release is >=3"), ("^1.0", "expected newest, all")])
def test_what_means_no_release_is_refused(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"sdk: .*{why}"):
        wanted("sdk", [text], "release", lambda: "2.0.0", lambda: RELEASED)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no subject"),
        ("[clients", "is not TOML"),
        ("[cleints]\na = '1'", "cleints: did you mean clients"),
        ("[drivers]\na = []", "drivers.a: command is to be a text, or a list of texts"),
        ("[clients]\ncurl = {versions = 'newest', each = 'day'}", "each = 'day': expected release, minor, major"),
        ("[servers]\na = {url = 'http://a', json = 'x'}", "servers.a: json: "),
        ("[options]\nsede = 1\n[drivers]\na = 'd'", "options: sede: did you mean .*seed"),
        ("[clients]\nantropic = 'newest'", "did you mean .*anthropic"),
        ("[drivers]\n'a b' = 'd'\n'a-b' = 'd'", "a-b: two subjects"),
    ],
)
def test_a_file_that_makes_no_sense_is_one_line(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=why):
        subjects_of(read_fleet(fleet_file(tmp_path, text)), lambda doing: None)


def test_each_subject_is_a_line_of_the_command_that_judges_it(tmp_path: Path) -> None:
    text = """
[options]
fail-on = "should"
examples = 3
[servers.production]
url = "https://api.example.com"
api-key = "$PRODUCTION_KEY"
header = ["x-a: 1", "x-b: 2"]
[recordings]
live = ["one.yaml", "two"]
[drivers]
ours = { command = ["python3", "-u", "driver.py"], strict = true }
"""
    production, live, ours = subjects_of(read_fleet(fleet_file(tmp_path, text)), lambda doing: None)
    key = ("--api-key=$PRODUCTION_KEY", "--header=x-a: 1", "--header=x-b: 2")
    common = ("--fail-on=should", "--examples=3")
    assert production.words == ("server", *common, *key, "--", "https://api.example.com")
    assert live.words == ("replay", *common, "--", "one.yaml", "two")
    assert (ours.words, ours.program) == (("client", *common, "--strict"), ("python3", "-u", "driver.py"))
    assert from_json(json.loads(json.dumps(ours.as_json()))) == ours
    assert len({subject.key for subject in (production, live, ours)}) == 3


def recordings(folder: Path, second: str) -> Path:
    paths = {"ideal": CASSETTES / "ideal", "other": CASSETTES / second}
    lines = [f"{name} = {json.dumps(str(path))}" for name, path in paths.items()]
    return fleet_file(folder, "[recordings]\n" + "\n".join(lines))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet that was judged: its file, and beside that the folder `results`."""
    folder = tmp_path_factory.mktemp("fleet")
    first = run("fleet", str(recordings(folder, "ideal")), "-o", str(folder / "results"), "-n", "2")
    assert first.returncode == 0, first.stderr
    assert "2 of 2 subjects conform" in first.stdout
    assert "2 of 2, " in first.stderr
    return folder


def test_the_subjects_of_a_fleet_are_told_together(judged: Path) -> None:
    folder = judged / "results"
    assert json.loads((folder / "badge.json").read_text())["message"] == "2/2 conform"
    assert "list-after-id-is-exclusive" in (folder / "matrix.html").read_text()
    assert "requirements kept" in (folder / "matrix.md").read_text()


def test_what_was_judged_is_kept(judged: Path) -> None:
    folder = str(judged / "results")
    again = run("fleet", str(judged / "fleet.toml"), "-o", folder, "--since", folder)
    assert (again.returncode, "2 of them kept" in again.stderr) == (0, True)
    assert "nothing is worse" in again.stdout


def test_what_got_worse_since_an_earlier_fleet_is_red(judged: Path, tmp_path: Path) -> None:
    file, folder = recordings(tmp_path, "after-id-is-inclusive"), tmp_path / "results"
    worse = run("fleet", str(file), "-o", str(folder), "--since", str(judged / "results"))
    assert worse.returncode == 1, worse.stderr
    assert ("other: worse than " in worse.stdout, "ideal: worse" in worse.stdout) == (True, False)
    subjects = subjects_of(read_fleet(file), lambda doing: None)
    outcomes = [earlier_outcome(subject, folder) or Outcome(4, "") for subject in subjects]
    assert [outcome.code for outcome in outcomes] == [0, 1]
    # What was as bad before is no worse.
    assert gate(folder, folder, subjects, outcomes) == (0, [])


def test_what_cannot_be_judged_is_told_and_not_kept(tmp_path: Path) -> None:
    file = fleet_file(tmp_path, "[drivers]\nours = 'no-such-program'\n")
    done = run("fleet", str(file), "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "ours: models-conformance: " in done.stdout
    assert "no-such-program" in done.stdout
    assert not (tmp_path / "out" / "results" / "ours.json").exists()


@pytest.mark.parametrize(("codes", "code"), [([0, 0], 0), ([0, 3, 1], 1), ([1, 2], 2), ([2, 4], 4), ([0, 3], 3)])
def test_one_exit_code_of_many(codes: list[int], code: int) -> None:
    assert worst(codes) == code


@pytest.mark.parametrize("named", [["--pyargs", "models_conformance.suites.fleet"], [str(Path(fleet.__file__).parent)]])
def test_the_suite_without_a_fleet_says_what_it_needs(named: list[str], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--models-seed", "0", *named]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout
    assert "Exit: the suite for fleets needs --models-fleet FILE" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
