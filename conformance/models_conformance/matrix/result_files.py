"""Results read back from the JSON that `--json` wrote, perhaps by another version of the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from models_conformance.contract.shipped import load_schema
from models_conformance.errors import UsageError
from models_conformance.reports.as_json import FORMAT
from models_conformance.reports.badge import LABEL
from models_conformance.requirements.register import Requirement
from models_conformance.result import Cause, Clause, Finding, Observation, RequirementResult, Result, Run, Subject
from models_conformance.support.reading import UnreadableError, has_too_many_nodes, read_bounded
from models_conformance.support.text import printable

_LONGEST_PROBLEM = 200
# Results hold the bodies that prove their findings; a run of this suite keeps at most twice this in memory.
_MOST_BYTES = 64 << 20
_MOST_NODES = 300_000


@dataclass(frozen=True, slots=True)
class Report:
    """One file: its result, and which suite judged it against which contract: the revision of that, and its name where
    it has one.

    The requirements are as that suite knew them. Exchanges are not read.
    """

    path: str
    suite: str
    contract: str
    result: Result
    contract_name: str = ""

    @property
    def against(self) -> str:
        """The contract as a reader calls it."""
        return self.contract_name or self.contract[:12]

    @property
    def title(self) -> str:
        """The subject, with its version where it has one."""
        subject = self.result.subject
        return f"{subject.name} {subject.version}" if subject.version else subject.name


class _AnotherOutput(UsageError):
    """A file that this suite wrote, and that is no result."""


def read_results(paths: Iterable[str | Path], note: Callable[[str], None] = lambda _: None) -> list[Report]:
    """The reports of these files, in that order. Raises UsageError, which names the file, for what is no result.

    Badges and SARIF logs stand beside results and are met by the same glob: they are passed over where there is a
    result too, which `note` is told.
    """
    reports: list[Report] = []
    others: list[_AnotherOutput] = []
    # A file that two globs name is one result.
    for path in dict.fromkeys(map(str, paths)):
        try:
            reports.append(read_result(path))
        except _AnotherOutput as refused:
            others.append(refused)
    if others and not reports:
        raise others[0]
    for other in others:
        note(f"{other}: passed over")
    return reports


def read_result(path: str | Path) -> Report:
    """The report of one file. Raises UsageError."""
    name = printable(str(path))
    try:
        is_folder = Path(path).is_dir()
        content = b"" if is_folder else read_bounded(path, _MOST_BYTES)
    except UnreadableError as error:
        raise UsageError(f"{name}: {error}") from None
    if is_folder:
        raise UsageError(f"{name}: is a folder; name the result files in it, such as {name.rstrip('/')}/*.json")
    return parse_result(content, str(path))


def parse_result(content: bytes, path: str) -> Report:
    """The report that this JSON holds. Raises UsageError."""
    name = printable(path)
    # No result is told from bytes by this: what is not UTF-8 is refused by the parser.
    if has_too_many_nodes(content.decode("utf-8", "replace"), _MOST_NODES):
        raise UsageError(f"{name}: holds more than {_MOST_NODES} values, which no result does")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else printable(str(error), _LONGEST_PROBLEM)
        raise UsageError(f"{name}: is not JSON: {why}") from error
    if what := _other_output(document):
        raise _AnotherOutput(f"{name}: is {what}, not a result")
    made_by = document.get("format") if isinstance(document, dict) else None
    if isinstance(made_by, int) and made_by > FORMAT:
        raise UsageError(f"{name}: has format {made_by}, and this suite reads {FORMAT}; it was made by a newer one")
    # The first problem in the document's order: one line is what fits, and the rest often follows from it.
    problem = next(iter(sorted(_validator().iter_errors(document), key=lambda error: list(map(str, error.path)))), None)
    if problem is not None:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.path).lstrip(".")
        message = printable(problem.message, _LONGEST_PROBLEM)
        raise UsageError(f"{name}: is not a result of this suite: {printable(where) or 'the document'}: {message}")
    return _report(document, path)


def _other_output(document: Any) -> str | None:
    """What else of this suite a document is."""
    match document:
        case {"schemaVersion": _, "label": label} if label == LABEL:
            return "a badge"
        case {"runs": [{"tool": {"driver": {"name": "models-conformance"}}}, *_]}:
            return "a SARIF log"
    return None


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(load_schema("result"))


def _report(document: dict[str, Any], path: str) -> Report:
    subject, run = document["subject"], document["run"]
    result = Result(
        Subject(subject["kind"], subject["name"], subject["version"], subject["url"]),
        Run(
            run["started_at"],
            float(run["seconds"]),
            int(run["requests"]),
            int(run["seed"]),
            run["verdict"],
            insecure=bool(run.get("insecure")),
        ),
        tuple(_requirement(entry, subject["kind"]) for entry in document["requirements"]),
        tuple(_observation(observation) for observation in document["observations"]),
        None,
        tuple(document.get("notes", ())),
        tuple(_cause(cause) for cause in document.get("causes", ())),
    )
    contract = document["contract"]
    return Report(path, document["suite"]["version"], contract["revision"], result, contract.get("name") or "")


def _observation(entry: dict[str, Any]) -> Observation:
    return Observation(entry["about"], entry["did"], entry.get("key", ""), entry.get("answers", ""))


def _cause(cause: dict[str, Any]) -> Cause:
    return Cause(
        cause["id"],
        cause["statement"],
        cause["root"],
        tuple(cause["explains"]),
        tuple(map(int, cause["exchanges"])),
        cause["reproduce"],
        cause["advice"],
    )


def _requirement(entry: dict[str, Any], kind: str) -> RequirementResult:
    source = entry["source"]
    public = {name: source[name] for name in ("title", "url") if name in source} if source else {}
    findings = tuple(
        Finding(
            finding["observed"],
            finding["expected"],
            tuple(map(int, finding["exchanges"])),
            finding["reproduce"],
            finding["advice"],
            kind=finding["kind"],
            parameter=finding.get("parameter", ""),
            member=finding.get("member", ""),
            place=finding.get("place", ""),
            cause=finding.get("cause", ""),
        )
        for finding in entry["findings"]
    )
    requirement = Requirement(
        entry["id"],
        entry["area"],
        entry["level"],
        entry["statement"],
        "",
        (kind,),
        findings[0].advice if findings else "",
    )
    return RequirementResult(
        requirement,
        entry["verdict"],
        int(entry["exercised"]),
        findings,
        entry["reason"],
        Clause(source["page"], source["line"], **public) if source else None,
        not_scored="added-after-release" if entry.get("not_scored") else "",
    )
