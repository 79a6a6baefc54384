"""One change of a page is told once, and in the group that says what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from models_conformance.contract.changes import GROUPS
from models_conformance.contract.derivation.derive import derive
from models_conformance.contract.differences import diff
from models_conformance.contract.model import Contract
from tests.contract.synthetic_made import Made
from tests.contract.synthetic_openapi import openapi_site
from tests.contract.synthetic_pages import http_markdown, write

_PARAMETERS = """- `shade: optional "dark" or "light"`

  A shade.

- `colours: optional array of "red" or "green" or "blue"`

  Colours. Up to 3 values. Filters the list by state. When omitted, `red` and `green` are listed.

  - `"red"`

  - `"green"`

  - `"blue"`

"""
_HEADER = """- `"x-team": optional string`

  An optional header.

"""
_MEMBERS = """  - `state: "on" or "off" or "gone"`

    How it is.

  - `line: "a" or "b"`

    More of them may be added.

  - `gone_at: string or null`

    A time. `null` while the model is `on`.

    format: date-time

  - `size: number`

    How large it is.

  - `tags: array of string`

    Words.

  - `parts: object { wheel, seat }`

    What it is made of.

    - `wheel: string`

      Round.

    - `seat: string`

      Soft.

"""
_FIRST_ID = """- `first_id: string`

  The first id in `data`; use it as `before_id`.

"""


def _page() -> str:
    """The list of a made-up API, in which every kind of fact stands once."""
    text = http_markdown(Made()).partition("## Retrieve")[0]
    text = text.replace("### Header Parameters\n\n", f"{_PARAMETERS}### Header Parameters\n\n{_HEADER}")
    return text.replace('  - `type: "model"`', f'{_MEMBERS}  - `type: "model"`')


PAGE = _page()
BREAKING, ADDITIVE, OPEN, WORDS, VERSIONS = "breaking", "additive", "open_sets", "documentation", "versions"
SINGLE: dict[str, tuple[str, str, str]] = {
    "a new version": (VERSIONS, "2023-06-01", "2031-01-01"),
    "another order": (BREAKING, "Newer models come first", "Older models come first"),
    "an order unsaid": (WORDS, "Newer models come first in the answer.", "All models."),
    "a parameter less": (BREAKING, _PARAMETERS.partition("- `colours")[0], ""),
    "an optional parameter more": (ADDITIVE, "- `shade", "- `tint: optional string`\n\n  A tint.\n\n- `shade"),
    "a required parameter more": (BREAKING, "- `shade", "- `tint: string`\n\n  A tint.\n\n- `shade"),
    "a parameter becomes required": (BREAKING, "limit: optional number", "limit: number"),
    "another type of a parameter": (BREAKING, "after_id: optional string", "after_id: optional boolean"),
    "a parameter that is called otherwise over a page": (BREAKING, "directly after", "directly before"),
    "another default": (BREAKING, "Default: `20`", "Default: `50`"),
    "a default unsaid": (WORDS, " Default: `20`.", ""),
    "a lower maximum": (BREAKING, "`1000`", "`500`"),
    "a higher maximum": (ADDITIVE, "`1000`", "`2000`"),
    "a higher minimum": (BREAKING, "Between `1`", "Between `2`"),
    "a range unsaid": (WORDS, "Default: `20`. Between `1` and `1000`.", "Default: `20`. At least `1`."),
    "fewer items allowed": (BREAKING, "Up to 3", "Up to 2"),
    "a value of a parameter less": (BREAKING, '"dark" or "light"', '"dark"'),
    "a value of a parameter more": (ADDITIVE, '"dark" or "light"', '"dark" or "light" or "none"'),
    "a filter that stands for others": (BREAKING, "`red` and `green` are", "`red` is"),
    "a beta more": (OPEN, 'or 1 more`\n\n    - ', 'or 2 more`\n\n    - `"new-2031-01-01"`\n\n    - '),
    "a beta less": (OPEN, '"plums-2030-03-03" or 1 more', '"plums-2030-03-03"'),
    "an optional header more": (ADDITIVE, _HEADER, _HEADER + _HEADER.replace("x-team", "x-part")),
    "an optional header less": (BREAKING, _HEADER, ""),
    "a header becomes required": (BREAKING, '"x-team": optional', '"x-team":'),
    "a required header more": (BREAKING, _HEADER, _HEADER + '- `"x-must": string`\n\n  A must.\n\n'),
    "a member more": (ADDITIVE, "  - `size:", "  - `weight: number`\n\n    Heavy.\n\n  - `size:"),
    "a member less": (BREAKING, "  - `size: number`\n\n    How large it is.\n\n", ""),
    "another type of a member": (BREAKING, "size: number", "size: string"),
    "one more type of a member": (BREAKING, "size: number", "size: number or string"),
    "a member that may be null": (BREAKING, "size: number", "size: number or null"),
    "ids that may be null": (WORDS, "first_id: string", "first_id: string or null"),
    "a member that may be absent": (BREAKING, "size: number", "size: optional number"),
    "other items": (BREAKING, "array of string", "array of number"),
    "a format unsaid": (WORDS, "RFC 3339 time of release", "Time of release"),
    "a format by its line unsaid": (WORDS, "\n\n    format: date-time", ""),
    "another format": (BREAKING, "format: date-time", "format: date"),
    "another constant": (BREAKING, 'type: "model"', 'type: "engine"'),
    "a value of an answer less": (ADDITIVE, '"off" or "gone"', '"off"'),
    "a value of an answer more": (ADDITIVE, '"off" or "gone"', '"off" or "gone" or "new"'),
    "a value of an open answer less": (OPEN, '"a" or "b"', '"a"'),
    "an answer closes": (ADDITIVE, "More of them may be added.", "All there are."),
    "another stage of null": (BREAKING, "model is `on`", "model is `off`"),
    "a member of a member more": (ADDITIVE, "wheel, seat }", "bell, wheel, seat }"),
    "a member of a member less": (BREAKING, "wheel, seat }", "wheel }"),
    "a member of the page less": (BREAKING, _FIRST_ID, ""),
    "a member of the page more": (ADDITIVE, "- `first_id", "- `total: number`\n\n  How many.\n\n- `first_id"),
    "a deprecated member": (WORDS, "How large it is.", "Deprecated. How large it is."),
    "a deprecated parameter": (WORDS, "A shade.", "Deprecated: use colours."),
    "a deprecated operation": (WORDS, "Newer models come", "This endpoint is deprecated. Newer models come"),
    "a use of an id unsaid": (WORDS, "; use it as `before_id`", ""),
}  # fmt: skip
_FURTHER = {
    "a member of a member more": ("    - `wheel:", "    - `bell: string`\n\n      Loud.\n\n    - `wheel:"),
    "a member of a member less": ("    - `seat: string`\n\n      Soft.\n\n", ""),
    "a beta less": ('    - `"figs-2030-04-04"`\n\n', ""),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return derive([write(tmp_path_factory.mktemp("old"), "list.md", PAGE)])


@pytest.mark.parametrize("case", SINGLE)
def test_a_single_change_is_told_once(case: str, before: Contract, tmp_path: Path) -> None:
    group, old, new = SINGLE[case]
    text = PAGE.replace(old, new)
    assert text != PAGE
    if case in _FURTHER:
        text = text.replace(*_FURTHER[case])
    changes = diff(before, derive([write(tmp_path, "list.md", text)]))
    told = {name: [change.says for change in changes.of(name)] for name in GROUPS}
    assert {name: len(lines) for name, lines in told.items() if lines} == {group: 1}, told


DESCRIPTION = openapi_site(Made(extra=(("size", "string"),)))
_BUSY = "busy_error: '#/components/schemas/Gone'\n                        "
_SIZE = "size:\n          type: integer"
_MUST = """        x-must:
          schema:
            - type: string
              required: true
