"""What a shell offers where a word of the command line is a name of ours.

A shell asks for one word at a time and waits for it: only what completes that word is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from models_conformance.frontend.option import Option

Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def _completing(names: Callable[[], Iterable[str]]) -> Completer:
    return lambda _context, _parameter, incomplete: [name for name in names() if name.startswith(incomplete)]


def _requirements() -> Iterable[str]:
    # Only what completes this word.
    from models_conformance.requirements.register import areas, every_requirement

    return [*every_requirement(), *(area.name for area in areas())]


def _faults() -> Iterable[str]:
    # As above.
    from models_conformance.reference.server import SERVERS

    return SERVERS.names()


def _clients() -> Iterable[str]:
    # As above.
    from models_conformance.drivers.builtin.catalogue import BUILTIN

    return BUILTIN


complete_requirements = _completing(_requirements)
"""Ids of requirements and names of areas."""
complete_clients = _completing(_clients)
"""Names of clients whose drivers ship."""


def completer_of(option: Option) -> Completer | None:
    """What completes the value of an option; None for free text."""
    if option.choices:
        return _completing(lambda: option.choices)
    return {"only": complete_requirements, "fault": _completing(_faults)}.get(option.attribute)
