"""The commands that judge: `server`, `client`, `replay` and `record`."""

from __future__ import annotations

import click

from models_conformance.cli.completers import complete_clients
from models_conformance.cli.help import Grouped
from models_conformance.cli.programs import TakesProgram, chosen_client
from models_conformance.cli.shared import NAME, complain, conclude, example, options
from models_conformance.errors import UsageError
from models_conformance.frontend import clients, runs
from models_conformance.frontend.progress import progress
from models_conformance.frontend.values import Values
from models_conformance.support.text import printable


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


@click.command(cls=Grouped, epilog=example("replay tests/cassettes --fail-on should --json result.json"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options("replay")
def replay(*, paths: tuple[str, ...], values: Values) -> int:
    """Judge recordings without a network: cassettes, HAR archives, stubs with recorded answers and traces of this
    suite, in files or folders of any name. Each file, and each base URL in it, is a catalogue
    of its own."""
    if "" in paths:
        raise UsageError("an empty name is not a recording: is a variable that should hold its path not set?")
    for path in paths:
        if path.startswith(("http://", "https://")):
            raise UsageError("replay reads files; `models-conformance server URL` judges an endpoint")
    runs.check(values, "server")
    with progress(values["quiet"]) as report:
        result = runs.judge_recording(values, paths, report)
    return conclude(values, result)


@click.command(cls=Grouped, epilog=example("record http://127.0.0.1:8000 -o cassettes/gateway"))
@click.argument("url")
@options("record")
def record(*, url: str, values: Values) -> int:
    """Judge the endpoint at URL as `server` does, and keep the exchanges as cassettes without secrets.

    They are in the format of vcrpy, a file for each part of the run. `replay DIR` judges them as evidence;
    `pytest --pyargs models_conformance.suites.server --record-mode=none --cassettes DIR` repeats the whole run."""
    runs.check_endpoint(values, url)
    runs.check(values, "server")
    # The readers and writers of cassettes: no other command starts with them.
    from models_conformance.recordings.taping import Cassettes, cassettes_in, check_folder

    folder, name = values["output"], values.name("output")
    check_folder(folder, name, values["overwrite"])
    with progress(values["quiet"]) as report:
        result = runs.judge_server(values, url, report, cassettes=Cassettes(folder, "rewrite", name, (), None))
    if not values["quiet"]:
        count = len(list(cassettes_in(folder)))
        click.echo(f"{NAME}: {count} cassettes in {printable(str(folder))}", err=True)
    return conclude(values, result)
