"""The command `faults`: what the references can do wrong, and the matrix of what that trips."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from models_conformance.cli.shared import example, options
from models_conformance.frontend.extras import require
from models_conformance.frontend.values import Values

if TYPE_CHECKING:
    from models_conformance.engine.fault_matrix import Row


@click.command(name="faults", epilog=example("faults after-id-is-inclusive"))
@click.argument("name", required=False)
@options("faults")
def faults_command(*, name: str | None, values: Values) -> None:
    """List what `serve --fault` and `server --fault` can do: faults, which break the contract, and
    oddities, which are unusual and keep it; and the same of the reference client, which runs as a driver by
    `python -m models_conformance.reference.client --fault NAME`. With a NAME, tell about that one.

    With --matrix, compute which requirements each one trips; exit 1 where one survives or trips more."""
    # Both references with all their faults: no other command starts with them.
    from models_conformance.reference.client import client_faults, client_oddities
    from models_conformance.reference.server.faults import faults
    from models_conformance.reference.server.oddities import oddities
    from models_conformance.reference.server.serving import behaviour_named

    if values["matrix"]:
        _print_matrix([name] if name else [])
        return
    if name is None:
        clients, odd_clients = client_faults(), client_oddities()
        width = max(map(len, [*faults(), *oddities(), *clients, *odd_clients]))
        for title, named in (
            ("Faults", faults()),
            ("Oddities, which conform", oddities()),
            ("Faults of the reference client", clients),
            ("Oddities of the reference client, which conform", odd_clients),
        ):
            click.secho(f"{title} ({len(named)})", bold=True)
            for key, entry in named.items():
                click.echo(f"  {key:<{width}}  {entry.about}")
        return
    if name not in client_faults() and name not in client_oddities():
        # For its error, which offers close names.
        behaviour_named(name)
    if fault := faults().get(name) or client_faults().get(name):
        click.echo(f"{name} (fault, {fault.area}): {fault.about}")
        click.echo(f"  must trip  {', '.join(sorted(fault.trips))}")
        if besides := fault.may_trip - fault.trips:
            click.echo(f"  may trip   {', '.join(sorted(besides))}")
    elif oddity := oddities().get(name) or client_oddities().get(name):
        click.echo(f"{name} (oddity, conforms): {oddity.about}")
    else:
        click.echo(f"{name}: the server without any fault")


def _print_matrix(names: list[str]) -> None:
    """The fault x requirement matrix as a Markdown table, row by row as it is computed."""
    require("serve", "the matrix of the reference server's faults")
    # The whole engine: the list of names does without.
    from models_conformance.engine.fault_matrix import as_table, rows

    wrong = 0

    def computed() -> Iterator[Row]:
        nonlocal wrong
        for row in rows(names):
            wrong += bool(row.missed or row.unexpected)
            yield row

    for line in as_table(computed()):
        click.echo(line)
    click.echo(
        f"\n{wrong} behaviours trip something else than they name" if wrong else "\nevery behaviour trips what it names"
    )
    if wrong:
        sys.exit(1)
