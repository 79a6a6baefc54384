"""Results with chosen findings, and waivers for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models_conformance.requirements.register import register
from models_conformance.result import Finding, RequirementResult, Result, Run, Subject, Verdict, run_verdict
from models_conformance.waivers.waiver_files import Waiver, Waivers

TODAY = date(2026, 8, 17)
EXCLUSIVE = "list-after-id-is-exclusive"
ITSELF = Finding(
    'the page after "b" holds that model itself', "only models that follow the cursor", (2,), kind="holds-the-cursor"
)
OTHER_SIDE = Finding(
    'the page after "b" holds "a", which stands on the other side',
    ITSELF.expected,
    (3,),
    kind="holds-models-of-the-other-side",
)


def failed(name: str, *findings: Finding) -> RequirementResult:
    return RequirementResult(register()[name], "fail", 4, findings)


def judged(name: str, verdict: Verdict = "pass") -> RequirementResult:
    return RequirementResult(register()[name], verdict, 4 if verdict == "pass" else 0)


def result(*entries: RequirementResult, subject: Subject | None = None, strict: bool = False) -> Result:
    run = Run("2026-08-17T10:00:00Z", 1.0, 10, 0, run_verdict(entries, "must", strict), "must", strict)
    return Result(subject or Subject("server", "http://127.0.0.1:9999"), run, entries)


def incomplete(found: Result) -> Result:
    return replace(found, run=replace(found.run, verdict="incomplete"))


def waivers(*entries: Waiver) -> Waivers:
    return Waivers("w.toml", tuple(replace(entry, entry=at, line=at * 9) for at, entry in enumerate(entries, 1)))


def waiver(
    requirement: str = EXCLUSIVE,
    expires: date = date(2026, 12, 31),
    subject: str | None = None,
    finding: str | None = None,
    link: str | None = None,
) -> Waiver:
    return Waiver(requirement, "fixed upstream", expires, subject, finding, link)
