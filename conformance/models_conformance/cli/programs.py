"""What commands about clients share: a name, or `-- CMD...`, on the command line."""

from __future__ import annotations

import click

from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import NAME, Invocation
from models_conformance.errors import UsageError
from models_conformance.frontend import clients

_PROGRAM = "models_conformance.program"


class TakesProgram(Grouped):
    """A command whose line may end in `-- CMD...`. click drops the dashes, and with them what they mean."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            cut = args.index("--")
            ctx.meta[_PROGRAM] = args[cut + 1 :]
            args = args[:cut]
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            # Words that are too many; wrong options are classes of their own.
            if type(error) is click.UsageError and _PROGRAM not in ctx.meta:
                raise click.UsageError(f"{error.message}; the command of a driver comes after --", error.ctx) from None
            raise

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- CMD...]"]


def chosen_client(
    context: click.Context, name: str | None, quiet: bool, starting: clients.Starting, *, as_program: bool = False
) -> clients.Client:
    """The client of the name, or behind the program of the command line; `as_program`: a Python object as one, too.

    Raises UsageError."""
    argv: list[str] | None = context.meta.get(_PROGRAM)
    if (name is None) is (argv is None):
        raise UsageError("give the name of a client, or -- and the command of a driver")
    if context.ensure_object(Invocation).owns_process:
        # No other command starts programs.
        from models_conformance.drivers.descendants import adopt_orphans

        adopt_orphans()
    if argv is not None:
        return clients.program(argv, starting)
    assert name is not None
    if as_program and starting.checkout is None and (found := clients.served(name, starting)) is not None:
        return found
    return clients.named(name, lambda doing: None if quiet else click.echo(f"{NAME}: {doing}", err=True), starting)
