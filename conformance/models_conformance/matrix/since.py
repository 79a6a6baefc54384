"""What changed between two results of one subject, and whether anything got worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models_conformance.matrix.comparing import BROKEN
from models_conformance.matrix.result_files import Report
from models_conformance.result import Finding, RequirementResult
from models_conformance.support.text import counted, printable
from models_conformance.waivers.fingerprint import fingerprint

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One requirement that is otherwise than before. `findings` are those of a kind that was not there."""

    requirement: str
    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Regressions:
    """`other` is neither better nor worse by itself: a waiver that came or went, a requirement that is new.

    `by_contract` is what differs between results of two contracts, which are not compared as if they were one.
    """

    old: Report
    new: Report
    worse: tuple[Change, ...]
    better: tuple[Change, ...]
    other: tuple[Change, ...]
    notes: tuple[str, ...]
    by_contract: tuple[Change, ...] = ()

    @property
    def any_worse(self) -> bool:
        """Whether anything got worse: exit code 1."""
        return bool(self.worse)


def since(old: Report, new: Report) -> Regressions:
    """What changed from `old` to `new`.

    Worse is: a requirement that passed and is now broken, can no longer be judged or is gone; one that shows a
    finding where it had none, or a finding of another kind than before; a suite that breaks; a run that passed
    and is now incomplete. A new deviation that a waiver excuses is told, and is not worse.

    What two contracts ask is not the same: of results of two, only the verdicts of the whole runs are compared, and
    how each requirement differs is told apart.
    """
    before = {entry.requirement.id: entry for entry in old.result.requirements}
    after = {entry.requirement.id: entry for entry in new.result.requirements}
    lists: dict[str, list[Change]] = {"worse": [], "better": [], "other": []}
    for name in dict.fromkeys([*before, *after]):
        entry = before.get(name) or after[name]
        if entry.requirement.level != "observe":
            judged = _change(name, before.get(name), after.get(name))
            if judged is not None:
                lists[judged[0]].append(judged[1])
    by_contract: list[Change] = []
    verdicts = (old.result.run.verdict, new.result.run.verdict)
    if old.contract != new.contract:
        by_contract = [change for changes in lists.values() for change in changes]
        lists = {"worse": [], "better": [], "other": []}
        worse = verdicts[0] == "passed" != verdicts[1]
    else:
        worse = verdicts == ("passed", "incomplete")
    if worse:
        lists["worse"].append(Change("the run", f"passed, now {verdicts[1]}"))
    found = {label: tuple(changes) for label, changes in lists.items()}
    return Regressions(old, new, **found, notes=tuple(_notes(old, new)), by_contract=tuple(by_contract))


def _change(name: str, old: RequirementResult | None, new: RequirementResult | None) -> tuple[str, Change] | None:
    if old is None or new is None:
        return _came_or_went(name, old, new)
    change = f"{old.verdict}, now {new.verdict}"
    had = {fingerprint(name, finding) for finding in old.findings}
    appeared = tuple(finding for finding in new.findings if fingerprint(name, finding) not in had)
    if new.verdict == "fail":
        return _still_failing(name, old, new, appeared)
    if old.verdict == new.verdict and not (new.verdict == "waived" and appeared):
        return None
    match new.verdict:
        case "error":
            return "worse", Change(name, change)
        case "waived":
            return "other", Change(name, change, appeared)
        case "pass":
            return "better", Change(name, change)
    because = f": {new.reason}" if new.reason else ""
    return "worse" if old.verdict == "pass" else "other", Change(name, change + because)


def _came_or_went(name: str, old: RequirementResult | None, new: RequirementResult | None) -> tuple[str, Change]:
    if new is not None:
        return "other", Change(name, f"new in the run: {new.verdict}", new.findings)
    was = old.verdict if old else ""
    return ("worse" if was in ("pass", *BROKEN) else "other", Change(name, f"{was}, now not in the run at all"))


def _still_failing(
    name: str, old: RequirementResult, new: RequirementResult, appeared: tuple[Finding, ...]
) -> tuple[str, Change] | None:
    """The change to a requirement that fails now; `appeared` are the findings of a kind that it had not before."""
    change = f"{old.verdict}, now {new.verdict}"
    if appeared:
        kinds = counted(len({fingerprint(name, finding) for finding in appeared}), "new kind")
        return "worse", Change(name, f"{change}: {kinds} of finding" if old.verdict in BROKEN else change, appeared)
    if old.verdict != "fail":
        return "other", Change(name, change)
    has = {fingerprint(name, finding) for finding in new.findings}
    gone = len({fingerprint(name, finding) for finding in old.findings} - has)
    return ("better", Change(name, f"fail: {counted(gone, 'kind')} of finding gone")) if gone else None


def _notes(old: Report, new: Report) -> Iterator[str]:
    if (old.result.subject.kind, old.result.subject.name) != (new.result.subject.kind, new.result.subject.name):
        yield "These are results of different subjects."
    if old.suite != new.suite:
        yield f"Judged by different versions of the suite ({old.suite}, {new.suite}): a change may be its own."
    if old.contract != new.contract:
        same = f"--contract {old.contract_name}" if old.contract_name else "the --contract of the old result"
        yield (
            f"Judged against different contracts ({old.against}, {new.against}): requirements are not compared one by "
            f"one; to compare them, judge again with {same}."
        )
    if new.result.run.started_at < old.result.run.started_at:
        yield "The new result was started before the old one."


def as_text(changes: Regressions) -> str:
    """The changes as lines of plain text, what got worse first. Nothing a subject sent is left unescaped."""
    lines = [f"{_named(changes.old)} -> {_named(changes.new)}"]
    lines += [f"note: {printable(note, _LONGEST)}" for note in changes.notes]
    labelled = (
        ("worse", changes.worse),
        ("better", changes.better),
        ("changed", changes.other),
        ("contract", changes.by_contract),
    )
    for label, entries in labelled:
        for entry in entries:
            lines.append(f"{label:<7} {printable(entry.requirement)}: {printable(entry.text, _LONGEST)}")
            lines += [f"        {printable(finding.observed, _LONGEST)}" for finding in entry.findings]
    total = (f"{len(changes.worse)} worse", f"{len(changes.better)} better", f"{len(changes.other)} changed otherwise")
    changed = bool(changes.worse or changes.better or changes.other)
    lines.append(", ".join(total) if changed or changes.by_contract else "nothing changed")
    if changes.by_contract:
        lines[-1] += f", {len(changes.by_contract)} by the contract"
    return "\n".join(lines) + "\n"


def _named(report: Report) -> str:
    return f"{printable(report.title, _LONGEST)} ({printable(report.path)})"
