"""One page in the marks of several converters is one contract; declared in ways that are not read, it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from models_conformance.contract.derivation.derive import PageError, derive
from models_conformance.contract.differences import diff
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_pages import http_markdown, write

HTTP = http_markdown(Made())
AFTER = "- `after_id: optional string`"
Change = Callable[[str], str]


def _outside_code(change: Change) -> Change:
    def whole(text: str) -> str:
        parts = re.split(r"(?ms)(^ *```.*?^ *```$)", text)
        return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))

    return whole


def _each(pattern: str, by: str) -> Change:
    return _outside_code(lambda text: re.sub(pattern, by, text, flags=re.MULTILINE))


SAME: dict[str, Change] = {
    "tabs": _outside_code(lambda text: text.replace("  ", "\t")),
    "numbers": _each(r"^( *)- `", r"\g<1>1. `"),
    "entities": _outside_code(lambda text: text.replace('"', "&quot;")),
    "code tags": _each(r"`([^`\n]+)`", r"<code>\1</code>"),
    "two ticks": _each(r"`([^`\n]+)`", r"`` \1 ``"),
    "linked declarations": _each(r"^( *- )(`[^`\n]+`)$", r"\1[\2](#there)"),
    "linked types": _each(r"`([^`\n]+ )(ModelInfo|AnthropicBeta)`", r"`\1`[`\2`](/types#there)"),
    "anchors of headings": _each(r"^(#+ .*)$", "\\1 [\u200b](#there)"),
    "ids of headings": _each(r"^(#+ .*)$", r"\1 {#there}"),
    "blanks that do not break": _each(r"(?<=[a-z]) (?=[a-z])", "\u00a0"),
    "optional behind": _each(r"`([\w\"-]+): optional ([^`\n]+)`$", r"`\1: \2` (optional)"),
    "wrapped": _each(r"^( *)(- `[^`\n]+) ([^` \n]+`)$", r"\1\2\n\1  \3"),
}


@pytest.mark.parametrize("name", SAME)
def test_marks_of_a_converter_change_no_fact(tmp_path: Path, name: str) -> None:
    changed = SAME[name](HTTP)
    assert changed != HTTP
    pages = [write(tmp_path, f"{number}.md", text) for number, text in enumerate((HTTP, changed))]
    assert not any(vars(diff(*(derive([page]) for page in pages))).values())


@pytest.mark.parametrize("bounds", ["Minimum: 3. Maximum: 700. Default: 40.", "From `3` to `700`; default `40`."])
def test_bounds_are_read_in_other_words(tmp_path: Path, bounds: str) -> None:
    text = re.sub(r"(`limit: optional number`\n\n)[^-#]*", rf"\1  {bounds}\n\n", HTTP)
    limit = derive([write(tmp_path, "page.md", text)]).operations["list"].parameters["limit"]
    assert (limit.minimum, limit.maximum, limit.default) == (3, 700, 40)


@pytest.mark.parametrize(
    "instead",
    [
        "- **after_id**: optional string",
        "- after_id: optional string",
        "- `after_id` (string, optional)",
        "- `after_id` — `optional string`",
        "- [ ] `after_id: optional string`",
        "- ~~`after_id: optional string`~~",
        "- `after_id: optional string` - a cursor",
        "- `after_id: optional string` (deprecated)",
    ],
)
def test_a_declaration_in_other_words_is_refused_by_its_line(tmp_path: Path, instead: str) -> None:
    with pytest.raises(PageError, match="not understood: after_id") as caught:
        derive([write(tmp_path, "page.md", HTTP.replace(AFTER, instead))])
    assert caught.value.line == HTTP[: HTTP.index(AFTER)].count("\n") + 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("### Query Parameters", "### Inputs"), "a part that is not understood"),
        (lambda text: text.replace("### Query Parameters", "**Query Parameters**"), "a part that is not understood"),
        (lambda text: re.sub(r"(?m)^- `(after_id|before_id|limit): ", r"`\1: ", text), "none could be read"),
        (lambda text: re.sub(r"(?m)^- `(after_id|before_id|limit): .*$", r"#### \1", text), "none could be read"),
        (lambda text: text.replace("  - `display_name", "      - `display_name"), "which is not an object"),
    ],
)
def test_what_would_be_lost_in_silence_is_refused(tmp_path: Path, change: Change, reason: str) -> None:
    assert change(HTTP) != HTTP
    with pytest.raises(PageError, match=reason) as caught:
        derive([write(tmp_path, "page.md", change(HTTP))])
    assert caught.value.line
