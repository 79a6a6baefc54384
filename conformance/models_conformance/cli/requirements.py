"""The command `requirements`: the register, and one requirement explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from models_conformance.cli.completers import complete_requirements
from models_conformance.cli.shared import example, options
from models_conformance.frontend.contracts import candidates
from models_conformance.frontend.inputs import requirement_named
from models_conformance.frontend.values import Values
from models_conformance.requirements.accounting import facts_of, untestable
from models_conformance.requirements.register import Requirement, areas, register_of

if TYPE_CHECKING:
    from models_conformance.contract.model import Contract
    from models_conformance.result import Clause


@click.command(epilog=example("requirements list-after-id-is-exclusive"))
@click.argument("name", required=False, metavar="[ID]", shell_complete=complete_requirements)
@options("requirements")
def requirements(*, name: str | None, values: Values) -> None:
    """List the requirements; with an ID, explain that one and say where the contract has it."""
    chosen = candidates(values["contract"], values.name("contract")).contracts
    if values["untestable"]:
        _untestable(chosen)
        return
    known = register_of(*chosen)
    if name is not None:
        _explain(known.get(name) or requirement_named(name), chosen)
        return
    width = max(map(len, known))
    for area in areas():
        click.secho(f"{area.name}: {area.about}", bold=True)
        for entry in known.values():
            if entry.area == area.name:
                click.echo(f"  {entry.id:<{width}}  {entry.level:<7}  {', '.join(entry.subjects)}")


def _untestable(contracts: Sequence[Contract]) -> None:
    """The facts of these contracts that no requirement judges, with the reason."""
    held = dict.fromkeys(fact for contract in contracts for fact in facts_of(contract))
    told = {fact: reason for fact, reason in untestable().items() if fact in held}
    width = max(map(len, told), default=0)
    for fact, reason in told.items():
        click.echo(f"{fact:<{width}}  {reason}")


def _explain(entry: Requirement, contracts: Sequence[Contract]) -> None:
    # The contract with its pages: the list does without.
    from models_conformance.contract.points import source_of
    from models_conformance.contract.public_pages import public_place
    from models_conformance.reports.words import place
    from models_conformance.result import Clause

    found = (source_of(contract, entry.source) for contract in contracts)
    source = next((Clause(place.page, place.line, place.sha256) for place in found if place is not None), None)
    public = public_place(entry.source, source.page, source.sha256) if source is not None else None
    click.secho(entry.id, bold=True)
    facts = {
        "claims": entry.statement,
        "level": f"{entry.level} ({_LEVELS[entry.level]})",
        "area": entry.area,
        "judged on": ", ".join(entry.subjects),
        "read it": f"{public.title}, {public.url}" if public is not None else "",
        "clause": place(source) + _digest(source) if source else entry.source,
        "advice": entry.advice,
    }
    for label, text in facts.items():
        if text:
            click.echo(f"  {label:<10} {text}")
    if entry.kinds:
        click.echo("  is broken in these ways (words in braces stand for what a run saw):")
    for kind in entry.kinds.values():
        click.echo(f"    {kind.slug}: {kind.observed}")


def _digest(source: Clause) -> str:
    return f" (page sha256 {source.sha256[:12]})" if source.sha256 else ""


_LEVELS = {
    "must": "the Models pages say so",
    "should": "companion pages or plain reading; fails a run only with --fail-on should",
    "observe": "undocumented: reported, never judged",
}
