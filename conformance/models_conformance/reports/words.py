"""What is said about a result, in words: pieces that every rendering shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from models_conformance.reports.curl import line_for, shown_command
from models_conformance.result import Cause, Clause, Finding, RequirementResult, Result, gates
from models_conformance.support.text import counted, printable

# Long enough for any sentence a judge writes; what a subject sent can be of any length.
LONGEST_SENTENCE = 600
# A subject with one deep defect trips many requirements many times: nobody reads the hundredth.
SHOWN_FINDINGS = 3
# Beyond so many requirements one finding each, or one reason for each area, is enough to see what is wrong.
MANY = 10

Lines = list[tuple[str, str]]
"""A label and its text, each a line."""

OUTCOMES = {
    "pass": "passed",
    "fail": "failed",
    "error": "broke the suite",
    "waived": "waived",
    "inconclusive": "not judged",
    "not-applicable": "not applicable",
    "lesser": "should finding",
    "observed": "observed",
}
"""The outcomes of requirements, and what each is called."""


def clause(entry: RequirementResult) -> str:
    """Where the contract says it: the public page, else `page:line`, or the key of the point where no page has it."""
    return (entry.source.url or place(entry.source)) if entry.source is not None else entry.requirement.source


def place(source: Clause) -> str:
    """A place in the documentation: `page:line`, or the page alone."""
    return f"{source.page}:{source.line}" if source.line else source.page


def shown_findings(result: Result, entry: RequirementResult) -> tuple[list[Lines], int]:
    """The findings of a requirement worth showing to a reader, as labelled lines, and how many are left.

    Advice that all of them share is given once, with the last.
    """
    failures = sum(1 for requirement in result.requirements if requirement.verdict == "fail")
    shown = entry.findings[: 1 if failures > MANY else SHOWN_FINDINGS]
    blocks = [details(finding, result) for finding in shown]
    if len({finding.advice for finding in shown}) == 1:
        blocks[:-1] = [[line for line in block if line[0] != "advice"] for block in blocks[:-1]]
    return blocks, len(entry.findings) - len(shown)


def details(finding: Finding, result: Result) -> Lines:
    """A finding as labelled lines, each safe to show and on one line. Empty ones are left out.

    The line to reproduce is whole, or a note on its length: half a command is worse than none.
    """
    sentences = {"recorded": finding.place, "observed": finding.observed, "expected": finding.expected}
    first = [(label, printable(text, LONGEST_SENTENCE)) for label, text in sentences.items()]
    return _lines(first, finding.exchanges, line_for(finding, result.exchanges), finding.advice)


def _lines(first: Lines, exchanges: Sequence[int], line: str, advice: str) -> Lines:
    command, note = shown_command(line)
    lines = [
        *first,
        ("proof", f"exchange {', '.join(map(str, exchanges))}" if exchanges else ""),
        ("reproduce", command or (f"({note})" if note else "")),
        ("advice", printable(advice, LONGEST_SENTENCE)),
    ]
    return [(label, text) for label, text in lines if text]


def open_causes(result: Result) -> list[Cause]:
    """The causes of what is broken and not waived, what to fix first in front."""
    open_ones = {
        finding.cause for entry in result.requirements if entry.verdict == "fail" for finding in entry.findings
    }
    return [cause for cause in result.causes if cause.id in open_ones]


def cause_gates(result: Result, cause: Cause) -> bool:
    """Whether a finding that it explains fails the run."""
    return any(
        gates(entry, result.run.fail_on) and any(finding.cause == cause.id for finding in entry.findings)
        for entry in result.requirements
    )


def cause_lines(result: Result, cause: Cause) -> Lines:
    """What a cause breaks and how to see it, as labelled lines like those of a finding."""
    levels = {entry.requirement.id: entry.requirement.level for entry in result.requirements}
    # A result that somebody cut may lack the requirement.
    level = f" ({levels[cause.root]})" if cause.root in levels else ""
    first = [("breaks", printable(f"{cause.root}{level}")), ("and so", printable(", ".join(cause.explains)))]
    return _lines(first, cause.exchanges, cause.reproduce, cause.advice)


def further(entry: RequirementResult, shown: int) -> str:
    """What is left of a requirement's findings when so many are shown: how many, and what they are about."""
    about = dict.fromkeys(finding.parameter or finding.member for finding in entry.findings[shown:])
    known = {finding.parameter or finding.member for finding in entry.findings[:shown]}
    named = [printable(name) for name in about if name and name not in known]
    text = f"and {counted(len(entry.findings) - shown, 'more finding')}"
    return f"{text}: {', '.join(named)}" if named else f"{text} like these"


