"""The summary is short when green, says what failed, and interprets nothing that a subject sent."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from models_conformance.reports.curl import LONGEST_COMMAND
from models_conformance.reports.markdown import LONGEST, cell, render
from models_conformance.requirements.pages import page_url
from models_conformance.result import Finding, Result, Subject
from tests.reports.rendered import PLANTED, rendered
from tests.reports.result_strategies import nasty, results, sample, with_fail_on_should

OURS = {
    "h3",
    "p",
    "br",
    "code",
    "ol",
    "ul",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "b",
    "a",
}


def planted(count: int = 1, size: int = 1) -> Result:
    """Failing requirements whose every text is hostile."""
    result = sample(walk_ends="fail", list_page_is_full="fail")
    finding = Finding(PLANTED * size, PLANTED, (2,), f"curl {PLANTED}", PLANTED)
    entries = tuple(
        replace(entry, findings=(finding,) * count, reason=PLANTED) if entry.verdict == "fail" else entry
        for entry in result.requirements
    )
    return replace(result, subject=Subject("client", PLANTED, PLANTED), requirements=entries, notes=(PLANTED,) * 40)


def row(requirement: str, rest: str) -> str:
    return f"| [`{requirement}`]({page_url(requirement)}) | {rest} | "


def test_a_green_run_is_a_few_lines() -> None:
    text = render(replace(sample(), notes=()))
    assert len(text.splitlines()) <= 6
    assert text.startswith("### ✅ Models API conformance: PASSED: no requirement violated, ")


def test_a_failure_is_a_row_and_a_block_with_its_shell_line() -> None:
    text = render(sample(list_after_id_is_exclusive="fail"))
    assert row("list-after-id-is-exclusive", "must | fail | 1") in text
    page = rendered(text)
    assert page.tags.count("details") == 1
    assert "it held b" in page.code
    assert "curl -sSi" in page.code


def test_findings_below_the_gate_and_waived_ones_are_told_apart() -> None:
    result = sample(error_envelope_is_complete="fail", walk_ends="waived")
    text = render(result)
    assert row("error-envelope-is-complete", "should | should finding | 1") in text
    assert row("walk-ends", "must | waived | 0") in text
    assert row("error-envelope-is-complete", "should | fail | 1") in render(with_fail_on_should(result))


def test_nothing_a_subject_sent_is_interpreted() -> None:
    page = rendered(render(planted()))
    assert set(page.tags) <= OURS
    assert page.attributes <= {"align", "style", "href"}
    assert "@" not in page.loose
    assert "evil" not in page.loose
    assert "<script>alert(1)</script>" in page.code
    assert "\x1b" not in page.code
    assert "\u202e" not in page.code


def test_what_is_too_long_is_cut_between_blocks_and_that_is_said() -> None:
    result = sample(strict=False, **{entry.requirement.id.replace("-", "_"): "fail" for entry in sample().requirements})
    entries = tuple(
        replace(entry, findings=(Finding("x" * 900, "y", (), "curl " + "z" * 3000),)) for entry in result.requirements
    )
    text = render(replace(result, requirements=entries))
    assert LONGEST - 10_000 < len(text) <= LONGEST
    page = rendered(text)
    kept = page.tags.count("details")
    failing = sum(1 for entry in entries if entry.verdict == "fail" and entry.requirement.level == "must")
    assert 0 < kept < failing + 20
    assert "more requirements are cut to keep this short" in page.loose


def test_a_requirement_that_is_too_long_alone_does_not_hide_the_next() -> None:
    result = planted()
    # Each of them is written with five.
    huge = Finding("o", "e", (), "curl ".ljust(LONGEST_COMMAND, "&"))
    first = next(entry for entry in result.requirements if entry.verdict == "fail")
    entries = tuple(replace(entry, findings=(huge,) * 3) if entry is first else entry for entry in result.requirements)
    page = rendered(render(replace(result, requirements=entries)))
    assert page.tags.count("details") == 1
    assert "Details of 1 more requirement are cut" in page.loose


@given(results())
def test_any_result_makes_markdown_within_its_size(result: Result) -> None:
    text = render(result)
    assert len(text) <= LONGEST
    assert text.encode("utf-8").decode("utf-8") == text
    assert set(rendered(text).tags) <= OURS


@given(nasty)
def test_a_cell_of_a_table_holds_what_was_sent_and_is_one_cell(name: str) -> None:
    page = rendered(f"| a | b |\n|---|---|\n| {cell(f'@{name}x')} | last |\n")
    assert page.tags.count("td") == 2
    assert set(page.tags) <= OURS
    assert page.code.startswith("@")
    assert page.code.endswith("x")
    assert page.loose.split()[-1] == "last"
