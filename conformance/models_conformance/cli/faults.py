"""The command `faults`: what the references can do wrong, and the matrix of what that trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from models_conformance.cli.shared import example, options
from models_conformance.errors import UsageError
from models_conformance.frontend.extras import require
from models_conformance.frontend.values import Values
from models_conformance.support import files

if TYPE_CHECKING:
    from models_conformance.engine.fault_matrix import Row


@click.command(name="faults", epilog=example("faults after-id-is-inclusive"))
@click.argument("name", required=False)
@options("faults")
def faults_command(*, name: str | None, values: Values) -> int | None:
    """List what `serve --fault` and `server --fault` can do: faults, which break the contract, and
    oddities, which are unusual and keep it; and the same of the reference client, which runs as a driver by
    `python -m models_conformance.reference.client --fault NAME`. With a NAME, tell about that one.

    With --matrix, compute which requirements each one trips; exit 1 where that differs from what is recorded."""
    if values["write"] is not None and (name is not None or not values["matrix"]):
        raise UsageError("--write goes with --matrix and without a NAME")
    if values["matrix"]:
        return _print_matrix(name, values["write"])
    # Both references with all their faults: no other command starts with them.
    from models_conformance.reference.variants import description, listing

    for line in listing() if name is None else description(name):
        click.echo(line)
    return None


def _print_matrix(name: str | None, write: str | None) -> int:
    """Print the fault x requirement matrix as a Markdown table, row by row as it is computed; the exit code."""
    require("serve", "the matrix of the reference server's faults")
    # The whole engine: the list of names does without.
    from models_conformance.engine.fault_matrix import TABLE_HEAD, figures, matrix_text, rows, table_row

    computed: list[Row] = []
    for row in rows(name):
        click.echo(table_row(row) if computed else f"{TABLE_HEAD}\n{table_row(row)}")
        computed.append(row)
    if write is not None:
        files.write(write, "--write", matrix_text(computed))
    if name is None:
        click.echo("".join(f"\n{line}" for line in figures(computed)))
    wrong = sum(bool(row.problems()) for row in computed)
    click.echo(f"\n{wrong} of {len(computed)} rows are wrong" if wrong else f"\n{len(computed)} rows are as recorded")
    return 1 if wrong else 0
