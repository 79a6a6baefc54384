"""The command `replay`: judge recordings."""

from __future__ import annotations

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import conclude, example, options
from models_conformance.errors import UsageError
from models_conformance.frontend import runs
from models_conformance.frontend.progress import progress
from models_conformance.frontend.values import Values


@click.command(cls=Grouped, epilog=example("replay tests/cassettes --fail-on should --json result.json"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options("replay")
def replay(*, paths: tuple[str, ...], values: Values) -> int:
    """Judge recordings without a network: cassettes, HAR archives, stubs with recorded answers and traces of this
    suite, in files or folders of any name. Each file, and each base URL in it, is a catalogue
    of its own."""
    if "" in paths:
        raise UsageError("an empty name is no recording: is a variable that should hold its path not set?")
    for path in paths:
        if path.startswith(("http://", "https://")):
            raise UsageError("replay reads files; `models-conformance server URL` judges an endpoint")
    runs.check(values, "server")
    with progress(values["quiet"]) as report:
        result = runs.judge_recording(values, paths, report)
    return conclude(values, result)
