"""The command `client`: judge a client."""

from __future__ import annotations

import click

from models_conformance.cli.completers import complete_clients
from models_conformance.cli.programs import TakesProgram, chosen_client
from models_conformance.cli.shared import complain, conclude, example, options
from models_conformance.frontend import clients, runs
from models_conformance.frontend.progress import progress
from models_conformance.frontend.values import Values


@click.command(cls=TakesProgram, epilog=example("client anthropic@0.45.0 --fail-on should --json result.json"))
@click.argument("name", required=False, metavar="[NAME[@VERSION]]", shell_complete=complete_clients)
@options("client")
@click.pass_context
def client(context: click.Context, *, name: str | None, values: Values) -> int:
    """Judge a client: the suite plays the server and calls it through a driver.

    NAME is anthropic, @anthropic-ai/sdk, github.com/anthropics/anthropic-sdk-go, com.anthropic:anthropic-java
    or curl, fetched once into a cache; without a VERSION the newest release, and with --from PATH what stands in that
    checkout. anthropic@installed and MODULE:NAME run in this process. After -- comes the command of any program that
    speaks the driver protocol."""
    runs.check(values, "client")
    scenario = runs.check_client(values)
    chosen = chosen_client(context, name, values["quiet"], clients.Starting.of(values))
    with progress(values["quiet"]) as report:
        result = runs.judge_client(values, chosen, scenario, report, complain=complain)
    return conclude(values, result)
