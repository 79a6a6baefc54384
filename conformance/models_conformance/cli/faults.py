"""The command `faults`: what the references can do wrong, and the matrix of what that trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import example, options
from models_conformance.errors import UsageError
from models_conformance.frontend.contracts import kept_by_reference
from models_conformance.frontend.extras import require
from models_conformance.frontend.values import Values
from models_conformance.support import files

if TYPE_CHECKING:
    from models_conformance.contract.model import Contract
    from models_conformance.engine.fault_matrix import Row


@click.command(cls=Grouped, name="faults", epilog=example("faults cursor"))
@click.argument("name", required=False, metavar="[NAME|AREA|GLOB]")
@options("faults")
def faults_command(*, name: str | None, values: Values) -> int | None:
    """List the faults and oddities of both references by area; tell about one, with a NAME.

    Faults break the contract, oddities are unusual and keep it. `serve --fault` and `server --fault` take those of the
    server; the client runs as a driver by `python -m models_conformance.reference.client --fault NAME`.

    With --matrix, compute which requirements each one trips under the oldest contract that has what it breaks; exit 1
    where that differs from what is recorded. With --contract, both the references and the suite keep that one: then
    exit 1 where a fault survives or trips what does not follow, and where anything else trips."""
    if values["write"] is not None and not values["matrix"]:
        raise UsageError("--write goes with --matrix")
    if values["matrix"]:
        contract = kept_by_reference(values["contract"], values.name("contract"))
        if values["write"] is not None and contract is not None:
            raise UsageError("--write keeps each fault's row under the contract that it is of: leave --contract out")
        return _print_matrix(name, values["write"], contract)
    # Both references with all their faults: no other command starts with them.
    from models_conformance.reference.variants import described

    for line in described(name):
        click.echo(line)
    return None


def _print_matrix(name: str | None, write: str | None, contract: Contract | None) -> int:
    """Print the fault x requirement matrix as a Markdown table, row by row as it is computed; the exit code."""
    require("serve", "the matrix of the reference server's faults")
    # The whole engine: the list of names does without.
    from models_conformance.engine.fault_matrix import TABLE_HEAD, figures, matrix_text, rows, table_row

    computed: list[Row] = []
    for row in rows(name, contract):
        click.echo(table_row(row) if computed else f"{TABLE_HEAD}\n{table_row(row)}")
        computed.append(row)
    if write is not None:
        files.write(write, "--write", matrix_text(computed, is_whole=name is None))
    if name is None:
        click.echo("".join(f"\n{line}" for line in figures(computed)))
    wrong = sum(bool(row.problems()) for row in computed)
    right = "as recorded" if contract is None else f"right under {contract.name or 'that contract'}"
    click.echo(f"\n{wrong} of {len(computed)} rows are wrong" if wrong else f"\n{len(computed)} rows are {right}")
    return 1 if wrong else 0
