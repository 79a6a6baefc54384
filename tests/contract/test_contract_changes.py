"""What `diff` says of two contracts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models_conformance.contract.changes import Changes
from models_conformance.contract.derivation.derive import derive, write_schemas
from models_conformance.contract.differences import diff
from models_conformance.frontend.contract_commands import load
from models_conformance.frontend.differences import compare
from tests.contract.synthetic_made import RESOLVES, Made
from tests.contract.synthetic_openapi import openapi_site
from tests.contract.synthetic_pages import RENDITIONS, http_markdown, scraped_http, write

MADE = Made(extra=(("colour", "string"),))
PAGE = http_markdown(MADE)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Changes]:
    def compare(old: str, new: str) -> Changes:
        return diff(derive([write(tmp_path, "old.md", old)]), derive([write(tmp_path, "new.md", new)]))

    return compare


def _without(text: str, start: str, end: str) -> str:
    """`text` without each stretch from `start` up to the next `end`."""
    while start in text:
        at = text.index(start)
        text = text[:at] + text[text.index(end, at + 1) :]
    return text


def says(changes: Changes) -> dict[str, list[str]]:
    return {
        "breaking": [change.says for change in changes.breaking],
        "additive": [change.says for change in changes.additive],
    }


CASES: dict[str, tuple[str, str, list[str], list[str]]] = {
    "nothing": (PAGE, PAGE, [], []),
    "a beta more": (
        PAGE,
        http_markdown(replace(MADE, betas=(*MADE.betas, "new-2031-01-01"))),
        [],
        [],
    ),
    "a beta less": (
        PAGE,
        http_markdown(replace(MADE, betas=MADE.betas[1:])),
        [],
        [],
    ),
    "narrower limit": (
        PAGE,
        http_markdown(replace(MADE, minimum=5, maximum=100)),
        [
            "the largest of list.limit changed from 1000 to 100",
            "the smallest of list.limit changed from 1 to 5",
        ],
        [],
    ),
    "wider limit": (
        PAGE,
        http_markdown(replace(MADE, minimum=0, maximum=2000)),
        [],
        [
            "the largest of list.limit changed from 1000 to 2000",
            "the smallest of list.limit changed from 1 to 0",
        ],
    ),
    "another default": (
        PAGE,
        http_markdown(replace(MADE, default=50)),
        ["the default of list.limit changed from 20 to 50"],
        [],
    ),
    "a member more": (
        PAGE,
        http_markdown(replace(MADE, extra=(*MADE.extra, ("size", "string")))),
        [],
        ["ModelInfo.size is new"],
    ),
    "a member less": (PAGE, http_markdown(Made()), ["ModelInfo.colour is no longer documented"], []),
    "another type": (
        PAGE,
        PAGE.replace("colour: string", "colour: boolean"),
        ["ModelInfo.colour changed from string to boolean"],
        [],
    ),
    "null at times": (
        PAGE,
        PAGE.replace("colour: string", "colour: string or null"),
        ["ModelInfo.colour may now be null"],
        [],
    ),
    "one of two types": (
        PAGE.replace("colour: string", "colour: string or boolean"),
        PAGE,
        [],
        ["ModelInfo.colour changed from string or boolean to string"],
    ),
    "absent at times": (
        PAGE,
        PAGE.replace("colour: string", "colour: optional string"),
        ["ModelInfo.colour may now be absent"],
        [],
    ),
    "always present": (
        PAGE.replace("colour: string", "colour: optional string"),
        PAGE,
        [],
        ["ModelInfo.colour is now always present"],
    ),
    "another constant": (
        PAGE,
        PAGE.replace('type: "model"', 'type: "engine"'),
        ["ModelInfo.type is now engine, no longer model"],
        [],
    ),
    "a closed answer opens": (
        PAGE.replace("colour: string", 'colour: "red" or "blue"'),
        PAGE.replace("colour: string", 'colour: "red" or "blue"').replace(
            "About colour.", "More of them may be added."
        ),
        ["ModelInfo.colour may now have values beyond those listed"],
        [],
    ),
    "a parameter less": (
        PAGE,
        _without(PAGE, "- `before_id: optional", "- `limit"),
        ["list no longer documents the query parameter before_id"],
        [],
    ),
    "an optional parameter more": (
        PAGE,
        PAGE.replace("- `limit:", "- `shade: optional string`\n\n  A shade.\n\n- `limit:"),
        [],
        ["list has a new optional query parameter shade"],
    ),
    "a required parameter more": (
        PAGE,
        PAGE.replace("- `limit:", "- `shade: string`\n\n  A shade.\n\n- `limit:"),
        ["list has a new required query parameter shade"],
        [],
    ),
    "a parameter becomes required": (
        PAGE,
        PAGE.replace("limit: optional number", "limit: number"),
        ["list.limit is now required"],
        [],
    ),
    "another type of parameter": (
        PAGE,
        PAGE.replace("after_id: optional string", "after_id: optional boolean"),
        ["list.after_id changed its type from string to boolean"],
        [],
    ),
    "another order": (
        PAGE,
        PAGE.replace("Newer models come first", "Older models come first"),
        ["list.order changed from newest-first to oldest-first"],
        [],
    ),
    "another path": (
        PAGE,
        PAGE.replace("/v1/models/{model_id}", "/v1/models/{name}"),
        ["retrieve moved from GET /v1/models/{model_id} to GET /v1/models/{name}"],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_told_in_its_group(case: str, changed: Callable[[str, str], Changes]) -> None:
    old, new, breaking, additive = CASES[case]
    changes = changed(old, new)
    assert says(changes) == {"breaking": breaking, "additive": additive}
    for change in (*changes.breaking, *changes.additive):
        assert {source.page for source in (*change.old, *change.new)} <= {"old.md", "new.md"}
        assert change.old or change.new


def test_a_new_number_word_is_no_change(changed: Callable[[str, str], Changes]) -> None:
    assert not changed(PAGE.replace("colour: string", "colour: number"), PAGE.replace("colour: string", "colour: int"))


def test_ids_that_come_to_be_null_change_the_documentation_only(changed: Callable[[str, str], Changes]) -> None:
    changes = changed(PAGE, PAGE.replace("first_id: string", "first_id: string or null"))
    assert says(changes) == {"breaking": [], "additive": []}
    assert [change.says for change in changes.documentation] == [
        "ListPage.first_id may now be null, as the contract already took it"
    ]


def test_a_page_of_list_alone_says_nothing_about_retrieve(changed: Callable[[str, str], Changes]) -> None:
    for old, new, which in ((PAGE, scraped_http(MADE), "new"), (scraped_http(MADE), PAGE, "old")):
        changes = changed(old, new)
        assert says(changes) == {"breaking": [], "additive": []}
        assert any(change.says.startswith(f"the {which} pages cover only list") for change in changes.documentation)


def test_a_fact_left_unsaid_is_told_as_documentation(changed: Callable[[str, str], Changes]) -> None:
    changes = changed(PAGE, PAGE.replace(RESOLVES, "Gives a model."))
    assert says(changes) == {"breaking": [], "additive": []}
    assert [change.about for change in changes.documentation] == ["retrieve.resolves"]


def test_unlisted_values_are_not_removed_values(changed: Callable[[str, str], Changes]) -> None:
    changes = changed(PAGE, RENDITIONS["cli-markdown"](MADE))
    assert says(changes) == {"breaking": [], "additive": []}
    assert "the values of list.anthropic-beta are no longer listed" in [change.says for change in changes.documentation]


def test_error_types_that_only_one_page_names_are_not_taken_back(changed: Callable[[str, str], Changes]) -> None:
    assert says(changed(openapi_site(MADE), PAGE))["breaking"] == []


def test_an_operation_beside_two_others_can_be_removed(changed: Callable[[str, str], Changes]) -> None:
    third = PAGE + "\n## Count\n\n**get** `/v1/models/count/all`\n\n### Returns\n\n- `n: number`\n\n### Example\n\nx\n"
    assert says(changed(third, PAGE))["breaking"] == ["GET /v1/models/count/all is no longer documented"]
    assert says(changed(PAGE, third))["additive"] == ["GET /v1/models/count/all is new"]


def test_the_command_reads_pages_folders_and_contracts(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    page = write(pages, "old.md", PAGE)
    out = tmp_path / "out"
    write_schemas(derive([page]), out)
    new = write(tmp_path, "new.md", http_markdown(Made()))
    assert load([page]) == load([pages]) == load([out]) == load([out / "contract.json"])
    for old in (page, pages, out, out / "contract.json"):
        lines = compare(old, new).as_text()
        assert "breaking: 1" in lines
        assert "- ModelInfo.colour is no longer documented" in lines
        assert any(line.strip().startswith("old: old.md:") for line in lines)
    assert compare(page, out).as_text()[-1] == "no changes"


def test_betas_are_a_group_of_their_own(changed: Callable[[str, str], Changes]) -> None:
    more = changed(PAGE, http_markdown(replace(MADE, betas=(*MADE.betas, "new-2031-01-01"))))
    assert [change.says for change in more.open_sets] == [
        f"{name}.anthropic-beta has 1 value more: new-2031-01-01" for name in ("list", "retrieve")
    ]
    less = changed(PAGE, http_markdown(replace(MADE, betas=MADE.betas[1:])))
    assert [change.says for change in less.open_sets] == [
        f"{name}.anthropic-beta has 1 value less: apples-2030-01-01" for name in ("list", "retrieve")
    ]
    assert says(less) == {"breaking": [], "additive": []}


COLOURS = PAGE.replace("colour: string", 'colour: "red" or "blue"')


def test_a_value_less_in_an_answer_breaks_no_reader(changed: Callable[[str, str], Changes]) -> None:
    fewer = changed(COLOURS, COLOURS.replace('"red" or "blue"', '"red"'))
    assert says(fewer) == {"breaking": [], "additive": ["ModelInfo.colour has 1 value less: blue"]}
    others = changed(COLOURS, COLOURS.replace('"red" or "blue"', '"green"'))
    assert says(others)["breaking"] == ["ModelInfo.colour has 2 values less: blue, red"] or says(others)[
        "breaking"
    ] == ["ModelInfo.colour has 2 values less: red, blue"]


def test_a_value_less_in_a_question_breaks(changed: Callable[[str, str], Changes]) -> None:
    asked = PAGE.replace("- `limit:", '- `shade: optional "dark" or "light"`\n\n  A shade.\n\n- `limit:')
    assert says(changed(asked, asked.replace('"dark" or "light"', '"dark"')))["breaking"] == [
        "list.shade has 1 value less: light"
    ]


def test_an_api_version_is_told_first(tmp_path: Path) -> None:
    old = write(tmp_path, "old.md", PAGE)
    new = write(tmp_path, "new.md", PAGE.replace("2023-06-01", "2031-01-01").replace("`1000`", "`500`"))
    found = compare(old, new, "breaking")
    assert [change.says for change in found.changes.versions] == [
        "API version 2031-01-01 is new: the pages' own requests name it instead of 2023-06-01",
    ]
    assert found.as_text()[2] == "API version: 1"


def test_a_lost_format_and_a_deprecation_are_told(changed: Callable[[str, str], Changes]) -> None:
    lost = changed(PAGE, PAGE.replace("RFC 3339 time of release", "Time of release"))
    assert "ModelInfo.created_at changed its format from date-time to not documented" in [
        change.says for change in lost.documentation
    ]
    for words in ("Deprecated: use another.", "**Deprecated.**", "This field is deprecated."):
        ended = changed(PAGE, PAGE.replace("About colour.", words))
        assert [change.says for change in ended.documentation] == ["model.colour is now deprecated"]
    assert not changed(PAGE, PAGE.replace("About colour.", "About colour. The time when a model was deprecated."))


def test_an_operation_that_its_own_page_no_longer_has_is_taken_out(tmp_path: Path) -> None:
    for side, text in (("old", PAGE), ("new", PAGE.partition("## Retrieve")[0])):
        (tmp_path / side).mkdir()
        write(tmp_path / side, "models.md", text)
    changes = compare(tmp_path / "old", tmp_path / "new").changes
    assert says(changes)["breaking"] == ["retrieve is no longer documented"]


def test_an_operation_that_is_cut_out_of_a_page_is_taken_out_whatever_the_page_is_called(
    changed: Callable[[str, str], Changes],
) -> None:
    assert says(changed(PAGE, PAGE.partition("## Retrieve")[0]))["breaking"] == ["retrieve is no longer documented"]
    head, rest = PAGE.split("## List", 1)
    without_list = changed(PAGE, f"{head}## Retrieve{rest.partition('## Retrieve')[2]}")
    assert "list is no longer documented" in says(without_list)["breaking"]
