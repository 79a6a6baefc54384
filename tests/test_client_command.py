"""The `client` command: what it says of a client, how a finding is played again, and how a lost driver ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from models_conformance.contract.shipped import load_schema, shipped_contracts
from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.requirements.register import select
from models_conformance.scenarios.files import scenario_text
from models_conformance.scenarios.fixture.fixture_server import FIXTURE_KEY
from models_conformance.scenarios.models import model, plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript
from tests.commanded import commanded
from tests.drivers.starting import PROGRAMS
from tests.test_cli import code_of, refused

REFERENCE = (sys.executable, "-m", "models_conformance.reference.client")
# It breaks a must and a should requirement, and puts the key where reports could show it.
FAULT = "sends-its-key-in-the-query"
BROKEN = "client-sends-its-credential"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@dataclass(frozen=True)
class Ran:
    """A finished command, and what it wrote."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "result.json").read_text("utf-8")))

    @property
    def finding(self) -> dict[str, Any]:
        """The first finding about the requirement that the fault breaks."""
        return findings(self.document)[BROKEN][0]


def findings(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {entry["id"]: entry["findings"] for entry in document["requirements"] if entry["findings"]}


def run(folder: Path, *words: str) -> Ran:
    """The command as a user gives it, in that folder."""
    done = commanded("client", *words, folder=folder)
    return Ran(done.returncode, done.stdout, done.stderr, folder)


@pytest.fixture(scope="module")
def ideal(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("ideal")
    return run(folder, "--examples", "5", "--strict", "--json", "result.json", "--", *REFERENCE)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("faulty")
    reports = [word for name in ("json", "junit", "html", "markdown") for word in (f"--{name}", f"result.{name}")]
    options = ("--examples", "0", "--keep-scenarios", "kept/here", "-v")
    return run(folder, *reports, *options, "--", *REFERENCE, "--fault", FAULT)


@pytest.fixture
def one_page(tmp_path: Path) -> str:
    """The file of a scenario that every client can play."""
    path = tmp_path / "scenario.json"
    path.write_text(scenario_text(Scenario("one page", CallSpec("list", "models"), ServerScript(plain_models(3)))))
    return str(path)


def test_a_correct_client_conforms_and_leaves_nothing_open(ideal: Ran) -> None:
    assert ideal.code == 0, ideal.out + ideal.err
    verdicts = {entry["id"]: entry["verdict"] for entry in ideal.document["requirements"]}
    every = select("client", (), shipped_contracts())
    assert verdicts.keys() == {requirement.id for requirement in every}
    assert {verdicts[requirement.id] for requirement in every if requirement.level != "observe"} == {"pass"}
    assert ideal.document["subject"] == {"kind": "client", "name": "reference-client", "version": "1", "url": None}
    assert ideal.document["run"]["verdict"] == "passed"
    assert ideal.out.splitlines()[-1].startswith("PASSED: no requirement violated")


def test_a_wrong_client_fails_with_its_finding(faulty: Ran) -> None:
    assert faulty.code == 1
    assert findings(faulty.document).keys() == {BROKEN, "client-keeps-its-credential-out-of-the-url"}
    assert faulty.finding["observed"] == "the request carries no credential"
    proof = faulty.document["exchanges"][str(faulty.finding["exchanges"][0])]
    assert "/v1/models" in proof["request"]["url"]
    assert "x-api-key" not in dict(proof["request"]["headers"])
    assert faulty.out.splitlines()[-1].startswith("FAILED: 1 requirement violated")


def test_the_result_of_a_client_keeps_the_schema_that_ships(ideal: Ran, faulty: Ran) -> None:
    validator = Draft202012Validator(load_schema("result"))
    for ran in (ideal, faulty):
        assert list(validator.iter_errors(ran.document)) == []


def test_the_key_is_in_no_output(ideal: Ran, faulty: Ran) -> None:
    written = [path for path in faulty.folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in written} == {".json", ".junit", ".html", ".markdown"}
    texts = [path.read_text("utf-8") for path in written]
    assert any("api_key=" in text for text in texts)
    for text in (*texts, ideal.out, ideal.err, faulty.out, faulty.err):
        assert FIXTURE_KEY not in text


def test_the_printed_line_plays_the_finding_again(faulty: Ran, tmp_path: Path) -> None:
    line = faulty.finding["reproduce"]
    assert f"reproduce {line}\n" in faulty.out
    assert "--fail-on" not in line
    (should,) = findings(faulty.document)["client-keeps-its-credential-out-of-the-url"]
    assert " --fail-on should --scenario - " in should["reproduce"]
    environment = {**os.environ, "PATH": PATH}
    again = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert again.returncode == 1, again.stderr
    assert f"observed  {faulty.finding['observed']}\n" in again.stdout
    assert f"FAILED {BROKEN} (must)" in again.stdout


def test_the_smallest_scenario_of_each_finding_is_kept_and_plays_it_again(faulty: Ran, tmp_path: Path) -> None:
    kept = faulty.folder / "kept" / "here"
    assert {path.stem for path in kept.iterdir()} == findings(faulty.document).keys()
    words = ("--scenario", str(kept / f"{BROKEN}.json"), "--json", "result.json", "--", *REFERENCE, "--fault", FAULT)
    again = run(tmp_path, *words)
    assert again.code == 1
    assert again.finding["observed"] == faulty.finding["observed"]
    assert again.document["run"]["requests"] == 1


def test_a_should_finding_fails_only_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = ServerScript((model("a", "2025-01-01T00:00:00.123456Z"),))
    path = tmp_path / "microseconds.json"
    path.write_text(scenario_text(Scenario("a fraction", CallSpec("retrieve", "models", {"model_id": "a"}), script)))
    words = ("--scenario", str(path), "--", *REFERENCE, "--fault", "keeps-milliseconds-only")
    assert code_of("client", *words) == 0
    assert "SHOULD client-created-at-keeps-microseconds" in capsys.readouterr().out
    assert code_of("client", "--fail-on", "should", *words) == 1
    assert "FAILED client-created-at-keeps-microseconds" in capsys.readouterr().out


def test_only_judges_what_it_names(one_page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--scenario", one_page, "--json", str(tmp_path / "r.json"), "--", *REFERENCE)
    assert code_of("client", "--only", "client-uses-*", "--only", "paging", *words) == 0
    document = json.loads((tmp_path / "r.json").read_text())
    # One page says nothing about walks, and a scenario that is played alone tells of what it exercised.
    assert [(entry["id"], entry["verdict"]) for entry in document["requirements"]] == [("client-uses-get", "pass")]
    capsys.readouterr()
    assert code_of("client", "--only", "paging", *words) == 3
    assert "INCOMPLETE: nothing could be judged" in capsys.readouterr().out


def test_a_python_object_is_judged_in_this_process(
    tmp_path: Path, one_page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = tmp_path / "my_driver.py"
    driver.write_text(
        "from models_conformance.reference.client.driver import driver_named\n"
        "right = driver_named('ideal')\n"
        "wrong = driver_named('page-loses-its-last-model')\n"
    )
    assert code_of("client", f"{driver}:right", "--scenario", one_page) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("PASSED: no requirement violated")
    assert code_of("client", f"{driver}:wrong", "--scenario", one_page) == 1
    assert f"--scenario - {driver}:wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("habit", "expected"),
    [
        ("exit-3", "The driver ended by itself in call 1 (one page): ended with status 3"),
        ("exit-0", "The driver ended by itself in call 1 (one page): ended with status 0"),
        ("kill-itself", "The driver was killed in call 1 (one page): was killed by SIGKILL"),
        ("chatter-before", 'The driver broke the protocol in call 1 (one page): broke the protocol: "connecting"'),
        ("wrong-id", "The driver broke the protocol in call 1 (one page): broke the protocol: the answer has id 2"),
        ("endless-line", "The driver broke the protocol in call 1 (one page)"),
        ("fault", "The driver failed by its own account in call 1 (one page): no idea"),
    ],
)
def test_a_driver_that_is_lost_leaves_the_run_incomplete_and_says_how(
    habit: str, expected: str, one_page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = (sys.executable, str(PROGRAMS / "misbehaving.py"), habit)
    assert code_of("client", "--scenario", one_page, "--", *program) == 3
    text = " ".join(capsys.readouterr().out.split())
    assert f"note: {expected}" in text
    assert "INCOMPLETE: nothing could be judged" in text


def test_a_driver_that_never_asks_the_server_has_not_passed(capsys: pytest.CaptureFixture[str]) -> None:
    program = (sys.executable, str(PROGRAMS / "misbehaving.py"), "fine")
    assert code_of("client", "--examples", "0", "--", *program) == 1
    text = capsys.readouterr().out
    assert "FAILED client-call-is-independent (must)" in text
    assert "0 requests in" in text


def test_a_driver_that_only_dies_is_given_up_and_every_call_counted(capsys: pytest.CaptureFixture[str]) -> None:
    program = (sys.executable, str(PROGRAMS / "misbehaving.py"), "exit-3")
    assert code_of("client", "--examples", "0", "--", *program) == 3
    text = capsys.readouterr().out
    assert text.count("note: The driver ended by itself in") == 5
    assert "calls in all have no answer" in text


@pytest.mark.parametrize("channel", ["standard-error", "chatter", "fault", "raised", "unsupported"])
def test_a_driver_that_tells_its_key_is_not_quoted_with_it(
    channel: str, tmp_path: Path, one_page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = tmp_path / "tells.py"
    driver.write_text(
        "import json, sys\n"
        "HELLO = {'protocol': 1, 'client': 'tells', 'version': '1', 'language': 'python', 'surfaces': ['models'],\n"
        "         'capabilities': []}\n"
        "for line in sys.stdin:\n"
        "    question = json.loads(line)\n"
        "    if question['op'] == 'hello':\n"
        "        print(json.dumps({'id': 0, 'ok': HELLO}), flush=True)\n"
        "        continue\n"
        "    text = 'my key is ' + question['connect']['api_key']\n"
        "    if sys.argv[1] == 'standard-error':\n"
        "        sys.exit(text)\n"
        "    raised = {'kind': 'argument', 'name': 'Refused', 'message': text}\n"
        "    answer = {'fault': text, 'unsupported': text, 'raised': raised}.get(sys.argv[1])\n"
        "    print(text if answer is None else json.dumps({'id': question['id'], sys.argv[1]: answer}), flush=True)\n"
    )
    words = ("--scenario", one_page, "--json", str(tmp_path / "r.json"), "--", sys.executable, str(driver), channel)
    assert code_of("client", *words) in (1, 3)
    captured = capsys.readouterr()
    written = captured.out + captured.err + (tmp_path / "r.json").read_text()
    assert "my key is" in " ".join(written.split())
    assert FIXTURE_KEY not in written


def test_a_refusal_after_the_request_is_told_of_the_driver(tmp_path: Path, one_page: str) -> None:
    driver = tmp_path / "late.py"
    driver.write_text(
        "from urllib.request import ProxyHandler, Request, build_opener\n"
        "class Driver:\n"
        "    def hello(self):\n"
        "        me = {'client': 'late', 'version': '1', 'language': 'python', 'surfaces': ['models']}\n"
        "        return {'protocol': 1, **me, 'capabilities': []}\n"
        "    def list(self, connect, args, walk, max_items):\n"
        "        sent = {'x-api-key': connect['api_key'], 'anthropic-version': '2023-06-01'}\n"
        "        asked = Request(connect['base_url'] + '/v1/models', headers=sent)\n"
        "        build_opener(ProxyHandler({})).open(asked).close()\n"
        "        return {'raised': {'kind': 'argument', 'name': 'ArgumentError'}}\n"
        "    retrieve = None\n"
    )
    ran = run(tmp_path, "--scenario", one_page, "--json", "result.json", "late:Driver")
    assert any("kind argument to 1 call whose request was sent" in note for note in ran.document["notes"]), ran.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "give the name of a client, or -- and the command of a driver"),
        (["curl", "--", "true"], "give the name of a client, or -- and the command of a driver"),
        (["--"], "nothing follows --"),
        (["anthropik"], "did you mean anthropic"),
        (["@anthropic-ai/skd"], "did you mean @anthropic-ai/sdk"),
        (["anthropic@newest"], "'newest' is not a version of anthropic"),
        (["anthropic@0.40.0"], "0.41.0 is the first"),
        (["curl@installed"], "only the Python driver runs in this process"),
        (["no_such_module:driver"], "cannot load 'no_such_module:driver': ModuleNotFoundError"),
        (["no_such_file.py:driver"], "there is no file"),
        (["models_conformance.reference.client:nothing"], "has no attribute 'nothing'"),
        (["models_conformance.errors:UsageError"], "or a driver object with hello()"),
        (["--", "/no/such/driver"], "cannot be started: No such file or directory"),
        (["--", sys.executable, str(PROGRAMS / "misbehaving.py"), "exit-at-start"], "ended with status 7"),
        (["--", sys.executable, str(PROGRAMS / "misbehaving.py"), "banner"], "broke the protocol"),
        (["--", sys.executable, str(PROGRAMS / "misbehaving.py"), "another-protocol"], "protocol"),
        (["--only", "list-after-id-is-exclusive", "--", "true"], "does not apply to clients"),
        (["--only", "client-uses-post", "--", "true"], "did you mean client-uses-get"),
        (["--scenario", "missing.json", "--", "true"], "missing.json: cannot be read: No such file"),
        (["--scenario", "latin.json", "--", "true"], "latin.json is not UTF-8"),
        (["--scenario", "list.json", "--", "true"], "list.json: the whole file"),
        (["--scenario", "broken.json", "--", "true"], "broken.json: "),
        (["--keep-scenarios", "list.json", "--", "true"], "is there and is not a folder"),
        (["--examples", "-1", "--", "true"], "--examples"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.json").write_bytes(b"\xe9")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "broken.json").write_text("{")
    assert expected in refused(capsys, "client", *words)


def test_an_option_behind_the_dashes_belongs_to_the_driver(one_page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("client", "-q", "--scenario", one_page, "--", *REFERENCE, "--oddity", "does-not-walk") == 0
    assert capsys.readouterr().out.startswith("PASSED: ")
    words = ("--scenario", one_page, "--oddity", "does-not-walk", "--", *REFERENCE)
    assert "--oddity" in refused(capsys, "client", *words)


def test_a_driver_without_a_hello_is_waited_for_as_long_as_the_option_says(capsys: pytest.CaptureFixture[str]) -> None:
    words = refused(capsys, "client", "-q", "--hello-timeout", "0.2", "--", sys.executable, "-c", "input(); input()")
    assert words.endswith("gave no answer within 0.2 s (is each line flushed? --hello-timeout gives it longer)\n")
