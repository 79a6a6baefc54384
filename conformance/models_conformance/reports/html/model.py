"""What the page says, as data: everything a template needs and nothing it would have to work out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from models_conformance.reports.curl import line_for, shown_command
from models_conformance.reports.html.exchange_view import Evidence, ExchangeView, evidence_of
from models_conformance.reports.html.outcomes import OUTCOMES, Outcome, outcome_of
from models_conformance.reports.html.visible import visible
from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    MANY,
    cause_gates,
    clause,
    open_causes,
    verdict_line,
    why,
)
from models_conformance.requirements.pages import page_url
from models_conformance.requirements.register import areas
from models_conformance.result import Cause, Finding, RequirementResult, Result
from models_conformance.support.text import counted, printable
from models_conformance.version import __version__

# Of a deeply broken subject the first few say enough; all that they break is below.
_MOST_CAUSES = 12
# What nobody has to do anything about.
_QUIET = ("pass", "not-applicable", "observed")
_LEVELS = {
    "must": "the Models API pages say so",
    "should": "companion pages or plain reading say so",
    "observe": "the documentation is silent: never judged",
}


@dataclass(frozen=True, slots=True)
class CauseView:
    """What is to be mended. `root` and `explains` are ids of requirements of the page; `reproduce` as a finding's."""

    id: str
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
    """`link` is the clause, `page` the one of ours that explains it. `advice` is what all findings share, given once.
    `note` says why it was waived, not judged, or cut."""

    id: str
    outcome: Outcome
    level: str
    level_means: str
    area: str
    statement: str
    source: str
    link: str
    page: str
    exercised: str
    note: Markup
    note_label: str
    advice: Markup
    findings: tuple[FindingView, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """The requirements of one outcome, by area; folded away where nobody has to do anything about them."""

    outcome: Outcome
    requirements: tuple[RequirementView, ...]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class PageView:
    """`verdict` is the headline, `details` what follows it in the same sentence."""

    title: str
    verdict_key: str
    verdict: str
    details: str
    subject_kind: str
    subject: Markup
    facts: tuple[tuple[str, Markup], ...]
    levels: tuple[str, ...]
    causes: tuple[CauseView, ...]
    parts: tuple[PartView, ...]
    areas: tuple[str, ...]
    total: int
    notes: tuple[Markup, ...]
    observations: tuple[tuple[Markup, Markup], ...]
    suite: str


def page_of(result: Result) -> PageView:
    """The page of a result. The same result makes the same page."""
    entries = result.requirements
    evidence = evidence_of(entries, result.exchanges or {})
    verdict, details = _verdict(result)
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
        tuple(level for level in _LEVELS if any(entry.requirement.level == level for entry in entries)),
        tuple(_cause(cause, result) for cause in open_causes(result)[:_MOST_CAUSES]),
        tuple(_parts(result, evidence)),
        tuple(map(printable, _areas(result))),
        len(entries),
        tuple(visible(note, longest=LONGEST_SENTENCE) for note in (*result.notes, *_cuts(evidence))),
        tuple(
            (visible(observation.about, longest=LONGEST_SENTENCE), visible(observation.did, longest=LONGEST_SENTENCE))
            for observation in result.observations
        ),
        f"models-conformance {__version__}",
    )


def _cause(cause: Cause, result: Result) -> CauseView:
    return CauseView(
        printable(cause.id),
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


def _areas(result: Result) -> list[str]:
    """The areas of the page: those of the register first, then what only another version of the suite has."""
    mine = {entry.requirement.area for entry in result.requirements}
    known = [area.name for area in areas()]
    return [*(name for name in known if name in mine), *sorted(mine - set(known))]


def _parts(result: Result, evidence: Evidence) -> Iterator[PartView]:
    """What a reader came for first: what failed, what is open, and last what was kept."""
    order = _areas(result)
    few = sum(1 for entry in result.requirements if entry.findings) <= MANY
    shown = [_requirement(at, entry, result, evidence, few) for at, entry in enumerate(result.requirements)]
    any_wrong = any(view.outcome.key not in _QUIET for view in shown)
    for outcome in OUTCOMES.values():
        mine = sorted((view for view in shown if view.outcome is outcome), key=lambda view: order.index(view.area))
        if mine:
            yield PartView(outcome, tuple(mine), outcome.key in _QUIET and (any_wrong or outcome.key != "pass"))


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
        page_url(requirement.id),
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
