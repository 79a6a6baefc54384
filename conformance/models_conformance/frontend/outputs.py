"""What becomes of a result, whichever frontend asked for it: waivers are applied, and reports are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from models_conformance.errors import UsageError
from models_conformance.frontend.options import REPORTS, options_of
from models_conformance.frontend.values import Values
from models_conformance.support import files

if TYPE_CHECKING:
    from models_conformance.result import Result

# Each has a function `render` from a result to the text of the file. Imported once there is something to render.
RENDERED_BY = {
    "json": "models_conformance.reports.as_json",
    "junit": "models_conformance.reports.junit",
    "sarif": "models_conformance.reports.sarif",
    "html": "models_conformance.reports.html",
    "markdown": "models_conformance.reports.markdown",
    "badge": "models_conformance.reports.badge",
}


Complain = Callable[[str], None]
"""Is told, in one line, of a file that could not be written after a run: the verdict stands all the same."""


def refuse(problem: str) -> None:
    """Raises UsageError: where nobody asked for a file, none can fail to be written."""
    raise UsageError(problem)


def attempt(write: Callable[[], None], complain: Complain) -> None:
    """Write something of a run that is over, or tell `complain` why that failed."""
    try:
        write()
    except UsageError as error:
        complain(str(error))


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that the options of a run ask for."""

    values: Values
    written: list[str] = field(default_factory=list)
    """The files that were written, in their order."""

    def check(self) -> None:
        """Raises UsageError for what must not be found out after a run: a file that cannot be written, two that are
        one, waivers that cannot be read."""
        check_outputs(self.values)
        if self.values["waivers"] is not None:
            # Only a run with waivers needs their reader.
            from models_conformance.waivers.waiver_files import read_waivers

            read_waivers(self.values["waivers"])

    def write(self, found: Result, complain: Complain = refuse) -> Result:
        """The result under the waivers, once every report of it is written, or `complain` was told why not.

        Raises UsageError where the waivers cannot be read."""
        # Only at the end of a run: waivers and their judge.
        from models_conformance.waivers.applying import apply
        from models_conformance.waivers.proposing import proposed
        from models_conformance.waivers.waiver_files import read_waivers

        values = self.values
        today = datetime.now(UTC).date()
        waivers = read_waivers(values["waivers"]) if values["waivers"] is not None else None
        result = apply(found, waivers, today) if waivers is not None else found
        if values["write_waivers"] is not None:
            self._write("write_waivers", proposed(found, today, waivers), complain)
        for option in REPORTS:
            if values[option.attribute] is not None:
                self._write(option.attribute, import_module(RENDERED_BY[option.attribute]).render(result), complain)
        return result

    def _write(self, attribute: str, text: str, complain: Complain) -> None:
        path, name = self.values[attribute], self.values.name(attribute)

        def write() -> None:
            files.write(path, name, text)
            self.written.append(path)

        attempt(write, complain)


def check_outputs(values: Values) -> None:
    """Raises UsageError where a file that an option asks for cannot be written, or two are one."""
    seen: dict[Path, str] = {}
    for option in options_of(values.command):
        path = values[option.attribute] if option.kind == "output" else None
        if path is not None:
            name = values.name(option.attribute)
            files.check_writable(path, name)
            other = seen.setdefault(Path(path).resolve(), name)
            if other != name:
                raise UsageError(f"{other} and {name} name the same file, {path}")
