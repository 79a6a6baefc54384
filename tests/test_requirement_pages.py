"""A page for every requirement, as committed: up to date, whole, and led to by every report."""

from __future__ import annotations

import json
import re
from importlib.metadata import metadata
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from models_conformance.frontend.requirement_pages import FOLDER, page, pages
from models_conformance.reports import html, markdown, sarif, terminal
from models_conformance.requirements.pages import page_url
from models_conformance.requirements.register import every_requirement
from tests.reports.result_strategies import sample

COMMITTED = {path.name: path.read_text("utf-8") for path in (Path(__file__).parent.parent / FOLDER).iterdir()}
# Played in each run; the others in the sweep.
PLAYED = ("list-after-id-is-exclusive", "credentials-missing-is-401", "client-requests-documented-path")


def test_they_are_what_the_register_and_the_references_say() -> None:
    written = dict(pages(COMMITTED))
    stale = [name for name in sorted({*written, *COMMITTED}) if written.get(name) != COMMITTED.get(name)]
    assert stale == [], "run python -m models_conformance.frontend.documentation"


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in PLAYED else pytest.mark.sweep) for name in every_requirement()],
)
def test_an_example_is_what_the_fault_and_the_ideal_do(name: str) -> None:
    assert page(every_requirement()[name]) == COMMITTED[f"{name}.md"]


def test_each_says_all_that_its_reader_needs() -> None:
    for name, requirement in every_requirement().items():
        text = COMMITTED[f"{name}.md"]
        wanted = [requirement.statement, *(f"`{slug}`" for slug in requirement.kinds)]
        if requirement.level != "observe":
            assert requirement.why.endswith("."), name
            wanted += [requirement.why, requirement.advice, "https://platform.claude.com/docs/"]
            played = "## A wrong and a right one" in text
            assert played or "The reference has none" in text or "another fact has some" in text, name
            assert text.count("```http") == 2 * played, name
        assert [part for part in wanted if part not in text] == [], name
        assert set(re.findall(r"\]\(([\w-]+\.md)", text)) <= COMMITTED.keys(), name


def test_every_report_links_to_them() -> None:
    url, result = page_url("walk-ends"), sample(walk_ends="fail")
    said = StringIO()
    terminal.show(result, Console(file=said, width=80), "verbose")
    for text in (html.render(result), markdown.render(result), said.getvalue()):
        assert url in text
    rules = json.loads(sarif.render(result))["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["helpUri"] for rule in rules}["walk-ends"] == url


def test_they_stand_where_the_metadata_of_the_project_says() -> None:
    (documentation,) = (
        line.partition(", ")[2]
        for line in metadata("models-conformance").get_all("Project-URL") or ()
        if line.startswith("Documentation, ")
    )
    assert page_url("walk-ends") == f"{documentation}requirements/walk-ends/"
    assert page_url("of-a-contract-of-their-own") == ""
