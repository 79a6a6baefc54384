"""A tour: one surface of one client, to which the systematic scenarios are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models_conformance.contract.model import Contract
from models_conformance.contract.points import Limits, betas_of
from models_conformance.evidence.driver_calls import CallSpec, Hello
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript

# More than any systematic server holds but one, so that a walk ends by itself.
ALL_ITEMS = 1000
# The set of betas is open, so these are well-formed whatever the pages name.
MADE_UP_BETAS = ("made-up-2031-01-01", "made-up-2031-02-02", "made-up-2031-03-03")


# Up to here page sizes are chosen one by one; beyond, people choose round ones, and computers powers of two.
_EVERY_LIMIT_TO = 100
_STEP_OF_LIMITS = 10
_POWERS = tuple(2**exponent for exponent in range(6, 11))


def round_limits(bounds: Limits) -> list[int]:
    """Page sizes that people choose, and the edges of the documented range."""
    low, default, high = bounds.minimum, bounds.default, bounds.maximum
    limits = {low, low + 1, default - 1, default, default + 1, 10, 99, 101, high - 1, high}
    return sorted(limit for limit in (*limits, *range(50, high, 50)) if low <= limit <= high)


def spread(bounds: Limits, seed: int) -> list[int]:
    """Page sizes over the documented range: each small one, then round ones, repeated digits, powers of two, and one
    between each two round ones, which is another for the next seed."""
    low, high = bounds.minimum, bounds.maximum
    powers = (power + by for power in _POWERS for by in (-1, 0, 1))
    limits = {*round_limits(bounds), *range(low, _EVERY_LIMIT_TO), *range(0, high, _STEP_OF_LIMITS), *powers}
    limits |= {*range(111, high, 111), *range(125, high, 125)}
    # Neighbours are asked for other last digits: a fault of one is met by one seed in nine, of nine by each.
    between = range(_EVERY_LIMIT_TO, high, _STEP_OF_LIMITS)
    limits |= {ten + 1 + (seed + 4 * place) % (_STEP_OF_LIMITS - 1) for place, ten in enumerate(between)}
    return sorted(limit for limit in limits if low <= limit <= high)


@dataclass(frozen=True, slots=True)
class Tour:
    """What is asked on one surface. `full` is the first surface of the client: further ones share its transport.

    Limits, betas and error types are those of `contract`; `seed` chooses among limits.
    """

    hello: Hello
    surface: str
    full: bool
    contract: Contract
    seed: int = 0

    @property
    def documented_betas(self) -> tuple[str, ...]:
        """Betas to ask with: the documented ones, or made-up ones where none is."""
        return betas_of(self.contract) or MADE_UP_BETAS

    @property
    def walks(self) -> bool:
        """Whether the client pages by itself."""
        return "walk" in self.hello.capabilities

    @property
    def betas(self) -> bool:
        """Whether a list of betas can be given on this surface."""
        return self.hello.takes_betas(self.surface)

    def page(self, name: str, script: ServerScript, args: Mapping[str, Any] | None = None, **how: Any) -> Scenario:
        """One page call. `how` are further fields of `CallSpec`; a call that may retry is a slow one."""
        return _scenario(name, script, CallSpec("list", self.surface, args or {}, **how))

    def walk(
        self,
        name: str,
        script: ServerScript,
        args: Mapping[str, Any] | None = None,
        *,
        max_items: int = ALL_ITEMS,
        **how: Any,
    ) -> Scenario:
        """A walk with the library's own paging, to its end unless `max_items` ends it."""
        return _scenario(name, script, CallSpec("list", self.surface, args or {}, True, max_items, **how))

    def retrieve(
        self, name: str, script: ServerScript, model_id: str, args: Mapping[str, Any] | None = None, **how: Any
    ) -> Scenario:
        """One model by its id or alias."""
        return _scenario(
            name, script, CallSpec("retrieve", self.surface, {"model_id": model_id, **(args or {})}, **how)
        )


def intervening(*interventions: Intervention, models: int = 5) -> ServerScript:
    """A server of so many plain models, some of whose answers are replaced."""
    return ServerScript(plain_models(models), interventions=interventions)


def _scenario(name: str, script: ServerScript, spec: CallSpec) -> Scenario:
    stalls = any(intervention.framing.startswith("stall") for intervention in script.interventions)
    return Scenario(name, spec, script, slow=spec.max_retries != 0 or stalls)
