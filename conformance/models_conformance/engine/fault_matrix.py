"""The suite under test: which requirements each named fault trips, and that no oddity trips any.

Computed by running the whole suite against every behaviour of the reference server and of the reference client;
nothing is asserted by hand but the names each fault carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models_conformance.drivers.inprocess import ObjectDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.engine.client import judge_client
from models_conformance.engine.options import DEFAULT_MAX_CLIENT_REQUESTS, ClientOptions, RunOptions, ServerOptions
from models_conformance.engine.server import judge_server
from models_conformance.reference.client import ClientFault, client_faults, client_oddities, driver_named
from models_conformance.reference.server.faults import Fault, faults
from models_conformance.reference.server.oddities import oddities
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.requirements.register import register
from models_conformance.result import Result
from models_conformance.scenarios.fixture.loopback import Loopback

# Enough models for several default pages, which is what most paging faults need to show.
MATRIX_MODELS = 47
# Some faults never answer; nobody waits ten seconds for each.
_TIMEOUT_SECONDS = 3.0
# A wrong client that hangs is waited for as long as its own timeouts could explain, and no longer.
_TIMEOUTS = Timeouts(call=1.0, first_call=0.0)
# Systematic scenarios are there to trip every named fault; the generated ones only have to stay quiet.
_SCENARIOS = 60
_HOMES: dict[str, tuple[str, ...]] = {
    "wire": ("wire", "ids"),
    "paging": ("wire", "paging"),
    "value": ("value", "paging"),
    "failure": ("wire", "failure"),
    "retry": ("wire", "retry"),
}
_AREAS_THAT_WAIT = frozenset({"retry"})


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour of the reference and what it tripped. Oddities have neither `must` nor `may`."""

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


def run_client(
    name: str,
    seed: int = 0,
    examples: int = _SCENARIOS,
    *,
    slow: bool = True,
    surfaces: tuple[str, ...] = (),
    areas: tuple[str, ...] = (),
) -> Result:
    """Run the suite against the reference client with that fault or oddity. Raises UnknownClient."""
    driver_named(name)
    return judge_client(
        ClientOptions(
            lambda: ObjectDriver(driver_named(name), _TIMEOUTS),
            Loopback,
            f"-- python3 -m models_conformance.reference.client {name}",
            tries=0,
            slow=slow,
            surfaces=surfaces,
            areas=areas,
            run=RunOptions(seed=seed, max_requests=DEFAULT_MAX_CLIENT_REQUESTS, examples=examples),
        )
    )


def row(name: str, seed: int = 0) -> Row:
    """One row of the matrix of servers."""
    return _row(name, run_against(name, seed), faults().get(name))


def client_row(name: str, seed: int = 0) -> Row:
    """One row of the matrix of clients."""
    return _row(name, run_client(name, seed), client_faults().get(name))


def quick_client_row(name: str) -> Row:
    """The same with what the fault needs to show, and no more: what each test run can afford.

    Scenarios that wait are for faults that are about waiting, the second surface for those that are about it. A fault
    is first shown the areas where it is at home, and all of them before it is said to survive.
    """
    fault = client_faults().get(name)
    slow = "retr" in name if fault is None else any(register()[trip].area in _AREAS_THAT_WAIT for trip in fault.trips)
    surfaces = () if "beta" in name or "surface" in name else ("models",)
    if fault is not None:
        at_home = _row(name, run_client(name, 0, 0, slow=slow, surfaces=surfaces, areas=_HOMES[fault.area]), fault)
        if not at_home.missed:
            return at_home
    return _row(name, run_client(name, 0, 0, slow=slow, surfaces=surfaces), fault)


def _row(name: str, result: Result, fault: Fault | ClientFault | None) -> Row:
    tripped = frozenset(entry.requirement.id for entry in result.requirements if entry.verdict == "fail")
    must, may = (fault.trips, fault.may_trip) if fault is not None else (frozenset[str](), frozenset[str]())
    return Row(name, tripped, must, may, result.run.requests, result.run.seconds)


def rows(names: Iterable[str] = ()) -> Iterator[Row]:
    """Rows for these names, or for every fault and oddity of servers and clients."""
    wanted = list(names) or [*faults(), *oddities(), *client_faults(), *client_oddities()]
    clients = client_faults().keys() | client_oddities().keys()
    return (client_row(name) if name in clients else row(name) for name in wanted)


def uncovered() -> frozenset[str]:
    """Requirements that could fail and that no fault says it trips: must be empty."""
    judged = {entry.id for entry in register().values() if entry.level != "observe"}
    named: list[Fault | ClientFault] = [*faults().values(), *client_faults().values()]
    return frozenset(judged - {trip for fault in named for trip in fault.trips})


def as_table(matrix: Iterable[Row]) -> Iterator[str]:
    """The matrix as Markdown, a line each: behaviour, what it tripped, what is wrong with that."""
    yield "| behaviour | trips | requests | verdict |"
    yield "|---|---|---|---|"
    for one in matrix:
        wrong = [f"survives {name}" for name in sorted(one.missed)]
        wrong += [f"unexpected {name}" for name in sorted(one.unexpected)]
        yield f"| {one.name} | {', '.join(sorted(one.tripped)) or '–'} | {one.requests} | {'; '.join(wrong) or 'ok'} |"
