"""A driver program that hangs, dies, chatters or lies ends in an outcome of its own, within its time."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models_conformance.drivers.interface import Driver, NoDriver
from models_conformance.drivers.process import ProgramDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.evidence.driver_calls import (
    CallSpec,
    DriverFailure,
    DriverFault,
    Hello,
    ItemsSeen,
    ModelRetrieved,
    PageSeen,
)
from tests.drivers.starting import CALM, CONNECT, PAGE, PROGRAMS, QUICK, RETRIEVE, WALK, ends, misbehaving
from tests.work import calls_made

MOST_CALLS_AT_THE_END = 3000
# Every process is asked whether it descends from the driver.
MOST_CALLS_A_PROCESS = 40


@contextmanager
def closing(driver: ProgramDriver) -> Iterator[ProgramDriver]:
    try:
        yield driver
    finally:
        driver.close()


def lost(driver: ProgramDriver) -> DriverFailure:
    answer = driver.call(RETRIEVE, CONNECT)
    assert isinstance(answer, DriverFailure), answer
    return answer


def test_a_right_program_answers_each_kind_of_call() -> None:
    with closing(misbehaving("fine", timeouts=CALM)) as program:
        driver: Driver = program
        assert driver.hello() == Hello("misbehaving", "1.0", "python", ("models",), frozenset({"walk"}))
        assert driver.call(RETRIEVE, CONNECT) == ModelRetrieved(
            {
                "id": "m",
                "created_at": "2025-01-01T00:00:00Z",
                "display_name": "M",
                "type": "model",
                "extra": {},
            }
        )
        assert isinstance(driver.call(PAGE, CONNECT), PageSeen)
        assert isinstance(driver.call(WALK, CONNECT), ItemsSeen)


def test_a_call_before_hello_starts_the_program_too() -> None:
    with closing(misbehaving("fine", timeouts=CALM)) as driver:
        assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)


@pytest.mark.parametrize(
    ("habit", "kind", "words"),
    [
        ("hang", "hang", "gave no answer within"),
        ("hang-halfway", "hang", "only a part of a line"),
        ("kill-itself", "signal", "was killed by SIGKILL"),
        ("exit-3", "exit", "ended with status 3"),
        ("exit-0", "exit", "ended with status 0"),
        ("chatter-before", "protocol", '"connecting"'),
        ("wrong-id", "protocol", "the answer has id 2, the question was 1"),
        ("page-for-all", "protocol", "ok holds page, the answer to a retrieve call holds model"),
        ("endless-line", "protocol", "without the end of a line"),
        ("deep", "protocol", "nested"),
        ("close-output", "protocol", "closed its standard output and runs on"),
    ],
)
def test_each_way_to_be_lost_is_told_apart(habit: str, kind: str, words: str) -> None:
    timeouts = Timeouts(hello=10.0, call=0.6 if kind == "hang" else 20.0, first_call=0.0, dying=0.3)
    with closing(misbehaving(habit, timeouts=timeouts)) as driver:
        driver.hello()
        answer = lost(driver)
    assert answer.kind == kind
    assert words in answer.detail


@pytest.mark.parametrize("habit", ["chatter-after", "answer-twice", "answer-ahead"])
def test_what_nobody_asked_for_loses_the_next_call(habit: str) -> None:
    with closing(misbehaving(habit, timeouts=CALM)) as driver:
        assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)
        assert lost(driver).kind == "protocol"


def test_a_program_that_answers_and_ends_has_answered_and_the_next_call_finds_it_gone() -> None:
    with closing(misbehaving("answer-and-exit", timeouts=CALM)) as driver:
        assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)
        answer = lost(driver)
        assert (answer.kind, answer.detail) == ("exit", "ended with status 4 where an answer was due")
        assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)


def test_a_program_that_closes_its_input_is_lost_at_the_next_question() -> None:
    with closing(misbehaving("close-input", timeouts=Timeouts(hello=30.0, call=30.0, dying=0.3))) as driver:
        assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)
        assert lost(driver) == DriverFailure("protocol", "closed its standard input and runs on")


def test_a_flood_on_standard_error_blocks_nobody() -> None:
    with closing(misbehaving("flood-of-errors", timeouts=CALM)) as driver:
        for _ in range(3):
            assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)


def test_the_end_of_standard_error_is_told_with_its_escapes_made_harmless() -> None:
    with closing(misbehaving("exit-3", timeouts=CALM)) as driver:
        detail = lost(driver).detail
    assert "its standard error ends with: Traceback: \\x1b[31mno such thing\\x1b[0m" in detail
    assert detail.isprintable()


def test_a_fault_is_an_answer_and_no_loss() -> None:
    with closing(misbehaving("fault", timeouts=Timeouts(failure_budget=1))) as driver:
        assert [driver.call(RETRIEVE, CONNECT) for _ in range(3)] == [DriverFault("no idea")] * 3


def test_after_too_many_losses_no_further_program_is_started() -> None:
    with closing(misbehaving("exit-3", timeouts=Timeouts(failure_budget=2))) as driver:
        assert [lost(driver).detail[:24] for _ in range(2)] == ["ended with status 3 wher"] * 2
        last = lost(driver)
        assert last.kind == "exit"
        assert last.detail.startswith("was given up after 2 failed calls")


def test_a_program_started_again_must_say_the_same_hello(tmp_path: Path) -> None:
    with closing(misbehaving("another-hello", str(tmp_path / "met"), timeouts=CALM)) as driver:
        assert lost(driver).detail == "ended with status 8 where an answer was due"
        assert "its hello is another than before" in lost(driver).detail


def test_the_first_call_after_a_start_has_more_time() -> None:
    timeouts = Timeouts(hello=10.0, call=0.1, first_call=20.0, dying=0.3)
    with closing(misbehaving("slow", timeouts=timeouts)) as driver:
        assert isinstance(driver.call(RETRIEVE, CONNECT), ModelRetrieved)
        assert lost(driver).kind == "hang"


def test_a_slow_start_is_waited_for() -> None:
    with closing(misbehaving("slow-start", timeouts=CALM)) as driver:
        assert driver.hello().client == "misbehaving"


@pytest.mark.parametrize(
    ("habit", "words"),
    [
        ("banner", "Listening for questions"),
        ("exit-at-start", "ended with status 7 where an answer was due; its standard error ends with: cannot find"),
        ("hang-at-start", "gave no answer within 1 s"),
        ("another-protocol", "hello offers protocol 2, this suite speaks protocol 1"),
    ],
)
def test_a_program_without_a_right_hello_is_no_driver(habit: str, words: str) -> None:
    timeouts = Timeouts(hello=1.0 if habit == "hang-at-start" else 30.0, dying=0.3)
    with closing(misbehaving(habit, timeouts=timeouts)) as driver, pytest.raises(NoDriver, match=words) as caught:
        driver.hello()
    assert "\n" not in str(caught.value)


def test_what_cannot_be_started_is_no_driver_in_one_line(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")
    for argv, words in (
        (["no-such-program-anywhere"], "No such file"),
        ([str(plain)], "Permission denied"),
        (["a\0b"], "cannot be started"),
        ([], "cannot be started"),
    ):
        with closing(ProgramDriver(argv)) as driver:
            with pytest.raises(NoDriver, match=words) as caught:
                driver.hello()
            assert str(caught.value).isprintable()
            assert isinstance(driver.call(RETRIEVE, CONNECT), DriverFailure)


def test_a_program_that_vanishes_between_two_starts_is_lost(tmp_path: Path) -> None:
    script = tmp_path / "driver"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} {PROGRAMS / 'misbehaving.py'} exit-3\n")
    script.chmod(0o755)
    with closing(ProgramDriver([str(script)], timeouts=CALM)) as driver:
        driver.hello()
        script.unlink()
        assert lost(driver).detail.startswith("ended with status 3")
        assert "cannot be started" in lost(driver).detail


@pytest.mark.parametrize("habit", ["leave-a-child", "die-and-leave-a-child", "orphan-the-output"])
def test_nothing_that_the_program_started_is_left(habit: str, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    driver = misbehaving(habit, str(note), timeouts=Timeouts(hello=10.0, call=20.0, dying=0.3))
    with closing(driver):
        driver.call(RETRIEVE, CONNECT)
    assert ends(int(note.read_text()))


def test_the_end_is_seen_though_a_child_holds_the_output_open(tmp_path: Path) -> None:
    with closing(misbehaving("orphan-the-output", str(tmp_path / "pid"), timeouts=CALM)) as driver:
        assert lost(driver).detail == "ended with status 6 where an answer was due"


def test_a_program_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with closing(misbehaving("ignore-sigterm", str(note), timeouts=QUICK)) as driver:
        assert lost(driver).kind == "hang"
        assert ends(int(note.read_text()))


@pytest.mark.parametrize("habit", ["fine", "hang-at-the-end", "last-words", "status-at-the-end"])
def test_close_leaves_no_process_and_no_descriptor(habit: str) -> None:
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    driver = misbehaving(habit)
    driver.hello()
    # It looks again every few milliseconds while it waits, so the number of looks bounds the wait.
    most = MOST_CALLS_AT_THE_END + MOST_CALLS_A_PROCESS * len(os.listdir("/proc"))
    assert calls_made(driver.close) < most
    driver.close()
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_an_interrupt_ends_the_program_whose_answer_is_due(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    driver = misbehaving("ignore-sigterm", str(note), timeouts=Timeouts(hello=10.0, call=60.0, dying=0.3))
    driver.hello()
    watcher = threading.Thread(target=_interrupt_once_there, args=(note,))
    watcher.start()
    with closing(driver), pytest.raises(KeyboardInterrupt):
        driver.call(RETRIEVE, CONNECT)
    watcher.join()
    assert ends(int(note.read_text()))


def _interrupt_once_there(note: Path) -> None:
    while not (note.exists() and note.read_text()):
        time.sleep(0.01)
    signal.raise_signal(signal.SIGINT)


def test_a_question_larger_than_the_pipe_reaches_a_slow_reader() -> None:
    with closing(misbehaving("fine", timeouts=CALM)) as driver:
        answer = driver.call(CallSpec("retrieve", "models", {"model_id": "x" * 3_000_000}), CONNECT)
    assert isinstance(answer, ModelRetrieved)
    assert len(answer.model["id"]) == 3_000_000
