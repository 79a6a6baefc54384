"""The command `completion`: the script that teaches a shell this program's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from models_conformance.cli.shared import NAME, example
from models_conformance.errors import UsageError

COMPLETE = "_MODELS_CONFORMANCE_COMPLETE"
"""The variable through which a shell asks for completions: click names it after the program."""


@click.command(epilog=example("completion bash >> ~/.bashrc"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the script that makes SHELL complete this program's commands, options and names."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"there is no completion for {shell}")
    click.echo(kind(context.find_root().command, {}, NAME, COMPLETE).source())
    return 0