"""
OF_A_DESCRIPTION: dict[str, tuple[str, str, str]] = {
    "a parameter in whole numbers no longer": (BREAKING, "- type: integer", "- type: string"),
    "an error more": (OPEN, "teapot_error: '", f"{_BUSY}teapot_error: '"),
    "an error less": (OPEN, "                        teapot_error: '#/components/schemas/Gone'\n", ""),
    "a deprecated operation": (WORDS, "  method: get\n", "  method: get\n  deprecated: true\n"),
    "a required header more": (BREAKING, "        x-api-key:\n", f"{_MUST}        x-api-key:\n"),
    "a member in whole numbers no longer": (BREAKING, _SIZE, _SIZE.replace("integer", "number")),
}  # fmt: skip


@pytest.mark.parametrize("case", OF_A_DESCRIPTION)
def test_a_single_change_of_a_description_is_told_once(case: str, tmp_path: Path) -> None:
    group, old, new = OF_A_DESCRIPTION[case]
    description = DESCRIPTION.replace("size:\n          type: string", _SIZE)
    assert old in description
    sides = (("old", description), ("new", description.replace(old, new)))
    for side, _ in sides:
        (tmp_path / side).mkdir()
    before, after = (derive([write(tmp_path / side, "list.md", text)]) for side, text in sides)
    told = {name: [change.says for change in diff(before, after).of(name)] for name in GROUPS}
    assert {name: len(lines) for name, lines in told.items() if lines} == {group: 1}, told


def test_a_type_that_stands_in_many_places_is_told_of_once(tmp_path: Path) -> None:
    def page(members: str, count: str) -> str:
        part = f"Part {{ {count} }}`\n\n    One.\n\n    - `round: boolean`\n\n      Yes.\n\n{members}"
        both = f"  - `left: {part}  - `right: {part}"
        return PAGE.replace("  - `size:", f"{both}  - `size:")

    old = derive([write(tmp_path, "old.md", page("", "round"))])
    new = derive([write(tmp_path, "new.md", page("    - `flat: boolean`\n\n      No.\n\n", "round, flat"))])
    assert [change.says for change in diff(old, new).additive] == ["ModelInfo.left.flat is new"]


def test_members_that_are_no_longer_listed_are_told(before: Contract, tmp_path: Path) -> None:
    start = PAGE.index("    - `wheel:")
    text = PAGE[:start] + PAGE[PAGE.index('  - `type: "model"') :]
    named = derive([write(tmp_path, "list.md", text.replace("object { wheel, seat }", "object"))])
    told = {group: [change.says for change in diff(before, named).of(group)] for group in GROUPS}
    assert told["documentation"] == ["the members of ModelInfo.parts are no longer listed"]
    assert sum(map(len, told.values())) == 1
