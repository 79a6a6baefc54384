"""Dated pages as one contract: the newest wins, silence ends nothing, and each point knows since when it is there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models_conformance.cli.main import main
from models_conformance.contract.derivation.derive import derive
from models_conformance.contract.derivation.history import derive_history
from models_conformance.contract.derivation.pages import PageError
from models_conformance.contract.document import canonical_text, from_document, to_document
from models_conformance.contract.model import Span
from models_conformance.contract.shipped import SHIPPED, load_contract
from models_conformance.frontend.contract_commands import derive_command, load
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import cli_markdown, http_markdown, write

OLD = Made(extra=(("colour", "string"),))
NEW = Made(extra=(("size", "string"),), default=50)
FILTER = """- `size: optional array of "small" or "large" or "huge"`

  Filter the list to models of any of the given sizes. Up to 2 values. When omitted, the list contains the `small` \
and `large` models.

  maxItems: 2

"""


def test_the_newest_page_wins_and_each_point_has_its_dates(tmp_path: Path) -> None:
    pages = [
        write(tmp_path, "2030-01-05_page.md", http_markdown(OLD)),
        write(tmp_path, "2030-02_page.md", http_markdown(OLD)),
        write(tmp_path, "later.md", http_markdown(NEW).replace("url: made-up", "fetched_at: 2030-03-01T10:00:00Z", 1)),
    ]
    contract = derive_history(pages)
    assert contract.operations["list"].parameters["limit"].default == 50
    assert "colour" not in contract.objects["ModelInfo"]
    assert contract.spans["ModelInfo.colour"] == Span("2030-01-05", "2030-03-01")
    assert contract.spans["ModelInfo.size"] == Span("2030-03-01")
    assert contract.spans["list.limit"] == Span("2030-01-05")
    assert contract.spans["companion.version.2026-10-21"] == Span("2030-01-05")
    assert from_document(json.loads(canonical_text(to_document(contract)))) == contract


def test_a_page_of_the_list_alone_ends_nothing_of_retrieve(tmp_path: Path) -> None:
    whole = http_markdown(OLD)
    pages = [
        write(tmp_path, "2030-01-05_page.md", whole),
        write(tmp_path, "2030-02-05_page.md", whole[: whole.index("## Retrieve")]),
    ]
    contract = derive_history(pages)
    assert "retrieve" in contract.operations
    assert all(span.until is None for span in contract.spans.values())


def test_what_a_page_of_few_words_leaves_unsaid_is_as_it_was(tmp_path: Path) -> None:
    nullable = http_markdown(OLD).replace("`colour: string`", "`colour: string or null`")
    first = write(tmp_path, "2030-01-05_page.md", nullable)
    assert derive([first]).objects["ModelInfo"]["colour"].types == ("string", "null")
    short = write(tmp_path, "2030-02-05_page.md", cli_markdown(replace(OLD, betas=OLD.betas[:0])))
    contract = derive_history([first, short])
    assert contract.objects["ModelInfo"]["colour"].types == ("string", "null")
    assert contract.operations["list"].parameters["anthropic-beta"].values == OLD.betas


def test_what_changes_of_a_point_has_a_date_of_its_own(tmp_path: Path) -> None:
    nullable = http_markdown(replace(OLD, default=50)).replace("`colour: string`", "`colour: string or null`")
    pages = [
        write(tmp_path, "2030-01-05_page.md", http_markdown(OLD)),
        write(tmp_path, "2030-02-05_page.md", nullable),
        write(tmp_path, "2030-03-05_page.md", nullable.replace("Newer models come", "Older models come")),
    ]
    contract = derive_history(pages)
    assert contract.spans["list.limit"] == contract.spans["ModelInfo.colour"] == Span("2030-01-05")
    assert contract.spans["list.limit.default"] == contract.spans["ModelInfo.colour.null"] == Span("2030-02-05")
    assert contract.spans["list.order"] == Span("2030-03-05")
    assert "list.limit.maximum" not in contract.spans


def test_old_pages_do_not_outvote_the_newest_where_a_contract_is_asked_for(tmp_path: Path) -> None:
    for month in (1, 2, 3):
        write(tmp_path, f"2030-0{month}-05_page.md", http_markdown(OLD if month < 3 else NEW))
    assert load([tmp_path]).operations["list"].parameters["limit"].default == 50
    assert load(sorted(tmp_path.iterdir())).operations["list"].parameters["limit"].default == 50
    write(tmp_path, "undated.md", http_markdown(OLD))
    assert load([tmp_path]).operations["list"].parameters["limit"].default == 20


def test_who_merges_pages_of_several_dates_is_told_of_history(tmp_path: Path) -> None:
    for month in (1, 2):
        write(tmp_path, f"2030-0{month}-05_page.md", http_markdown(OLD))
    told = [line for line in derive_command([tmp_path], None) if "--history" in line]
    assert told == ["  pages of 2 dates are merged by what most say: with --history the newest win"]
    assert not any("--history" in line for line in derive_command([tmp_path], None, history=True))


def test_a_page_without_a_date_is_dated_or_refused(tmp_path: Path) -> None:
    page = write(tmp_path, "page.md", http_markdown(OLD))
    with pytest.raises(PageError, match="--as-of"):
        derive_history([page])
    assert derive_history([page], "2030-04").spans["list"] == Span("2030-04")


def test_the_command_prints_and_writes_the_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "2030-01-05_page.md", http_markdown(OLD))
    write(tmp_path, "2030-03-01_page.md", http_markdown(NEW))
    with pytest.raises(SystemExit) as ended:
        main(["derive", "--history", str(tmp_path), "-o", str(tmp_path / "out")])
    assert ended.value.code == 0
    assert "ModelInfo.colour: since 2030-01-05, until 2030-03-01" in capsys.readouterr().out
    written = json.loads((tmp_path / "out" / "contract.json").read_text(encoding="utf-8"))
    assert written["spans"]["ModelInfo.size"] == {"since": "2030-03-01"}


def test_a_filter_and_what_a_member_is_null_for_are_facts(tmp_path: Path) -> None:
    text = http_markdown(Made(extra=(("size", "string"), ("shrunk_at", "string"))))
    text = text.replace("### Header Parameters\n\n", f"{FILTER}### Header Parameters\n\n", 1)
    text = text.replace("`size: string`", '`size: "small" or "large" or "huge"`')
    text = text.replace(
        "About shrunk_at.", "Populated for `small` models; `null` while the model is `large` or `huge`."
    )
    facts = {about: fact.says for about, fact in derive([write(tmp_path, "page.md", text)]).facts.items()}
    assert facts["list.size.filters_by"] == "size"
    assert facts["list.size.omitted_means"] == "small,large"
    assert facts["model.shrunk_at.null_while"] == "size=large,huge"
    assert facts["model.shrunk_at.given_while"] == "size=small"


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_contract_is_whole(name: str) -> None:
    contract = load_contract(name)
    assert contract.name == name
    assert set(contract.operations) == {"list", "retrieve"}
    assert contract.versions[0] == "2023-06-01"
    assert ("2026-10-21" in contract.versions) == (name == "2026-10")
    assert bool(contract.spans) == (name != "first")
