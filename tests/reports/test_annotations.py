"""Annotations are commands of our own, and no subject can add one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_conformance.reports.annotations import MOST, guard, render
from models_conformance.requirements.register import register
from models_conformance.result import Finding, Result
from tests.reports.result_strategies import results, sample

GITHUB = {"GITHUB_ACTIONS": "true"}
# What a runner takes for a command (v2 after trimming; v1 anywhere in a line that is none).
COMMAND = re.compile(r"::(error|warning) title=[^:,\r\n]*::[^\r\n]*")


def with_observed(observed: str) -> Result:
    result = sample(walk_ends="fail")
    return replace(
        result,
        requirements=tuple(
            replace(entry, findings=(Finding(observed, observed, (), observed, observed),), reason=observed)
            if entry.verdict == "fail"
            else entry
            for entry in result.requirements
        ),
        notes=(observed,),
    )


def test_nothing_is_written_off_github_or_when_green() -> None:
    assert render(sample(walk_ends="fail"), {}) == ""
    assert render(sample(walk_ends="fail"), {"GITHUB_ACTIONS": "false"}) == ""
    assert render(sample(), GITHUB) == ""


def test_a_violation_is_an_error_with_its_clause_and_its_shell_line() -> None:
    (line,) = render(sample(walk_ends="fail"), GITHUB).splitlines()
    assert re.match(r"::error title=walk-ends \(must\)::observed: it held b%0Aexpected: ", line)
    assert "%0Areproduce: curl -sSi" in line
    assert "after_id=b%252Fc" in line


def test_a_finding_below_the_gate_is_a_warning() -> None:
    assert render(sample(error_envelope_is_complete="fail"), GITHUB).startswith(
        "::warning title=error-envelope-is-complete"
    )


@pytest.mark.parametrize(("verdict", "kind"), [("failed", "error"), ("incomplete", "warning")])
def test_a_run_that_fails_without_a_violation_tells_its_notes(verdict: str, kind: str) -> None:
    result = sample()
    run = replace(result.run, verdict="failed" if verdict == "failed" else "incomplete")
    text = render(replace(result, run=run, notes=("delete w.toml, entry 1",)), GITHUB)
    assert text.startswith(f"::{kind} title=models-conformance")
    assert "delete w.toml, entry 1" in text


def test_the_tenth_of_more_than_ten_says_how_many_are_left() -> None:
    musts = [name.replace("-", "_") for name, entry in register().items() if entry.level == "must"]
    lines = render(sample(strict=False, **dict.fromkeys(musts, "fail")), GITHUB).splitlines()
    assert len(lines) == MOST
    assert f"and {len(musts) - MOST + 1} more errors" in lines[-1]
    assert len(render(sample(strict=False, **dict.fromkeys(musts[:MOST], "fail")), GITHUB).splitlines()) == MOST


smuggled = st.lists(
    st.sampled_from(
        [
            "\n",
            "\r",
            "\u2028",
            "\x85",
            "::",
            "::error::",
            "::add-mask::x",
            "##[set-output name=a;]b",
            "%0A",
            "%",
            ",",
            "title=",
            " ",
            "x",
        ]
    ),
    max_size=12,
).map("".join)


@given(smuggled)
def test_no_subject_can_add_a_command(observed: str) -> None:
    lines = render(with_observed(observed), GITHUB).splitlines()
    assert len(lines) == 1
    assert COMMAND.fullmatch(lines[0])
    # Read as a runner reads it, the message holds what was observed, and on its own line.
    message = lines[0].split("::", 2)[2].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    labels = [part.split(": ")[0] for part in message.split("\n")]
    assert not observed or labels == ["observed", "expected", "reproduce", "advice", "clause"]


@given(results())
def test_any_result_is_at_most_ten_commands_of_each_kind(result: Result) -> None:
    text = render(result, GITHUB)
    lines = text.split("\n")[:-1]
    assert all(COMMAND.fullmatch(line) for line in lines)
    for kind in ("error", "warning"):
        assert sum(line.startswith(f"::{kind} ") for line in lines) <= MOST


def test_other_output_is_guarded_on_github_alone() -> None:
    assert guard(GITHUB, "a1b2") == ("::stop-commands::a1b2\n", "::a1b2::\n")
    assert guard({}, "a1b2") == ("", "")
    with pytest.raises(ValueError, match="letters and digits"):
        guard(GITHUB, "a\nb")
