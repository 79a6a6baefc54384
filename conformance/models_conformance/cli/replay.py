"""The command `replay`: judge recordings."""

from __future__ import annotations

from pathlib import Path

import click

from models_conformance.cli.shared import conclude, example, options
from models_conformance.frontend import runs
from models_conformance.frontend.progress import progress
from models_conformance.frontend.values import Values


@click.command(epilog=example("replay tests/cassettes --fail-on should --json result.json"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@options("replay")
def replay(*, paths: tuple[Path, ...], values: Values) -> int:
    """Judge recordings without a network: cassettes of vcrpy, Ruby VCR, go-vcr and R vcr, HAR archives and
    traces of this suite, in files or folders of any name. Each file, and each base URL in it, is a catalogue
    of its own."""
    runs.check(values, "server")
    with progress(values["quiet"]) as report:
        result = runs.judge_recording(values, paths, report)
    return conclude(values, result)
