"""The command line: its options, exit codes and what it says of bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from models_conformance.cli.main import main
from models_conformance.engine import server as engine
from models_conformance.engine.options import ServerOptions
from models_conformance.errors import Unreachable
from models_conformance.frontend import inputs
from models_conformance.reference.server import serving as reference_serving
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.requirements.register import register
from models_conformance.result import Finding, RequirementResult, Result, Run, Subject, run_verdict

COMMAND = [str(Path(sys.executable).with_name("models-conformance"))]
URL = "http://127.0.0.1:1"
DRAWS = """
from hypothesis import strategies
from models_conformance.scenarios.strategies import drawn
assert drawn(strategies.text(), seed=0, examples=9)
"""


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Engine:
    """Stands in for the engine: remembers its options, and finds what it is told to."""

    def __init__(self) -> None:
        self.spec: list[ServerOptions] = []
        self.verdicts: dict[str, str] = {}
        self.raises: BaseException | None = None

    def __call__(self, options: ServerOptions) -> Result:
        self.spec.append(options)
        if options.run.progress:
            options.run.progress("walking", 3)
        if self.raises:
            raise self.raises
        entries = tuple(
            RequirementResult(
                requirement,
                self.verdicts.get(requirement.id, "pass"),  # type: ignore[arg-type]
                1,
                (Finding("it held b", "it starts after b", (), "curl http://x", requirement.advice),)
                if self.verdicts.get(requirement.id) == "fail"
                else (),
            )
            for requirement in register().values()
        )
        verdict = run_verdict(entries, options.run.fail_on, options.run.strict)
        run = Run("2026-08-17T10:00:00Z", 1.0, 9, options.run.seed, verdict, options.run.fail_on)
        return Result(Subject("server", options.url, None, options.url), run, entries)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Engine:
    found = Engine()
    monkeypatch.setattr(engine, "judge_server", found)
    return found


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert isinstance(caught.value.code, int)
    return caught.value.code


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command which cannot run says."""
    assert code_of(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert captured.err.startswith("models-conformance: ")
    return captured.err


def test_every_option_arrives_in_any_order(stand_in: Engine) -> None:
    words = [
        "--fail-on",
        "should",
        "--seed",
        "5",
        "--max-requests",
        "50",
        "--examples",
        "0",
        "--only",
        "cursor",
    ]
    words += ["--alias", "a=b", URL, "--alias", "c", "--header", "X-A:  b ", "--timeout", "2.5", "--strict"]
    assert code_of("server", *words, "--only", "walk-*", "--api-key", "k", "-q") == 0
    spec = stand_in.spec[0]
    run = spec.run
    assert (spec.url, spec.api_key, spec.timeout_seconds) == (URL, "k", 2.5)
    assert (spec.aliases, spec.headers) == ({"a": "b", "c": None}, (("X-A", "b"),))
    assert (run.fail_on, run.strict, run.seed, run.only) == ("should", True, 5, ("cursor", "walk-*"))
    assert (run.max_requests, run.examples) == (50, 0)


def test_the_key_comes_from_the_environment_and_an_empty_one_is_none(
    stand_in: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for value, expected in (("sk-from-environment", "sk-from-environment"), ("", None)):
        monkeypatch.setenv("ANTHROPIC_API_KEY", value)
        assert code_of("server", URL) == 0
        assert stand_in.spec[-1].api_key == expected
    assert code_of("server", URL, "--api-key", "") == 0
    assert stand_in.spec[-1].api_key is None
    assert code_of("server", "--help") == 0
    assert "sk-from-environment" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("verdicts", "options", "code"),
    [
        ({}, [], 0),
        ({"walk-ends": "fail"}, [], 1),
        ({"body-keys-are-unique": "fail"}, [], 0),
        ({"body-keys-are-unique": "fail"}, ["--fail-on", "should"], 1),
        ({"walk-ends": "inconclusive"}, [], 0),
        ({"walk-ends": "inconclusive"}, ["--strict"], 3),
        (dict.fromkeys(register(), "inconclusive"), [], 3),
        ({"walk-ends": "error"}, [], 4),
    ],
)
def test_the_exit_code_is_the_verdict(
    verdicts: dict[str, str], options: list[str], code: int, stand_in: Engine
) -> None:
    stand_in.verdicts = verdicts
    assert code_of("server", URL, *options) == code


def test_the_reports_are_written(stand_in: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stand_in.verdicts = {"walk-ends": "fail"}
    files = ("--json", str(tmp_path / "r.json"), "--junit", str(tmp_path / "r.xml"))
    assert code_of("server", URL, *files, "-q") == 1
    assert json.loads((tmp_path / "r.json").read_text())["run"]["verdict"] == "failed"
    assert ElementTree.parse(tmp_path / "r.xml").getroot().attrib["failures"] == "1"
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["server", "127.0.0.1:8000"], "no scheme"),
        (["server", "localhost"], "no scheme"),
        (["server", ""], "no scheme"),
        (["server", "ftp://x"], "another scheme"),
        (["server", "http://"], "no host"),
        (["server", "http://x:99999"], "cannot be read"),
        (["server", "http://[::1"], "cannot be read"),
        (["server", "http://a b"], "characters that no URL may hold"),
        (["server", "http://x/v1/models?limit=2"], "give the base URL alone"),
        (["server", URL, "--only", "list-after"], "did you mean list-after-id"),
        (["server", URL, "--only", "zzzz*"], "no requirement or area matches 'zzzz*'"),
        (["server", URL, "--json", "missing/r.json"], "there is no folder"),
        (["server", URL, "--junit", "."], "is a directory"),
        (["server", URL, "--json", "r", "--junit", "./r"], "name the same file"),
        (["server", URL, "--header", "no colon"], "no colon"),
        (["server", URL, "--header", "a b: c"], "is not a header name"),
        (["server", URL, "--header", "a: b\nc: d"], "control characters"),
        (["server", URL, "--alias", "=x"], "expected NAME or NAME=ID"),
        (["server", URL, "--alias", "x="], "expected NAME or NAME=ID"),
        (["server", URL, "--alias", "x=1", "--alias", "x=2"], "given twice"),
        (["server", URL, "--max-requests", "0"], "--max-requests"),
        (["server", URL, "--timeout", "0"], "--timeout"),
        (["server", URL, "--fail-on", "may"], "--fail-on"),
        (["server", URL, "--fault", "x"], "give no URL with them"),
        (["server", "--api-key", "k"], "--api-key goes with a URL"),
        (["server", "--fault", "after-id-is-inclusiv"], "after-id-is-inclusive"),
        (["server", URL, "-q", "-v"], "contradict"),
        (["server", URL, "--nonsense"], "--nonsense"),
        (["nonsense"], "nonsense"),
        (["replay", "https://x/v1/models"], "judges an endpoint"),
        (["serve", "--fault", "zzzz"], "`models-conformance faults` lists them"),
        (["diff", "first", "2026-99"], "2026-10 ship"),
        (["requirements", "list-after-id-exclusive"], "did you mean list-after-id-is-exclusive"),
        (["faults", "ideel"], "did you mean ideal"),
        (["faults", "--matrix", "ideel"], "did you mean ideal"),
        (["faults", "--write", "f.json"], "--write goes with --matrix"),
        (["serve", "--port", "70000"], "--port"),
        (["serve", "--fault", "zzzz"], "zzzz"),
        (["derive"], "PAGE"),
        (["derive", "missing.md"], "missing.md"),
        (["diff", "missing.md", "missing.json"], "missing.md"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], expected: str, stand_in: Engine, capsys: pytest.CaptureFixture[str], nowhere: Path
) -> None:
    assert expected in refused(capsys, *arguments)
    assert stand_in.spec == []
    assert list(nowhere.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["http://user:sk-secret-1@x"],
        [URL, "--header", "authorization: Bearer sk-secret-1\x00"],
        [URL, "--api-key", "sk-secret-1 "],
    ],
)
def test_no_message_shows_a_secret(arguments: list[str], stand_in: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert "sk-secret-1" not in refused(capsys, "server", *arguments)
    assert stand_in.spec == []


def test_unreachable_is_one_line(stand_in: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    stand_in.raises = Unreachable(f"{URL} cannot be reached\nwith key sk-secret-1 \x1b[31m")
    line = refused(capsys, "server", URL, "--api-key", "sk-secret-1")
    assert line == f"models-conformance: {URL} cannot be reached with key <redacted> \\x1b[31m\n"


def test_an_error_of_the_suite_is_one_line_and_v_has_the_traceback(
    stand_in: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in.raises = KeyError("sk-secret-1")
    assert code_of("server", URL, "--api-key", "sk-secret-1") == 4
    quiet = capsys.readouterr().err
    expected = "the suite itself failed: KeyError: '<redacted>' (run it again with -v for the traceback)"
    assert quiet == f"models-conformance: {expected}\n"
    assert code_of("server", URL, "--header", "x-token: sk-secret-1", "-v") == 4
    verbose = capsys.readouterr().err
    assert "Traceback (most recent call last)" in verbose
    assert "sk-secret-1" not in verbose


def test_an_interrupt_ends_with_130(stand_in: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    stand_in.raises = KeyboardInterrupt()
    assert code_of("server", URL) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "models-conformance: interrupted"


def test_without_url_the_reference_server_is_judged(stand_in: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-mine")
    assert code_of("server", "--models", "9", "--alias", "mine") == 0
    spec = stand_in.spec[0]
    assert spec.url.startswith("http://127.0.0.1:")
    # Its own key, never the user's, and the aliases of the models that it has.
    assert spec.api_key == "reference-key"
    assert spec.aliases == {
        "claude-opus-4-5": "claude-opus-4-5-20251101",
        "claude-haiku-4-5": "claude-haiku-4-5-20251001",
        "mine": None,
    }


def test_an_alias_of_a_retired_model_is_not_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    listed, retired = (Model(name, "2026-01-01T00:00:00Z", name) for name in ("listed", "retired"))
    catalogue = Catalogue([listed], {"a": "listed", "b": "retired"}, [retired])
    monkeypatch.setattr(reference_serving, "behaviour_named", lambda _name, _models, _contract: Behaviour(catalogue))
    with inputs.endpoint(None, None) as place:
        assert place.aliases == {"a": "listed"}


@pytest.mark.parametrize("fault", ["after-id-is-inclusive", None])
def test_the_engine_and_the_reference_server_together(
    fault: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["server", "--only", "cursor", "--json", str(tmp_path / "r.json")]
    assert code_of(*words, *(["--fault", fault] if fault else [])) == (1 if fault else 0)
    document = json.loads((tmp_path / "r.json").read_text())
    failed = {entry["id"] for entry in document["requirements"] if entry["verdict"] == "fail"}
    assert ("list-after-id-is-exclusive" in failed) is bool(fault)
    assert document["subject"]["name"] == f"built-in reference{f', with {fault}' if fault else ''}"
    assert capsys.readouterr().out.splitlines()[-1].startswith("FAILED: " if fault else "PASSED: ")


def test_a_server_that_is_not_there_is_one_line() -> None:
    ran = subprocess.run([*COMMAND, "server", URL, "--timeout", "2"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    # On a busy machine a line of progress comes first.
    assert len([line for line in ran.stderr.splitlines() if not line.endswith("requests so far")]) == 1
    assert ran.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        [*COMMAND, "server", "-q", "--models", "3", "--max-requests", "60"],
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
            *("--pyargs", "models_conformance.suites.server", "--models-max-requests", "60"),
        ],
        [sys.executable, "-c", DRAWS],
    ],
    ids=["command", "pytest", "scenarios"],
)
def test_nothing_is_left_where_a_run_was_started(words: list[str], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    ran = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path, env=kept)
    assert ran.returncode in (0, 1, 3), ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"), [("server --models 3 --only repeat --max-requests 40 -v", 0), ("requirements", 141)]
)
def test_a_reader_that_leaves_is_no_violation(words: str, code: int) -> None:
    # The reader is gone before the first line is written.
    script = f'{{ sleep 0.2; {COMMAND[0]} {words}; echo "$?" >&2; }} | true'
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == str(code)


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    words = [*COMMAND, "serve", "--models", "2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_serve_prints_where_it_is_and_ends_on_ctrl_c(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout is not None
    match = re.fullmatch(r"(http://127\.0\.0\.1:\d+) api-key=(\S+)\n", serving.stdout.readline())
    assert match
    with inputs.endpoint(match[1], match[2]) as place:
        result = engine.judge_server(
            ServerOptions(place.url, place.api_key, run=replace(ServerOptions("").run, only=("repeat",)))
        )
    assert result.run.verdict == "passed"
    serving.send_signal(signal.SIGINT)
    assert serving.wait(timeout=10) == 130
    assert serving.stderr is not None
    assert "Traceback" not in serving.stderr.read()


def test_derive_and_diff_print_and_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemas = Path(__file__).resolve().parents[1] / "schemas"
    old = json.loads((schemas / "contract.json").read_text())
    assert code_of("diff", str(schemas / "contract.json"), str(schemas)) == 0
    assert "no changes" in capsys.readouterr().out
    assert old["revision"]


def test_replay_takes_the_options_of_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    cassette = str(Path(__file__).parents[1] / "cassettes" / "ideal" / "03-walks.yaml")
    assert code_of("replay", cassette, "--seed", "7", "--max-requests", "1", "--examples", "0") == 0
    assert "seed 7" in capsys.readouterr().out


def test_lines_to_reproduce_are_written_for_the_shell_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(Path(__file__).parents[1] / "cassettes" / "has-more-is-a-string")
    assert code_of("replay", folder, "--shell", "powershell") == 1
    assert "reproduce curl.exe -sSi" in capsys.readouterr().out
    assert code_of("replay", folder, "--shell", "fish") == 2


def test_progress_says_how_far_a_run_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models_conformance.frontend.progress.LINE_EVERY_SECONDS", 0.0)
    with reference_serving.running(reference_serving.behaviour_named("ideal")) as server:
        code_of("server", server.url, "--api-key", "reference-key", "--only", "credentials")
    assert "models-conformance: opening, step 1 of 12, 1 requests so far" in capsys.readouterr().err


def test_an_empty_name_is_no_recording(capsys: pytest.CaptureFixture[str]) -> None:
    assert "is a variable that should hold its path not set?" in refused(capsys, "replay", "")
