"""The pages of `docs/requirements/`: one for each requirement, and their list.

They are written from the register, the contracts that ship, the references and the fault matrix, and are committed, so
that they can be read where the code is. An example takes seconds to play: a page that plays the same fault as before
keeps its own, unless all are to be played again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from models_conformance.contract.shipped import FIRST, load_contract, shipped_contracts
from models_conformance.engine.fault_matrix import contract_of
from models_conformance.engine.findings import clause_in
from models_conformance.frontend.requirement_examples import Example, example
from models_conformance.reference.variants import REGISTRIES, Side, recorded_rows
from models_conformance.requirements.register import Requirement, areas, every_requirement, register_of

FOLDER = Path("docs/requirements")
_EXAMPLE = re.compile(r"^## A wrong and a right one\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
_LEVELS = {
    "must": "the pages of the Models API say so",
    "should": "companion pages or plain reading say so; it fails a run with `--fail-on should`",
    "observe": "undocumented: reported, never judged",
}
_MOST_CONSEQUENCES = 8
_RUN: Mapping[Side, str] = {
    "server": "models-conformance server --fault {fault} {options}",
    "client": "models-conformance client {options} -- python3 -m models_conformance.reference.client --fault {fault}",
}


def pages(kept: Mapping[str, str], *, play: bool = False) -> Iterator[tuple[str, str]]:
    """The name of each file of the folder and its text, given the texts that are there. `play` plays every example."""
    yield "index.md", _index()
    for requirement in every_requirement().values():
        name = f"{requirement.id}.md"
        yield name, page(requirement, "" if play else kept.get(name, ""))


def page(requirement: Requirement, before: str = "") -> str:
    """The page of a requirement. `before` is its text until now, whose example is kept while it plays the same."""
    faults = _faults_of(requirement)
    return (
        "\n".join(
            [
                f"# {requirement.id}",
                "",
                requirement.statement,
                "",
                *_facts(requirement),
                *_section("Why it matters", [requirement.why, *_consequences(requirement)]),
                *_kinds(requirement),
                _example(requirement, faults, before),
                *_section("How to fix it", [requirement.advice]),
                *_section("Named faults", _named(requirement, faults)),
            ]
        ).rstrip()
        + "\n"
    )


def _section(title: str, paragraphs: list[str]) -> list[str]:
    lines = [line for paragraph in paragraphs if paragraph for line in (paragraph, "")]
    return [f"## {title}", "", *lines] if lines else []


def _facts(requirement: Requirement) -> list[str]:
    contracts = [contract for contract in shipped_contracts() if requirement.id in register_of(contract)]
    clause = next(filter(None, (clause_in(contract, requirement) for contract in contracts)), None)
    place = f"`{clause.page}`" + (f", line {clause.line}" if clause.line else "") if clause is not None else ""
    if clause is not None and clause.url:
        place = f"[{clause.title}]({clause.url})" + (f", {place}" if clause.line else "")
    rows = {
        "level": f"**{requirement.level}**: {_LEVELS[requirement.level]}",
        "area": f"[{requirement.area}](index.md#{requirement.area})",
        "judged on": ", ".join(requirement.subjects),
        "clause": place,
        "contracts": ", ".join(contract.name for contract in contracts),
    }
    return ["| | |", "|---|---|", *(f"| {label} | {text} |" for label, text in rows.items() if text), ""]


def _kinds(requirement: Requirement) -> list[str]:
    if not requirement.kinds:
        return []
    kinds = requirement.kinds.values()
    rows = (f"| `{kind.slug}` | {_template(kind.observed)} | {_template(kind.expected)} |" for kind in kinds)
    head = ["| kind | observed | expected |", "|---|---|---|"]
    introduction = "Words in braces are filled with what a run saw; the kind is what waivers and results name."
    return ["## How it is broken", "", introduction, "", *head, *rows, ""]


def _template(sentence: str) -> str:
    """A sentence of the register; how a value is spelt is nothing to its reader."""
    return _cell(re.sub(r"\{(\w+)[^}]*\}", r"{\1}", sentence))


def _cell(text: str) -> str:
    return re.sub(r"([|<>*\[\]])", r"\\\1", text)


@cache
def _roots() -> Mapping[str, list[tuple[Side, str]]]:
    roots: dict[str, list[tuple[Side, str]]] = {}
    for side, registry in REGISTRIES.items():
        for name, fault in registry.faults().items():
            roots.setdefault(str(fault.root), []).append((side, name))
    return roots


def _faults_of(requirement: Requirement) -> list[tuple[Side, str]]:
    """The faults whose root it is, else those that trip it; the one that breaks least beside it first."""
    rows = recorded_rows()
    tripping = ((side, name) for side in REGISTRIES for name, trips in rows[side].items() if requirement.id in trips)
    faults = _roots().get(requirement.id) or tripping
    return sorted(faults, key=lambda fault: (len(rows[fault[0]].get(fault[1], ())), fault))


def _consequences(requirement: Requirement) -> list[str]:
    """What the faults that have it as their root trip beside it, the most often tripped first."""
    tripped: dict[str, int] = {}
    for side, fault in _faults_of(requirement):
        for name in recorded_rows()[side].get(fault, ()):
            tripped[name] = tripped.get(name, 0) + (name != requirement.id)
    known = every_requirement()
    often = sorted(
        (name for name, times in tripped.items() if times and name in known), key=lambda name: -tripped[name]
    )
    links = ", ".join(f"[{name}]({name}.md)" for name in often[:_MOST_CONSEQUENCES])
    return [f"Where it is broken, these are often broken with it: {links}."] if links else []


def _example(requirement: Requirement, faults: list[tuple[Side, str]], before: str) -> str:
    kept = _EXAMPLE.search(before)
    if kept is not None and faults and f"`{_run(requirement, faults[0])}`" in kept.group():
        return kept.group().rstrip("\n") + "\n"
    for side, fault in faults:
        played = example(requirement, side, fault)
        if played is not None:
            return "\n".join(_shown(played, _run(requirement, (side, fault)), REGISTRIES[side].title))
    return ""


def _run(requirement: Requirement, fault: tuple[Side, str]) -> str:
    contract = contract_of(*fault).name
    options = f"--only {requirement.id}" + (f" --contract {contract}" if contract != FIRST else "")
    return _RUN[fault[0]].format(fault=fault[1], options=options)


def _shown(played: Example, command: str, title: str) -> Iterator[str]:
    yield from ("## A wrong and a right one", "", f"What {title} says with a fault and without, by `{command}`.", "")
    yield from ("Wrong:", "", "```http", played.wrong, "```", "")
    yield f"- observed: {_cell(played.observed)}"
    yield f"- expected: {_cell(played.expected)}"
    yield from ("", "Right:", "", "```http", played.right, "```", "")


def _named(requirement: Requirement, faults: list[tuple[Side, str]]) -> list[str]:
    lines = [f"- `{name}`: {_cell(REGISTRIES[side].faults()[name].about)}" for side, name in faults]
    if lines or requirement.level == "observe":
        return ["\n".join(lines)]
    siblings = [
        name
        for name, other in register_of(load_contract(FIRST)).items()
        if other.template == requirement.template and name in _roots()
    ]
    if siblings:
        return [f"The same claim about another fact has some: [{siblings[0]}]({siblings[0]}.md)."]
    return ["The reference has none."]


def _index() -> str:
    lines = ["# Requirements", "", "Every claim that is judged, by area. Reports link to these pages.", ""]
    known = every_requirement().values()
    for area in areas():
        lines += [f"## {area.name}", "", f"{area.about[0].upper()}{area.about[1:]}.", ""]
        lines += [
            f"- [{requirement.id}]({requirement.id}.md) ({requirement.level}): {requirement.statement}"
            for requirement in known
            if requirement.area == area.name
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def write(folder: Path = FOLDER, *, play: bool = False) -> None:
    """Write the pages, and take away those of requirements that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    written = set()
    for name, text in pages(kept, play=play):
        (folder / name).write_text(text, encoding="utf-8")
        written.add(name)
    for name in kept.keys() - written:
        (folder / name).unlink()
