"""What the page says, as data: everything a template needs and nothing it would have to work out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup

from models_conformance.reports.curl import line_for, shown_command
from models_conformance.reports.html.exchange_view import Evidence, ExchangeView, evidence_of
from models_conformance.reports.html.outcomes import OUTCOMES, Outcome, outcome_of, rank
from models_conformance.reports.html.visible import visible
from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    MANY,
    cause_gates,
    clause,
    open_causes,
    tally,
    verdict_line,
    why,
)
from models_conformance.requirements.register import areas
from models_conformance.result import Cause, Finding, RequirementResult, Result
from models_conformance.support.text import counted, printable
from models_conformance.version import __version__

# Of a deeply broken subject the first few say enough; all of them are below.
_HEADLINES = 12
_WRONG = ("error", "fail", "lesser")
_LEVELS = {
    "must": "the Models API pages say so",
    "should": "companion pages or plain reading say so",
    "observe": "the documentation is silent: never judged",
}


@dataclass(frozen=True, slots=True)
class CauseView:
    """What is to be mended. `root` and `explains` are ids of requirements of the page; `reproduce` as a finding's."""

    outcome: Outcome
    statement: Markup
    root: str
    explains: tuple[str, ...]
    advice: Markup
    reproduce: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """`reproduce` is a whole command or empty; `left_out` says that there is one too long to show."""

    observed: Markup
    expected: Markup
    advice: Markup
    reproduce: str
    left_out: str
    exchanges: tuple[ExchangeView, ...]


