from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from models_conformance.reports.html import render
from models_conformance.result import Result
from tests.reports.html.opened import Opened
from tests.reports.html.planted import hostile
from tests.reports.result_strategies import sample

# Each visible element with text of its own: its colour, what it stands on, and whether its text counts as large.
CONTRASTS = """
() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    if (!own || !node.checkVisibility() || node.matches(":disabled")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(ground(node))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    found.push([(a + 0.05) / (b + 0.05), large, node.outerHTML.slice(0, 90)]);
  }
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa_in_both_schemes(
    context: BrowserContext, tmp_path: Path, real_result: Result, scheme: Literal["light", "dark"]
) -> None:
    every_verdict = sample(
        list_after_id_is_exclusive="error",
        model_is_complete="waived",
        model_id_is_unique="inconclusive",
        body_keys_are_unique="fail",
        list_envelope_is_complete="not-applicable",
    )
    seen = 0
    for result in (real_result, every_verdict, hostile()):
        opened = Opened.of(render(result), context, tmp_path)
        opened.page.emulate_media(color_scheme=scheme)
        opened.button("Expand all").click()
        opened.button("must").click()
        contrasts = opened.page.evaluate(CONTRASTS)
        low = [(ratio, what) for ratio, large, what in contrasts if ratio < (3 if large else 4.5)]
        assert low == []
        seen += len(contrasts)
    assert seen > 500


def test_the_dark_scheme_is_dark(opened: Opened) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert opened.page.evaluate(ground) == "rgb(255, 255, 255)"
    opened.page.emulate_media(color_scheme="dark")
    assert opened.page.evaluate(ground) == "rgb(20, 23, 28)"


def test_it_has_landmarks_one_title_and_headings_in_order(opened: Opened) -> None:
    for role in ("banner", "main", "search", "contentinfo"):
        expect(opened.page.get_by_role(role)).to_have_count(1)
    opened.button("Expand all").click()
    levels: list[int] = opened.page.locator("h1, h2, h3, h4, h5").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_controls_have_names_and_ids_are_unique(opened: Opened) -> None:
    ids: list[str] = opened.page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))
    referred: list[str] = opened.page.locator("[aria-labelledby]").evaluate_all(
        "all => all.map(each => each.getAttribute('aria-labelledby'))"
    )
    assert set(referred) <= set(ids)
    targets: list[str] = opened.page.locator("a[href^='#']").evaluate_all("all => all.map(each => each.hash.slice(1))")
    assert set(targets) <= set(ids)
    tree = opened.page.locator("body").aria_snapshot()
    assert re.search(r'button "4 (✗ )?failed"', tree)
    assert 'searchbox "Search ids, statements and findings"' in tree
    assert re.search('combobox "Area"', tree)
    assert not re.search(r"(?m)^\s*- (button|link|combobox|searchbox|textbox)(:|$)", tree)
    copies: list[str] = opened.page.locator(".copy").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert len(set(copies)) == len(copies) > 4


def test_a_verdict_is_a_word_never_a_colour_alone(opened: Opened) -> None:
    opened.button("Expand all").click()
    for row in opened.page.locator(".requirement").all():
        assert re.search("failed|passed|observed", row.locator("> summary .badge").inner_text())


def _tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the tab key")


def test_everything_is_done_with_the_keyboard_alone(opened: Opened, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, press = opened.page, opened.page.keyboard.press
    press("Tab")
    skip = page.get_by_role("link", name="Skip to the requirements")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press("Enter")
    # The jump is made when the browser comes to it, which is not before the key is let go.
    expect(page).to_have_url(re.compile("#requirements$"))
    expect(page.locator("#requirements")).to_be_focused()
    _tab_to(page, ".toggle[data-value=fail]", 1)
    press("Space")
    _tab_to(page, "#query", 3)
    page.keyboard.type("precede")
    assert opened.shown == ["list-has-more-backward-is-true-when-more-precede"]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    _tab_to(page, ".requirement > summary")
    press("Enter")
    press("Enter")
    _tab_to(page, ".copy")
    press("Enter")
    expect(page.locator("#said")).to_have_text("Command copied")
    _tab_to(page, ".exchange:not([open]) > summary")
    press("Space")
    expect(page.locator(".exchange[open]:visible")).to_have_count(2)


def test_print_shows_everything_and_no_controls(opened: Opened) -> None:
    opened.button("Collapse all").click()
    opened.page.emulate_media(media="print", color_scheme="dark")
    # An exchange that several findings show is printed once.
    shown = opened.page.locator(".exchange .number").evaluate_all("all => all.map(each => each.textContent)")
    bodies = opened.page.locator(".exchange:not(.again) .body")
    assert len(set(shown)) == bodies.count() > 10
    hidden = "all => all.filter(each => !each.checkVisibility() || !each.getBoundingClientRect().height).length"
    assert bodies.evaluate_all(hidden) == 0
    assert opened.page.locator(".is-fail .statement, .sentences, h3, td").evaluate_all(hidden) == 0
    # What was kept is a list.
    kept = ".is-pass, .is-observed"
    assert opened.page.locator(f".requirement:not({kept}) .about").evaluate_all(hidden) == 0
    expect(opened.page.locator(f".requirement:is({kept}) .about:visible")).to_have_count(0)
    expect(opened.page.locator(".filters button:not(.score):visible, .copy:visible")).to_have_count(0)
    expect(opened.page.locator("#shown")).to_be_visible()
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_printing_opens_what_was_closed_and_closes_it_again(opened: Opened) -> None:
    opened.button("Collapse all").click()
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(opened.page.locator("details:not([open]):not(.is-pass, .is-observed, .fold)")).to_have_count(0)
    opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(opened.page.locator("details[open]:not(.outcome)")).to_have_count(0)


def test_what_failed_is_open_where_little_failed(opened: Opened) -> None:
    expect(opened.page.locator(".requirement[open]")).to_have_count(4)
    expect(opened.page.locator(".exchange[open]")).to_have_count(4)
