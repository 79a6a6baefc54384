"""A result for people, at any width from 80 columns on."""

from __future__ import annotations

from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from models_conformance.reports.words import (
    LONGEST_SENTENCE,
    MANY,
    OUTCOMES,
    cause_gates,
    cause_lines,
    clause,
    further,
    headline,
    is_judged,
    open_causes,
    outcome_of,
    place,
    shown_findings,
    tally,
    verdict_line,
    why,
    with_outcome,
)
from models_conformance.requirements.pages import page_url
from models_conformance.requirements.register import areas
from models_conformance.result import RequirementResult, Result
from models_conformance.support.text import counted, printable
from models_conformance.version import __version__

Detail = Literal["quiet", "normal", "verbose"]

_STYLES = {"passed": "bold green", "failed": "bold red", "incomplete": "bold yellow", "error": "bold red"}
# From what matters least to what matters most: an area is marked with the last of its own.
_MARKS = {
    "observed": ("-", "--", "dim"),
    "not-applicable": ("-", "--", "dim"),
    "pass": ("✓", "ok", "green"),
    "waived": ("~", "~~", "yellow"),
    "inconclusive": ("?", "??", "yellow"),
    "lesser": ("!", "!!", "yellow"),
    "fail": ("✗", "XX", "red"),
    "error": ("E", "EE", "red"),
}


def show(result: Result, console: Console, detail: Detail = "normal") -> None:
    """Print a result. `quiet` leaves the headlines of findings and the verdict; `verbose` adds every
    requirement with its statement. Nothing a subject sent is read as markup or control sequence."""
    if console.is_terminal:
        _Terminal(result, console).show(detail)
        return
    # In a file or a pipe the blanks that fill a table's cells are only in the way.
    with console.capture() as captured:
        _Terminal(result, console).show(detail)
    for line in captured.get().splitlines():
        console.file.write(line.rstrip() + "\n")