@dataclass(frozen=True, slots=True)
class RequirementView:
    """`advice` is what all findings share, given once. `note` says why it was waived, not judged, or cut."""

    id: str
    outcome: Outcome
    level: str
    level_means: str
    area: str
    statement: str
    source: str
    link: str
    exercised: str
    note: Markup
    note_label: str
    advice: Markup
    findings: tuple[FindingView, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class AreaView:
    name: str
    about: str
    worst: Outcome
    tally: str
    requirements: tuple[RequirementView, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """`verdict` is the headline, `details` what follows it in the same sentence, `headlines` what went wrong."""

    title: str
    verdict_key: str
    verdict: str
    details: str
    subject_kind: str
    subject: Markup
    facts: tuple[tuple[str, Markup], ...]
    counts: tuple[tuple[Outcome, int], ...]
    levels: tuple[str, ...]
    causes: tuple[CauseView, ...]
    headlines: tuple[RequirementView, ...]
    more_headlines: int
    areas: tuple[AreaView, ...]
    total: int
    notes: tuple[Markup, ...]
    observations: tuple[tuple[Markup, Markup], ...]
    suite: str


def page_of(result: Result) -> PageView:
    """The page of a result. The same result makes the same page."""
    entries = result.requirements
    evidence = evidence_of(entries, result.exchanges or {})
    fail_on = result.run.fail_on
    outcomes = Counter(outcome_of(entry, fail_on).key for entry in entries)
    verdict, details = _verdict(result)
    shown = _areas(result, evidence)
    wrong = _wrong(shown)
    subject = result.subject
    name = " ".join(part for part in (subject.name, subject.version) if part)
    return PageView(
        printable(f"{verdict} · {name} · models-conformance", 200),
        result.run.verdict,
        verdict,
        details,
        subject.kind,
        visible(name, longest=LONGEST_SENTENCE),
        tuple(_facts(result)),
        tuple((outcome, outcomes[key]) for key, outcome in OUTCOMES.items() if outcomes[key]),
        tuple(level for level in _LEVELS if any(entry.requirement.level == level for entry in entries)),
        tuple(_cause(cause, result) for cause in open_causes(result)[:_HEADLINES]),
        tuple(wrong[:_HEADLINES]),
        len(wrong[_HEADLINES:]),
        shown,
        len(entries),
        tuple(visible(note, longest=LONGEST_SENTENCE) for note in (*result.notes, *_cuts(evidence))),
        tuple(
            (visible(observation.about, longest=LONGEST_SENTENCE), visible(observation.did, longest=LONGEST_SENTENCE))
            for observation in result.observations
        ),
        f"models-conformance {__version__}",
    )


def _wrong(areas_shown: Iterable[AreaView]) -> list[RequirementView]:
    """What went wrong, the worst first."""
    requirements = chain.from_iterable(area.requirements for area in areas_shown)
    return sorted(
        (requirement for requirement in requirements if requirement.outcome.key in _WRONG),
        key=lambda requirement: rank(requirement.outcome),
    )


def _cause(cause: Cause, result: Result) -> CauseView:
    return CauseView(
        OUTCOMES["fail" if cause_gates(result, cause) else "lesser"],
        visible(cause.statement, longest=LONGEST_SENTENCE),
        printable(cause.root),
        tuple(printable(requirement) for requirement in cause.explains),
        visible(cause.advice, longest=LONGEST_SENTENCE),
        shown_command(cause.reproduce)[0],
    )


def _verdict(result: Result) -> tuple[str, str]:
    """The line that every report has, as a headline and the rest."""
    head, *rest = re.split(r"[,;] ", verdict_line(result), maxsplit=1)
    word, colon, why_so = head.partition(":")
    return word.capitalize() + colon + why_so, "".join(rest)


def _facts(result: Result) -> list[tuple[str, Markup]]:
    subject, run = result.subject, result.run
    threshold = "must" if run.fail_on == "must" else "must and should"
    facts = [
        ("Subject", f"{subject.kind} {subject.name}"),
        ("Version", subject.version or ""),
        ("URL", subject.url if subject.url and subject.url != subject.name else ""),
        ("Suite", f"models-conformance {__version__}"),
        ("Contract", result.contract.told),
        ("Started", run.started_at),
        ("Requests", f"{run.requests:,} in {run.seconds:.1f} s"),
        ("Seed", str(run.seed)),
        ("Fails on", threshold + (", and on what could not be judged" if run.strict else "")),
    ]
    return [(label, visible(text, longest=LONGEST_SENTENCE)) for label, text in facts if text]


def _cuts(evidence: Evidence) -> list[str]:
    if not evidence.left_out:
        return []
    shown = sum(1 for view in evidence.views.values() if view.request_line is not None)
    return [
        f"Evidence is cut: this page shows {counted(shown, 'exchange')} of {len(evidence.views):,}, and names the "
        f"other {evidence.left_out:,}. The JSON result (--json) keeps them all."
    ]


def _areas(result: Result, evidence: Evidence) -> tuple[AreaView, ...]:
    # A requirement's area is in the register, unless the result came from another version of the suite.
    about = {area.name: area.about for area in areas()}
    names = dict.fromkeys([*about, *(entry.requirement.area for entry in result.requirements)])
    few = sum(1 for entry in result.requirements if entry.findings) <= MANY
    views = []
    for name in names:
        mine = [(at, entry) for at, entry in enumerate(result.requirements) if entry.requirement.area == name]
        if not mine:
            continue
        shown = tuple(_requirement(at, entry, result, evidence, few) for at, entry in mine)
        worst = min((view.outcome for view in shown), key=rank)
        shown = tuple(sorted(shown, key=lambda view: rank(view.outcome)))
        views.append(AreaView(name, about.get(name, ""), worst, tally(result, [entry for _, entry in mine]), shown))
    # What a reader came for stands first: in an area what failed, and before all others the areas where something did.
    return tuple(sorted(views, key=lambda view: rank(view.worst) if view.worst.key in _WRONG else len(OUTCOMES)))


def _requirement(at: int, entry: RequirementResult, result: Result, evidence: Evidence, few: bool) -> RequirementView:
    requirement, outcome, source = entry.requirement, outcome_of(entry, result.run.fail_on), entry.source
    shared = len({finding.advice for finding in entry.findings}) == 1
    unjudged = entry.verdict not in ("pass", "fail") or requirement.level == "observe"
    note = entry.reason or (why(entry) if unjudged else "")
    return RequirementView(
        printable(requirement.id),
        outcome,
        requirement.level,
        _LEVELS[requirement.level],
        printable(requirement.area),
        printable(requirement.statement),
        printable(source.title if source is not None and source.url else clause(entry)),
        printable(source.url) if source is not None else "",
        f"{entry.exercised:,} {'exchange' if entry.exercised == 1 else 'exchanges'}" if entry.exercised else "nothing",
        visible(note, longest=LONGEST_SENTENCE),
        {"waived": "Waived because", "inconclusive": "Not judged because"}.get(entry.verdict, "Note"),
        visible(entry.findings[0].advice, longest=LONGEST_SENTENCE) if shared else Markup(""),
        tuple(
            _finding(finding, result, evidence.of(at, nth, len(finding.exchanges)), shared)
            for nth, finding in enumerate(entry.findings)
        ),
        few and outcome.key in ("fail", "error"),
    )


def _finding(
    finding: Finding, result: Result, exchanges: tuple[ExchangeView, ...], advice_is_shared: bool
) -> FindingView:
    return FindingView(
        visible(finding.observed, longest=LONGEST_SENTENCE),
        visible(finding.expected, longest=LONGEST_SENTENCE),
        Markup("") if advice_is_shared else visible(finding.advice, longest=LONGEST_SENTENCE),
        *shown_command(line_for(finding, result.exchanges)),
        exchanges,
    )
