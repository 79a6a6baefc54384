"""A built-in driver against the suite's own fixture server, one call at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models_conformance.drivers.builtin.catalogue import Prepared
from models_conformance.drivers.environment import minimal_environment
from models_conformance.drivers.process import ProgramDriver
from models_conformance.evidence.driver_calls import Answer, CallSpec, Connect, Raised
from models_conformance.scenarios.fixture.fixture_server import Arrived
from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.models import plain_models
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript

FIVE = ServerScript(models=plain_models(5))


class Played:
    """A running driver and a fixture server. `close` it at the end."""

    def __init__(self, prepared: Prepared, more_env: Mapping[str, str] | None = None) -> None:
        env = {**minimal_environment(), **(more_env or {})}
        self.driver = ProgramDriver(prepared.command, env)
        self._fixture_server = Loopback()
        self._fixture_server.__enter__()

    def call(self, spec: CallSpec, script: ServerScript = FIVE) -> tuple[Answer, list[Arrived]]:
        """What the driver answered, and which requests came."""
        url = self._fixture_server.open(Scenario("a call", spec, script))
        answer = self.driver.call(
            spec, Connect(url, self._fixture_server.api_key, spec.timeout_seconds, spec.max_retries)
        )
        return answer, self._fixture_server.close()

    def raises(self, spec: CallSpec, *interventions: Intervention, count: int = 5) -> Raised:
        """The error that the library raised at this."""
        answer, _ = self.call(spec, ServerScript(models=plain_models(count), interventions=interventions))
        assert isinstance(answer, Raised), answer
        return answer

    def close(self) -> None:
        self.driver.close()
        self._fixture_server.__exit__(None, None, None)


def targets(arrived: Sequence[Arrived]) -> list[str]:
    """Path and query of each request."""
    return ["/" + arrival.request.url.split("/", 3)[3] for arrival in arrived]


def headers(arrived: Arrived) -> dict[str, Any]:
    """Headers of a request by name in lower case."""
    return {name.lower(): value for name, value in arrived.request.headers}
