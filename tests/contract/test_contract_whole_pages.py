"""A page is read whole or refused: by the language it is for, or by the line that contradicts or is not understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models_conformance.contract.derivation.derive import PageError, derive
from models_conformance.contract.differences import diff
from models_conformance.frontend.contract_commands import derive_command
from models_conformance.frontend.differences import compare
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import RENDITIONS, http_markdown, scraped_http, write

HTTP = http_markdown(Made())
LIST = HTTP.partition("## Retrieve")[0]


def refusal(folder: Path, text: str, name: str = "page.md") -> PageError:
    with pytest.raises(PageError) as caught:
        derive([write(folder, name, text)])
    return caught.value


@pytest.mark.parametrize(
    ("language", "change"),
    [
        ("Kotlin", ("url: made-up", "url: https://docs.example.com/en/api/kotlin/models/list")),
        ("Swift", ("url: made-up", "source_url: https://docs.example.com/api/swift/models.md")),
        ("Kotlin", ("```http", "```kotlin")),
        ("Swift", ("```http", "```swift")),
        ("Rust", ("```http", "```rust")),
        ("Swift", ("## List\n", "## List\n\n`models.list(after: String) async throws -> Page`\n")),
        ("Ruby", ("limit: optional number", "limit: Array[Integer]")),
        ("Ruby, Kotlin or Swift", ("limit: optional number", "limit: Integer")),
        ("Go", ("limit: optional number", "Limit param.Field[int64]")),
        ("Java", ("limit: optional number", "Optional<Long> limit")),
        ("PHP", ("limit: optional number", "limit?:optional int")),
        ("Kotlin", ("## List\n", "## List\n\n`suspend fun list(after: String)`\n")),
        ("Kotlin", ('limit: optional number`', 'limit: Optional<Long>`\n\n  - `FIRST("first")')),
        ("Java or Kotlin", ('limit: optional number`', 'limit: optional number`\n\n  - `FIRST("first")`')),
    ],
)  # fmt: skip
def test_a_page_of_a_language_that_is_not_read_is_refused_by_name(
    tmp_path: Path, language: str, change: tuple[str, str]
) -> None:
    text = HTTP.replace(*change)
    assert text != HTTP
    found = refusal(tmp_path, text)
    assert f"a page for {language}" in found.reason
    assert "Python, TypeScript, C#" in found.reason
    assert found.line


def test_a_language_that_is_chosen_on_a_scraped_page_is_believed(tmp_path: Path) -> None:
    found = refusal(tmp_path, scraped_http(Made()).replace("\ncURL\n", "\nSwift\n"))
    assert "a page for Swift" in found.reason


@pytest.mark.parametrize("also", ["http", "kotlin"])
def test_a_page_that_shows_its_code_in_many_languages_is_read(tmp_path: Path, also: str) -> None:
    text = HTTP.replace("```http", f"```swift\nlet page = models.list()\n```\n\n```{also}")
    assert derive([write(tmp_path, "page.md", text)]).operations["list"].parameters.keys() >= {"limit"}


@pytest.mark.parametrize("rendition", ["python-scraped", "typescript-scraped", "csharp-scraped", "python-markdown"])
def test_a_link_without_words_says_nothing(tmp_path: Path, rendition: str) -> None:
    text = RENDITIONS[rendition](Made())
    linked = re.sub(r"(?m)^(( *)(?:- `)?[a-z\\_]+\??: \S.*|.*> betas)$", r"\1\n\n\2  [](#list.name)", text)
    assert linked != text
    plain, anchored = (derive([write(tmp_path, "page.md", side)]) for side in (text, linked))
    assert not diff(plain, anchored)


@pytest.mark.parametrize("rendition", sorted(RENDITIONS))
def test_what_is_read_is_read_as_before(tmp_path: Path, rendition: str) -> None:
    found = derive([write(tmp_path, "page.md", RENDITIONS[rendition](Made()))])
    assert found.operations["list"].parameters["limit"].maximum == 1000


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("`created_at: string`", "`created_at`", "a member without a type: created_at"),
        ("`created_at: string`", "`created_at: `", "not understood: created_at"),
        ("`created_at: string`", "`created_at: instant`", "not understood: created_at: instant"),
        ("`created_at: string`", "`created_at: Instant`", "a member without a type: created_at"),
        ("`created_at: string`", "`CREATED string`", "named as a type: string"),
        ("`id: string`", "`ident: string`", "an item without id"),
        ('`type: "model"`', '`kind: "model"`', "an item without type"),
        ("`has_more: boolean`", "`more: boolean`", "a page of the list without has_more"),
        ("`limit: optional number`", "`params: optional number`", "a parameter called params"),
        ("`limit: optional number`", "`limit: optional whole-number`", "not understood: limit"),
        ("Between `1` and `1000`", "Between `1000` and `1`", "turned round: from 1000 to 1"),
        ("Default: `20`", "Default: `2000`", "the default of limit, 2000, is outside its range, 1 to 1000"),
        ('or 1 more`', 'plus 1 more`', "more than it shows"),
        ('or 1 more`', 'or 2 more`', "documented to have 5 values, 4 were read"),
    ],
)  # fmt: skip
def test_what_is_half_understood_is_refused_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = LIST.replace(old, new)
    assert text != LIST
    found = refusal(tmp_path, text)
    assert reason in found.reason
    assert found.line
    assert found.page == "page.md"


def test_a_type_that_is_counted_and_never_listed_is_refused(tmp_path: Path) -> None:
    text = HTTP.replace("`display_name: string`", "`display_name: Naming { short, long, tiny, 2 more }`")
    assert "display_name is documented to have 5 members" in refusal(tmp_path, text).reason


@pytest.mark.parametrize(
    ("rendition", "old", "new"),
    [
        ("http-scraped", "created\\_at: string", "created\\_at: instant"),
        ("http-scraped", "created\\_at: string", "created\\_at"),
        ("http-flattened", "created_at: string", "created_at: instant"),
        ("python-markdown", "created_at: datetime", "created_at: an_instant"),
        ("csharp-markdown", "required DateTimeOffset CreatedAt", "required CreatedAt DateTimeOffset?"),
        ("cli-markdown", "created_at: string", "created_at: instant"),
    ],
)
def test_a_declaration_is_understood_in_every_format_or_refused(
    tmp_path: Path, rendition: str, old: str, new: str
) -> None:
    text = RENDITIONS[rendition](Made())
    assert old in text
    found = refusal(tmp_path, text.replace(old, new))
    assert found.line
    assert "created" in found.reason.lower() or "members" in found.reason


@pytest.mark.parametrize("line", ["default: 20, maximum: 1000, minimum: 1", "maximum1000", "format: date-time"])
def test_a_line_of_bounds_is_no_declaration(tmp_path: Path, line: str) -> None:
    text = scraped_http(Made()).replace("maximum1000", line)
    assert "limit" in derive([write(tmp_path, "page.md", text)]).operations["list"].parameters


TABLE = """| Name | In | Type | Required | Default | Description |
|:---|---|---|---|---|---|
| `shade` | query | `"dark" \\| "light"` | no | `dark` | Deprecated. A shade. |
| **count** | query | integer | no | 5 | Between `1` and `9`. |

