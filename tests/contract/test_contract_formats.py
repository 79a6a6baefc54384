"""One made-up contract in every format and language comes out as one contract."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_conformance.contract.derivation.derive import PageError, derive
from models_conformance.contract.differences import diff
from models_conformance.contract.model import Contract
from tests.contract.synthetic_made import NEWEST_FIRST, Made
from tests.contract.synthetic_openapi import openapi_site
from tests.contract.synthetic_pages import (
    RENDITIONS,
    flattened,
    http_markdown,
    python_markdown,
    scraped_http,
    scraped_python,
    write,
)

WITHOUT_ENVELOPE = {"python-markdown", "typescript-markdown", "typescript-scraped"}
WITHOUT_BETAS = {"cli-markdown", "openapi-site"}
WITHOUT_COUNTS = {"csharp-markdown", "csharp-scraped", "openapi-standard"}
LIST_ONLY = {"cli-markdown", "http-scraped", "python-scraped", "openapi-site"}

_words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=6)
_names = (
    st.lists(_words, min_size=1, max_size=3)
    .map("_".join)
    .filter(lambda name: name not in {"id", "type", "data"} and not {"id"} & set(name.split("_")))
)
_extra = st.lists(
    st.tuples(_names.map("x_".__add__), st.sampled_from(["string", "boolean"])),
    max_size=4,
    unique_by=lambda value: value[0],
)
_betas = st.lists(st.builds("{}-20{}-01-01".format, _words, st.integers(10, 99)), min_size=1, max_size=9, unique=True)


@st.composite
def made_contracts(draw: st.DrawFn) -> Made:
    minimum = draw(st.integers(0, 5))
    default = draw(st.integers(minimum + 1, 50))
    return Made(
        betas=tuple(draw(_betas)),
        minimum=minimum,
        default=default,
        maximum=draw(st.integers(default + 1, 10_000)),
        extra=tuple(draw(_extra)),
    )


def derived(text: str, name: str = "page.txt") -> Contract:
    with tempfile.TemporaryDirectory() as folder:
        return derive([write(Path(folder), name, text)])


@pytest.mark.parametrize("rendition", RENDITIONS)
def test_every_format_yields_the_parameters(rendition: str) -> None:
    made = Made()
    contract = derived(RENDITIONS[rendition](made))
    parameters = contract.operations["list"].parameters
    assert set(parameters) == {"after_id", "before_id", "limit", "anthropic-beta"}
    limit = parameters["limit"]
    assert (limit.type, limit.minimum, limit.default, limit.maximum) == ("integer", 1, 20, 1000)
    assert (limit.location, limit.required) == ("query", False)
    betas = parameters["anthropic-beta"]
    assert (betas.location, betas.type, betas.items, betas.open) == (
        ("header", "array", None, True) if rendition == "cli-markdown" else ("header", "array", "string", True)
    )
    assert betas.values == (() if rendition in WITHOUT_BETAS else made.betas)
    assert ("retrieve" in contract.operations) == (rendition not in LIST_ONLY)
    if "retrieve" in contract.operations:
        identifier = contract.operations["retrieve"].parameters["model_id"]
        assert (identifier.location, identifier.required) == ("path", True)


@pytest.mark.parametrize("rendition", RENDITIONS)
def test_every_format_yields_the_objects(rendition: str) -> None:
    contract = derived(RENDITIONS[rendition](Made(extra=(("colour", "string"), ("is_big", "boolean")))))
    model = contract.objects["ModelInfo"]
    assert set(model) == {"id", "created_at", "display_name", "colour", "is_big", "type"}
    assert model["created_at"].format == "date-time"
    assert model["type"].const == "model"
    assert model["is_big"].types == ("boolean",)
    assert all(field.required for field in model.values())
    envelope = contract.objects["ListPage"]
    assert set(envelope) == (set() if rendition in WITHOUT_ENVELOPE else {"data", "first_id", "has_more", "last_id"})
    for name in {"first_id", "last_id"} & set(envelope):
        assert envelope[name].types == ("string", "null")


@pytest.mark.parametrize("rendition", RENDITIONS)
def test_prose_of_every_format_becomes_facts(rendition: str) -> None:
    facts = {about: fact.says for about, fact in derived(RENDITIONS[rendition](Made())).facts.items()}
    expected = {
        "list.order": "newest-first",
        "list.after_id.page": "immediately-after",
        "list.before_id.page": "immediately-before",
        "list.limit.counts": "items-per-page",
        "model.id.is": "unique",
        "model.created_at.format": "rfc3339",
        "model.created_at.epoch_means": "unknown",
        "model.display_name.is": "human-readable",
        "model.type.is": "model",
    }
    if rendition not in WITHOUT_ENVELOPE | {"python-scraped"}:
        expected |= {
            "list.has_more.speaks_of": "requested-direction",
            "list.first_id.is": "first-of-data",
            "list.first_id.usable_as": "before_id",
            "list.last_id.is": "last-of-data",
            "list.last_id.usable_as": "after_id",
        }
    if rendition not in LIST_ONLY:
        expected |= {"retrieve.resolves": "alias-to-id", "retrieve.model_id.accepts": "id-or-alias"}
    if rendition.startswith("http"):
        expected |= {"auth.x-api-key": "with-every-request", "version.anthropic-version": "2023-06-01"}
    assert expected.items() <= facts.items()


@settings(max_examples=25)
@given(made_contracts(), st.sampled_from(list(itertools.permutations(RENDITIONS, 2))))
def test_two_renditions_of_one_contract_do_not_differ(made: Made, pair: tuple[str, str]) -> None:
    old, new = (derived(RENDITIONS[name](made)) for name in pair)
    changes = diff(old, new)
    # A rendition may be a page of the list alone.
    assert [change.says for change in changes.breaking if change.says != "retrieve is no longer documented"] == []
    assert [change.says for change in changes.additive if "teapot" not in change.says] == []


@settings(max_examples=20)
@given(made_contracts())
def test_all_renditions_together_keep_the_contract(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages = [write(Path(folder), f"{name}.txt", render(made)) for name, render in RENDITIONS.items()]
        contract = derive(pages)
        assert derive(pages[::-1]) == contract
    assert set(contract.operations["list"].parameters["anthropic-beta"].values) == set(made.betas)
    limit = contract.operations["list"].parameters["limit"]
    assert (limit.minimum, limit.default, limit.maximum) == (made.minimum, made.default, made.maximum)
    about = {disagreement.about for disagreement in contract.disagreements}
    assert {"list.limit (type)", "ListPage", "ModelInfo (name)"} <= about
    assert not any(text.startswith(("list.limit (m", "list.limit (d", "list.anthropic-beta")) for text in about)


def test_the_revision_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    text = http_markdown(Made())
    first = derive([write(tmp_path, "a.md", text)])
    second = derive([write(tmp_path, "b.txt", "\n" + text)])
    other = derive([write(tmp_path, "c.md", http_markdown(replace(Made(), maximum=999)))])
    assert first.revision == second.revision
    assert first.revision != other.revision


def test_a_page_given_twice_counts_once(tmp_path: Path) -> None:
    page = write(tmp_path, "a.md", http_markdown(Made()))
    assert derive([page, page]) == derive([page])


def test_pages_of_one_name_keep_apart(tmp_path: Path) -> None:
    pages = []
    for folder, made in (("one", Made()), ("two", replace(Made(), maximum=500))):
        (tmp_path / folder).mkdir()
        pages.append(write(tmp_path / folder, "page.md", http_markdown(made)))
    contract = derive(pages)
    assert set(contract.pages) == {"one/page.md", "two/page.md"}
    assert contract == derive(pages[::-1])


@pytest.mark.parametrize("rendition", sorted(RENDITIONS.keys() - WITHOUT_BETAS - WITHOUT_COUNTS))
def test_a_list_that_lost_a_value_is_named(rendition: str) -> None:
    made = Made()
    text = RENDITIONS[rendition](made)
    position = text.rindex(f'"{made.betas[1]}"')
    lost = text[:position] + text[position + len(made.betas[1]) + 2 :]
    with pytest.raises(PageError, match=r"^page\.txt:\d+: .*documented to have 4 values, 3 were read") as caught:
        derived(lost.replace("- ``\n", ""))
    line = lost.split("\n")[(caught.value.line or 0) - 1]
    assert "1 more" in line


def test_an_object_that_lost_a_member_is_named() -> None:
    text = http_markdown(Made())
    lost = text[: text.rindex("- `created_at")] + text[text.rindex("- `display_name") :]
    with pytest.raises(PageError, match="ModelInfo is documented to have 4 members, 3 were read"):
        derived(lost)


def test_disagreements_keep_both_claims(tmp_path: Path) -> None:
    made = Made()
    pages = [
        write(tmp_path, "a.md", http_markdown(made)),
        write(tmp_path, "b.md", python_markdown(replace(made, betas=made.betas[:3], default=10))),
        write(tmp_path, "c.md", scraped_http(replace(made, maximum=100, extra=(("colour", "string"),)))),
        write(tmp_path, "d.md", http_markdown(made).replace(NEWEST_FIRST, "The oldest comes first.")),
    ]
    contract = derive(pages)
    found = {disagreement.about: disagreement for disagreement in contract.disagreements}
    betas = found["list.anthropic-beta (values)"]
    assert {claim.says: {source.page for source in claim.sources} for claim in betas.claims} == {
        "3 values": {"b.md"},
        "4 values, among them figs-2030-04-04": {"a.md", "c.md", "d.md"},
    }
    assert "open" in betas.decision
    assert found["list.limit (default)"].decision == "20"
    assert found["list.limit (maximum)"].decision == "1000"
    assert {claim.says for claim in found["ModelInfo.colour (presence)"].claims} == {
        "documented",
        "not documented",
    }
    assert not contract.objects["ModelInfo"]["colour"].required
    assert {claim.says for claim in found["list.order"].claims} == {"newest-first", "oldest-first"}
    assert contract.facts["list.order"].says == "newest-first"
    assert {claim.says for claim in found["ListPage"].claims} == {
        "named only, as a page of items",
        "described member by member",
    }
    assert all(
        source.line
        for disagreement in contract.disagreements
        for claim in disagreement.claims
        for source in claim.sources
    )


@pytest.mark.parametrize(
    ("prose", "order"),
    [
        ("Sorted from newest to oldest.", "newest-first"),
        ("In reverse-chronological order of release.", "newest-first"),
        ("What was released most recently stands first.", "newest-first"),
        ("The newest is listed last.", "oldest-first"),
        ("Less recent releases come first.", "oldest-first"),
        ("The order is not defined.", None),
    ],
)
def test_the_order_is_recognised_by_meaning(prose: str, order: str | None) -> None:
    facts = derived(http_markdown(Made()).replace(NEWEST_FIRST, prose)).facts
    assert (facts["list.order"].says if "list.order" in facts else None) == order


def test_a_query_after_the_path_is_no_part_of_it() -> None:
    text = http_markdown(Made())
    assert derived(text.replace("/v1/models`", "/v1/models?beta=true`")).operations["list"].path == "/v1/models"


def test_an_envelope_that_is_only_shown_has_its_lines() -> None:
    text = scraped_python(Made())
    contract = derived(text)
    envelope = contract.objects["ListPage"]
    assert not any(field.described for field in envelope.values())
    assert envelope["has_more"].types == ("boolean",)
    line = envelope["last_id"].sources[0].line or 0
    assert '"last_id"' in text.split("\n")[line - 1]


def test_every_source_names_a_line_that_speaks_of_it() -> None:
    for name, render in RENDITIONS.items():
        text = render(Made())
        contract = derived(text)
        lines = text.split("\n")
        for field in contract.objects["ModelInfo"].values():
            for source in field.sources:
                line = lines[(source.line or 0) - 1].replace("\\", "").replace('"', "").lower()
                spelled = {field.name, field.name.replace("_", "")}
                found = any(spelling in line for spelling in spelled)
                # A schema's line is its first, below its name.
                assert found or name.startswith("openapi"), (name, field.name, line)


def test_an_error_envelope_on_a_page_is_compared_with_the_companion() -> None:
    contract = derived(openapi_site(Made()))
    found = {disagreement.about: disagreement for disagreement in contract.disagreements}
    types = found["Error.type (values)"]
    assert {source.page for claim in types.claims for source in claim.sources} == {
        "page.txt",
        "companion: errors",
    }
    assert "teapot_error" in contract.objects["Error"]["type"].values
    assert contract.objects["Error"]["type"].open
    assert "ErrorEnvelope.request_id (presence)" in found


def test_named_types_expanded_at_first_use_are_known_at_every_use() -> None:
    page = http_markdown(Made(extra=(("first", "string"), ("second", "string"))))
    page = page.replace("- `first: string`", "- `first: Support or null`").replace(
        "- `second: string`", "- `second: Support`"
    )
    inner = "    About first.\n\n    - `supported: boolean`\n\n      Whether it is.\n"
    page = page.replace("    About first.\n", inner, 1)
    contract = derived(page)
    model = contract.objects["ModelInfo"]
    assert model["first"].types == ("object", "null")
    assert model["first"].object == model["second"].object == "Support"
    assert contract.objects["Support"]["supported"].types == ("boolean",)


def test_anonymous_objects_take_their_name_from_another_page(tmp_path: Path) -> None:
    nested = "    About thing.\n\n    - `supported: boolean`\n\n      Whether it is.\n"
    page = http_markdown(Made(extra=(("thing", "string"),))).replace("    About thing.\n", nested)
    named = write(tmp_path, "named.md", page.replace("thing: string", "thing: Support"))
    anonymous = write(tmp_path, "plain.md", page.replace("thing: string", "thing: object"))
    alone = derive([anonymous])
    assert alone.objects["ModelInfo"]["thing"].object == "ModelInfo.thing"
    together = derive([named, anonymous])
    assert together.objects["ModelInfo"]["thing"].object == "Support"
    assert not diff(derive([named]), alone)


def test_array_parameters_and_headers_have_their_wire_names() -> None:
    page = RENDITIONS["cli-markdown"](Made()).replace(
        "## Returns",
        '- `--stage: optional array of "old" or "new"` (query parameter)\n\n  Up to 2 values.\n\n  maxItems: 2\n\n'
        "- `--workspace-id: optional string` (header parameter)\n\n  Header of a place.\n\n## Returns",
    )
    parameters = derived(page).operations["list"].parameters
    fixture_server = parameters["stage[]"]
    assert (fixture_server.values, fixture_server.open, fixture_server.max_items, fixture_server.items) == (
        ("old", "new"),
        False,
        2,
        "string",
    )
    assert parameters["anthropic-workspace-id"].location == "header"


def test_flattened_text_without_a_definition_still_tells_items_from_the_envelope() -> None:
    text = flattened(Made())
    contract = derived(text[: text.index("Retrieve#")])
    assert set(contract.objects["ListPage"]) == {"data", "first_id", "has_more", "last_id"}
    assert set(contract.objects["ModelInfo"]) == {"id", "created_at", "display_name", "type"}
