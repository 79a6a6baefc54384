from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from models_conformance.reports.curl import line_for
from models_conformance.reports.html import render
from models_conformance.result import Result
from tests.reports.html.opened import Opened

FAILED = [
    "list-has-more-is-true-when-more-follow",
    "list-has-more-backward-is-true-when-more-precede",
    "walk-forward-yields-every-model-once",
    "walk-backward-yields-every-model-once",
]


def test_it_opens_from_disk_without_a_complaint_or_a_request(opened: Opened, real_result: Result) -> None:
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Failed: 4 requirements violated")
    # What was kept is folded away until somebody asks for it.
    assert opened.shown[: len(FAILED)] == FAILED
    verdicts = {entry.requirement.id: entry.verdict for entry in real_result.requirements}
    assert "pass" not in {verdicts[name] for name in opened.shown}
    opened.button("Expand all").click()
    assert sorted(opened.shown) == sorted(verdicts)
    assert opened.complaints == []
    assert opened.requests == [opened.url]


def test_a_verdict_filter_shows_only_those_and_says_how_many(opened: Opened, real_result: Result) -> None:
    status, total = opened.page.locator("#shown"), len(real_result.requirements)
    failed = opened.button("failed")
    failed.click()
    expect(failed).to_have_attribute("aria-pressed", "true")
    expect(status).to_have_text(f"4 of {total} requirements shown")
    assert opened.shown == FAILED
    expect(opened.page.locator(".outcome:visible")).to_have_count(2)
    opened.button("observed").click()
    assert set(opened.shown) > set(FAILED)
    opened.button("Clear filters").click()
    expect(status).to_have_text(f"{total} of {total} requirements shown")
    expect(failed).to_have_attribute("aria-pressed", "false")


def test_filters_and_search_narrow_each_other(opened: Opened) -> None:
    opened.page.get_by_label("Area", exact=True).select_option("walk")
    opened.button("must").click()
    opened.page.get_by_role("searchbox").fill("walking BACK leaves")
    assert opened.shown == ["walk-backward-yields-every-model-once"]
    opened.page.get_by_role("searchbox").fill("no such text anywhere")
    assert opened.shown == []
    expect(opened.page.get_by_text("No requirement matches these filters.")).to_be_visible()


def test_a_filtered_view_can_be_linked(opened: Opened) -> None:
    opened.button("failed").click()
    opened.page.get_by_label("Area", exact=True).select_option("has-more")
    opened.page.get_by_role("searchbox").fill("precede & 100%")
    address = opened.page.evaluate("location.hash")
    assert parse_qs(address[1:]) == {"v": ["fail"], "a": ["has-more"], "q": ["precede & 100%"]}
    opened.page.get_by_role("searchbox").fill("precede")
    address = opened.page.evaluate("location.href")
    opened.page.goto("about:blank")
    opened.page.goto(address)
    assert opened.shown == ["list-has-more-backward-is-true-when-more-precede"]
    expect(opened.page.get_by_role("searchbox")).to_have_value("precede")
    expect(opened.button("failed")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("fragment", ["#v=nonsense,fail&l=%3Cb%3E&a=nowhere", "#v=fail&x=1&v=pass"])
def test_a_link_with_nonsense_in_it_keeps_what_makes_sense(
    context: BrowserContext, tmp_path: Path, real_result: Result, fragment: str
) -> None:
    opened = Opened.of(render(real_result), context, tmp_path, fragment)
    assert opened.shown == FAILED
    assert opened.complaints == []


def test_a_link_to_a_requirement_opens_it_even_where_filters_hid_it(opened: Opened) -> None:
    opened.button("failed").click()
    opened.page.evaluate("location.hash = '#model-is-complete'")
    entry = opened.page.locator("#model-is-complete")
    expect(entry).to_have_attribute("open", "")
    expect(entry).to_be_in_viewport()
    expect(entry.locator("> summary")).to_be_focused()
    opened.page.locator(f".causes a[href='#{FAILED[3]}']").click()
    expect(opened.page.locator(f"#{FAILED[3]}")).to_be_in_viewport()


def open_below(shown: Locator, exchange: Locator) -> None:
    """Open an exchange as a reader does, who has seen the one above it: that is rendered when it comes into view, and
    moves what stands below."""
    shown.locator(".body").scroll_into_view_if_needed()
    expect(shown.locator(".size")).to_be_visible()
    exchange.locator("> summary").click()


def test_a_requirement_and_its_exchanges_expand(opened: Opened) -> None:
    entry = opened.page.locator(f"#{FAILED[0]}")
    first, second = entry.locator(".finding").first.locator(".exchange").all()
    expect(first.get_by_role("heading", name="Response")).to_be_visible()
    expect(second.locator(".sides")).to_be_hidden()
    open_below(first, second)
    expect(second.get_by_role("heading", name="Request")).to_be_visible()
    sides = [side.bounding_box() for side in second.locator(".side").all()]
    assert sides[0]
    assert sides[1]
    assert sides[0]["x"] + sides[0]["width"] <= sides[1]["x"]
    opened.button("Collapse all").click()
    expect(entry.locator(".finding").first).to_be_hidden()


def test_the_part_at_fault_is_marked_in_the_answer(opened: Opened) -> None:
    first = opened.page.locator(f"#{FAILED[0]} .exchange").first
    expect(first.locator("mark.observed", has_text="has_more")).to_have_text('"has_more": false')


def test_a_click_copies_the_command(opened: Opened, context: BrowserContext, real_result: Result) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    entry = next(entry for entry in real_result.requirements if entry.requirement.id == FAILED[0])
    button = opened.page.locator(f"#{FAILED[0]}").get_by_role("button", name="Copy the command of finding 1").first
    button.click()
    expect(button).to_have_text("Copied")
    expect(opened.page.locator("#said")).to_have_text("Command copied")
    assert opened.page.evaluate("navigator.clipboard.readText()") == line_for(entry.findings[0], real_result.exchanges)


def test_where_the_clipboard_is_refused_the_command_is_copied_by_selection(opened: Opened, real_result: Result) -> None:
    opened.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    opened.page.evaluate("document.addEventListener('copy', () => { window.taken = getSelection().toString() })")
    entry = next(entry for entry in real_result.requirements if entry.requirement.id == FAILED[0])
    opened.page.locator(f"#{FAILED[0]} .copy").first.click()
    expect(opened.page.locator("#said")).to_have_text("Command copied")
    assert opened.page.evaluate("window.taken") == line_for(entry.findings[0], real_result.exchanges)


def test_without_scripts_everything_can_be_read_and_nothing_dead_is_offered(
    opened: Opened, context: BrowserContext, real_result: Result
) -> None:
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(opened.url)
    expect(page.get_by_role("button")).to_have_count(0)
    passed = page.locator(".requirement.is-pass")
    expect(passed.first).to_be_hidden()
    page.get_by_role("link", name="passed").click()
    page.locator("#outcome-pass > summary").click()
    expect(passed.first).to_be_visible()
    expect(page.locator(".requirement.is-fail:visible")).to_have_count(len(FAILED))
    exchanges = page.locator(f"#{FAILED[0]} .exchange")
    second = exchanges.nth(1)
    open_below(exchanges.first, second)
    expect(second.locator(".body")).to_be_visible()
    plain.close()
