"""The result as the library hands it out: what a test and a script do with it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path

from models_conformance.frontend.outputs import RENDERED_BY
from models_conformance.result import RequirementResult, gates
from models_conformance.result import Result as RunResult
from models_conformance.support import files


@dataclass(frozen=True, slots=True)
class Result(RunResult):
    """What a run found, and what a test does with it."""

    @property
    def violations(self) -> tuple[RequirementResult, ...]:
        """The requirements that are violated and fail the run, each with its findings."""
        return tuple(entry for entry in self.requirements if gates(entry, self.run.fail_on))

    @property
    def text(self) -> str:
        """What the terminal shows, 100 columns wide, without colours."""
        # Only who reads or prints it needs a console.
        from rich.console import Console

        from models_conformance.reports import terminal

        shown = StringIO()
        terminal.show(self, Console(file=shown, width=100, highlight=False, force_terminal=False))
        return shown.getvalue()

    def assert_conforms(self) -> None:
        """Raises AssertionError, whose message is what the terminal shows, unless the run has passed."""
        __tracebackhide__ = True
        if self.run.verdict != "passed":
            raise AssertionError(f"the Models API contract is not kept\n\n{self.text}")

    def write_html(self, path: str | Path) -> None:
        """Write the report as one HTML file. Raises UsageError where it cannot be written."""
        self._write("html", path)

    def write_json(self, path: str | Path) -> None:
        """Write the result as `--json` does. Raises UsageError."""
        self._write("json", path)

    def write_junit(self, path: str | Path) -> None:
        """Write the result as JUnit XML. Raises UsageError."""
        self._write("junit", path)

    def write_sarif(self, path: str | Path) -> None:
        """Write the result as SARIF 2.1.0. Raises UsageError."""
        self._write("sarif", path)

    def write_markdown(self, path: str | Path) -> None:
        """Write the result as Markdown. Raises UsageError."""
        self._write("markdown", path)

    def _write(self, report: str, path: str | Path) -> None:
        files.write(str(path), f"write_{report}", import_module(RENDERED_BY[report]).render(self))
