"""All results of a fleet together: one table, one badge, and whether anything got worse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from models_conformance.errors import UsageError
from models_conformance.frontend.fleet.judging import Outcome, result_file
from models_conformance.frontend.fleet.subjects import Subject
from models_conformance.matrix.comparing import compare
from models_conformance.matrix.markdown import markdown
from models_conformance.matrix.page import html
from models_conformance.matrix.result_files import Report, read_result, read_results
from models_conformance.matrix.since import as_text, since
from models_conformance.matrix.versions import version_key
from models_conformance.reports.badge import LABEL
from models_conformance.support import files
from models_conformance.support.text import counted

_CONFORMS, _VIOLATIONS = 0, 1
# Which of two codes a fleet ends with.
_WORST_FIRST = (4, 2, 1, 3, 0)


def check_since(folder: Path) -> None:
    """Raises UsageError where the folder holds no results of a fleet."""
    if not any(_results(folder)):
        raise UsageError(f"--since {folder}: no results are there: name the folder of an earlier fleet")


def write_summary(folder: Path, subjects: Sequence[Subject], outcomes: Sequence[Outcome]) -> None:
    """matrix.html, matrix.md and badge.json in the folder. Raises UsageError for what cannot be written."""
    reports = read_results(path for subject in subjects if (path := result_file(folder, subject)).is_file())
    if reports:
        table = compare(reports)
        files.write(str(folder / "matrix.html"), "the fleet's folder", html(table))
        files.write(str(folder / "matrix.md"), "the fleet's folder", markdown(table))
    passed = sum(outcome.code == _CONFORMS for outcome in outcomes)
    colour = "brightgreen" if passed == len(outcomes) else "red"
    badge = {"schemaVersion": 1, "label": LABEL, "message": f"{passed}/{len(outcomes)} conform", "color": colour}
    files.write(str(folder / "badge.json"), "the fleet's folder", json.dumps(badge, indent=2) + "\n")


def worst(codes: Sequence[int]) -> int:
    """The one exit code of many. A code that no run has is a suite that broke."""
    return next((code for code in _WORST_FIRST if code in codes), _WORST_FIRST[0])


def gate(folder: Path, old: Path, subjects: Sequence[Subject], outcomes: Sequence[Outcome]) -> tuple[int, list[str]]:
    """The exit code where the results of another folder are the bound, and what got worse since.

    A release that is new is compared with the newest one before it. What broke or could not be reached is no matter
    of a bound.
    """
    lines: list[str] = []
    broken = worst([code for code in (outcome.code for outcome in outcomes) if code in (2, 4)] or [_CONFORMS])
    before = [read_result(path) for path in _results(old)]
    code = broken
    for subject in subjects:
        path = result_file(folder, subject)
        if not path.is_file():
            continue
        new = read_result(path)
        bound = _bound(subject, new, before)
        if bound is None:
            lines.append(f"{subject.title}: nothing to compare with")
            continue
        changes = since(bound, new)
        if changes.any_worse:
            code = code or _VIOLATIONS
            lines += [f"{subject.title}: worse than {bound.title}", as_text(changes).rstrip("\n")]
    return code, lines


def in_words(subjects: Sequence[Subject], outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each subject, and one for all."""
    for subject, outcome in zip(subjects, outcomes, strict=True):
        yield f"{subject.title}: {outcome.says}"
    passed = sum(outcome.code == _CONFORMS for outcome in outcomes)
    yield f"{passed} of {counted(len(outcomes), 'subject')} conform"


def _results(folder: Path) -> Iterator[Path]:
    return (path for path in sorted((folder / "results").glob("*.json")) if path.is_file())


def _bound(judged: Subject, new: Report, before: Sequence[Report]) -> Report | None:
    """The result of that name, or that of the newest release which is no newer."""
    if (same_name := next((report for report in before if Path(report.path).stem == judged.slug), None)) is not None:
        return same_name
    subject = new.result.subject
    same = [
        report
        for report in before
        if (report.result.subject.kind, report.result.subject.name) == (subject.kind, subject.name)
    ]
    older = [report for report in same if version_key(report.result.subject.version) <= version_key(subject.version)]
    return max(older, key=lambda report: version_key(report.result.subject.version), default=None)
