"""The suite under test: which requirements each named fault trips, and that no oddity trips any.

A row is computed by running the whole suite against one variant of the reference server or of the reference client,
always in the same way, so that it is the same on every machine. The rows of all faults are committed in
`reference/fault_matrix.json`; after a change that moves a pair, write the file again and read its diff:

    models-conformance faults --matrix --write conformance/models_conformance/reference/fault_matrix.json
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from models_conformance.contract.choosing import Candidates
from models_conformance.contract.model import Contract
from models_conformance.contract.shipped import FIRST, load_contract
from models_conformance.drivers.inprocess import ObjectDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.engine.client import judge_client
from models_conformance.engine.options import (
    DEFAULT_MAX_CLIENT_REQUESTS,
    DEFAULT_MAX_REQUESTS,
    ClientOptions,
    RunOptions,
    ServerOptions,
)
from models_conformance.engine.server import judge_server
from models_conformance.reference.client.driver import driver_named
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.reference.variants import REGISTRIES, Side, recorded_causes, recorded_rows, sides_of
from models_conformance.requirements.consequences import unexplained
from models_conformance.requirements.register import contract_with, every_requirement, register_of
from models_conformance.result import Finding, RequirementResult, Result
from models_conformance.scenarios.fixture.loopback import Loopback

# Enough models for several default pages, which is what most paging faults need to show.
MATRIX_MODELS = 47
# Some faults never answer; nobody waits ten seconds for each.
_TIMEOUT_SECONDS = 3.0
# Requests bound a row, not the time that a busy machine leaves for them: a list without end takes minutes there.
_MAX_SECONDS = 3600.0
# A wrong client that hangs is waited for as long as its own timeouts could explain, and no longer.
_TIMEOUTS = Timeouts(call=1.0, first_call=0.0)
# Scenarios that wait take most of the time of a run, and only what is about waiting needs them.
_AREA_THAT_WAITS = "retry"


@dataclass(frozen=True, slots=True)
class Row:
    """One variant of a reference and what it tripped: requirements, and for each the kinds of its findings with the
    parameter or member that they are about, all sorted. `root` is None for an oddity and for the ideal.
    `causes` are the roots of the causes that the result tells, in their order. `contract` is the name of the one that
    the reference kept and was held to; what is committed of a fault is its row under the oldest that has its root."""

    side: Side
    name: str
    root: str | None
    trips: Mapping[str, tuple[str, ...]]
    requests: int
    causes: tuple[str, ...] = ()
    contract: str = ""

    def unlike_recorded(self) -> list[str]:
        """What the committed file has otherwise: pairs of a requirement and a kind that appeared or vanished."""
        recorded = _pairs(recorded_rows()[self.side].get(self.name, {}))
        computed = _pairs(self.trips)
        causes = recorded_causes().get((self.side, self.name), (str(self.root),))
        return [
            *(f"appeared: {pair}" for pair in sorted(computed - recorded)),
            *(f"vanished: {pair}" for pair in sorted(recorded - computed)),
            *([] if self.causes == causes else [f"causes: {', '.join(self.causes) or 'none'}"]),
        ]

    def problems(self) -> list[str]:
        """What is wrong with the row: a fault that survives, a pair no rule explains, one that the file has not."""
        if self.root is None:
            return [f"falsely blamed: {requirement}" for requirement in self.trips]
        return [
            *([] if self.root in self.trips else [f"survives {self.root}"]),
            *(f"unexplained: {requirement}" for requirement in unexplained(self.root, self.trips)),
            *(self.unlike_recorded() if self.contract in ("", contract_of(self.side, self.name).name) else []),
        ]


def _pairs(trips: Mapping[str, Iterable[str]]) -> set[str]:
    return {f"{requirement} {kind}" for requirement, kinds in trips.items() for kind in kinds}


def run_against(
    name: str,
    seed: int = 0,
    contract: Contract | None = None,
    max_requests: int = DEFAULT_MAX_REQUESTS,
    only: tuple[str, ...] = (),
    *,
    models: int = MATRIX_MODELS,
) -> Result:
    """Run the suite against the reference server with that fault or oddity and so many models. Raises UnknownVariant.

    Both keep to `contract`, unless given the oldest that ships and has the root of the fault; `only` narrows it as the
    option does.
    """
    kept = contract or contract_of("server", name)
    behaviour = behaviour_named(name, models, kept)
    with running(behaviour) as server:
        return judge_server(
            ServerOptions(
                server.url,
                server.api_key,
                aliases=_declared(behaviour.catalogue.aliases),
                timeout_seconds=_TIMEOUT_SECONDS,
                run=RunOptions(
                    seed=seed,
                    max_requests=max_requests,
                    max_seconds=_MAX_SECONDS,
                    only=only,
                    contracts=Candidates((kept,)),
                ),
            )
        )


def _declared(aliases: Mapping[str, str]) -> dict[str, str | None]:
    """The aliases as a user declares them: the first with the id that it stands for, the others without."""
    return {alias: None if place else target for place, (alias, target) in enumerate(aliases.items())}


def run_client(
    name: str, seed: int = 0, examples: int = 0, *, slow: bool = True, contract: Contract | None = None
) -> Result:
    """Run the suite against the reference client with that fault or oddity. Raises UnknownVariant.

    `examples` generated scenarios are played beside the systematic ones, which trip every named fault.
    """
    driver_named(name)
    kept = Candidates((contract or contract_of("client", name),))
    return judge_client(
        ClientOptions(
            lambda: ObjectDriver(driver_named(name), _TIMEOUTS),
            Loopback,
            f"-- python3 -m models_conformance.reference.client {name}",
            tries=0,
            slow=slow,
            run=RunOptions(seed=seed, max_requests=DEFAULT_MAX_CLIENT_REQUESTS, examples=examples, contracts=kept),
        )
    )


def server_row(name: str, seed: int = 0, contract: Contract | None = None, models: int = MATRIX_MODELS) -> Row:
    """The row of a variant of the reference server, which has that many models. Raises UnknownVariant."""
    return _row("server", name, run_against(name, seed, contract, models=models))


def client_row(name: str, seed: int = 0, examples: int = 0, contract: Contract | None = None) -> Row:
    """The row of a variant of the reference client. Raises UnknownVariant.

    All systematic scenarios are played, and those that wait where the variant is about waiting. `examples` generated
    ones beside them show nothing else.
    """
    root = _root("client", name)
    waits = "retr" in name if root is None else every_requirement()[root].area == _AREA_THAT_WAITS
    return _row("client", name, run_client(name, seed, examples, slow=waits, contract=contract))


def rows(name: str | None = None, contract: Contract | None = None) -> Iterator[Row]:
    """The rows of that name on either side; without one all rows, by as many processes as there are processors.

    The references keep `contract` and are held to it: unless it is given, each fault the oldest that has its root.
    Whose root `contract` does not have is none there, and is left out.

    Raises UnknownVariant for a name that neither reference has.
    """
    if name is not None:
        yield from (_computed((side, name, contract)) for side in sides_of(name))
        return
    known = [
        (side, name, contract)
        for side, registry in REGISTRIES.items()
        for name in registry.names()
        if contract is None or _root(side, name) in (None, *register_of(contract))
    ]
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_computed, known)


def matrix_text(computed: Iterable[Row], *, is_whole: bool) -> str:
    """The text of the committed file: a line for each fault, everything sorted, so that a diff shows pairs.

    Under `causes` stand the faults that are not told as one cause with the fault's own root. Unless it is the whole of
    them, the other rows are as recorded.
    """
    sides: dict[tuple[str, str], object] = {}
    causes: dict[tuple[str, str], object] = {}
    if not is_whole:
        sides |= {(side, name): trips for side, rows in recorded_rows().items() for name, trips in rows.items()}
        causes |= recorded_causes()
    for row in computed:
        if row.root is None:
            continue
        sides[row.side, row.name] = row.trips
        causes.pop((row.side, row.name), None)
        if row.causes != (row.root,):
            causes[row.side, row.name] = row.causes
    return f'{{\n"causes": {{\n{_by_side(causes)}\n}},\n{_by_side(sides)}\n}}\n'


def _by_side(rows: Mapping[tuple[str, str], object]) -> str:
    return ",\n".join(
        f'"{side}": {{\n' + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for (_, name), value in group) + "\n}"
        for side, group in groupby(sorted(rows.items()), key=lambda row: row[0][0])
    )


def figures(computed: Iterable[Row]) -> Iterator[str]:
    """A line for each side: how many faults are told first by their own root, and how many as one cause."""
    faults = sorted((row for row in computed if row.root is not None), key=attrgetter("side"))
    for side, group in groupby(faults, key=attrgetter("side")):
        rows_of_side = list(group)
        total = len(rows_of_side)
        first = sum(row.causes[:1] == (row.root,) for row in rows_of_side)
        single = sum(len(row.causes) == 1 for row in rows_of_side)
        yield f"{side} faults: root first {_share(first, total)}, one cause {_share(single, total)}"


def _share(number: int, total: int) -> str:
    return f"{number} of {total} ({100 * number / total:.1f} %)"


TABLE_HEAD = "| variant | trips | requests | verdict |\n|---|---|---|---|"


def table_row(row: Row) -> str:
    """The row in Markdown: variant, what it tripped, what is wrong with that."""
    return f"| {row.name} | {', '.join(row.trips) or '–'} | {row.requests} | {'; '.join(row.problems()) or 'ok'} |"


def _computed(entry: tuple[Side, str, Contract | None]) -> Row:
    side, name, contract = entry
    return server_row(name, contract=contract) if side == "server" else client_row(name, contract=contract)


def _row(side: Side, name: str, result: Result) -> Row:
    failed = sorted((entry for entry in result.requirements if entry.verdict == "fail"), key=_id)
    trips = {_id(entry): tuple(sorted({_kind(finding) for finding in entry.findings})) for entry in failed}
    causes = tuple(cause.root for cause in result.causes)
    return Row(side, name, _root(side, name), trips, result.run.requests, causes, result.contract.name)


def _id(entry: RequirementResult) -> str:
    return entry.requirement.id


def _kind(finding: Finding) -> str:
    about = finding.parameter or finding.member
    return f"{finding.kind} ({about})" if about else finding.kind


def contract_of(side: Side, name: str) -> Contract:
    """The oldest contract that ships under which a variant is one. Raises UnknownVariant."""
    root = _root(side, name)
    return load_contract(FIRST) if root is None else contract_with(root)


def _root(side: Side, name: str) -> str | None:
    variant = REGISTRIES[side].variant(name)
    return None if variant is None else variant.root
