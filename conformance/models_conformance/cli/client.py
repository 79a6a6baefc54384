"""The commands about clients: `client` judges one, `driver check` lints its driver."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models_conformance.cli.completers import complete_clients
from models_conformance.cli.options import NAME, Judging, example, judging, verbosity
from models_conformance.engine.options import DEFAULT_MAX_CLIENT_REQUESTS, DEFAULT_SCENARIOS, ClientOptions
from models_conformance.errors import UsageError
from models_conformance.evidence.exchange import API_KEY
from models_conformance.frontend import clients
from models_conformance.support.text import printable

if TYPE_CHECKING:
    from models_conformance.scenarios.scenario import Scenario

_PROGRAM = "models_conformance.program"


class TakesProgram(click.Command):
    """A command whose line may end in `-- CMD...`. click drops the dashes, and with them what they mean."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            cut = args.index("--")
            ctx.meta[_PROGRAM] = args[cut + 1 :]
            args = args[:cut]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- CMD...]"]


def _chosen(context: click.Context, name: str | None, quiet: bool) -> clients.Client:
    argv: list[str] | None = context.meta.get(_PROGRAM)
    if (name is None) is (argv is None):
        raise UsageError("give the name of a client, or -- and the command of a driver")
    if argv is not None:
        return clients.program(argv)
    assert name is not None
    return clients.named(name, lambda doing: None if quiet else click.echo(f"{NAME}: {doing}", err=True))


@click.command(cls=TakesProgram, epilog=example("client anthropic@0.45.0 --fail-on should --json result.json"))
@click.argument("name", required=False, metavar="[NAME[@VERSION]]", shell_complete=complete_clients)
@click.option("--scenario", metavar="F", help="Play this scenario alone; - reads it from standard input.")
@click.option(
    "--keep-scenarios",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write the smallest scenario of each finding there.",
)
@judging
@click.pass_context
def client(
    context: click.Context, *, name: str | None, scenario: str | None, keep_scenarios: Path | None, options: Judging
) -> int:
    """Judge a client: the suite plays the server and calls it through a driver.

    NAME is anthropic, @anthropic-ai/sdk, github.com/anthropics/anthropic-sdk-go, com.anthropic:anthropic-java
    or curl, fetched once into a cache; without a VERSION the newest release. anthropic@installed and MODULE:NAME
    run in this process. After -- comes the command of any program that speaks the driver protocol."""
    options.check("client")
    shown = _scenario(scenario) if scenario is not None else None
    if keep_scenarios is not None:
        _check_folder(keep_scenarios)

    from models_conformance.frontend.progress import progress

    chosen = _chosen(context, name, options.quiet)
    with progress(options.quiet) as report:
        from models_conformance.engine.client import judge_client

        result = judge_client(
            ClientOptions(
                chosen.driver,
                chosen.fixture_server,
                chosen.command,
                chosen.beside,
                shown,
                _keeper(keep_scenarios) if keep_scenarios is not None else None,
                run=options.run(report, DEFAULT_MAX_CLIENT_REQUESTS, DEFAULT_SCENARIOS),
            )
        )
    return options.tell(result)


def _scenario(source: str) -> Scenario:
    from models_conformance.scenarios.files import read_scenario

    if source == "-":
        return read_scenario(sys.stdin.read(), "standard input")
    try:
        return read_scenario(Path(source).read_text("utf-8"), source)
    except OSError as error:
        raise UsageError(f"--scenario: {source}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--scenario: {source} is not UTF-8") from error


@click.group(epilog=example("driver check -- python3 my_driver.py"))
def driver() -> None:
    """Work on a driver: a program that lets the suite call a client in its own language."""


@driver.command(cls=TakesProgram, epilog=example("driver check -- python3 my_driver.py"))
@click.argument("name", required=False, metavar="[NAME[@VERSION]]")
@verbosity
@click.pass_context
def check(context: click.Context, name: str | None, verbose: bool) -> int:
    """Lint a driver against the protocol. The client behind it is not judged.

    Exit codes: 0 it keeps the protocol, 1 it breaks it or does not start."""
    chosen = _chosen(context, name, quiet=False)
    if not chosen.argv:
        raise UsageError("only a program can be checked: give -- and the command that starts it")
    from models_conformance.drivers.findings import check_report
    from models_conformance.engine.driver_check import check as lint
    from models_conformance.scenarios.fixture.loopback import Loopback

    with Loopback() as fixture_server:
        report = lint(chosen.argv, fixture_server, fixture_server.api_key, env=chosen.env)
        key = fixture_server.api_key
    for line in check_report(report):
        # What a driver says is quoted, and it may say anything.
        click.echo(line.replace(key, API_KEY))
    return 0 if report.keeps_protocol else 1


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--keep-scenarios {printable(str(folder))}: is there and is no folder")


def _keeper(folder: Path) -> Callable[[str, Scenario], None]:
    """What writes the smallest scenario of a finding. It raises UsageError where that fails."""
    from models_conformance.scenarios.files import scenario_text
    from models_conformance.support import files

    def keep(requirement: str, scenario: Scenario) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--keep-scenarios {printable(str(folder))}: {error.strerror}") from error
        files.write(str(folder / f"{requirement}.json"), "--keep-scenarios", scenario_text(scenario) + "\n")

    return keep