class _Terminal:
    def __init__(self, result: Result, console: Console) -> None:
        self._result = result
        self._console = console
        self._failing = with_outcome(result, "error", "fail")
        self._lesser = with_outcome(result, "lesser")
        self._much_is_open = len(with_outcome(result, "inconclusive")) > MANY

    def show(self, detail: Detail) -> None:
        self._is_verbose = detail == "verbose"
        if detail == "quiet":
            for cause in open_causes(self._result):
                self._console.print(Text(f"cause {printable(cause.statement, LONGEST_SENTENCE)}"), soft_wrap=True)
            for entry in [*self._failing, *self._lesser]:
                # One line each at any width, like the verdict: they are what a script looks for.
                self._console.print(Text(_headline(entry)), soft_wrap=True)
        else:
            self._head()
            self._causes()
            self._areas(detail == "verbose")
            for entry in self._failing:
                self._requirement(entry, "FAILED" if entry.verdict == "fail" else "ERROR", "bold red")
            self._lesser_findings()
            for entry in with_outcome(self._result, "waived"):
                self._requirement(entry, "WAIVED", "bold yellow")
            self._observations()
            self._notes()
        if detail == "quiet" and self._result.run.verdict != "passed" and not self._failing:
            # Nothing above says why.
            self._notes()
        verdict = Text(verdict_line(self._result), style=_STYLES[self._result.run.verdict])
        self._console.print(verdict, soft_wrap=True)

    def _head(self) -> None:
        subject = self._result.subject
        name = " ".join(part for part in (subject.kind, subject.name, subject.version) if part)
        if subject.url and subject.url != subject.name:
            name += f" at {subject.url}"
        self._line(printable(name, LONGEST_SENTENCE), "bold")
        revision, seed = self._result.contract.shown, self._result.run.seed
        self._line(f"models-conformance {__version__}, contract {revision}, seed {seed}", "dim")
        self._line()

    def _causes(self) -> None:
        causes = open_causes(self._result)
        if not causes:
            return
        self._line("To fix, most important first" if len(causes) > 1 else "To fix", "bold")
        for number, cause in enumerate(causes, 1):
            style = "bold red" if cause_gates(self._result, cause) else "bold yellow"
            self._row(Text(f"{number:>3}. ", style), Text(printable(cause.statement, LONGEST_SENTENCE), "bold"))
            for label, text in cause_lines(self._result, cause):
                self._labelled(label, text, 5)
        self._line()

    def _areas(self, verbose: bool) -> None:
        for area in areas():
            mine = [entry for entry in self._result.requirements if entry.requirement.area == area.name]
            if not mine:
                continue
            line = self._mark(max(mine, key=lambda entry: list(_MARKS).index(self._outcome(entry))))
            line.append(f" {area.name:<14}", style="bold").append(tally(self._result, mine))
            self._console.print(line)
            if verbose:
                for entry in mine:
                    self._verbose(entry)
            else:
                self._unkept(mine)
        self._line()

    def _unkept(self, entries: list[RequirementResult]) -> None:
        """What of an area failed and what could not be judged; one line for all that share a reason.

        Where much of the run could not be judged, one reason for the area stands for all.
        """
        groups: dict[tuple[str, str], list[str]] = {}
        open_ones = [entry for entry in entries if self._outcome(entry) == "inconclusive"]
        if self._much_is_open and len({why(entry) for entry in open_ones}) > 1:
            entries = [entry for entry in entries if entry not in open_ones]
            self._indented(f"not judged, for one: {why(open_ones[0])} (-v lists each)", "dim")
        for entry in entries:
            kind = self._outcome(entry)
            if kind in ("error", "fail", "lesser"):
                groups.setdefault((OUTCOMES[kind], _MARKS[kind][2]), []).append(entry.requirement.id)
            elif kind not in ("pass", "observed"):
                groups.setdefault((f"{OUTCOMES[kind]}, {why(entry)}", "dim"), []).append(entry.requirement.id)
        for (heading, style), ids in groups.items():
            self._indented(f"{heading}: {', '.join(ids)}", style)

    def _verbose(self, entry: RequirementResult) -> None:
        requirement = entry.requirement
        self._console.print(Text("  ").append_text(self._mark(entry)).append(f" {requirement.id}"))
        self._indented(requirement.statement, "", 4)
        tested = counted(entry.exercised, "exchange")
        where = place(entry.source) if entry.source is not None else clause(entry)
        self._indented(f"{requirement.level}, tested by {tested}, {where}", "dim", 4)
        if entry.verdict not in ("pass", "fail") or not is_judged(entry):
            self._indented(why(entry), "dim", 4)

    def _requirement(self, entry: RequirementResult, word: str, style: str) -> None:
        requirement = entry.requirement
        head = Text.assemble((f"{word} ", style), (requirement.id, "bold"), f" ({requirement.level})")
        self._console.print(head)
        self._indented(requirement.statement)
        self._labelled("clause", clause(entry))
        if self._is_verbose:
            if entry.source is not None and entry.source.url:
                self._labelled("", place(entry.source))
            if page_url(requirement.id):
                self._labelled("explained", page_url(requirement.id))
        shown, rest = shown_findings(self._result, entry)
        for number, lines in enumerate(shown):
            if number:
                self._line()
            for label, text in lines:
                self._labelled(label, text)
        if rest:
            self._indented(f"{further(entry, len(shown))}; --json writes them", "dim")
        if entry.reason:
            self._indented(printable(entry.reason, LONGEST_SENTENCE), "dim")
        self._line()

    def _lesser_findings(self) -> None:
        if not self._lesser:
            return
        self._line("Findings that do not fail this run", "bold yellow")
        self._indented("Level should: companion pages or plain reading say so.", "dim")
        self._indented("With --fail-on should they fail it.", "dim")
        self._line()
        for entry in self._lesser:
            self._requirement(entry, "SHOULD", "bold yellow")

    def _observations(self) -> None:
        if not self._result.observations:
            return
        self._line("Undocumented behaviour (reported, never judged)", "bold")
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(max_width=max(20, self._console.width // 2), overflow="fold")
        table.add_column(overflow="fold")
        for observation in self._result.observations:
            table.add_row(Text(printable(observation.about, 200)), Text(printable(observation.did, 200)))
        self._console.print(Padding(table, (0, 0, 0, 2), expand=False))
        self._line()

    def _notes(self) -> None:
        for note in self._result.notes:
            self._line(f"note: {printable(note, LONGEST_SENTENCE)}", "yellow")
        if self._result.notes:
            self._line()

    def _labelled(self, label: str, text: str, by: int = 2) -> None:
        head = f"{'':<{by}}{label:<10}"
        if label in ("reproduce", "clause", "explained"):
            # Printed as one line at any width: a wrapped or cropped command, or URL, cannot be copied.
            self._console.print(Text.assemble((head, "dim"), text), soft_wrap=True)
            return
        self._row(Text(head, "dim"), Text(text))

    def _row(self, head: Text, text: Text) -> None:
        """A text beside its head, however many lines it takes."""
        row = Table.grid(padding=0)
        row.add_column(width=len(head), no_wrap=True)
        row.add_column(overflow="fold")
        row.add_row(head, text)
        self._console.print(row)

    def _indented(self, text: str, style: str = "", by: int = 2) -> None:
        self._console.print(Padding(Text(text, style=style, overflow="fold"), (0, 0, 0, by), expand=False))

    def _line(self, text: str = "", style: str = "") -> None:
        self._console.print(Text(text, style=style, overflow="fold"))

    def _outcome(self, entry: RequirementResult) -> str:
        return outcome_of(entry, self._result.run.fail_on)

    def _mark(self, entry: RequirementResult) -> Text:
        pretty, plain, style = _MARKS[self._outcome(entry)]
        # A terminal that cannot show the mark would make printing it an error.
        shown = pretty if self._console.encoding.lower().startswith("utf") else plain
        return Text.assemble((shown, style))


def _headline(entry: RequirementResult) -> str:
    """A requirement's first finding in one line: level, id, clause and what was seen."""
    start = f"{entry.requirement.level} {entry.requirement.id} ({clause(entry)})"
    if not entry.findings:
        return f"{start}: {why(entry)}"
    rest = f" ({further(entry, 1)})" if len(entry.findings) > 1 else ""
    return f"{start}: {headline(entry.findings[0], 200)}{rest}"