def headline(finding: Finding, longest: int = LONGEST_SENTENCE) -> str:
    """A finding in one line: what was observed, and in a recording where."""
    return printable(f"{finding.place}: {finding.observed}" if finding.place else finding.observed, longest)


def explanation(result: Result, entry: RequirementResult) -> str:
    """A requirement's findings as plain text of several lines: what JUnit and pytest show."""
    requirement = entry.requirement
    mine = {finding.cause for finding in entry.findings}
    causes = [printable(cause.statement, LONGEST_SENTENCE) for cause in result.causes if cause.id in mine]
    lines = [
        f"{requirement.id} ({requirement.level}): {requirement.statement}",
        f"  clause     {clause(entry)}",
        *(f"  cause      {cause}" for cause in causes),
    ]
    shown, rest = shown_findings(result, entry)
    for block in shown:
        lines.append("")
        lines += [f"  {label:<9}  {text}" for label, text in block]
    if rest:
        lines += ["", f"  {further(entry, len(shown))}"]
    if entry.reason:
        lines += ["", f"  {printable(entry.reason, LONGEST_SENTENCE)}"]
    return "\n".join(lines)


def why(entry: RequirementResult) -> str:
    """Why a requirement has neither passed nor failed, in one line."""
    if entry.reason:
        return printable(entry.reason, LONGEST_SENTENCE)
    if entry.requirement.level == "observe":
        return "recorded as an observation, never judged"
    return "no exchange of this run tested it"


def is_judged(entry: RequirementResult) -> bool:
    """Whether the requirement makes a claim at all; where the contract is silent nothing can pass or fail."""
    return entry.requirement.level != "observe"


def outcome_of(entry: RequirementResult, fail_on: Literal["must", "should"]) -> str:
    """What a verdict means for the run, a key of `OUTCOMES`: a failure that does not gate is told apart, and silence
    is not judged."""
    if entry.verdict == "fail":
        return "fail" if gates(entry, fail_on) else "lesser"
    return entry.verdict if is_judged(entry) or entry.verdict == "error" else "observed"


def with_outcome(result: Result, *outcomes: str) -> list[RequirementResult]:
    """The requirements with one of these outcomes, in the order of the register."""
    return [entry for entry in result.requirements if outcome_of(entry, result.run.fail_on) in outcomes]


def tally(result: Result, entries: Sequence[RequirementResult]) -> str:
    """`7 passed, 1 failed, 2 not judged, 1 observed`: each requirement once, zeros left out."""
    counts = Counter(outcome_of(entry, result.run.fail_on) for entry in entries)
    return ", ".join(
        counted(counts[key], word) if key == "lesser" else f"{counts[key]} {word}"
        for key, word in OUTCOMES.items()
        if counts[key]
    )


def verdict_line(result: Result) -> str:
    """The verdict of the run in plain words, with counts, requests and seconds."""
    word, meaning, counts, effort = verdict_parts(result)
    return f"{', '.join((f'{word.upper()}: {meaning}', *counts))}; {effort}"


def verdict_parts(result: Result) -> tuple[str, str, Sequence[str], str]:
    """That line in its parts: the verdict as one word, what it means, the counts, and requests and seconds."""
    run = result.run
    counts = Counter(outcome_of(entry, run.fail_on) for entry in result.requirements)
    parts = []
    if run.verdict == "error":
        word, meaning = "Error", f"the suite itself broke on {counted(counts['error'], 'requirement')}"
        if counts["fail"]:
            parts.append(f"{counts['fail']} violated")
    elif run.verdict == "failed":
        violated = f"{counted(counts['fail'], 'requirement')} violated"
        word, meaning = "Failed", violated if counts["fail"] else "the waiver file is out of date"
    elif run.verdict == "incomplete":
        word, meaning = "Incomplete", _incomplete(result, counts)
    else:
        word, meaning = "Passed", "no requirement violated"
    for key, noun in (("pass", "kept"), ("waived", "waived"), ("inconclusive", "not judged")):
        if counts[key]:
            parts.append(f"{counts[key]} {noun}")
    if counts["lesser"]:
        parts.append(f"{counted(counts['lesser'], OUTCOMES['lesser'])} not counted")
    if run.insecure:
        parts.append("no certificate verified")
    stopped = f"; stopped early: {run.stopped}" if run.stopped else ""
    return word, meaning, parts, f"{counted(run.requests, 'request')} in {run.seconds:.1f} s{stopped}"


def _incomplete(result: Result, counts: Mapping[str, int]) -> str:
    """What is wanting in a run that came to no verdict."""
    if not counts["pass"] and not counts["waived"]:
        return "nothing could be judged"
    is_broken_off = result.run.stopped and not counts["inconclusive"]
    return "the run was broken off" if is_broken_off else "too little could be judged"
