"""Results read back from the JSON that `--json` wrote, perhaps by another version of the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
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
    """A file that this suite wrote, and that is not a result."""


def read_results(paths: Iterable[str | Path], note: Callable[[str], None] = lambda _: None) -> list[Report]:
    """The reports of these files, in that order. Raises UsageError, which names the file, for what is not a result.

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
    problem = min(_validator().iter_errors(document), key=lambda error: list(map(str, error.path)), default=None)
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
    subject, run, contract = document["subject"], document["run"], document["contract"]
    result = Result(
        _made(Subject, subject),
        Run(
            run["started_at"],
            float(run["seconds"]),
            int(run["requests"]),
            int(run["seed"]),
            run["verdict"],
            insecure=bool(run.get("insecure")),
        ),
        tuple(_requirement(entry, subject["kind"]) for entry in document["requirements"]),
        tuple(_made(Observation, entry) for entry in document["observations"]),
        notes=tuple(document.get("notes", ())),
        causes=tuple(_made(Cause, entry, explains=tuple(entry["explains"])) for entry in document.get("causes", ())),
    )
    return Report(path, document["suite"]["version"], contract["revision"], result, contract.get("name") or "")


def _made(kind: Any, entry: dict[str, Any], **read: Any) -> Any:
    """An entry as the dataclass of its members, but for those that were `read` already, and what it has beyond these.

    Exchanges are whole numbers however they are spelled.
    """
    if "exchanges" in entry:
        read["exchanges"] = tuple(map(int, entry["exchanges"]))
    return kind(**{field.name: entry[field.name] for field in fields(kind) if field.name in entry} | read)


def _requirement(entry: dict[str, Any], kind: str) -> RequirementResult:
    findings = tuple(_made(Finding, finding) for finding in entry["findings"])
    advice = findings[0].advice if findings else ""
    return RequirementResult(
        Requirement(entry["id"], entry["area"], entry["level"], entry["statement"], "", (kind,), advice),
        entry["verdict"],
        int(entry["exercised"]),
        findings,
        entry["reason"],
        _made(Clause, entry["source"]) if entry["source"] else None,
        not_scored="added-after-release" if entry.get("not_scored") else "",
    )
