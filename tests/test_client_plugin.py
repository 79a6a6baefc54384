"""The suite for clients as plain pytest: a test a requirement, judged by the real engine in runs of their own."""

from __future__ import annotations

import json
import shlex
import sys

import pytest

from models_conformance.contract.shipped import shipped_contracts
from models_conformance.requirements.register import select
from tests.drivers.starting import PROGRAMS
from tests.test_plugin import LIGHT

SUITE = ("--pyargs", "models_conformance.suites.client", *LIGHT, "--models-examples", "0")
REFERENCE = f"-- {shlex.quote(sys.executable)} -m models_conformance.reference.client"
FAULTY = f"{REFERENCE} --fault leaves-slashes-unescaped"
EVERY = select("client", (), shipped_contracts())
JUDGED = sum(requirement.level != "observe" for requirement in EVERY)
ESCAPES = "client-escapes-model-id-once"


def misbehaving(habit: str) -> str:
    return f"-- {shlex.join([sys.executable, str(PROGRAMS / 'misbehaving.py'), habit])}"


def everything_said(ran: pytest.RunResult) -> str:
    return f"{ran.stdout.str()}\n{ran.stderr.str()}"


def test_every_requirement_is_a_test_of_a_correct_client(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess(
        *SUITE, "--client", REFERENCE, "--models-strict", "--models-json", "r.json", "-v"
    )
    assert ran.ret == 0
    ran.assert_outcomes(passed=JUDGED, skipped=len(EVERY) - JUDGED)
    ran.stdout.fnmatch_lines(
        [
            f"*::test_requirement?wire/{ESCAPES}? PASSED*",
            "*::test_requirement?wire/client-two-cursors? SKIPPED*",
            "observed: both cursors at once: *",
            f"PASSED: no requirement violated, {JUDGED} kept; *",
        ]
    )
    document = json.loads((pytester.path / "r.json").read_text())
    assert document["subject"]["name"] == "reference-client"
    assert {entry["id"] for entry in document["requirements"]} == {requirement.id for requirement in EVERY}


def test_a_violation_fails_its_test_with_the_line_that_plays_it_again(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess(*SUITE, "--client", FAULTY, "-k", f"{ESCAPES} or client-uses-get")
    assert ran.ret == 1
    ran.assert_outcomes(passed=1, failed=1, deselected=len(EVERY) - 2)
    ran.stdout.fnmatch_lines(
        [
            f"*{ESCAPES}*",
            "*goes out as*",
            f"*models-conformance client --only {ESCAPES} --scenario - {FAULTY}*",
            "FAILED: 1 requirement violated, 1 kept; *",
        ]
    )
    assert "test_client.py:" not in ran.stdout.str().partition("= FAILURES")[2].partition("= models-conf")[0]


def test_a_driver_that_is_lost_leaves_the_run_incomplete(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_inprocess(*SUITE, "--client", misbehaving("exit-3"))
    assert ran.ret == 3
    ran.assert_outcomes(skipped=len(EVERY))
    ran.stdout.fnmatch_lines(["note: The driver ended by itself in call 1 *", "INCOMPLETE: nothing could be judged*"])


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ((), "the suite for clients needs --client NAME[@VERSION], or --client '-- CMD...'"),
        (("--client", misbehaving("exit-at-start")), "ended with status 7"),
        (
            ("--client", REFERENCE, "--models-only", "cursor"),
            "--models-only: what matches 'cursor' does not apply to clients",
        ),
    ],
)
def test_a_client_that_cannot_be_judged_is_one_line_and_a_usage_error(
    client: tuple[str, ...], expected: str, pytester: pytest.Pytester
) -> None:
    ran = pytester.runpytest_inprocess(*SUITE, *client)
    assert ran.ret == 2
    text = everything_said(ran)
    assert expected in text
    assert "Traceback" not in text
    assert "runtime.py" not in text
