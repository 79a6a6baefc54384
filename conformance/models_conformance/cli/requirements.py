"""The command `requirements`: the register, and one requirement explained."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from models_conformance.cli.completers import complete_requirements
from models_conformance.cli.help import Grouped
from models_conformance.cli.shared import example, options
from models_conformance.frontend.contracts import candidates
from models_conformance.frontend.inputs import requirement_named
from models_conformance.frontend.values import Values
from models_conformance.requirements.accounting import facts_of, untestable
from models_conformance.requirements.pages import page_url
from models_conformance.requirements.register import Requirement, areas, register_of

if TYPE_CHECKING:
    from models_conformance.contract.model import Contract
    from models_conformance.result import Clause


@click.command(cls=Grouped, epilog=example("requirements cursor 'client-walk-*'"))
@click.argument("names", nargs=-1, metavar="[ID|AREA|GLOB]...", shell_complete=complete_requirements)
@options("requirements")
def requirements(*, names: tuple[str, ...], values: Values) -> None:
    """List the requirements, all or those of areas and globs; explain one, with an ID, and say where the contract has
    it."""
    chosen = candidates(values["contract"], values.name("contract")).contracts
    if values["untestable"]:
        _list_untestable(chosen)
        return
    known = register_of(*chosen)
    wanted = _wanted(names, known)
    if values["json"]:
        click.echo(json.dumps([_document(entry, chosen) for entry in wanted], indent=2))
        return
    if len(names) == 1 and len(wanted) == 1 and names[0] == wanted[0].id:
        _explain(wanted[0], chosen)
        return
    width = max(len(entry.id) for entry in wanted)
    for area in areas():
        mine = [entry for entry in wanted if entry.area == area.name]
        if mine:
            click.secho(f"{area.name}: {area.about}", bold=True)
        for entry in mine:
            click.echo(f"  {entry.id:<{width}}  {entry.level:<7}  {', '.join(entry.subjects)}")


def _list_untestable(contracts: Sequence[Contract]) -> None:
    """The facts of these contracts that no requirement judges, with the reason."""
    held = dict.fromkeys(fact for contract in contracts for fact in facts_of(contract))
    reasons = {fact: reason for fact, reason in untestable().items() if fact in held}
    width = max(map(len, reasons), default=0)
    for fact, reason in reasons.items():
        click.echo(f"{fact:<{width}}  {reason}")


def _wanted(names: Sequence[str], known: Mapping[str, Requirement]) -> list[Requirement]:
    """The requirements of these ids, areas and globs, in the order of the register. Raises UsageError."""
    wanted: dict[str, Requirement] = {}
    for name in names or ("*",):
        found = {key: one for key, one in known.items() if fnmatchcase(key, name) or fnmatchcase(one.area, name)}
        # Of another contract than the chosen one it may still be.
        wanted |= found or {name: requirement_named(name)}
    return [known[key] for key in known if key in wanted] + [one for key, one in wanted.items() if key not in known]


def _clause(entry: Requirement, contracts: Sequence[Contract]) -> Clause | None:
    """Where the first of the contracts that has it says it."""
    # The contract with its pages: the list does without.
    from models_conformance.engine.findings import clause_in

    return next(filter(None, (clause_in(contract, entry) for contract in contracts)), None)


def _document(entry: Requirement, contracts: Sequence[Contract]) -> dict[str, object]:
    clause = _clause(entry, contracts)
    source = None
    if clause is not None:
        source = {"page": clause.page, "line": clause.line, "title": clause.title, "url": clause.url}
    return {
        "id": entry.id,
        "area": entry.area,
        "level": entry.level,
        "statement": entry.statement,
        "subjects": list(entry.subjects),
        "why": entry.why,
        "advice": entry.advice,
        "page": page_url(entry.id),
        "source": source,
        "kinds": {kind.slug: [kind.observed, kind.expected] for kind in entry.kinds.values()},
    }


def _explain(entry: Requirement, contracts: Sequence[Contract]) -> None:
    # As above.
    from models_conformance.reports.words import place

    source = _clause(entry, contracts)
    digest = f" (page sha256 {source.sha256[:12]})" if source is not None and source.sha256 else ""
    click.secho(entry.id, bold=True)
    facts = {
        "claims": entry.statement,
        "why": entry.why,
        "level": f"{entry.level} ({_LEVELS[entry.level]})",
        "area": entry.area,
        "judged on": ", ".join(entry.subjects),
        "read it": f"{source.title}, {source.url}" if source is not None and source.url else "",
        "clause": place(source) + digest if source else entry.source,
        "advice": entry.advice,
        "example": page_url(entry.id),
    }
    for label, text in facts.items():
        if text:
            click.echo(f"  {label:<10} {text}")
    if entry.kinds:
        click.echo("  is broken in these ways (words in braces are filled with what a run saw):")
    for kind in entry.kinds.values():
        click.echo(f"    {kind.slug}: {kind.observed}")


_LEVELS = {
    "must": "the Models pages say so",
    "should": "companion pages or plain reading; fails a run only with --fail-on should",
    "observe": "undocumented: reported, never judged",
}
