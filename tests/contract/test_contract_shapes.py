"""Types in their spellings, and objects inside objects in the formats that lost their indents."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from models_conformance.contract.derivation.derive import PageError, derive
from models_conformance.contract.model import Contract
from tests.contract.synthetic_made import Made, example
from tests.contract.synthetic_pages import RENDITIONS, flattened, http_markdown, scraped_http, write

PAGE = http_markdown(Made(extra=(("colour", "string"),)))
FLAT = flattened(Made(extra=(("can", "string"), ("size", "string"))))
SCRAPED = scraped_http(Made(extra=(("can", "string"), ("size", "string"))))


def derived(text: str) -> Contract:
    with tempfile.TemporaryDirectory() as folder:
        return derive([write(Path(folder), "page.txt", text)])


@pytest.mark.parametrize(
    ("spelling", "types", "items", "values"),
    [
        ("colour: string or null", ("string", "null"), None, ()),
        ("colour: string | null", ("string", "null"), None, ()),
        ("colour: Optional[str]", ("string", "null"), None, ()),
        ("colour: Union[str, int, None]", ("string", "integer", "null"), None, ()),
        ("colour: Optional[Union[bool, float]]", ("number", "boolean", "null"), None, ()),
        ("colour: List[str]", ("array",), "string", ()),
        ("colour: Optional[List[int]]", ("array", "null"), "integer", ()),
        ("colour: array of string", ("array",), "string", ()),
        ("colour: array of string or null", ("array", "null"), "string", ()),
        ("colour: Array<number>", ("array",), "number", ()),
        ("colour: string[]", ("array",), "string", ()),
        ("colour: Dict[str, object]", ("object",), None, ()),
        ('colour: "red" or "blue"', ("string",), None, ("red", "blue")),
        ('colour: "red" or "blue" or null', ("string", "null"), None, ("red", "blue")),
        ('colour: Literal["red", "blue"]', ("string",), None, ("red", "blue")),
        ('colour: Optional[Literal["red", "blue"]]', ("string", "null"), None, ("red", "blue")),
        ('colour: "red" | "blue" | null', ("string", "null"), None, ("red", "blue")),
        ("required string Colour", ("string",), None, ()),
        ("required string? Colour", ("string", "null"), None, ()),
        ("required IReadOnlyList<Long> Colour", ("array",), "integer", ()),
        ("required IReadOnlyList<string>? Colour", ("array", "null"), "string", ()),
        ('JsonElement Colour "red"constant', ("string",), None, ("red",)),
        ("required DateTimeOffset Colour", ("string",), None, ()),
        ("colour: datetime", ("string",), None, ()),
        ("colour: JsonValue", (), None, ()),
    ],
)
def test_a_type_in_any_spelling(
    spelling: str, types: tuple[str, ...], items: str | None, values: tuple[str, ...]
) -> None:
    field = derived(PAGE.replace("colour: string", spelling)).objects["ModelInfo"]["colour"]
    assert (field.types, field.items, field.values) == (types, items, values)
    assert field.required


def test_values_below_a_member_are_its_enumeration() -> None:
    listed = '    About colour.\n\n    - `"red"`\n\n    - `"blue"`\n\n    - `"green"`\n'
    text = PAGE.replace("    About colour.\n", listed)
    shown = text.replace("colour: string", 'colour: "red" or "blue" or 1 more')
    assert derived(shown).objects["ModelInfo"]["colour"].values == ("red", "blue", "green")
    named = text.replace("colour: string", "colour: Colour")
    field = derived(named).objects["ModelInfo"]["colour"]
    assert (field.types, field.values) == (("string",), ("red", "blue", "green"))
    wrong = text.replace("colour: string", 'colour: "red" or "pink" or 1 more')
    with pytest.raises(PageError, match="lists other values"):
        derived(wrong)
    with pytest.raises(PageError, match="the list is missing"):
        derived(PAGE.replace("colour: string", 'colour: "red" or "blue" or 1 more'))


def test_a_bullet_of_prose_is_no_value() -> None:
    described = "    About colour.\n\n    - `red`: the warm one.\n    - `blue`: the cold one.\n"
    field = derived(PAGE.replace("    About colour.\n", described)).objects["ModelInfo"]["colour"]
    assert (field.types, field.values, field.object) == (("string",), (), None)


def test_several_objects_at_one_place_have_no_members_in_common() -> None:
    described = (
        "    About colour.\n\n    - `Red object { r }`\n\n      - `r: number`\n\n        Red.\n\n"
        "    - `Blue object { b }`\n\n      - `b: number`\n\n        Blue.\n"
    )
    text = PAGE.replace("    About colour.\n", described).replace("colour: string", "colour: Red or Blue")
    field = derived(text).objects["ModelInfo"]["colour"]
    assert (field.types, field.object) == (("object",), None)


def test_a_typescript_page_derives() -> None:
    text = PAGE.replace("optional string", "string").replace("optional number", "number")
    for name in ("after_id", "before_id", "limit"):
        text = text.replace(f"`{name}: ", f"`{name}?: ")
    contract = derived(text.replace("optional array of AnthropicBeta", "Array<AnthropicBeta>").replace(" or ", " | "))
    assert list(contract.renditions.values()) == ["typescript"]
    assert not any(parameter.required for parameter in contract.operations["list"].parameters.values())


def test_a_header_that_every_request_needs_is_a_fact_and_no_parameter() -> None:
    described = '### Header Parameters\n\n- `"anthropic-version": "2031-01-01"`\n\n  Header with a date.\n\n'
    contract = derived(PAGE.replace("### Header Parameters\n\n", described).replace("2023-06-01", "2031-01-01"))
    assert contract.facts["version.anthropic-version"].says == "2031-01-01"
    assert "anthropic-version" not in contract.operations["list"].parameters


def _nested_flat(once: bool) -> str:
    """`can` holds `Abilities`, two of whose members are of one type with a member `supported` - as has `can`."""
    support = "supported: boolean\nWhether it does.\n"
    inner = f"fly: Support\nTo fly.\n{support}swim: Support\nTo swim.\n{'' if once else support}{support}"
    text = FLAT.replace("can: string\nAbout can.\n", f"can: Abilities\nAbout can.\n{inner}")
    tail = "Domain Types#\nAbilities#\n" + f"Abilities object {{ fly, swim, supported }}{inner}"
    tail += f"Support#\nSupport object {{ supported }}{support}"
    return text + tail


def _abilities(contract: Contract) -> None:
    owner = contract.objects["ModelInfo"]["can"].object
    assert owner is not None
    assert set(contract.objects[owner]) == {"fly", "swim", "supported"}
    for name in ("fly", "swim"):
        inner = contract.objects[owner][name].object
        assert inner is not None
        assert set(contract.objects[inner]) == {"supported"}
    assert "size" in contract.objects["ModelInfo"]
    assert set(contract.objects["ListPage"]) == {"data", "first_id", "has_more", "last_id"}


@pytest.mark.parametrize("once", [False, True])
def test_flattened_text_with_counts_nests_by_counting(once: bool) -> None:
    _abilities(derived(_nested_flat(once)))


def _scraped_nested(*, braces: bool, answer: bool, once: bool) -> str:
    def line(name: str, words: str) -> str:
        return f"•\n\n{name}: {words}\ue09a\n\nAbout it.\n\n"

    def shape(names: str) -> str:
        return f" {{ {names} }} " if braces else ""

    support = line("supported", "boolean")
    inner = line("fly", f"[Support](api/x.md){shape('supported')}") + support
    inner += line("swim", f"[Support](api/x.md){shape('supported')}") + ("" if once else support) + support
    text = SCRAPED.replace(
        "can: string\ue09a\n\nAbout can.\n\n",
        f"can: [Abilities](api/x.md){shape('fly, swim, supported')}\ue09a\n\nAbout can.\n\n{inner}",
    )
    shown = json.loads(example(Made(extra=(("can", "string"), ("size", "string")))))
    start, end = text.index("```shiki\n{"), text.rindex("```")
    shown["data"][0]["can"] = {
        "fly": {"supported": True},
        "swim": {"supported": True},
        "supported": True,
    }
    fence = f"```shiki\n{json.dumps(shown, indent=2)}\n" if answer else "```shiki\nnothing\n"
    return text[:start] + fence + text[end:]


@pytest.mark.parametrize("once", [False, True])
@pytest.mark.parametrize(("braces", "answer"), [(True, True), (True, False), (False, True)])
def test_a_scraped_page_nests_by_its_braces_or_by_its_example(braces: bool, answer: bool, once: bool) -> None:
    _abilities(derived(_scraped_nested(braces=braces, answer=answer, once=once)))


def test_a_page_that_tells_nothing_of_its_nesting_is_refused() -> None:
    with pytest.raises(PageError, match="nothing on the page documents the members of Abilities"):
        derived(_scraped_nested(braces=False, answer=False, once=False))


def test_an_example_without_fences_is_read() -> None:
    text = FLAT[: FLAT.index("Retrieve#")]
    inner = (
        "fly: Support\nTo fly.\nsupported: boolean\nWhether.\nswim: Support\nTo swim.\nsupported: boolean\nWhether.\n"
    )
    text = text.replace("can: string\nAbout can.\n", f"can: Abilities\nAbout can.\n{inner}supported: boolean\nAny.\n")
    shown = json.loads(example(Made(extra=(("can", "string"), ("size", "string")))))
    shown["data"][0]["can"] = {"fly": {"supported": True}, "swim": {"supported": True}, "supported": True}
    _abilities(derived(text + "\n" + json.dumps(shown, indent=2)))


@pytest.mark.parametrize("ending", ["\r\n", "  \n"])
@pytest.mark.parametrize("rendition", sorted(RENDITIONS))
def test_line_endings_and_trailing_spaces_change_nothing(rendition: str, ending: str) -> None:
    text = RENDITIONS[rendition](Made())
    assert derived(text.replace("\n", ending)).revision == derived(text).revision


def test_two_places_of_one_page_that_differ_are_a_disagreement() -> None:
    at = PAGE.rindex("colour: string")
    text = PAGE[:at] + "colour: boolean" + PAGE[at + len("colour: string") :]
    contract = derived(text)
    found = {disagreement.about: disagreement for disagreement in contract.disagreements}
    lines = {claim.says: claim.sources[0].line for claim in found["ModelInfo.colour (type)"].claims}
    assert set(lines) == {"string", "boolean"}
    assert lines["string"] != lines["boolean"]
    assert contract.objects["ModelInfo"]["colour"].types == ("string", "boolean")
