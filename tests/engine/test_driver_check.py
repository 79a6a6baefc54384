"""`driver check` finds what breaks the protocol, and nothing in a driver that keeps it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models_conformance.drivers.lint import CheckReport, check_report
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.engine.driver_check import check
from models_conformance.scenarios.fixture.loopback import Loopback
from tests.drivers.starting import PROGRAMS

TIMEOUTS = Timeouts(hello=30.0, call=20.0, ending=20.0, dying=0.3, failure_budget=2)


@pytest.fixture(scope="module")
def fixture_server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


def checked(fixture_server: Loopback, program: str, *arguments: str, timeouts: Timeouts = TIMEOUTS) -> CheckReport:
    return check([sys.executable, str(PROGRAMS / program), *arguments], fixture_server, timeouts=timeouts)


def complaints(report: CheckReport) -> list[str]:
    return [
        f"{complaint.about}: {complaint.says}" for complaint in report.complaints if complaint.weight == "complaint"
    ]


def remarks(report: CheckReport) -> list[str]:
    return [f"{complaint.about}: {complaint.says}" for complaint in report.complaints if complaint.weight == "remark"]


def test_a_driver_that_keeps_the_protocol_has_nothing_to_hear(fixture_server: Loopback) -> None:
    report = checked(fixture_server, "urllib_driver.py", "right")
    assert report.complaints == ()
    assert report.keeps_protocol
    assert report.checks == (
        "hello",
        "a page on models",
        "a page with limit and cursor on models",
        "a retrieve on models",
        "a page with betas on models",
        "a retrieve with betas on models",
        "a walk on models",
        "a walk that stops at max_items on models",
        "a model that is not there on models",
        "a server that is not there on models",
        "unusual values on models",
        "several questions at once",
        "the end of input",
    )
    lines = list(check_report(report))
    assert lines[0] == "urllib 1.0 (python), surfaces: models"
    assert lines[1] == "ok     hello"
    assert lines[-1] == "The driver keeps the protocol in all 13 checks."


@pytest.mark.parametrize(
    ("habit", "about", "words"),
    [
        ("naive-dates", "a retrieve on models", 'created_at is "2025-01-28T00:00:00", the protocol wants RFC 3339'),
        ("local-dates", "a page on models", 'created_at is "2025-01-28T00:00:00+02:00", the protocol wants RFC 3339'),
        ("flat-extra", "a page on models", 'a model has the member "max_input_tokens"'),
        ("one-more", "a walk that stops at max_items on models", "items holds 4 models, asked were at most 3"),
        ("never-truncated", "a walk that stops at max_items on models", "truncated is false, though the walk stopped"),
        ("always-truncated", "a walk on models", "truncated is true after 7 items, max_items was 100"),
        ("swallows-errors", "a model that is not there on models", "a 404 of the server belongs in raised"),
        ("faults-for-errors", "a server that is not there on models", "a refused connection belongs in raised"),
        ("nameless", "a model that is not there on models", "raised has no name"),
        ("never-asks", "a page on models", "no request reached the server"),
        ("cannot-walk", "hello", "capabilities has walk, which no surface supports"),
        ("no-reason", "a walk on models", "unsupported gives no reason"),
        ("strange-betas", "hello", 'betas_on names "beta.models", which surfaces lacks'),
        ("out-of-order", "several questions at once", "the answer has id 3, the question was 1"),
        ("always-raises", "a page on models", "the driver, or the library behind it, raises other, "),
    ],
)
def test_each_breach_is_found_where_it_is(fixture_server: Loopback, habit: str, about: str, words: str) -> None:
    report = checked(fixture_server, "urllib_driver.py", habit)
    assert any(complaint.startswith(f"{about}: ") and words in complaint for complaint in complaints(report)), report
    assert not report.keeps_protocol
    assert "The driver breaks the protocol in" in list(check_report(report))[-1]


@pytest.mark.parametrize(
    ("habit", "about", "words"),
    [
        ("always-limit", "a page on models", 'limit="20" was sent although it was not given'),
        ("drops-limit", "a page with limit and cursor on models", "limit was given and did not reach the server"),
        ("sends-no-key", "a page on models", 'was answered 401, which it raised as "HTTPError"'),
        ("ascii", "a page on models", "is standard output written as UTF-8?"),
        ("whole-seconds", "unusual values on models", "by the library, or by how the driver writes a date?"),
        ("one-empty", "unusual values on models", 'declare that in hello with "same": ["{}", "[]"]'),
        ("other-errors", "a server that is not there on models", "is raised as other, most libraries raise it as"),
    ],
)
def test_what_may_be_the_library_is_only_a_remark(fixture_server: Loopback, habit: str, about: str, words: str) -> None:
    report = checked(fixture_server, "urllib_driver.py", habit)
    assert any(remark.startswith(f"{about}: ") and words in remark for remark in remarks(report)), report
    assert complaints(report) == []


@pytest.mark.parametrize(
    ("habit", "expected"),
    [
        ("last-words", 'the end of input: after its last answer it wrote "goodbye\\n"'),
        ("status-at-the-end", "the end of input: it ended with status 9 at the end of its input, the protocol wants"),
    ],
)
def test_the_end_of_input_is_checked(fixture_server: Loopback, habit: str, expected: str) -> None:
    assert any(
        complaint.startswith(expected) for complaint in complaints(checked(fixture_server, "misbehaving.py", habit))
    )


def test_a_driver_that_does_not_end_is_found(fixture_server: Loopback) -> None:
    timeouts = Timeouts(hello=30.0, call=20.0, ending=0.3, dying=0.3)
    found = complaints(checked(fixture_server, "misbehaving.py", "hang-at-the-end", timeouts=timeouts))
    assert "the end of input: it had not ended 0.3 s after the end of its input" in found


def test_a_driver_that_only_dies_is_checked_no_further_than_its_losses(fixture_server: Loopback) -> None:
    report = checked(fixture_server, "misbehaving.py", "exit-3")
    assert report.checks == ("hello", "a page on models", "a page with limit and cursor on models")
    assert all("ended with status 3" in complaint for complaint in complaints(report))
    assert "\x1b" not in "".join(check_report(report))


def test_a_fault_is_a_complaint(fixture_server: Loopback) -> None:
    found = complaints(checked(fixture_server, "misbehaving.py", "fault"))
    assert 'a page on models: the driver answered fault: "no idea"' in found


@pytest.mark.parametrize("habit", ["banner", "exit-at-start", "another-protocol"])
def test_without_a_hello_that_is_all_there_is_to_say(fixture_server: Loopback, habit: str) -> None:
    report = checked(fixture_server, "misbehaving.py", habit)
    assert (report.hello, report.checks, len(report.complaints)) == (None, ("hello",), 1)


def test_a_program_that_does_not_exist_is_a_complaint_about_hello(fixture_server: Loopback, tmp_path: Path) -> None:
    report = check([str(tmp_path / "nothing")], fixture_server)
    assert "cannot be started: No such file" in complaints(report)[0]


def test_a_driver_is_asked_for_no_call_that_its_library_lacks(fixture_server: Loopback) -> None:
    report = checked(fixture_server, "urllib_driver.py", "only-lists-everything")
    assert report.complaints == ()
    assert report.checks == (
        "hello",
        "a page on models",
        "a walk on models",
        "a walk that stops at max_items on models",
        "a server that is not there on models",
        "unusual values on models",
        "several questions at once",
        "the end of input",
    )
