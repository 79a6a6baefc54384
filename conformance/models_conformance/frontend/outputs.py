"""What becomes of a result, whichever front asked for it: waivers are applied, and reports are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from models_conformance.errors import UsageError
from models_conformance.frontend.options import REPORTS

if TYPE_CHECKING:
    from models_conformance.result import Result

# Each has a function `render` from a result to the text of the file.
_RENDERED_BY = {
    "json": "models_conformance.reports.as_json",
    "junit": "models_conformance.reports.junit",
    "html": "models_conformance.reports.html",
    "markdown": "models_conformance.reports.markdown",
    "badge": "models_conformance.reports.badge",
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a user wants made of a result. `reports` are paths by the attribute of their option, None for no report."""

    reports: Mapping[str, str | None]
    waivers: str | None = None
    write_waivers: str | None = None

    def check(self, **more: str | None) -> None:
        """Raises UsageError for what must not be found out after a run: a file that cannot be written, two that are
        one, waivers that cannot be read. `more` are further files, by the attribute of their option."""
        check_outputs(
            {
                **{option.name: self.reports.get(option.attribute) for option in REPORTS},
                "--write-waivers": self.write_waivers,
                **{f"--{name.replace('_', '-')}": path for name, path in more.items()},
            }
        )
        if self.waivers is not None:
            from models_conformance.waivers.waiver_files import read_waivers

            read_waivers(self.waivers)

    def reached(self, found: Result) -> Result:
        """The result under the waivers, once every report of it is written. Raises UsageError."""
        from models_conformance.support import files

        result = found
        today = datetime.now(UTC).date()
        waivers = None
        if self.waivers is not None:
            from models_conformance.waivers.applying import apply
            from models_conformance.waivers.waiver_files import read_waivers

            waivers = read_waivers(self.waivers)
            result = apply(found, waivers, today)
        if self.write_waivers is not None:
            from models_conformance.waivers.proposing import proposed

            files.write(self.write_waivers, "--write-waivers", proposed(found, today, waivers))
        for option in REPORTS:
            path = self.reports.get(option.attribute)
            if path is not None:
                files.write(path, option.name, import_module(_RENDERED_BY[option.attribute]).render(result))
        return result


def check_outputs(outputs: Mapping[str, str | None]) -> None:
    """Raises UsageError where a wanted output, by option, cannot be written, or two are one file."""
    from models_conformance.support.files import check_writable

    seen: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        check_writable(path, option)
        other = seen.setdefault(Path(path).resolve(), option)
        if other != option:
            raise UsageError(f"{other} and {option} name the same file, {path}")
