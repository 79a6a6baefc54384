"""The suite under test: which requirements each named fault trips, and that no oddity trips any.

Computed by running the whole suite against every behaviour of the reference server; nothing is asserted by
hand but the names each fault carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conformance.options import RunOptions, ServerOptions
from conformance.reference.faults import faults
from conformance.reference.oddities import oddities
from conformance.reference.serving import behaviour_named, running
from conformance.requirements.register import register
from conformance.result import Result
from conformance.run import judge_server

# Enough models for several default pages, which is what most paging faults need to show.
MATRIX_MODELS = 47
# Some faults never answer; nobody waits ten seconds for each.
_TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour of the reference server and what it tripped. Oddities have neither `must` nor `may`."""

    name: str
    tripped: frozenset[str]
    must: frozenset[str]
    may: frozenset[str]
    requests: int
    seconds: float

    @property
    def missed(self) -> frozenset[str]:
        """Requirements that it should have tripped."""
        return self.must - self.tripped

    @property
    def unexpected(self) -> frozenset[str]:
        """Requirements that it had no business to trip."""
        return self.tripped - self.must - self.may


def run_against(name: str, seed: int = 0) -> Result:
    """Run the suite against the reference server with that fault or oddity. Raises UnknownFault."""
    behaviour = behaviour_named(name, MATRIX_MODELS)
    with running(behaviour) as server:
        return judge_server(
            ServerOptions(
                server.url,
                server.api_key,
                aliases=dict.fromkeys(behaviour.catalogue.aliases),
                timeout_seconds=_TIMEOUT_SECONDS,
                run=RunOptions(seed=seed),
            )
        )


def row(name: str, seed: int = 0) -> Row:
    """One row of the matrix."""
    result = run_against(name, seed)
    fault = faults().get(name)
    return Row(
        name,
        frozenset(entry.requirement.id for entry in result.requirements if entry.verdict == "fail"),
        fault.trips if fault else frozenset(),
        fault.may_trip if fault else frozenset(),
        result.run.requests,
        result.run.seconds,
    )


def rows(names: Iterable[str] = ()) -> Iterator[Row]:
    """Rows for these names, or for every fault and oddity."""
    return (row(name) for name in (list(names) or [*faults(), *oddities()]))


def uncovered() -> frozenset[str]:
    """Requirements that could fail and that no fault says it trips: must be empty."""
    judged = {entry.id for entry in register().values() if entry.level != "observe" and "server" in entry.subjects}
    return frozenset(judged - {one for fault in faults().values() for one in fault.trips})


def as_table(matrix: Iterable[Row]) -> Iterator[str]:
    """The matrix as Markdown, a line each: behaviour, what it tripped, what is wrong with that."""
    yield "| behaviour | trips | requests | verdict |"
    yield "|---|---|---|---|"
    for one in matrix:
        wrong = [f"survives {name}" for name in sorted(one.missed)]
        wrong += [f"unexpected {name}" for name in sorted(one.unexpected)]
        yield f"| {one.name} | {', '.join(sorted(one.tripped)) or '–'} | {one.requests} | {'; '.join(wrong) or 'ok'} |"
