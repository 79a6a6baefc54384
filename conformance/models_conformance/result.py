"""The typed result of a run: what every report renders and `--json` writes.

Pure data, no rendering. A verdict of a parent is the worst of its children; zero exchanges is never `pass`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from models_conformance.evidence.exchange import Exchange
from models_conformance.evidence.particulars import Value
from models_conformance.requirements.register import Requirement
from models_conformance.support.text import counted

Verdict = Literal["pass", "fail", "waived", "inconclusive", "not-applicable", "error"]
RunVerdict = Literal["passed", "failed", "incomplete", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation. `exchanges` are numbers of the exchanges that prove it, the culprit first.

    `kind` is the slug that the requirement declares for it, `parameter` or `member` what it is about: the three name
    a deviation in whatever run shows it. The two mappings hold the particulars that the sentences were made of.
    `place` says where a recording holds the culprit, `file` which recording it is. `reproduce` is one shell line,
    `advice` one sentence for whoever has to fix the subject. `cause` is the id of the cause that explains it.
    """

    observed: str
    expected: str
    exchanges: tuple[int, ...]
    reproduce: str = ""
    advice: str = ""
    kind: str = ""
    parameter: str = ""
    member: str = ""
    observed_values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    expected_values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    place: str = ""
    file: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is to be fixed: one fault, and all that it breaks.

    `root` is the id of the requirement that names it best, `explains` those of the others that it breaks, in the order
    of the register. `exchanges` show it, the culprit first; `reproduce` is one shell line that does so alone.
    """

    id: str
    statement: str
    root: str
    explains: tuple[str, ...]
    exchanges: tuple[int, ...]
    reproduce: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """Where the contract says something: `line` counts from 1 and is None where a page says it as a whole.

    `title` and `url`, with a fragment that leads to the words, are those of the public page, where it is known.
    """

    page: str
    line: int | None
    sha256: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ContractUsed:
    """The contract that a subject was held to: what a reader calls it, the digest of its content, the API version that
    was spoken, the pages with their SHA-256, and the date up to which they were read, where they have dates."""

    name: str = ""
    revision: str = ""
    api_version: str | None = None
    pages: tuple[tuple[str, str], ...] = ()
    dated: str = ""

    @property
    def shown(self) -> str:
        """Name and the beginning of the digest, as reports show it."""
        return " ".join(part for part in (self.name, self.revision[:12]) if part)

    @property
    def description(self) -> str:
        """The same with what it was made of: how many pages of which date, and which API version was spoken."""
        dated = f" up to {self.dated}" if self.dated else " without a date"
        pages = counted(len(self.pages), "page") + dated if self.pages else ""
        version = f"API version {self.api_version}" if self.api_version else ""
        return ", ".join(part for part in (self.shown, pages, version) if part)


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """A requirement's verdict. `exercised` counts the exchanges that really tested it.

    `reason` says why it could not be judged, or how many further findings were left out. `source` is where the
    contract in force has the requirement, None where no page of it does. `not_scored` is why what it finds is told and
    gates nothing, empty where it may gate.
    """

    requirement: Requirement
    verdict: Verdict
    exercised: int
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    source: Clause | None = None
    not_scored: Literal["", "added-after-release"] = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """What the subject did where it is undocumented.

    `key` and the kind of what it `answers` are the same for every subject that does the same; both may be empty.
    """

    about: str
    did: str
    key: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    kind: Literal["server", "recording", "client"]
    name: str
    version: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """`started_at` is RFC 3339 in UTC, `seconds` wall time, `requests` how many were sent.

    `stopped` is why the run ended early, empty where it did not. A limit of its own (requests, time) changes no
    verdict; where `is_broken_off`, the subject brought it to that end, and has not passed, whatever is excused.
    `insecure` is whether the user had no certificate verified. `flaky` is what was seen once and did not repeat, in
    words; it changes no verdict.
    """

    started_at: str
    seconds: float
    requests: int
    seed: int
    verdict: RunVerdict
    fail_on: Literal["must", "should"] = "must"
    strict: bool = False
    stopped: str = ""
    is_broken_off: bool = False
    insecure: bool = False
    flaky: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one run found. `exchanges` holds the evidence that findings point to, by number.

    `notes` are plain lines about the run itself: retries after 429, a budget that ran out. `causes` explain all
    findings, what to fix first in front; empty in a result that was read from before there were causes.
    """

    subject: Subject
    run: Run
    requirements: tuple[RequirementResult, ...]
    observations: tuple[Observation, ...] = ()
    exchanges: Mapping[int, Exchange] | None = None
    notes: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    contract: ContractUsed = field(default_factory=ContractUsed)

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 violations that gate, 3 incomplete, 4 the suite failed."""
        return {"passed": 0, "failed": 1, "incomplete": 3, "error": 4}[self.run.verdict]


def gates(entry: RequirementResult, fail_on: Literal["must", "should"]) -> bool:
    """Whether this requirement's verdict fails a run with that threshold."""
    levels = ("must",) if fail_on == "must" else ("must", "should")
    return entry.verdict == "fail" and entry.requirement.level in levels and not entry.not_scored


def run_verdict(entries: tuple[RequirementResult, ...], fail_on: Literal["must", "should"], strict: bool) -> RunVerdict:
    """The verdict of a whole run: the worst that gates.

    Incomplete where nothing was judged at all, and under `strict` where any applicable requirement of a
    gating level could not be judged.
    """
    if any(entry.verdict == "error" for entry in entries):
        return "error"
    if any(gates(entry, fail_on) for entry in entries):
        return "failed"
    judged = [entry for entry in entries if entry.requirement.level != "observe"]
    if not any(entry.verdict in ("pass", "waived", "fail") for entry in judged):
        return "incomplete"
    if strict and any(entry.verdict == "inconclusive" for entry in judged):
        return "incomplete"
    return "passed"
