"""The commands about contracts: `derive`, from pages to one, and `diff`, between two."""

from __future__ import annotations

from pathlib import Path

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import example, options, page_problems
from models_conformance.frontend.outputs import check_outputs
from models_conformance.frontend.values import Values
from models_conformance.support import files


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


@click.command(cls=Grouped, epilog=example("diff schemas/contract.json docs/later/models.md"))
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@options("diff")
def diff(*, old: Path, new: Path, values: Values) -> int:
    """Say what changed between two contracts or pages: a new API version first, what breaks apart from what adds.

    OLD and NEW are pages, folders of pages, OpenAPI descriptions, files contract.json or names of contracts that ship,
    such as 2026-10. With --fail-on, exit 1 where
    anything of that kind changed."""
    # The readers of pages: only the commands that read some start with them.
    from models_conformance.frontend.differences import compare

    check_outputs(values)
    with page_problems():
        differences = compare(old, new, values["fail_on"])
    if values["json"] is not None:
        files.write(values["json"], "--json", differences.as_json())
    if values["markdown"] is not None:
        files.write(values["markdown"], "--markdown", differences.as_markdown())
    click.echo("\n".join(differences.as_text()))
    return 1 if differences.fails else 0
