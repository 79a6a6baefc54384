"""The stage: where the suite plays the server of one scenario and writes down what arrives.

`Stage` is the one face that the session knows. `loopback.py` is a real HTTP server on 127.0.0.1 for clients in other
processes and languages; `mocked.py` answers Python clients on httpx in this process, without a socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conformance.evidence.exchange import Failure, Request, Response
from conformance.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request that reached the stage, and the answer as it went out.

    `request.url` is absolute: the authority of the listener that got it, and the request target exactly as it was
    sent. `response` holds the body without content coding, as far as it went out; `failure` says how the transport
    was broken on purpose. `at` and `seconds` are of a monotonic clock.
    """

    request: Request
    response: Response | None
    failure: Failure | None
    at: float
    seconds: float


class Stage(Protocol):
    """Plays one scenario at a time. `api_key` is the only key that a world accepts that is opened from then on."""

    api_key: str

    def open(self, scenario: Scenario) -> str:
        """Play this scenario from now on; the base URL to give to the client, with the scenario's prefix."""

    def close(self) -> list[Arrived]:
        """Stop playing and return what arrived since `open`, in order of arrival."""
