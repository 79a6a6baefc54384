from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

from hypothesis import given

from models_conformance.reports.html import render
from models_conformance.requirements.pages import documentation
from models_conformance.result import Result
from tests.reports.html.parsed import Page
from tests.reports.html.planted import PLANTED, UNSEEN, hostile
from tests.reports.result_strategies import results, sample

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "script", "header", "nav", "main", "section", "article"),
    *("footer", "div", "p", "h1", "h2", "h3", "h4", "h5", "ol", "ul", "li", "dl", "dt", "dd", "table", "thead"),
    *("tbody", "tr", "th", "td", "details", "summary", "span", "bdi", "strong", "code", "pre", "mark", "a"),
    *("label", "input", "select", "option", "button"),
}
# Values of these are words of the template or of the register; none may hold anything a subject sent.
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "tabindex", "type", "placeholder"),
    *("autocomplete", "spellcheck", "value", "scope", "open", "hidden", "disabled", "role", "aria-label"),
    *(
        "for",
        "aria-labelledby",
        "aria-hidden",
        "aria-pressed",
        "data-search",
        "data-filter",
        "data-value",
        "data-verdict",
    ),
    *("data-level", "data-area", "rel"),
}
UNSEEN_KINDS = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
BODIES = re.compile(r'<div class="body">.*?</div>', re.DOTALL)
ORDINARY = re.compile(r"[\w .:;,/='#+-]*", re.ASCII)


def assert_holds_only_our_markup(document: str) -> None:
    page = Page(document)
    assert {tag for tag, _ in page.elements} <= TAGS
    assert page.others == []
    for tag, attributes in page.elements:
        assert set(attributes) <= ATTRIBUTES, tag
        for value in attributes.values():
            assert ORDINARY.fullmatch(value or ""), (tag, value)
        if tag == "a":
            assert (attributes["href"] or "").startswith(("#", f"{documentation()}requirements/"))
    assert [tag for tag, _ in page.elements if tag in ("style", "script", "title")] == ["title", "style", "script"]
    # A body keeps its tabs, in an element that preserves them. Nothing that was sent can close that element.
    assert _unseen(document) <= {"\n", "\t"}
    assert _unseen(BODIES.sub("", document)) == {"\n"}
    document.encode("utf-8")


def _unseen(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in UNSEEN_KINDS}


@given(results())
def test_no_element_and_no_attribute_comes_from_what_a_subject_sent(result: Result) -> None:
    document = render(result)
    assert_holds_only_our_markup(document)
    assert render(result) == document


def test_markup_planted_in_every_field_is_text() -> None:
    document = render(hostile())
    assert_holds_only_our_markup(document)
    text = Page(document).text
    assert text.count("<script>window.planted = 1</script>") > 20
    assert "{{ 7 * 7 }}" in text


def test_characters_that_nobody_sees_are_shown_as_escapes() -> None:
    text = Page(render(hostile(UNSEEN))).text
    for escape in (r"\x1b[31m\x07\u202eb", r"\u2066\u200b\ufeff\xa0\u3164\ud800\u2028z"):
        assert text.count(escape) > 10


def test_the_policy_allows_our_style_and_script_by_hash_and_nothing_else() -> None:
    page = Page(render(sample()))
    metas = [attributes for tag, attributes in page.elements if tag == "meta"]
    policy = next(meta["content"] or "" for meta in metas if meta.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.sources[kind].encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"


def test_planted_text_is_long_enough_to_be_cut_without_breaking_the_page() -> None:
    assert_holds_only_our_markup(render(hostile((PLANTED + UNSEEN) * 40)))
