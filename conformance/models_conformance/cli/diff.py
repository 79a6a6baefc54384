"""The command `diff`: what changed between two contracts."""

from __future__ import annotations

from pathlib import Path

import click

from models_conformance.cli.contract import page_problems
from models_conformance.cli.shared import example, options
from models_conformance.frontend.values import Values


@click.command(epilog=example("diff schemas/contract.json docs/later/models.md"))
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@options("diff")
def diff(*, old: Path, new: Path, values: Values) -> None:
    """Say what changed between two contracts or pages, what breaks apart from what adds."""
    # The readers of pages: only the commands that read some start with them.
    from models_conformance.frontend.contract_commands import diff_command

    with page_problems():
        lines = diff_command(old, new)
    click.echo("\n".join(lines))
