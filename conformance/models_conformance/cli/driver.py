"""The command `driver check`: lint a driver."""

from __future__ import annotations

import click

from models_conformance.cli.programs import TakesProgram, chosen_client
from models_conformance.cli.shared import example, options
from models_conformance.evidence.exchange import API_KEY
from models_conformance.frontend.clients import Starting
from models_conformance.frontend.values import Values


@click.group(epilog=example("driver check -- python3 my_driver.py"))
def driver() -> None:
    """Work on a driver: a program that lets the suite call a client in its own language."""


@driver.command(cls=TakesProgram, epilog=example("driver check -- python3 my_driver.py"))
@click.argument("name", required=False, metavar="[NAME[@VERSION] | MODULE:NAME]")
@options("driver check")
@click.pass_context
def check(context: click.Context, *, name: str | None, values: Values) -> int:
    """Lint a driver against the protocol. The client behind it is not judged.

    Exit codes: 0 it keeps the protocol, 1 it breaks it or does not start."""
    starting = Starting.of(values)
    chosen = chosen_client(context, name, False, starting, as_program=True)
    # The fixture server and the checks: no other command starts with them.
    from models_conformance.drivers.lint import check_report
    from models_conformance.engine.driver_check import check as lint
    from models_conformance.scenarios.fixture.loopback import Loopback

    with Loopback() as fixture_server:
        report = lint(chosen.argv, fixture_server, env=chosen.env, hello_seconds=starting.hello_seconds)
        key = fixture_server.api_key
    for line in check_report(report):
        # What a driver says is quoted, and it may say anything.
        click.echo(line.replace(key, API_KEY))
    return 0 if report.keeps_protocol else 1
