"""What a shell offers where a word of the command line is a name of ours.

A shell asks for one word at a time and waits for it: only what completes that word is imported.
"""

from __future__ import annotations

from collections.abc import Callable

import click

from models_conformance.frontend.option import Option

Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def complete_requirements(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Ids of requirements and names of areas that begin like that."""
    # Only what completes this word.
    from models_conformance.requirements.register import areas, every_requirement

    known = [*every_requirement(), *(area.name for area in areas())]
    return [name for name in known if name.startswith(incomplete)]


def complete_faults(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of the ideal, the faults and the oddities of the reference server that begin like that."""
    # Only what completes this word.
    from models_conformance.reference.server import SERVERS

    return [name for name in SERVERS.names() if name.startswith(incomplete)]


def complete_clients(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of clients whose drivers ship."""
    # Only what completes this word.
    from models_conformance.drivers.builtin.catalogue import BUILTIN

    return [name for name in BUILTIN if name.startswith(incomplete)]


def completer_of(option: Option) -> Completer | None:
    """What completes the value of an option; None for free text."""
    if option.choices:
        return lambda _context, _parameter, incomplete: [
            choice for choice in option.choices if choice.startswith(incomplete)
        ]
    return {"only": complete_requirements, "fault": complete_faults}.get(option.attribute)
