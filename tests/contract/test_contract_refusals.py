"""A page that cannot be derived from is refused by name, and no input gets past that."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models_conformance.contract.derivation.derive import PageError, derive
from models_conformance.contract.model import Contract
from models_conformance.frontend.contract_commands import derive_command
from models_conformance.frontend.differences import compare
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_openapi import openapi_site
from tests.contract.synthetic_pages import RENDITIONS, http_markdown, write
from tests.work import calls_made

# The dearest page here takes 2.6 million.
MOST_CALLS = 5_000_000
GOOD = {name: render(Made(extra=(("colour", "string"),))) for name, render in RENDITIONS.items()}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"<!DOCTYPE html><html><head></head><body><div id=root></div></body></html>", "HTML"),
        (b"\n<html>\n<script src=x></script></html>", "HTML"),
        (b"\x00\x01\x02", "binary"),
        (bytes(range(1, 32)) * 40, "binary"),
        (b"\xff\xfe\xfd" * 200, "UTF-8"),
        (b"Just some words about models.\n", "no API reference"),
        (b"---\na: b\n---\n", "no API reference"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2097152 bytes"),
        (b"\n" * 200_000 + b"x", "lines"),
        (b"a" * 100_000, "characters"),
    ],
)
def test_what_is_no_page_is_refused(tmp_path: Path, text: bytes, reason: str) -> None:
    page = write(tmp_path, "odd.md", text)
    with pytest.raises(PageError, match=reason) as caught:
        derive([page])
    assert caught.value.page == "odd.md"
    assert str(caught.value).startswith("odd.md")
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("rendition", sorted(RENDITIONS))
def test_the_page_of_another_endpoint_is_refused(tmp_path: Path, rendition: str) -> None:
    page = write(tmp_path, "other.md", GOOD[rendition].replace("/v1/models", "/v1/messages"))
    with pytest.raises(PageError, match=r"another endpoint: GET /v1/messages") as caught:
        derive([page])
    assert caught.value.line


def test_a_missing_page_is_named(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"gone\.md: cannot be read"):
        derive([tmp_path / "gone.md"])


def test_a_few_bytes_of_another_encoding_are_repaired(tmp_path: Path) -> None:
    text = GOOD["python-markdown"].encode()
    page = write(tmp_path, "page.md", text.replace("…".encode(), b"\x85"))
    assert set(derive([page]).objects["ModelInfo"]) >= {"id", "type"}


# A page is broken off at one letter in so many.
STEP = 29


@pytest.mark.parametrize("rendition", sorted(RENDITIONS))
def test_no_truncated_page_loses_a_member_unnoticed(rendition: str) -> None:
    """Wherever a page breaks off, what remains is refused or still has every member it describes."""
    text = GOOD[rendition]
    whole = outcome(text.encode())
    assert isinstance(whole, Contract)
    accepted = 0
    for end in range(0, len(text), STEP):
        part = outcome(text.encode()[:end])
        if isinstance(part, PageError):
            assert part.page == "page"
            continue
        accepted += 1
        assert part.objects["ModelInfo"].keys() == whole.objects["ModelInfo"].keys(), text[:end][-80:]
        for name in part.operations:
            assert part.operations[name].parameters.keys() == whole.operations[name].parameters.keys()
        if whole.objects["ListPage"] and rendition != "python-scraped":
            assert part.objects["ListPage"].keys() == whole.objects["ListPage"].keys(), text[:end][-80:]
    assert accepted < len(text) / STEP / 3


def test_nothing_is_written_when_one_page_is_refused(tmp_path: Path) -> None:
    good = write(tmp_path, "good.md", http_markdown(Made()))
    bad = write(tmp_path, "bad.md", "<html></html>")
    with pytest.raises(PageError, match=r"bad\.md"):
        derive_command([good, bad], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unwritable_schema_leaves_the_others_alone(tmp_path: Path) -> None:
    good = write(tmp_path, "good.md", http_markdown(Made()))
    out = tmp_path / "out"
    # A folder where a file must go: replacing fails after everything was rendered.
    (out / "contract.json" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="contract"):
        derive_command([good], out)
    assert [path.name for path in out.iterdir()] == ["contract.json"]


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 2}', "nonsense", '{"format": 1, "pages": 3}', "[" * 100_000])
def test_what_is_no_contract_document_is_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "contract.json", text)
    with pytest.raises(PageError, match=r"^contract\.json"):
        compare(path, path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="without pages"):
        derive_command([tmp_path], None)


def outcome(data: bytes) -> Contract | PageError:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return derive([write(Path(folder), "page", data)])
        except PageError as refusal:
            return refusal


@settings(max_examples=150)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_garbage_is_a_refusal(data: bytes) -> None:
    assert isinstance(outcome(data), PageError)


_fragments = st.sampled_from(
    [
        "**get** `/v1/models`", "get /v1/models", "GET/v1/models/{model_id}", "# List", "List#", "Returns#",
        "### Returns", "### Parameters", "##### ReturnsExpand Collapse", "## Domain Types", "Example#", "```",
        "- `id: string`", "  - `x: array of Y`", "id: string", "data: array of ModelInfoid: string",
        "ModelInfo = object { id, 3 more }", "- `class X: …`", '"a""b"x: string', "- `X object { a, b }`",
        '- `"a" or "b" or 999999 more`', "- `List[List[List[str]]]`", "````yaml get /v1/models", "paths:",
        "  path: /v1/models", "  method: get", "  a: &b [*b]", '{"data": [1]}', "\\", "---", "x: y: z: string",
        "- `a: " + "optional " * 40 + "string`", "- `required IReadOnlyList<A> B`", "- `--a: object` (query parameter)",
    ]
)  # fmt: skip


@settings(max_examples=120)
@given(st.lists(_fragments, max_size=25))
def test_any_mixture_of_fragments_is_a_contract_or_a_refusal(lines: list[str]) -> None:
    assert isinstance(outcome("\n".join(lines).encode()), Contract | PageError)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_pages_are_a_contract_or_a_refusal(data: st.DataObject) -> None:
    text = GOOD[data.draw(st.sampled_from(sorted(GOOD)))]
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["delete", "repeat", "swap", "cut", "byte", "insert"]))
        if kind == "delete" and len(lines) > 1:
            del lines[at]
        elif kind == "repeat":
            lines.insert(at, lines[other])
        elif kind == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, 30))]
        elif kind == "insert":
            lines.insert(at, data.draw(_fragments))
        elif lines[at]:
            spot = data.draw(st.integers(0, len(lines[at]) - 1))
            lines[at] = lines[at][:spot] + data.draw(st.sampled_from('{}[]"`#:-|<>(), \\?')) + lines[at][spot + 1 :]
    assert isinstance(outcome("\n".join(lines).encode()), Contract | PageError)


def _bombs() -> dict[str, str]:
    head = "# M\n\n**get** `/v1/models`\n\n### Returns\n\n"
    flat = "List#\nget /v1/models\nReturns#\n"
    scraped = "get/v1/models\n\n##### ReturnsExpand Collapse\n\n"
    site = "# M\n\n````yaml get /v1/models\npaths:\n  path: /v1/models\n  method: get\n  response:\n    '200':\n"
    site += "      application/json:\n        schemaArray:\n          - $ref: '#/components/schemas/A'\n"
    schemas = "components:\n  schemas:\n    A:\n      type: object\n      properties:\n"
    twice = "".join(f"        p{n}:\n          $ref: '#/components/schemas/A'\n" for n in range(8))
    types = "".join(f"- `T{n} = object`\n\n" + "".join(f"  - `m{m}: T{m}`\n\n" for m in range(14)) for n in range(14))
    return {
        "deep bullets": head + "".join(f"{' ' * n}- `a{n}: X`\n" for n in range(3_000)),
        "deep types": head + "- `a: " + "List[" * 5_000 + "str" + "]" * 5_000 + "`",
        "deep optional": head + "- `a: " + "optional " * 7_000 + "string`",
        "long union": head + "- `a: " + " or ".join(['"x"'] * 9_000) + "`",
        "types of types": head + types + "## Domain Types\n\n" + types + "x\n",
        "wide word": flat + "A" * 60_000 + "\n" + "a" * 60_000 + ": string",
        "glued": flat + "Aa: string" * 6_000,
        "glued objects": flat + "A object {" * 6_000,
        "glued heading": flat + "A" * 60_000 + "#",
        "open calls": scraped + "a(" * 30_000,
        "links": scraped + "[" * 60_000 + "\n" + "[a](" * 15_000,
        "schemas of schemas": site + schemas + twice + "````\n",
        "alias": site + "a: &a [1]\nb: [*a, *a]\n````\n",
        "deep YAML": site + "a: " + "[" * 5_000 + "````\n",
        "deep YAML closed": site + "a: " + "[" * 2_000 + "]" * 2_000 + "\n````\n",
        "huge number": head + "- `a: string or " + "9" * 9_000 + " more`\n\n  Default: `" + "9" * 9_000 + "`.",
        "many lines": head + "- `a: string`\n" * 8_000,
    }


@pytest.mark.parametrize("name", sorted(_bombs()))
def test_a_hostile_page_ends_soon(name: str) -> None:
    outcomes: list[Contract | PageError] = []
    data = _bombs()[name].encode()
    assert calls_made(lambda: outcomes.append(outcome(data))) < MOST_CALLS


def test_a_large_openapi_description_is_refused() -> None:
    padded = openapi_site(Made()).replace("components:\n", "filler:\n" + f"  - {'x' * 40}\n" * 40_000 + "components:\n")
    refusal = outcome(padded.encode())
    assert isinstance(refusal, PageError)
    assert "too large" in refusal.reason


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    made = Made(betas=("one-2030-01-01", "two-\x1b[31m", "three-2030-01-01"))
    lines = derive_command(
        [
            write(tmp_path, "a.md", http_markdown(made)),
            write(tmp_path, "b.md", http_markdown(Made(betas=made.betas[:1]))),
        ],
        None,
    )
    assert any("two-\\x1b[31m" in line for line in lines)
    assert all(line.isprintable() for line in lines)
