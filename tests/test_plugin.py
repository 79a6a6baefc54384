"""The plugin and the suite it ships, in pytest runs of their own with an engine that answers at once."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from models_conformance.contract.shipped import shipped_contracts
from models_conformance.engine import server
from models_conformance.errors import UsageError
from models_conformance.requirements.register import select
from models_conformance.suites.settings import read_settings
from tests import sweeps

JUDGED = sum(entry.level != "observe" for entry in select("server"))
# What is observed, and what comes from facts: the run that stands in for one has the contract without them.
SKIPPED = len(select("server", (), shipped_contracts())) - JUDGED

# Other plugins are left out: each of these runs is a new process.
LIGHT = [
    word
    for name in ("cacheprovider", "respx", "recording", "hypothesispytest", "anyio")
    for word in ("-p", f"no:{name}")
]
SUITE = ("--pyargs", "models_conformance.suites.server", *LIGHT)
AT = ("--target", "http://127.0.0.1:1")

# Replaces the engine. What it is to find comes by the environment, so that workers get it too.
ENGINE = """
import json, os
import models_conformance.engine.server
from models_conformance.errors import Unreachable
from models_conformance.requirements.register import select
from models_conformance.result import Cause, Finding, Observation, RequirementResult, Result, Run, Subject, run_verdict

def judge_server(options):
    with open(os.environ["CALLS"], "a") as calls:
        calls.write(json.dumps({"url": options.url, "key": options.api_key, "aliases": dict(options.aliases),
            "headers": options.headers, "timeout": options.timeout_seconds, "seed": options.run.seed,
            "only": options.run.only, "max": options.run.max_requests, "examples": options.run.examples,
            "strict": options.run.strict, "fail_on": options.run.fail_on}) + "\\n")
    if os.environ.get("RAISES") == "unreachable":
        raise Unreachable(f"{options.url} cannot be reached: connection refused")
    if os.environ.get("RAISES") == "bug":
        raise KeyError("a bug that quotes " + str(options.api_key))
    verdicts = json.loads(os.environ.get("VERDICTS", "{}"))
    entries = []
    for requirement in select("server", options.run.only):
        verdict = verdicts.get(requirement.id, "pass")
        findings = (Finding("it held b", "it starts after b", (), "curl http://x", requirement.advice, cause="x"),)
        findings = findings if verdict == "fail" else ()
        entries.append(RequirementResult(requirement, verdict, 1, findings, "one model only"))
    run = Run("2026-08-17T10:00:00Z", 1.0, 9, 0, run_verdict(tuple(entries), options.run.fail_on,
        options.run.strict), options.run.fail_on, options.run.strict)
    return Result(Subject("server", options.url, None, options.url), run, tuple(entries),
        (Observation("limit=0", "400"),), {}, ("waited after a 429",),
        (Cause("x", "after_id is not read", "list-after-id-is-exclusive", (), ()),))

models_conformance.engine.server.judge_server = judge_server
"""
AFTER = "list-after-id-is-exclusive"
UNIQUE = "body-keys-are-unique"


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Somebody's project, with the engine replaced until the test is over."""
    monkeypatch.setattr(server, "judge_server", server.judge_server)
    pytester.makeconftest(ENGINE)
    monkeypatch.setenv("CALLS", str(pytester.path / "calls"))
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    return pytester


def run(
    project: pytest.Pytester,
    *args: str,
    verdicts: dict[str, str] | None = None,
    raises: str = "",
    monkeypatch: pytest.MonkeyPatch,
) -> pytest.RunResult:
    monkeypatch.setenv("VERDICTS", json.dumps(verdicts or {}))
    monkeypatch.setenv("RAISES", raises)
    return project.runpytest_inprocess(*args) if "-n" not in args else project.runpytest_subprocess(*args)


