"""The command `derive`: from documentation pages to the contract."""

from __future__ import annotations

from pathlib import Path

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import example, options, page_problems
from models_conformance.frontend.values import Values


@click.command(cls=Grouped, epilog=example("derive docs/001_models.md docs/003_models.txt -o derived"))
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...", type=click.Path(path_type=Path))
@options("derive")
def derive(*, pages: tuple[Path, ...], values: Values) -> None:
    """Derive the contract from documentation pages, and print where they disagree."""
    # The readers of pages: only the commands that read some start with them.
    from models_conformance.frontend.contract_commands import derive_command

    with page_problems():
        lines = derive_command(pages, values["output"], history=values["history"], as_of=values["as_of"])
    click.echo("\n".join(lines))
