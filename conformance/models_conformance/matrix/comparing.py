"""Results side by side: subjects or releases across, requirements down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from models_conformance.matrix.result_files import Report
from models_conformance.matrix.versions import version_key
from models_conformance.reports.words import open_causes
from models_conformance.requirements.register import Requirement, areas, every_requirement
from models_conformance.result import Cause, Finding, RequirementResult, Verdict
from models_conformance.support.text import counted, printable

Change = Literal["broke", "fixed", ""]
BROKEN = frozenset({"fail", "waived"})

_LONGEST = 200
_MOST_NAMED = 40
_MOST_ANSWERS = 4
# More are kept out of a table: what a hostile subject is told with may be without end.
_MOST_SILENCES = 80


@dataclass(frozen=True, slots=True)
class Column:
    """One subject or release. `suite_differs` and `contract_differs`: from what most columns were judged with.
    `contract` is the name of what it was judged against, where the columns differ in that."""

    report: Report
    suite_differs: bool
    contract_differs: bool
    contract: str = ""

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What is to be fixed in it, the most important first."""
        return tuple(open_causes(self.report.result))


@dataclass(frozen=True, slots=True)
class Cell:
    """What one requirement did in one column. `change` is against the last release before that settled it, of those
    that were judged against the same contract: what another contract asks is not a release's doing."""

    verdict: Verdict
    exercised: int
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement across all columns, as the newest has it; None where a column's run did not have it."""

    newest: RequirementResult
    cells: tuple[Cell | None, ...]

    @property
    def requirement(self) -> Requirement:
        """What it demands."""
        return self.newest.requirement

    @property
    def passes_everywhere(self) -> bool:
        """Whether every column has it and it passed there, or does not apply."""
        return all(cell is not None and cell.verdict in ("pass", "not-applicable") for cell in self.cells)

    @property
    def applies(self) -> bool:
        """Whether it is about any of the columns."""
        return any(cell is None or cell.verdict != "not-applicable" for cell in self.cells)

    @property
    def differs_or_fails(self) -> bool:
        """Whether a reader should see it: something is broken, or the columns disagree."""
        verdicts = {cell.verdict if cell else None for cell in self.cells}
        return len(verdicts) > 1 or bool(verdicts & {*BROKEN, "error"})


@dataclass(frozen=True, slots=True)
class UndocumentedBehaviour:
    """What subjects do where nothing is documented. `answers` are the kinds of answers of each column,
    empty where it was not tried."""

    about: str
    answers: tuple[tuple[str, ...], ...]

    @property
    def differs(self) -> bool:
        """Whether columns that were asked answered in different ways."""
        return len({answers for answers in self.answers if answers}) > 1


@dataclass(frozen=True, slots=True)
class Matrix:
    """`rows` are in the register's order, by area. `notes` say what was left out and what to be careful about.
    `undocumented` are what the columns did where it is undocumented: they are not rows, and no verdicts."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    undocumented: tuple[UndocumentedBehaviour, ...] = ()

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows a compact table has."""
        return tuple(row for row in self.rows if row.differs_or_fails)

    @property
    def by_kind(self) -> tuple[Matrix, ...]:
        """A matrix for each kind of subject, in the order of the columns: no requirement is about all of them."""
        kinds = [column.report.result.subject.kind for column in self.columns]
        return tuple(
            self._of(*(at for at, other in enumerate(kinds) if other == kind)) for kind in dict.fromkeys(kinds)
        )

    def _of(self, *places: int) -> Matrix:
        rows = (Row(row.newest, tuple(row.cells[at] for at in places)) for row in self.rows)
        undocumented = (
            UndocumentedBehaviour(behaviour.about, tuple(behaviour.answers[at] for at in places))
            for behaviour in self.undocumented
        )
        return Matrix(
            tuple(self.columns[at] for at in places),
            tuple(row for row in rows if any(row.cells)),
            (),
            tuple(behaviour for behaviour in undocumented if any(behaviour.answers)),
        )

    @property
    def kind(self) -> str:
        """What the subjects are: `3 servers`, `recording`; of several kinds the first."""
        kind, number = self.columns[0].report.result.subject.kind, len(self.columns)
        return counted(number, kind) if number > 1 else kind

    @property
    def applicable(self) -> int:
        """How many requirements are about any of the columns."""
        return sum(row.applies for row in self.rows)

    @property
    def alike(self) -> int:
        """How many requirements pass in every column that they are about."""
        return sum(row.applies and row.passes_everywhere for row in self.rows)


def compare(reports: Sequence[Report]) -> Matrix:
    """The matrix of these reports, columns sorted by name, then version.

    Of several reports on one subject, version and suite the one started last counts. What the documentation is
    silent about is not a row: it stands beside them. Raises ValueError without a report.
    """
    if not reports:
        raise ValueError("there is nothing to compare")
    kept, notes = _latest(reports)
    kept.sort(key=_order)
    suites = _most_common(report.suite for report in kept)
    contracts = _most_common(report.contract for report in kept)
    of_kind = Counter(kind for kind, _ in {(report.result.subject.kind, report.contract) for report in kept})
    columns = tuple(
        Column(
            report,
            report.suite != suites,
            report.contract != contracts,
            report.against if of_kind[report.result.subject.kind] > 1 else "",
        )
        for report in kept
    )
    rows = tuple(_rows(kept))
    notes += _warnings(kept)
    matrix = Matrix(columns, rows, (), _undocumented(kept))
    notes += (note for part in matrix.by_kind for note in _by_contract(part.columns, part.rows))
    return replace(matrix, notes=tuple(notes))


