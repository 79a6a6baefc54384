"""What every client is shown, the same each time: simple things first, one file an area."""

from __future__ import annotations

from collections.abc import Collection

from conformance.evidence.calls import Hello
from conformance.scenarios.scenario import Scenario
from conformance.scenarios.systematic.failure import failure
from conformance.scenarios.systematic.ids import ids
from conformance.scenarios.systematic.paging import paging
from conformance.scenarios.systematic.retry import retry
from conformance.scenarios.systematic.tour import Tour
from conformance.scenarios.systematic.value import value
from conformance.scenarios.systematic.wire import wire

_AREAS = (wire, ids, paging, value, failure, retry)


def scenarios(hello: Hello, areas: Collection[str] = ()) -> list[Scenario]:
    """The scenarios for each surface of that client, surface by surface; of these areas alone where any is named.

    The first surface is shown everything; further ones share its transport and are shown what they do on their own.
    Names are unique within a surface.
    """
    tours = (Tour(hello, surface, full=number == 0) for number, surface in enumerate(hello.surfaces))
    chosen = [area for area in _AREAS if not areas or area.__name__ in areas]
    return [scenario for tour in tours for area in chosen for scenario in area(tour)]
