from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from rich.console import Console

from models_conformance.reports.curl import line_for
from models_conformance.reports.terminal import Detail, show
from models_conformance.requirements.register import register
from models_conformance.result import Finding, Observation, Result
from tests.reports.result_strategies import results, sample

# What a terminal, or a reader's eye, could be misled by.
HARMFUL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def shown(result: Result, detail: Detail = "normal", width: int = 80, colours: bool = False) -> str:
    file = io.StringIO()
    show(result, Console(file=file, width=width, highlight=False, force_terminal=colours), detail)
    return file.getvalue()


@given(results())
def test_nothing_a_subject_sends_acts_on_the_terminal(result: Result) -> None:
    for detail in ("quiet", "normal", "verbose"):
        assert not HARMFUL.search(shown(result, detail))


def test_markup_is_shown_and_not_obeyed() -> None:
    result = replace(sample(), observations=(Observation("[red]a[/red]", "[link=http://x]b"),))
    text = shown(result, colours=True)
    assert "[red]a[/red]" in text
    assert "[link=http://x]b" in text


def test_the_command_to_copy_is_on_one_line_at_any_width() -> None:
    result = sample(list_after_id_is_exclusive="fail")
    entry = next(requirement for requirement in result.requirements if requirement.verdict == "fail")
    line = line_for(entry.findings[0], result.exchanges)
    assert len(line) > 80
    for width in (40, 80, 200):
        assert any(printed.endswith(line) for printed in shown(result, width=width).splitlines())


def test_other_lines_fit_into_80_columns() -> None:
    verdicts = {
        "list_after_id_is_exclusive": "fail",
        "body_keys_are_unique": "fail",
        "walk_ends": "inconclusive",
    }
    for detail in ("normal", "verbose"):
        lines = shown(sample(**verdicts), detail).splitlines()[:-1]  # type: ignore[arg-type]
        # A command and a URL stay in one piece.
        assert [line for line in lines if len(line) > 80 and not re.search("curl|https:", line)] == []


def test_a_finding_tells_all_that_is_known() -> None:
    text = shown(sample(list_after_id_is_exclusive="fail"))
    for part in (
        "FAILED list-after-id-is-exclusive (must)",
        "it held b",
        "it starts after b",
        ".txt:",
        "curl ",
    ):
        assert part in text
    assert "Let the page start at the position after the cursor." in text


def test_should_findings_stand_apart_and_say_that_they_do_not_count() -> None:
    text = shown(sample(list_after_id_is_exclusive="fail", body_keys_are_unique="fail"))
    musts, shoulds = text.split("Findings that do not fail this run")
    assert "FAILED list-after-id-is-exclusive" in musts
    assert "SHOULD body-keys-are-unique" in shoulds
    assert "--fail-on should" in shoulds


JUDGED = sum(entry.level != "observe" for entry in register().values())


@pytest.mark.parametrize(
    ("verdicts", "strict", "line"),
    [
        ({}, False, f"PASSED: no requirement violated, {JUDGED} kept; 118 requests in 1.9 s"),
        (
            {"walk_ends": "fail", "body_keys_are_unique": "fail"},
            False,
            f"FAILED: 1 requirement violated, {JUDGED - 2} kept, 1 should finding not counted; 118 requests in 1.9 s",
        ),
        (
            {"walk_ends": "inconclusive"},
            True,
            f"INCOMPLETE: too little could be judged, {JUDGED - 1} kept, 1 not judged; 118 requests in 1.9 s",
        ),
        (
            {"walk_ends": "error"},
            False,
            f"ERROR: the suite itself broke on 1 requirement, {JUDGED - 1} kept; 118 requests in 1.9 s",
        ),
    ],
)
@pytest.mark.parametrize("detail", ["quiet", "normal", "verbose"])
def test_the_last_line_is_the_verdict(verdicts: dict[str, str], strict: bool, line: str, detail: Detail) -> None:
    assert shown(sample(strict=strict, **verdicts), detail).splitlines()[-1] == line


def test_quiet_leaves_headlines_and_the_verdict() -> None:
    lines = shown(sample(list_after_id_is_exclusive="fail"), "quiet", width=40).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("must list-after-id-is-exclusive (")
    assert lines[0].endswith("it held b")


def test_verbose_tells_every_requirement() -> None:
    text = shown(sample(), "verbose")
    for entry in sample().requirements:
        assert entry.requirement.id in text
    assert "tested by 4 exchanges" in text


def test_requirements_that_could_not_be_judged_share_a_line_for_one_reason() -> None:
    text = shown(sample(list_is_newest_first="inconclusive", list_order_is_one_order="inconclusive"), width=200)
    assert "not judged, only one model is listed: list-is-newest-first, list-order-is-one-order" in text


def test_many_findings_stay_readable() -> None:
    result = sample(walk_ends="fail")
    findings = tuple(Finding(f"walk {number} went round", "it ends", (2,)) for number in range(50))
    entries = tuple(
        replace(entry, findings=findings) if entry.verdict == "fail" else entry for entry in result.requirements
    )
    text = shown(replace(result, requirements=entries))
    assert text.count("went round") == 3
    assert "and 47 more findings like these" in text


def test_much_that_could_not_be_judged_stays_readable() -> None:
    result = sample()
    entries = tuple(
        replace(entry, verdict="inconclusive", reason=f"reason {number}")
        for number, entry in enumerate(result.requirements)
    )
    result = replace(result, requirements=entries)
    text = shown(result)
    assert text.count("-v lists each") == len({entry.requirement.area for entry in entries}) - 1
    assert len(text.splitlines()) < 50
    assert all(f"reason {number}" in shown(result, "verbose") for number in range(5))


def test_advice_that_findings_share_is_given_once() -> None:
    result = sample(walk_ends="fail")
    finding = next(entry.findings[0] for entry in result.requirements if entry.findings)
    for others, times in ((finding, 1), (replace(finding, advice="Mend that other thing."), 2)):
        entries = tuple(
            replace(entry, findings=(finding, others)) if entry.findings else entry for entry in result.requirements
        )
        assert shown(replace(result, requirements=entries)).count("  advice  ") == times


def test_a_terminal_without_utf8_gets_plain_marks() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    show(replace(sample(), notes=()), Console(file=file, width=80, highlight=False))
    file.flush()
    assert "ok transport" in raw.getvalue().decode("ascii")


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in shown(sample())
    assert "\x1b[1;32mPASSED" in shown(sample(), colours=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "32m" not in shown(sample(), colours=True)
