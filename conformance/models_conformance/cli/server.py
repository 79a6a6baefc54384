"""The command `server`: judge an endpoint."""

from __future__ import annotations

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import complain, conclude, example, options
from models_conformance.frontend import runs
from models_conformance.frontend.progress import progress
from models_conformance.frontend.values import Values


@click.command(cls=Grouped, epilog=example("server https://gateway.example --alias claude-sonnet-4-5 --only cursor"))
@click.argument("url", required=False)
@options("server")
def server(*, url: str | None, values: Values) -> int:
    """Judge the endpoint at URL; without URL, the reference server that is built in."""
    runs.check_endpoint(values, url)
    runs.check(values, "server")
    with progress(values["quiet"]) as report:
        result = runs.judge_server(values, url, report, complain=complain)
    return conclude(values, result)
