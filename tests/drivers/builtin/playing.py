"""A built-in driver against the suite's own stage, one call at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.drivers.builtin.catalogue import Prepared
from conformance.drivers.environment import minimal_environment
from conformance.drivers.process import ProgramDriver
from conformance.evidence.calls import Answer, Asked, Connect, Raised
from conformance.scenarios.loopback import Loopback
from conformance.scenarios.models import plain_models
from conformance.scenarios.scenario import Intervention, Scenario, World
from conformance.scenarios.stage import Arrived

FIVE = World(models=plain_models(5))


class Played:
    """A living driver and a stage. `close` it at the end."""

    def __init__(self, prepared: Prepared, more_env: Mapping[str, str] | None = None) -> None:
        env = {**minimal_environment(), **prepared.launch.env, **(more_env or {})}
        self.driver = ProgramDriver(prepared.launch.argv, env)
        self._stage = Loopback()
        self._stage.__enter__()

    def call(self, asked: Asked, world: World = FIVE) -> tuple[Answer, list[Arrived]]:
        """What the driver answered, and which requests came."""
        url = self._stage.open(Scenario("a call", asked, world))
        answer = self.driver.call(asked, Connect(url, self._stage.api_key, asked.timeout_seconds, asked.max_retries))
        return answer, self._stage.close()

    def raises(self, asked: Asked, *interventions: Intervention, count: int = 5) -> Raised:
        """The error that the library raised at this."""
        answer, _ = self.call(asked, World(models=plain_models(count), interventions=interventions))
        assert isinstance(answer, Raised), answer
        return answer

    def close(self) -> None:
        self.driver.close()
        self._stage.__exit__(None, None, None)


def targets(arrived: Sequence[Arrived]) -> list[str]:
    """Path and query of each request."""
    return ["/" + one.request.url.split("/", 3)[3] for one in arrived]


def headers(arrived: Arrived) -> dict[str, Any]:
    """Headers of a request by name in lower case."""
    return {name.lower(): value for name, value in arrived.request.headers}
