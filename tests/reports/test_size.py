"""Whatever a subject sends, what is shown of it stays small; what proves is whole."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

import pytest
from rich.console import Console

from models_conformance.evidence.exchange import Exchange, Request, Response
from models_conformance.matrix.comparing import compare
from models_conformance.matrix.markdown import markdown
from models_conformance.matrix.page import html
from models_conformance.matrix.result_files import parse_result
from models_conformance.reports import annotations as github
from models_conformance.reports.as_json import render as as_json
from models_conformance.reports.curl import LONGEST_COMMAND, line_for
from models_conformance.reports.terminal import show
from models_conformance.reports.words import explanation
from models_conformance.result import Finding, Observation, Result, Subject
from tests.reports.result_strategies import BASE, sample

MEGABYTE = 1_000_000
LONG = "\x1b" * 1000 + "m" * MEGABYTE
MOST_CHARACTERS = MEGABYTE


def broken() -> Result:
    """Four requirements fail thrice, and every text of the subject is of a megabyte."""
    result = sample()
    failing = [replace(entry, verdict="fail") for entry in result.requirements if entry.requirement.level == "must"][
        :12
    ]
    request = Request("GET", f"{BASE}/v1/models/{'m' * MEGABYTE}", (("anthropic-beta", "b" * MEGABYTE),))
    exchange = Exchange(2, request, Response(200, (("x", LONG),), LONG.encode()))
    finding = Finding(LONG, LONG, (2,), "", LONG, kind="holds-the-cursor", place=LONG)
    return replace(
        result,
        subject=Subject("server", LONG, LONG, LONG),
        requirements=tuple(replace(entry, findings=(finding,) * 3, reason=LONG) for entry in failing),
        observations=(Observation(LONG, LONG),) * 20,
        notes=(LONG,) * 20,
        exchanges={2: exchange},
    )


def on_terminal(result: Result) -> str:
    file = io.StringIO()
    show(result, Console(file=file, width=80, highlight=False), "verbose")
    return file.getvalue()


def rendered(name: str) -> Callable[[Result], str]:
    function: Callable[[Result], str] = import_module(f"models_conformance.reports.{name}").render
    return function


SHOWN: dict[str, Callable[[Result], str]] = {
    "terminal": on_terminal,
    "markdown": rendered("markdown"),
    "junit": rendered("junit"),
    "html": rendered("html"),
    "badge": rendered("badge"),
    "annotations": lambda result: github.render(result, {"GITHUB_ACTIONS": "true"}),
    "pytest": lambda result: "".join(explanation(result, entry) for entry in result.requirements),
}


@pytest.mark.parametrize("report", SHOWN)
def test_megabytes_of_a_subject_make_no_megabytes_of_a_report(report: str) -> None:
    assert len(SHOWN[report](broken())) < MOST_CHARACTERS


def test_a_command_is_whole_or_a_note_on_its_length() -> None:
    result = sample(list_after_id_is_exclusive="fail")
    entry = next(entry for entry in result.requirements if entry.findings)
    for length, is_shown in ((LONGEST_COMMAND, True), (LONGEST_COMMAND + 1, False)):
        line = "curl ".ljust(length, "x")
        told = explanation(result, replace(entry, findings=(replace(entry.findings[0], reproduce=line),)))
        assert (line in told) is is_shown
        assert ("(cut, 8,193 characters: the JSON result has the whole command)" in told) is not is_shown
        assert "curl xxxx" not in told.replace(line, "")


def test_what_proves_is_whole() -> None:
    result = replace(broken(), requirements=broken().requirements[:1], notes=(), observations=())
    document = json.loads(as_json(result))
    entry = document["requirements"][0]
    # Compared first: a difference of megabytes is nothing to be shown.
    is_whole = entry["findings"][0]["reproduce"] == line_for(result.requirements[0].findings[0], result.exchanges)
    assert is_whole
    assert len(entry["findings"][0]["observed"]) > MEGABYTE
    assert len(document["exchanges"]["2"]["request"]["url"]) > MEGABYTE


def test_a_matrix_of_such_results_is_small_too() -> None:
    text = as_json(replace(broken(), requirements=broken().requirements[:1], notes=(), observations=()))
    table = compare([parse_result(text.encode(), f"{number}.json") for number in range(2)])
    assert len(markdown(table)) < MOST_CHARACTERS
    assert len(html(table)) < MOST_CHARACTERS