def _order(report: Report) -> tuple[object, ...]:
    subject = report.result.subject
    return (
        subject.name.casefold(),
        subject.name,
        subject.kind,
        version_key(subject.version),
        subject.version or "",
        version_key(report.suite),
        report.contract,
        report.result.run.started_at,
    )


def _latest(reports: Sequence[Report]) -> tuple[list[Report], list[str]]:
    groups: dict[tuple[str, str, str | None, str, str], list[Report]] = {}
    for report in reports:
        subject = report.result.subject
        key = (subject.kind, subject.name, subject.version, report.suite, report.contract)
        groups.setdefault(key, []).append(report)
    kept, notes = [], []
    for group in groups.values():
        *older, newest = sorted(group, key=lambda report: (report.result.run.started_at, report.path))
        kept.append(newest)
        if older:
            left = ", ".join(printable(report.path) for report in older)
            notes.append(
                f"{printable(newest.title, _LONGEST)} has {len(group)} results: {printable(newest.path)}, "
                f"started last, counts; left out: {left}"
            )
    return kept, sorted(notes)


def _warnings(reports: Sequence[Report]) -> Iterator[str]:
    suites = {report.suite for report in reports}
    if len(suites) > 1:
        named = ", ".join(printable(value, _LONGEST) for value in sorted(suites, key=version_key))
        yield f"Judged with different versions of the suite ({named}): a difference between columns may be theirs."
    contracts = {report.contract: report.against for report in reports}
    if len(contracts) > 1:
        named = ", ".join(printable(name, _LONGEST) for name in sorted(contracts.values(), key=version_key))
        yield f"Judged against different contracts ({named}): columns of two of them are not compared."


def _by_contract(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    """What each contract alone asks, where there are several."""
    names = dict.fromkeys(column.contract for column in columns)
    for name in names if len(names) > 1 else ():
        own = []
        for row in rows:
            asking = {column.contract for column, cell in zip(columns, row.cells, strict=True) if _asks(cell)}
            own += [row.requirement.id] if asking == {name} else []
        if own:
            more = f" and {len(own) - _MOST_NAMED} more" if len(own) > _MOST_NAMED else ""
            named = ", ".join(printable(requirement) for requirement in own[:_MOST_NAMED])
            yield f"Only contract {printable(name, _LONGEST)} asks {counted(len(own), 'requirement')}: {named}{more}."


def _asks(cell: Cell | None) -> bool:
    return cell is not None and cell.verdict != "not-applicable"


def _most_common(values: Iterable[str]) -> str:
    """The commonest value, of equally common ones the greatest: what the others are marked against."""
    return max(Counter(values).items(), key=lambda pair: (pair[1], version_key(pair[0]), pair[0]))[0]


def _rows(reports: Sequence[Report]) -> Iterator[Row]:
    by_id = [{entry.requirement.id: entry for entry in report.result.requirements} for report in reports]
    # The newest wording wins, which is the last one where columns are sorted.
    known = {name: entry for entries in by_id for name, entry in entries.items()}
    ids, area_names = list(every_requirement()), [area.name for area in areas()]

    def place(name: str) -> tuple[int, str, int, str]:
        area = known[name].requirement.area
        at = area_names.index(area) if area in area_names else len(area_names)
        return (at, area, ids.index(name) if name in ids else len(ids), name)

    for name in sorted(known, key=place):
        if known[name].requirement.level != "observe":
            yield Row(known[name], tuple(_cells(reports, [entries.get(name) for entries in by_id])))


def _cells(reports: Sequence[Report], entries: Sequence[RequirementResult | None]) -> Iterator[Cell | None]:
    before: dict[tuple[str, str, str], Verdict] = {}
    for report, entry in zip(reports, entries, strict=True):
        if entry is None:
            yield None
            continue
        subject = (report.result.subject.kind, report.result.subject.name, report.contract)
        change: Change = ""
        last = before.get(subject)
        if last == "pass" and entry.verdict in BROKEN:
            change = "broke"
        elif last in BROKEN and entry.verdict == "pass":
            change = "fixed"
        # What could not be judged settles nothing: the next release is compared with the one before it.
        if entry.verdict in BROKEN or entry.verdict == "pass":
            before[subject] = entry.verdict
        yield Cell(entry.verdict, entry.exercised, entry.findings, entry.reason, change)


def _undocumented(reports: Sequence[Report]) -> tuple[UndocumentedBehaviour, ...]:
    """What at least one of these subjects was tried with, where they differ in front, then in the order of the runs."""
    found: dict[str, list[dict[str, None]]] = {}
    for at, report in enumerate(reports):
        for observation in report.result.observations:
            of_column = found.setdefault(observation.key or observation.about, [{} for _ in reports])[at]
            of_column[observation.answers or observation.did] = None
    rows = [
        UndocumentedBehaviour(about, tuple(tuple(sorted(answers)[:_MOST_ANSWERS]) for answers in columns))
        for about, columns in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs)[:_MOST_SILENCES])
