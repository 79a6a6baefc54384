"""What waivers do to a result: excuse what they name, and fail the run where they are no longer true.

A waiver that outlives its deviation would excuse the next one, so each that has nothing left to excuse is told to
be deleted. Nothing is held against a waiver that this run could not try: one for another subject, for a requirement
that was not among those judged, or for one that could not be judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import starmap

from models_conformance.requirements.register import every_requirement
from models_conformance.result import Finding, RequirementResult, Result, RunVerdict, run_verdict
from models_conformance.support.suggestions import did_you_mean
from models_conformance.support.text import printable
from models_conformance.waivers.fingerprint import fingerprint
from models_conformance.waivers.waiver_files import Waiver, Waivers


def apply(result: Result, waivers: Waivers, today: date) -> Result:
    """The result as it stands under the waivers. Pure; a waiver holds through the day it expires.

    A requirement whose findings are all waived is `waived`: its findings stay and it does not gate. Where some
    are not, it stays `fail`, with those in front and the waived ones named in its reason. Each waiver that is to
    be deleted fails the run, with a note that says which and why.
    """
    entries = tuple(_under(entry, result, waivers, today) for entry in result.requirements)
    wrong = list(_to_delete(result, waivers, today))
    return replace(
        result,
        run=replace(result.run, verdict=_verdict(result, entries, bool(wrong))),
        requirements=entries,
        notes=(*result.notes, *wrong),
    )


def excusing(result: Result, requirement_id: str, finding: Finding, waivers: Waivers, today: date) -> Waiver | None:
    """The first waiver of the file that excuses this finding today, or None."""
    for waiver in waivers.entries:
        if today <= waiver.expires and waiver.is_about(result.subject) and _names(waiver, requirement_id, finding):
            return waiver
    return None


def _names(waiver: Waiver, requirement_id: str, finding: Finding) -> bool:
    return waiver.covers(requirement_id) and waiver.finding in (None, fingerprint(requirement_id, finding))


def _under(entry: RequirementResult, result: Result, waivers: Waivers, today: date) -> RequirementResult:
    if entry.verdict != "fail":
        return entry
    open_ones, excused, used = [], [], dict[Waiver, None]()
    for finding in entry.findings:
        waiver = excusing(result, entry.requirement.id, finding, waivers, today)
        if waiver is None:
            open_ones.append(finding)
        else:
            excused.append(finding)
            used[waiver] = None
    if not excused:
        return entry
    excuses = "; ".join(_excuse(waiver, waivers) for waiver in used)
    if not open_ones:
        return replace(entry, verdict="waived", reason="; ".join(filter(None, (excuses, entry.reason))))
    last = f"the last {len(excused)}" if len(excused) > 1 else "the last"
    marked = f"waived of these {len(entry.findings)} findings: {last} ({excuses})"
    reason = "; ".join(filter(None, (marked, entry.reason)))
    return replace(entry, findings=(*open_ones, *excused), reason=reason)


def _excuse(waiver: Waiver, waivers: Waivers) -> str:
    link = f" ({waiver.link})" if waiver.link else ""
    return f"waived until {waiver.expires}: {printable(waiver.reason)}{link} [{waivers.place(waiver)}]"


def _to_delete(result: Result, waivers: Waivers, today: date) -> Iterator[str]:
    for waiver in waivers.entries:
        why = _wrong(waiver, result, today) if waiver.is_about(result.subject) else None
        if why is not None:
            named = printable(waiver.requirement) + (f" {waiver.finding}" if waiver.finding else "")
            yield f"delete {waivers.place(waiver)}, {named}: {why}"


def _wrong(waiver: Waiver, result: Result, today: date) -> str | None:
    """Why a waiver is to be deleted; None where it is in use, or this run cannot tell."""
    if not any(waiver.covers(requirement) for requirement in every_requirement()):
        hint = did_you_mean(waiver.requirement.strip("*"), every_requirement())
        return "no requirement matches it" + (hint and f"; {hint}")
    mine = [entry for entry in result.requirements if waiver.covers(entry.requirement.id)]
    if not mine:
        return None
    if today > waiver.expires:
        return f"it expired after {waiver.expires}"
    return _unused(waiver, result, mine)


def _unused(waiver: Waiver, result: Result, mine: Sequence[RequirementResult]) -> str | None:
    """Why a waiver that holds excuses nothing among the requirements it covers; None where it does, or may."""
    failing = [entry for entry in mine if entry.verdict == "fail"]
    found = [(entry.requirement.id, finding) for entry in failing for finding in entry.findings]
    if any(_names(waiver, requirement, finding) for requirement, finding in found):
        return None
    verdicts = {entry.verdict for entry in mine if entry.requirement.level != "observe"}
    if not verdicts:
        return "what it names is only observed and never fails"
    # A run that ended early has not looked everywhere, and what it could not judge may still be broken.
    if _ended_early(result) or not verdicts.isdisjoint({"inconclusive", "error"}):
        return None
    if not failing:
        return "what it names now passes" if "pass" in verdicts else None
    present = dict.fromkeys(starmap(fingerprint, found))
    return f"no finding has this fingerprint any more, but {', '.join(present)}"


def _verdict(result: Result, entries: tuple[RequirementResult, ...], wrong: bool) -> RunVerdict:
    verdict = run_verdict(entries, result.run.fail_on, result.run.strict)
    if verdict == "error" or result.run.verdict == "error":
        return "error"
    if wrong:
        return "failed"
    # What its subject broke off has not passed, whatever is excused.
    broken_off = result.run.is_broken_off or result.run.verdict == "incomplete"
    return "incomplete" if broken_off and verdict == "passed" else verdict


def _ended_early(result: Result) -> bool:
    return bool(result.run.stopped) or result.run.verdict == "incomplete"