def calls(project: pytest.Pytester) -> list[dict[str, object]]:
    path = project.path / "calls"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_every_requirement_is_a_test_and_the_engine_runs_once(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run(project, *SUITE, *AT, "-v", monkeypatch=monkeypatch)
    assert ran.ret == 0
    ran.assert_outcomes(passed=JUDGED, skipped=SKIPPED)
    ran.stdout.fnmatch_lines(
        [
            "*::test_requirement?cursor/list-both-cursors? SKIPPED*",
            f"*::test_requirement?cursor/{AFTER}? PASSED*",
            "note: waited after a 429",
            f"PASSED: no requirement violated, {JUDGED} kept; 9 requests in 1.0 s",
        ]
    )
    assert len(calls(project)) == 1
    assert calls(project)[0]["only"] == []


def test_a_violation_fails_its_test_without_a_traceback(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run(
        project,
        *SUITE,
        *AT,
        "-rs",
        verdicts={AFTER: "fail", "walk-ends": "inconclusive"},
        monkeypatch=monkeypatch,
    )
    assert ran.ret == 1
    ran.assert_outcomes(passed=JUDGED - 2, failed=1, skipped=SKIPPED + 1)
    ran.stdout.fnmatch_lines(
        ["*it held b", "*it starts after b", "*curl http://x", "*Let the page start*", "FAILED: 1 *"]
    )
    ran.stdout.fnmatch_lines(["SKIPPED*inconclusive: one model only"])
    assert "test_server.py:" not in ran.stdout.str().partition("= FAILURES")[2].partition("= models-conf")[0]


def test_a_should_finding_fails_only_where_asked(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run(project, *SUITE, *AT, verdicts={UNIQUE: "fail"}, monkeypatch=monkeypatch)
    assert ran.ret == 0
    ran.assert_outcomes(passed=JUDGED, skipped=SKIPPED)
    ran.stdout.fnmatch_lines(
        ["*= models-conformance =*", f"{UNIQUE} (should)*", "*it held b", "PASSED*1 should finding*"]
    )
    ran = run(project, *SUITE, *AT, "--models-fail-on", "should", verdicts={UNIQUE: "fail"}, monkeypatch=monkeypatch)
    assert ran.ret == 1
    ran.assert_outcomes(passed=JUDGED - 1, failed=1, skipped=SKIPPED)


def test_unreachable_is_one_line_and_a_usage_error(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run(project, *SUITE, *AT, raises="unreachable", monkeypatch=monkeypatch)
    assert ran.ret == 2
    assert "http://127.0.0.1:1 cannot be reached: connection refused" in ran.stdout.str()
    assert "Traceback" not in ran.stdout.str() + ran.stderr.str()


def test_strict_with_something_open_is_incomplete(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = {"walk-ends": "inconclusive"}
    assert run(project, *SUITE, *AT, verdicts=verdicts, monkeypatch=monkeypatch).ret == 0
    ran = run(project, *SUITE, *AT, "--models-strict", verdicts=verdicts, monkeypatch=monkeypatch)
    assert ran.ret == 3
    ran.stdout.fnmatch_lines(["INCOMPLETE*1 not judged*"])
    verdicts[AFTER] = "fail"
    assert run(project, *SUITE, *AT, "--models-strict", verdicts=verdicts, monkeypatch=monkeypatch).ret == 1


def test_an_error_of_the_suite_has_its_own_code(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(project, *SUITE, *AT, verdicts={AFTER: "error"}, monkeypatch=monkeypatch).ret == 4
    ran = run(project, *SUITE, *AT, "--models-api-key", "sk-secret-1", raises="bug", monkeypatch=monkeypatch)
    assert ran.ret == 4
    assert "the suite itself failed: KeyError" in ran.stdout.str()
    assert "sk-secret-1" not in ran.stdout.str() + ran.stderr.str()
    assert "Traceback" not in ran.stdout.str() + ran.stderr.str()


def test_every_option_arrives(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    options = "--models-only cursor --models-only walk-* --models-seed 5 --models-max-requests 50 --models-examples 3"
    more = "--models-timeout 2.5 --models-fail-on should --models-alias a=b --models-alias c --models-api-key k"
    rest = ["--models-header", "X-A: b", "--models-strict"]
    ran = run(project, *SUITE, *AT, *options.split(), *more.split(), *rest, monkeypatch=monkeypatch)
    assert ran.ret == 0
    assert calls(project) == [
        {
            "url": "http://127.0.0.1:1",
            "key": "k",
            "aliases": {"a": "b", "c": None},
            "headers": [["X-A", "b"]],
            "timeout": 2.5,
            "seed": 5,
            "only": ["cursor", "walk-*"],
            "max": 50,
            "examples": 3,
            "strict": True,
            "fail_on": "should",
        }
    ]
    ran.assert_outcomes(passed=10, skipped=2)


def test_selecting_some_tests_judges_those_alone(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "from-the-environment")
    ran = run(project, *SUITE, *AT, "-k", "walk-ends", verdicts={AFTER: "fail"}, monkeypatch=monkeypatch)
    assert ran.ret == 0
    assert calls(project)[0]["only"] == ["walk-ends"]
    assert calls(project)[0]["key"] == "from-the-environment"
    assert "from-the-environment" not in ran.stdout.str()
    ran.assert_outcomes(passed=1, deselected=len(select("server", (), shipped_contracts())) - 1)


def test_the_reports_are_written(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    args = (*SUITE, *AT, "--models-json", "r.json", "--models-junit", "r.xml")
    assert run(project, *args, verdicts={AFTER: "fail"}, monkeypatch=monkeypatch).ret == 1
    assert json.loads((project.path / "r.json").read_text())["run"]["verdict"] == "failed"
    assert ElementTree.parse(project.path / "r.xml").getroot().attrib["failures"] == "1"


def test_a_bad_option_is_one_line(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run(project, *SUITE, *AT, "--models-only", "lst-after*", monkeypatch=monkeypatch)
    assert ran.ret == 2
    lines = (ran.stdout.str() + ran.stderr.str()).strip().splitlines()
    assert len([line for line in lines if "did you mean" in line]) == 1
    assert "Traceback" not in "".join(lines)
    assert calls(project) == []


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--target", "ftp://x"), "another scheme"),
        (("--target", ""), "no scheme"),
        ((*AT, "--models-json", "missing/r.json"), "there is no folder"),
        ((*AT, "--models-header", "no colon"), "no colon"),
        ((*AT, "--models-alias", "=x"), "expected NAME"),
        ((*AT, "--models-seed", "x"), "--models-seed x: expected a whole number"),
        ((*AT, "--models-max-requests", "0"), "--models-max-requests 0: expected a whole number from 1 on"),
        ((*AT, "--models-timeout", "nan"), "--models-timeout nan: expected a number from 0.001 to 3600"),
        ((*AT, "--models-fail-on", "may"), "expected must or should"),
    ],
)
def test_every_option_is_checked(args: tuple[str, ...], expected: str, pytester: pytest.Pytester) -> None:
    config = pytester.parseconfig(*args)
    with pytest.raises(UsageError, match=expected):
        read_settings(config)


def test_workers_of_xdist_come_to_the_same_verdict(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    args = (*SUITE, *AT, "-n", "2", "--models-json", "r.json")
    ran = run(project, *args, verdicts={AFTER: "fail"}, monkeypatch=monkeypatch)
    assert ran.ret == 1
    ran.assert_outcomes(passed=JUDGED - 1, failed=1, skipped=SKIPPED)
    ran.stdout.fnmatch_lines(["to fix, 1: after_id is not read", f"FAILED: 1 requirement violated, {JUDGED - 1} kept*"])
    assert ran.stdout.str().count("= models-conformance =") == 1
    assert (project.path / "calls").read_text().count("\n") == 1, "the engine runs once for all workers"
    assert json.loads((project.path / "r.json").read_text())["run"]["verdict"] == "failed"


@pytest.mark.parametrize(
    ("raises", "code", "expected"), [("unreachable", 2, "cannot be reached"), ("bug", 4, "KeyError")]
)
def test_workers_of_xdist_tell_what_stopped_them(
    raises: str, code: int, expected: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run(project, *SUITE, *AT, "-n", "1", raises=raises, monkeypatch=monkeypatch)
    assert ran.ret == code
    assert expected in ran.stdout.str()
    assert "crashed" not in ran.stdout.str()


def test_other_projects_are_left_alone(pytester: pytest.Pytester) -> None:
    # Its own options are called as ours are, and one of them names what it judges.
    pytester.makeconftest("def pytest_addoption(parser): parser.addoption('--target'); parser.addoption('--seed')")
    folder = pytester.mkpydir("inner")
    (folder / "conftest.py").write_text("def pytest_addoption(parser): parser.addoption('--json')\n")
    (folder / "test_it.py").write_text(
        "import sys\n"
        "def test_it(pytestconfig):\n"
        "    assert pytestconfig.getoption('--seed') == '3'\n"
        "    assert pytestconfig.getoption('--target') == 'x86'\n"
        "    ours = {name for name in sys.modules if name.startswith('models_conformance')}\n"
        "    package = {'models_conformance', 'models_conformance.version'}\n"
        "    assert ours == package | {'models_conformance.suites', 'models_conformance.suites.plugin'}\n"
    )
    ran = pytester.runpytest_subprocess("--seed", "3", "--target", "x86", *LIGHT)
    ran.assert_outcomes(passed=1)
    assert "= models-conformance" not in ran.stdout.str()


def test_an_option_that_somebody_else_owns_is_read_from_them(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = "def pytest_addoption(parser):\n    parser.addoption('--target', dest='host')\n"
    (project.path / "conftest.py").write_text(ENGINE + owner)
    ran = run(project, *SUITE, *AT, "-k", "walk-ends", monkeypatch=monkeypatch)
    assert ran.ret == 0
    assert calls(project)[0]["url"] == AT[1]


def test_a_limit_for_one_test_is_no_limit_for_the_run(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The engine sleeps longer than one test may last.
    project.makeconftest(ENGINE.replace("    verdicts = ", "    import time; time.sleep(1)\n    verdicts = "))
    ran = run(project, *SUITE, *AT, "--timeout", "0.5", "-k", "walk-ends", monkeypatch=monkeypatch)
    assert ran.ret == 0
    ran.assert_outcomes(passed=1, deselected=len(select("server", (), shipped_contracts())) - 1)
    assert len(calls(project)) == 1


def test_nothing_is_sent_where_tests_are_only_collected(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(project, *SUITE, *AT, "--collect-only", monkeypatch=monkeypatch).ret == 0
    assert calls(project) == []


@pytest.mark.parametrize(("mode", "sent"), [("none", "blocked: True"), ("once", "blocked: False")])
def test_the_network_is_blocked_except_for_a_recording(
    mode: str, sent: str, project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The engine notes whether the network was blocked when it was asked to judge.
    note = "import socket; print('blocked:', 'guard' in socket.socket.connect.__name__, file=calls); return\n"
    project.makeconftest(ENGINE.replace("        calls.write(", f"        {note}        calls.write("))
    shutil.copytree(Path(__file__).resolve().parents[1] / "cassettes" / "ideal", project.path / "cassettes")
    words = ("--pyargs", "models_conformance.suites.server", "-p", "no:cacheprovider", *AT)
    run(project, *words, "--block-network", f"--record-mode={mode}", monkeypatch=monkeypatch)
    assert (project.path / "calls").read_text() == f"{sent}\n"


@pytest.mark.parametrize(
    ("start", "folder"),
    sweeps.crossed(
        [((str(Path(sys.executable).with_name("pytest")),),), ((sys.executable, "-m", "pytest"),)],
        ["conformance", "tests/conformance"],
    ),
)
def test_a_project_may_have_a_package_that_is_called_conformance(
    start: tuple[str, ...], folder: str, pytester: pytest.Pytester
) -> None:
    package = pytester.path / folder
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def hello():\n    return 1\n")
    name = folder.rpartition("/")[2]
    (package.parent / "test_ours.py").write_text(
        f"from {name} import hello\n\n\ndef test_ours():\n    assert hello() == 1\n"
    )
    (package / "test_inside.py").write_text("def test_inside():\n    pass\n")
    ran = pytester.run(*start, "-p", "no:cacheprovider")
    ran.assert_outcomes(passed=2)


def test_help_shows_the_options(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess("--help")
    assert ran.ret == 0
    ran.stdout.fnmatch_lines(
        ["judging an endpoint or a client (models-conformance):", "*--target=URL*", "*--models-alias=NAME*"]
    )


def test_collecting_a_folder_above_does_not_run_the_suite(pytester: pytest.Pytester) -> None:
    root = Path(__file__).resolve().parents[1]
    ran = pytester.runpytest_inprocess(str(root / "conformance"), "--collect-only", "-q")
    assert "test_requirement" not in ran.stdout.str()
    assert ran.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_without_a_target_the_reference_server_is_judged_by_the_real_engine(
    pytester: pytest.Pytester,
) -> None:
    ran = pytester.runpytest_inprocess(*SUITE, "--models-only", "walk", "--models-only", "limit")
    assert ran.ret == 0
    ran.assert_outcomes(passed=8, skipped=1)
    ran.stdout.fnmatch_lines(["observed: limit=*", "PASSED: no requirement violated, 8 kept; *"])
