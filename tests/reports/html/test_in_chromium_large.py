from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from models_conformance.reports.html import render
from models_conformance.result import Finding, Result
from tests.reports.html.opened import Opened

MANY = 5000
# What makes a page slow, counted instead of timed: an exchange that is folded is not laid out, each is a few lines of
# elements, and none listens for itself.
MOST_LAID_OUT = MANY
MOST_NODES = 120 * MANY
MOST_LISTENERS = 50


def with_many_exchanges(result: Result) -> Result:
    kept = list((result.exchanges or {}).values())
    exchanges = {number: replace(kept[number % len(kept)], number=number) for number in range(1, MANY + 1)}
    judged = [entry for entry in result.requirements if entry.requirement.level != "observe"]
    share = MANY // (5 * len(judged)) + 1
    at, entries = 1, []
    for entry in judged:
        findings = []
        for _ in range(5):
            numbers = tuple(range(at, min(at + share, MANY + 1)))
            findings.append(Finding("has_more is false", "true", numbers, "", entry.requirement.advice))
            at += len(numbers)
        entries.append(replace(entry, verdict="fail", findings=tuple(findings)))
    return replace(result, requirements=tuple(entries), exchanges=exchanges)


def test_many_exchanges_are_laid_out_when_seen(context: BrowserContext, tmp_path: Path, real_result: Result) -> None:
    result = with_many_exchanges(real_result)
    assert sum(len(finding.exchanges) for entry in result.requirements for finding in entry.findings) == MANY
    opened = Opened.of(render(result), context, tmp_path)
    page = opened.page
    page.evaluate("document.querySelector('.toggle[data-value=must]').click(); document.body.offsetHeight")
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    assert metrics["LayoutObjects"] < MOST_LAID_OUT
    assert metrics["Nodes"] < MOST_NODES
    assert metrics["JSEventListeners"] < MOST_LISTENERS
    assert page.locator(".exchange").count() == MANY
    expect(page.get_by_text("Evidence is cut")).to_be_visible()
    page.get_by_role("searchbox").fill("no such text")
    expect(page.get_by_text("No requirement matches these filters.")).to_be_visible()
    assert opened.complaints == []
