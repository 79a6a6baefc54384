"""What the page says, as data: everything a template needs and nothing it would have to work out."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

from markupsafe import Markup

from models_conformance.reports.curl import line_for, shown_command
from models_conformance.reports.html.exchange_view import Evidence, ExchangeView, evidence_of
from models_conformance.reports.html.visible import visible
from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    MANY,
    OUTCOMES,
    cause_gates,
    clause,
    open_causes,
    outcome_of,
    verdict_parts,
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
    "observe": "undocumented: reported, never judged",
}


# What matters most first: the order of counts and filters.
SYMBOLS = {
    "error": "E",
    "fail": "✗",
    "lesser": "!",
    "waived": "~",
    "inconclusive": "?",
    "pass": "✓",
    "not-applicable": "–",
    "observed": "·",
}
"""What stands beside the word of an outcome."""


def page_of(result: Result) -> SimpleNamespace:
    """The page of a result, as its template names the parts. The same result makes the same page."""
    entries = result.requirements
    evidence = evidence_of(entries, result.exchanges or {})
    word, meaning, counts, effort = verdict_parts(result)
    verdict = f"{word}: {meaning}"
    details = "; ".join(part for part in (", ".join(counts), effort) if part)
    subject = result.subject
    name = " ".join(part for part in (subject.name, subject.version) if part)
    return SimpleNamespace(
        title=printable(f"{verdict} · {name} · models-conformance", 200),
        verdict_key=result.run.verdict,
        verdict=verdict,
        details=details,
        subject_kind=subject.kind,
        subject=_sentence(name),
        facts=_facts(result),
        levels=[level for level in _LEVELS if any(entry.requirement.level == level for entry in entries)],
        causes=[_cause(cause, result) for cause in open_causes(result)[:_MOST_CAUSES]],
        parts=list(_parts(result, evidence)),
        areas=[printable(area) for area in _areas(result)],
        total=len(entries),
        notes=[_sentence(note) for note in (*result.notes, *_cuts(evidence))],
        observations=[(_sentence(seen.about), _sentence(seen.did)) for seen in result.observations],
        suite=f"models-conformance {__version__}",
    )


def _sentence(text: str) -> Markup:
    return visible(text, longest=LONGEST_SENTENCE)


def _outcome(key: str) -> SimpleNamespace:
    return SimpleNamespace(key=key, word=OUTCOMES[key], symbol=SYMBOLS[key])


def _cause(cause: Cause, result: Result) -> SimpleNamespace:
    return SimpleNamespace(
        id=printable(cause.id),
        outcome=_outcome("fail" if cause_gates(result, cause) else "lesser"),
        statement=_sentence(cause.statement),
        root=printable(cause.root),
        explains=[printable(requirement) for requirement in cause.explains],
        advice=_sentence(cause.advice),
        reproduce=shown_command(cause.reproduce)[0],
    )


def _facts(result: Result) -> list[tuple[str, Markup]]:
    subject, run = result.subject, result.run
    threshold = "must" if run.fail_on == "must" else "must and should"
    facts = [
        ("Version", subject.version or ""),
        ("URL", subject.url if subject.url and subject.url != subject.name else ""),
        ("Suite", f"models-conformance {__version__}"),
        ("Contract", result.contract.description),
        ("Started", run.started_at),
        ("Requests", f"{run.requests:,} in {run.seconds:.1f} s"),
        ("Seed", str(run.seed)),
        ("Fails on", threshold + (", and on what could not be judged" if run.strict else "")),
    ]
    return [(label, _sentence(text)) for label, text in facts if text]


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


def _parts(result: Result, evidence: Evidence) -> Iterator[SimpleNamespace]:
    """What a reader came for first: what failed, what is open, and last what was kept, folded away."""
    order = _areas(result)
    few = sum(1 for entry in result.requirements if entry.findings) <= MANY
    shown = [_requirement(at, entry, result, evidence, few) for at, entry in enumerate(result.requirements)]
    any_wrong = any(view.outcome.key not in _QUIET for view in shown)
    for key in SYMBOLS:
        mine = sorted((view for view in shown if view.outcome.key == key), key=lambda view: order.index(view.area))
        if mine:
            is_folded = key in _QUIET and (any_wrong or key != "pass")
            yield SimpleNamespace(outcome=_outcome(key), requirements=mine, is_folded=is_folded)


def _requirement(at: int, entry: RequirementResult, result: Result, evidence: Evidence, few: bool) -> SimpleNamespace:
    requirement, source = entry.requirement, entry.source
    outcome = outcome_of(entry, result.run.fail_on)
    # Advice that all findings share is given once.
    shared = len({finding.advice for finding in entry.findings}) == 1
    unjudged = entry.verdict not in ("pass", "fail") or requirement.level == "observe"
    return SimpleNamespace(
        id=printable(requirement.id),
        outcome=_outcome(outcome),
        level=requirement.level,
        level_means=_LEVELS[requirement.level],
        area=printable(requirement.area),
        statement=printable(requirement.statement),
        source=printable(source.title if source is not None and source.url else clause(entry)),
        link=printable(source.url) if source is not None else "",
        page=page_url(requirement.id),
        exercised=f"{entry.exercised:,} {'exchange' if entry.exercised == 1 else 'exchanges'}"
        if entry.exercised
        else "nothing",
        note=_sentence(entry.reason or (why(entry) if unjudged else "")),
        note_label={"waived": "Waived because", "inconclusive": "Not judged because"}.get(entry.verdict, "Note"),
        advice=_sentence(entry.findings[0].advice) if shared else "",
        findings=[
            _finding(finding, result, evidence.of(at, nth, len(finding.exchanges)), shared)
            for nth, finding in enumerate(entry.findings)
        ],
        is_open=few and outcome in ("fail", "error"),
    )


def _finding(
    finding: Finding, result: Result, exchanges: tuple[ExchangeView, ...], advice_is_shared: bool
) -> SimpleNamespace:
    # A whole command, or that there is one too long to show.
    reproduce, left_out = shown_command(line_for(finding, result.exchanges))
    return SimpleNamespace(
        observed=_sentence(finding.observed),
        expected=_sentence(finding.expected),
        advice="" if advice_is_shared else _sentence(finding.advice),
        reproduce=reproduce,
        left_out=left_out,
        exchanges=exchanges,
    )
