"""Completion of commands, options and names in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from models_conformance.cli.options import NAME, example
from models_conformance.errors import UsageError

COMPLETE = "_MODELS_CONFORMANCE_COMPLETE"
"""The variable through which a shell asks for completions: click names it after the program."""


@click.command(epilog=example("completion bash >> ~/.bashrc"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the script that makes SHELL complete this program's commands, options and names."""
    from models_conformance.cli.main import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"there is no completion for {shell}")
    click.echo(kind(cli, {}, NAME, COMPLETE).source())
    return 0


def complete_requirements(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids of requirements and names of areas that begin like that."""
    from models_conformance.requirements.register import areas, register

    known = [*register(), *(area.name for area in areas())]
    return [name for name in known if name.startswith(incomplete)]


def complete_faults(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of faults and oddities of the reference server that begin like that."""
    from models_conformance.reference.server.faults import faults
    from models_conformance.reference.server.oddities import oddities

    return [name for name in (*faults(), *oddities()) if name.startswith(incomplete)]


def complete_clients(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of clients whose drivers ship."""
    from models_conformance.drivers.builtin.catalogue import BUILTIN

    return [name for name in BUILTIN if name.startswith(incomplete)]