"""


def test_a_table_of_parameters_is_read(tmp_path: Path) -> None:
    text = LIST.replace("### Query Parameters\n\n", f"### Query Parameters\n\n{TABLE}")
    contract = derive([write(tmp_path, "page.md", text)])
    parameters = contract.operations["list"].parameters
    shade, count = parameters["shade"], parameters["count"]
    assert (shade.location, shade.required, shade.values, shade.open) == ("query", False, ("dark", "light"), False)
    assert (count.type, count.default, count.minimum, count.maximum) == ("integer", 5, 1, 9)
    assert "`shade`" in text.split("\n")[(shade.sources[0].line or 0) - 1]
    assert contract.facts["list.shade.status"].says == "deprecated"
    assert "limit" in parameters


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| Required ", "| Needed "),
        ("| Type ", "| Kind "),
        ("| integer |", "| whole number |"),
        ("| integer | no |", "| integer | perhaps |"),
    ],
)
def test_a_table_that_does_not_say_all_is_refused(tmp_path: Path, old: str, new: str) -> None:
    table = TABLE.replace(old, new)
    text = LIST.replace("### Query Parameters\n\n", f"### Query Parameters\n\n{table}")
    found = refusal(tmp_path, text)
    assert "not understood: |" in found.reason
    assert text.split("\n")[(found.line or 0) - 1].startswith("|")


def test_a_table_that_only_describes_is_prose(tmp_path: Path) -> None:
    described = LIST.replace("### Header Parameters\n\n", "| Value | Meaning |\n|---|---|\n\n### Header Parameters\n\n")
    assert "limit" in derive([write(tmp_path, "page.md", described)]).operations["list"].parameters


def test_lists_deeper_than_any_page_are_refused_by_line(tmp_path: Path) -> None:
    deep = "".join(" " * (2 * depth) + f"- `deep{depth}: string`\n" for depth in range(70))
    found = refusal(tmp_path, LIST.replace("### Header Parameters\n\n", f"{deep}\n### Header Parameters\n\n"))
    assert "nested more than" in found.reason
    assert found.line


def test_a_stray_file_of_a_folder_is_passed_over_and_named(tmp_path: Path) -> None:
    write(tmp_path, "models.md", HTTP)
    write(tmp_path, "README.md", "# What is in here\n\nPages.\n")
    write(tmp_path, "logo.png", b"\x89PNG\x00\x00")
    lines = derive_command([tmp_path], None)
    assert any("passed over README.md: no API reference" in line for line in lines)
    assert any("passed over logo.png: binary" in line for line in lines)
    assert sum("passed over" in line for line in compare(tmp_path, tmp_path).as_text()) == 4
    with pytest.raises(PageError, match=r"README\.md"):
        derive_command([tmp_path / "README.md"], None)


@pytest.mark.parametrize("mark", ["*", "+"])
def test_every_bullet_of_markdown_is_one(tmp_path: Path, mark: str) -> None:
    plain = derive([write(tmp_path, "plain.md", HTTP)])
    starred = derive([write(tmp_path, "starred.md", HTTP.replace("- `", f"{mark} `"))])
    assert starred.operations["list"].parameters.keys() == plain.operations["list"].parameters.keys()
    assert starred.objects["ModelInfo"].keys() == plain.objects["ModelInfo"].keys()
