"""The stdio loop turns a driver object into a program, and keeps its pipes to itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from models_conformance.drivers.process import ProgramDriver
from models_conformance.drivers.stdio import CannotLoad, load
from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    DriverFailure,
    DriverFault,
    ModelRetrieved,
    Raised,
    Unsupported,
)
from tests.drivers.starting import CALM, CONNECT, LOOP, OBJECTS, PAGE, RETRIEVE, WALK, looped


def asked_for(model_id: str) -> CallSpec:
    return CallSpec("retrieve", "beta.models", {"model_id": model_id})


def answer_of(name: str, model_id: str) -> Answer:
    driver = looped(name)
    try:
        return driver.call(asked_for(model_id), CONNECT)
    finally:
        driver.close()


def reason_of(model_id: str) -> str:
    answer = answer_of("Odd", model_id)
    assert isinstance(answer, DriverFault), answer
    return answer.reason


def test_what_stands_in_ok_is_enough_and_connect_carries_the_surface() -> None:
    answer = answer_of("Right", "m")
    assert isinstance(answer, ModelRetrieved)
    members = ["api_key", "base_url", "max_retries", "surface", "timeout_s"]
    assert answer.model["id"] == f"beta.models {members} {{'model_id': 'm'}}"


def test_lists_and_walks_are_served() -> None:
    driver = looped("ready")
    page, walk = driver.call(PAGE, CONNECT), driver.call(WALK, CONNECT)
    driver.close()
    assert len(page.data) == 20  # type: ignore[union-attr]
    assert (len(walk.items), walk.truncated) == (3, True)  # type: ignore[union-attr]


def test_whole_answers_are_passed_on() -> None:
    assert answer_of("Whole", "model") == Unsupported("no such call")
    assert answer_of("Whole", "error") == Raised("status", "NotFoundError", 404)
    assert answer_of("Whole", "fault") == DriverFault("lost my way")


def test_coroutines_are_run_all_in_one_loop() -> None:
    driver = looped("Waiting")
    answers = [driver.call(RETRIEVE, CONNECT) for _ in range(3)]
    driver.close()
    assert answers == [ModelRetrieved({"id": "loops: 1"})] * 3


def test_whatever_is_raised_is_a_fault_with_its_place() -> None:
    assert reason_of("raise").startswith("KeyError: 'no such\\nthing' (objects.py:")
    assert reason_of("base").startswith("CancelledError: (objects.py:")


@pytest.mark.parametrize(
    ("habit", "words"),
    [
        ("none", "retrieve returned NoneType"),
        ("object", "not JSON serializable"),
        ("nan", "not JSON compliant"),
    ],
)
def test_what_is_no_answer_is_a_fault(habit: str, words: str) -> None:
    assert words in reason_of(habit)


def test_what_the_library_prints_does_not_reach_the_protocol() -> None:
    spec = json.dumps({"id": 1, "op": "retrieve", "surface": "models", "connect": {}, "args": {"model_id": "print"}})
    done = subprocess.run(
        [sys.executable, str(LOOP), f"{OBJECTS}:Odd"],
        input=spec + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["ok"]["model"]["id"] == "\ud800 ü"
    for chatter in ("on sys.stdout", "on descriptor 1", "of a child"):
        assert f"chatter {chatter}\n" in done.stderr


def test_what_the_library_reads_is_not_the_protocol() -> None:
    assert answer_of("Odd", "read") == ModelRetrieved({"id": "''"})


def test_a_driver_that_leaves_ends_the_program() -> None:
    assert answer_of("Odd", "exit") == DriverFailure("exit", "ended with status 3 where an answer was due")


def test_a_line_that_is_no_question_is_answered_by_a_fault() -> None:
    done = subprocess.run(
        [sys.executable, str(LOOP), f"{OBJECTS}:Right"],
        input=b'hello?\n{"id": 4, "op": "sing"}\n[]\n',
        capture_output=True,
        timeout=60,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [None, 4, None]
    assert all("fault" in answer for answer in answers)
    assert "there is no operation 'sing'" in answers[1]["fault"]


def test_a_file_called_like_the_library_it_drives_still_imports_the_library(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text(
        "import json\nclass Driver:\n    def hello(self):\n        return {'unsupported': json.dumps([1])}\n"
    )
    assert load(f"{tmp_path / 'json.py'}:Driver").hello() == {"unsupported": "[1]"}


def test_neighbours_of_the_loop_cannot_be_imported_by_accident(tmp_path: Path) -> None:
    (tmp_path / "asks.py").write_text("import protocol\n")
    done = subprocess.run(
        [sys.executable, str(LOOP), f"{tmp_path / 'asks.py'}:Driver"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "No module named 'protocol'" in done.stderr


def test_a_module_in_the_working_directory_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.py").write_text(OBJECTS.read_text())
    driver = ProgramDriver([sys.executable, str(LOOP), "here:Right"], timeouts=CALM)
    assert driver.hello().client == "object"
    driver.close()


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("nonsense", "is neither FILE.py:NAME nor MODULE:NAME"),
        (":Name", "is neither"),
        ("no/such/file.py:Driver", "there is no file 'no/such/file.py'"),
        ("no.such.module:Driver", "No module named 'no'"),
        (f"{OBJECTS}:Nobody", "has no attribute 'Nobody'"),
    ],
)
def test_what_cannot_be_loaded_is_told_in_one_line(spec: str, words: str) -> None:
    with pytest.raises(CannotLoad, match=words.replace(".", r"\.")) as caught:
        load(spec)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("arguments", [[], ["a:b", "c:d"], ["no.such.module:Driver"]])
def test_the_program_tells_misuse_in_one_line(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(LOOP), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_loop_is_one_file_of_the_standard_library_in_the_grammar_of_python_3_9() -> None:
    tree = ast.parse(LOOP.read_text(), feature_version=(3, 9))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert imported <= sys.stdlib_module_names
