"""What every client is shown, but for some page sizes the same each time: simple things first, one file an area."""

from __future__ import annotations

from models_conformance.contract.model import Contract
from models_conformance.evidence.driver_calls import Hello
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.systematic.failure import failure
from models_conformance.scenarios.systematic.ids import ids
from models_conformance.scenarios.systematic.paging import paging
from models_conformance.scenarios.systematic.retry import retry
from models_conformance.scenarios.systematic.tour import Tour
from models_conformance.scenarios.systematic.value import value
from models_conformance.scenarios.systematic.wire import wire

_AREAS = (wire, ids, paging, value, failure, retry)


def scenarios(hello: Hello, contract: Contract, seed: int = 0) -> list[Scenario]:
    """The scenarios for each surface of that client, surface by surface. `seed` chooses among page sizes alone.

    The first surface is shown everything; further ones share its transport and are shown what they do on their own.
    Names are unique within a surface.
    """
    tours = (Tour(hello, surface, number == 0, contract, seed) for number, surface in enumerate(hello.surfaces))
    return [scenario for tour in tours for area in _AREAS for scenario in area(tour)]
