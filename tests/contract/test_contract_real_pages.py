"""Derivation from the real documentation pages, where they are at hand: they are not ours to ship."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from models_conformance.contract.changes import Changes
from models_conformance.contract.derivation.derive import derive
from models_conformance.contract.derivation.history import derive_history
from models_conformance.contract.derivation.pages import read_page
from models_conformance.contract.differences import diff
from models_conformance.contract.document import canonical_text, to_document
from models_conformance.contract.model import Contract, Disagreement
from models_conformance.contract.schemas import render_schemas
from models_conformance.contract.shipped import SHIPPED

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT.parent / "shared" / "docs"
LATER = DOCS / "later"

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="the documentation pages (../shared/docs) are not here")


def first_pages() -> list[Path]:
    return sorted(DOCS.glob("00[123]_*.txt"))


def page(start: str) -> Path:
    """The later page whose name starts with `start`."""
    (found,) = LATER.glob(f"{start}*")
    return found


def changes(old: str, new: str) -> Changes:
    return diff(derive([page(old)]), derive([page(new)]))


@pytest.fixture(scope="module")
def shipped() -> Contract:
    return derive(first_pages())


def test_the_committed_schemas_are_what_the_pages_yield(shipped: Contract) -> None:
    expected = {name: canonical_text(schema) for name, schema in render_schemas(shipped).items()}
    expected["contract"] = canonical_text(to_document(shipped))
    held = {name: (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8") for name in expected}
    assert held == expected


@pytest.mark.parametrize("name", SHIPPED[1:])
def test_the_committed_revisions_are_what_the_dated_pages_yield(name: str) -> None:
    contract = derive_history([path for path in sorted(LATER.iterdir()) if path.name[:7] <= name])
    expected = {name: canonical_text(schema) for name, schema in render_schemas(contract).items()}
    expected["contract"] = canonical_text(to_document(contract))
    folder = ROOT / "schemas" / "revisions" / name
    assert {name: (folder / f"{name}.json").read_text(encoding="utf-8") for name in expected} == expected


def test_the_known_disagreements_are_kept(shipped: Contract) -> None:
    found: dict[str, Disagreement] = {disagreement.about: disagreement for disagreement in shipped.disagreements}
    limit = found["list.limit (type)"]
    assert limit.decision == "integer"
    assert {claim.says: [source.page[:3] for source in claim.sources] for claim in limit.claims} == {
        "integer": ["001", "002"],
        "number": ["003"],
    }
    for name, pages in (("list", ["001", "002"]), ("retrieve", ["001"])):
        betas = found[f"{name}.anthropic-beta (values)"]
        sides = [(claim.says, [source.page[:3] for source in claim.sources]) for claim in betas.claims]
        assert sides == [("19 values", pages), ("20 values, among them fast-mode-2026-02-01", ["003"])]
        assert "20 values" in betas.decision
        assert "open" in betas.decision
    assert [(claim.says, claim.sources[0].page[:3]) for claim in found["ListPage"].claims] == [
        ("named only, as a page of items", "001"),
        ("shown in an example answer only", "002"),
        ("described member by member", "003"),
    ]
    for name in ("first_id", "last_id"):
        assert found[f"ListPage.{name} (empty page)"].decision == "string or null"
    names = {claim.says for claim in found["ModelInfo (name)"].claims}
    assert names == {"BetaModelInfo", "ModelInfo"}


def test_every_fact_that_each_page_states_has_that_page_as_source(shipped: Contract) -> None:
    pages = {about: [source.page[:3] for source in fact.sources] for about, fact in shipped.facts.items()}
    in_all = ["001", "002", "003"]
    for about in ("list.order", "list.after_id.page", "list.before_id.page", "list.limit.counts", "model.id.is"):
        assert pages[about] == in_all
    for about in ("model.created_at.format", "model.created_at.epoch_means", "model.display_name.is", "model.type.is"):
        assert pages[about] == in_all
    for about in ("retrieve.resolves", "retrieve.model_id.accepts"):
        assert pages[about] == ["001", "003"]
    for about in ("list.has_more.speaks_of", "list.first_id.is", "list.last_id.is", "version.anthropic-version"):
        assert pages[about] == ["003"]


def test_every_source_is_a_line_of_its_page(shipped: Contract) -> None:
    lines = {path.name: path.read_text(encoding="utf-8").split("\n") for path in first_pages()}
    for name, parameter in shipped.operations["list"].parameters.items():
        for source in parameter.sources:
            line = lines[source.page][(source.line or 0) - 1].replace("\\", "")
            assert name.removeprefix("anthropic-") in line
    for name, field in {**shipped.objects["ModelInfo"], **shipped.objects["ListPage"]}.items():
        for source in field.sources:
            assert name in lines[source.page][(source.line or 0) - 1].replace("\\", "")


@pytest.mark.parametrize(
    ("start", "rendition", "betas", "operations"),
    [
        ("2025-10-21_openapi", "openapi", 0, 1),
        ("2026-01-13_python", "python", 19, 1),
        ("2026-01-18_http", "http", 19, 2),
        ("2026-02-12_csharp", "csharp", 20, 2),
        ("2026-02-12_http", "http", 20, 2),
        ("2026-03-19_http", "http", 20, 2),
        ("2026-05-23_http", "http", 25, 2),
        ("2026-08-14_http", "http", 33, 1),
        ("2026-08-22_http", "http", 34, 1),
        ("2026-09-02_http", "http", 44, 1),
        ("2026-10_cli", "cli", 0, 1),
    ],
)
def test_every_later_page_derives(start: str, rendition: str, betas: int, operations: int) -> None:
    contract = derive([page(start)])
    assert list(contract.renditions.values()) == [rendition]
    assert len(contract.operations) == operations
    for operation in contract.operations.values():
        assert len(operation.parameters["anthropic-beta"].values) == betas
        assert operation.parameters["anthropic-beta"].location == "header"
    parameters = contract.operations["list"].parameters
    limit = parameters["limit"]
    assert (limit.type, limit.minimum, limit.default, limit.maximum) == ("integer", 1, 20, 1000)
    assert {"after_id", "before_id"} <= parameters.keys()
    assert set(contract.objects["ListPage"]) == {"data", "first_id", "has_more", "last_id"}
    model = contract.objects["ModelInfo"]
    assert {"id", "created_at", "display_name", "type"} <= model.keys()
    assert (model["created_at"].format, model["type"].const) == ("date-time", "model")
    facts = {"list.order", "list.after_id.page", "list.before_id.page", "model.created_at.epoch_means", "model.type.is"}
    assert facts <= contract.facts.keys()


def test_capabilities_are_read_to_the_bottom() -> None:
    for start in ("2026-03-19_http", "2026-05-23_http", "2026-08-14_http", "2026-08-22_http", "2026-09-02_http"):
        objects = derive([page(start)]).objects
        assert {"max_input_tokens", "max_tokens", "capabilities"} <= objects["ModelInfo"].keys()
        assert len(objects["ModelCapabilities"]) == 9
        assert objects["CapabilitySupport"]["supported"].types == ("boolean",)
        assert objects["ThinkingTypes"]["adaptive"].object == "CapabilitySupport"
        assert {"high", "low", "max", "medium", "supported"} <= objects["EffortCapability"].keys()


def test_or_null_is_read() -> None:
    old, new = derive([page("2026-05-23_http")]).objects, derive([page("2026-08-14_http")]).objects
    for owner, name in (
        ("ModelInfo", "max_tokens"),
        ("ModelInfo", "max_input_tokens"),
        ("ModelInfo", "capabilities"),
        ("EffortCapability", "xhigh"),
        ("ContextManagementCapability", "compact_20260112"),
        ("ListPage", "first_id"),
    ):
        assert "null" not in old[owner][name].declared
        assert "null" in new[owner][name].declared


def test_the_last_revision_has_its_additions() -> None:
    contract = derive([page("2026-10_cli")])
    model = contract.objects["ModelInfo"]
    assert model["lifecycle"].values == ("active", "deprecated", "retired")
    assert len(model["line"].values) == 5
    assert model["line"].open
    for name in ("deprecated_at", "retires_at"):
        assert (model[name].types, model[name].format) == (("string", "null"), "date-time")
    assert (model["allowed_fallback_models"].types, model["allowed_fallback_models"].items) == (("array",), "string")
    # Stable pages have none of these, later ones included: a server that follows them is right.
    assert [name for name, of in model.items() if not of.required] == ["allowed_fallback_models"]
    parameters = contract.operations["list"].parameters
    lifecycle = parameters["lifecycle[]"]
    assert (lifecycle.values, lifecycle.max_items, lifecycle.open) == (("active", "deprecated", "retired"), 3, False)
    assert parameters["anthropic-workspace-id"].location == "header"


def test_the_openapi_page_has_the_error_envelope_beside_the_companion() -> None:
    contract = derive([page("2025-10-21")])
    assert contract.objects["ListPage"]["first_id"].declared == ("string", "null")
    about = {disagreement.about for disagreement in contract.disagreements}
    assert {"Error.type (values)", "ErrorEnvelope.request_id (required)"} <= about


def test_consecutive_revisions_show_what_moved() -> None:
    steps = [
        ("2026-01-18_http", "2026-02-12_http", ["fast-mode-2026-02-01"], []),
        (
            "2026-02-12_http",
            "2026-03-19_http",
            ["ModelInfo.capabilities is new", "ModelInfo.max_input_tokens is new", "ModelInfo.max_tokens is new"],
            [],
        ),
        ("2026-03-19_http", "2026-05-23_http", ["xhigh is new", "5 values more"], []),
        (
            "2026-05-23_http",
            "2026-08-14_http",
            ["8 values more"],
            ["ModelInfo.capabilities may now be null", "ModelInfo.max_tokens may now be null"],
        ),
        ("2026-08-14_http", "2026-08-22_http", ["user-profiles-2026-08-18"], []),
        ("2026-08-22_http", "2026-09-02_http", ["10 values more"], []),
        (
            "2026-09-02_http",
            "2026-10_cli",
            ["ModelInfo.lifecycle is new", "lifecycle[]", "anthropic-workspace-id", "ModelInfo.retires_at is new"],
            [],
        ),
    ]
    for old, new, additive, breaking in steps:
        found = changes(old, new)
        for part in additive:
            assert any(part in change.says for change in (*found.additive, *found.open_sets)), (old, part)
        for part in breaking:
            assert any(part in change.says for change in found.breaking), (old, part)
        assert bool(found.breaking) == bool(breaking), old


def test_ids_that_come_to_be_null_are_told_though_the_contract_knew() -> None:
    changed = [change.says for change in changes("2026-05-23_http", "2026-08-14_http").documentation]
    assert any(change.startswith("ListPage.first_id may now be null") for change in changed)
    assert any("cover only list" in change for change in changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-02-12_http", "2026-02-12_csharp"),
        ("2026-02-12_csharp", "2026-02-12_http"),
        ("2026-01-13_python", "2026-01-18_http"),
        ("2026-01-18_http", "2026-01-13_python"),
    ],
)
def test_renditions_of_one_date_do_not_differ(old: str, new: str) -> None:
    found = changes(old, new)
    assert (found.breaking, found.additive) == ((), ())


def test_flattened_text_and_markdown_of_one_contract_do_not_differ() -> None:
    flat = derive([path for path in first_pages() if path.name.startswith("003")])
    assert not diff(flat, derive([page("2026-02-12_http")])).breaking
    assert not diff(derive([page("2026-02-12_http")]), flat).breaking


def test_all_pages_merge_into_one_contract() -> None:
    pages = [*first_pages(), *LATER.iterdir()]
    contract = derive(pages)
    assert contract == derive(pages[::-1])
    assert len(contract.operations["list"].parameters["anthropic-beta"].values) == 44
    assert not contract.objects["ModelInfo"]["lifecycle"].required
    assert contract.objects["ModelInfo"]["id"].required


def test_no_sentence_of_the_pages_is_in_the_repository() -> None:
    sentences: set[str] = set()
    for path in [*first_pages(), *LATER.iterdir()]:
        for line in read_page(path).lines:
            text = " ".join(line.replace("\\", "").split()).strip("#>-* `")
            for piece in (text, *re.split(r"(?<=[.;])\s", text)):
                # Prose, not a list of names: words in a row.
                if len(piece) >= 40 and re.search(r"\b[a-z]+ [a-z]+ [a-z]+ [a-z]+\b", piece):
                    sentences.add(piece)
    assert len(sentences) > 30
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    copied = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if not path.is_file() or path.stat().st_size > 5_000_000:
            continue
        text = " ".join(path.read_bytes().decode("utf-8", "replace").replace("\\", "").split())
        copied += [(name, sentence) for sentence in sentences if sentence in text]
    assert copied == []
