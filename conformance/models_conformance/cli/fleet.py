"""The command `fleet`: judge every subject that a file names, and tell them together."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from models_conformance.cli.shared import complain, example, options
from models_conformance.errors import UsageError
from models_conformance.frontend.values import Values

# The code of a suite that broke.
_BROKEN = 4


@click.command(epilog=example("fleet fleet.toml -o results --workers 2 --since last-week"))
@click.argument("file", metavar="FILE")
@options("fleet")
def fleet(*, file: str, values: Values) -> int:
    """Judge every subject that FILE names: clients and their versions, servers, recordings, driver programs.

    Each gets a process and a result of its own, below the folder of --output, beside matrix.html, matrix.md and
    badge.json. What is there already of the same subject, suite and options is kept: a run that was stopped goes on.
    The exit code is the worst of all, or with --since 1 where anything got worse."""
    workers = _workers(values)
    # The whole engine of many subjects, and pytest: no other command starts with them.
    from models_conformance.frontend.fleet import summary
    from models_conformance.frontend.fleet.fleet_file import read_fleet
    from models_conformance.frontend.fleet.judging import Outcome, earlier_outcome, kept
    from models_conformance.frontend.fleet.pytest_run import judge_all
    from models_conformance.frontend.fleet.subjects import subjects_of

    folder: Path = values["output"]
    if values["since"] is not None:
        summary.check_since(values["since"])
    subjects = subjects_of(read_fleet(Path(file)), complain)
    left = [subject for subject in subjects if kept(subject, folder) is None]
    complain(f"{len(subjects)} subjects, {len(subjects) - len(left)} of them kept, {workers} at a time")
    if left:
        judge_all(left, folder, workers, complain)
    outcomes = [earlier_outcome(subject, folder) or Outcome(_BROKEN, "was not judged") for subject in subjects]
    summary.write_summary(folder, subjects, outcomes)
    for line in summary.in_words(subjects, outcomes):
        click.echo(line)
    if values["since"] is None:
        return summary.worst([outcome.code for outcome in outcomes])
    code, lines = summary.gate(folder, values["since"], subjects, outcomes)
    for line in lines or [f"nothing is worse than in {values['since']}"]:
        click.echo(line)
    return code


def _workers(values: Values) -> int:
    """How many subjects are judged at once. Raises UsageError where that needs what is not installed."""
    if find_spec("pytest") is None:
        raise UsageError("a fleet needs pytest: pip install 'models-conformance[pytest]'")
    workers: int = values["workers"]
    if workers > 1 and find_spec("xdist") is None:
        raise UsageError(f"{values.name('workers')} {workers} needs pytest-xdist: pip install pytest-xdist")
    return workers
