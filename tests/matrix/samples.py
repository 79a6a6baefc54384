"""Reports as files of `--json` hold them, with chosen verdicts."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.matrix.result_files import Report, parse_result
from models_conformance.reports.as_json import render
from models_conformance.result import Finding, Result, Subject, Verdict
from tests.reports.result_strategies import sample

ITSELF = Finding(
    'the page after "b" holds that model itself',
    "only models that follow the cursor",
    (2,),
    "curl http://127.0.0.1",
    kind="holds-the-cursor",
    parameter="after_id",
)
OTHER_SIDE = Finding(
    'the page after "b" holds "a", which stands on the other side',
    ITSELF.expected,
    (2,),
    kind="holds-models-of-the-other-side",
    parameter="after_id",
)


def result(
    version: str | None = "1.0", *, name: str = "acme", started_at: str = "2026-08-17T10:00:00Z", **verdicts: Verdict
) -> Result:
    """Everything passes, but what `verdicts` says of ids written with underscores."""
    result = sample(strict=False, **verdicts)
    return replace(result, subject=Subject("client", name, version), run=replace(result.run, started_at=started_at))


def report(
    version: str | None = "1.0",
    *,
    name: str = "acme",
    suite: str | None = None,
    contract: str | None = None,
    path: str = "r.json",
    started_at: str = "2026-08-17T10:00:00Z",
    **verdicts: Verdict,
) -> Report:
    """The report of such a result, written as JSON and read back."""
    read = parse_result(render(result(version, name=name, started_at=started_at, **verdicts)).encode(), path)
    if contract is not None:
        read = replace(read, contract=contract, contract_name="")
    return replace(read, suite=suite or read.suite)


def with_findings(report: Report, name: str, *findings: Finding, verdict: Verdict = "fail") -> Report:
    """The report with these findings under a requirement."""
    entries = tuple(
        replace(entry, verdict=verdict, findings=findings) if entry.requirement.id == name else entry
        for entry in report.result.requirements
    )
    return replace(report, result=replace(report.result, requirements=entries))


def without(report: Report, name: str) -> Report:
    """The report of a run that did not have that requirement."""
    entries = tuple(entry for entry in report.result.requirements if entry.requirement.id != name)
    return replace(report, result=replace(report.result, requirements=entries))
