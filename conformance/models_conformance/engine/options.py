"""The options of a run, the same for the command line, pytest and the library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from models_conformance.contract.choosing import Candidates
from models_conformance.contract.shipped import shipped_contracts

if TYPE_CHECKING:
    from models_conformance.drivers.interface import Driver
    from models_conformance.evidence.exchange import Trace
    from models_conformance.probing.network import Network
    from models_conformance.probing.tape import Tape
    from models_conformance.probing.transport import Sender
    from models_conformance.scenarios.fixture.fixture_server import FixtureServer
    from models_conformance.scenarios.scenario import Scenario

# The client asks for at most this many requests in all, its retries and shrinking included: enough for a
# forward walk of 100,000 models at 1000 a page beside everything else.
DEFAULT_MAX_REQUESTS = 400
# Generated requests beyond the systematic ones.
DEFAULT_EXAMPLES = 12
# Generated scenarios for a client: each is one call, and a call to a client on this machine costs milliseconds.
DEFAULT_SCENARIOS = 300
# What a client may send in all; its walks ask for many pages, and wrong ones for more.
DEFAULT_MAX_CLIENT_REQUESTS = 20_000
# Plays that making all findings small may cost; one finding takes a few dozen.
DEFAULT_TRIES = 600
# A body of this size holds a page of 1000 models thirty times over.
DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024
DEFAULT_TIMEOUT_SECONDS = 10.0
DEFAULT_SHELL = "bash"
DEFAULT_SEED = 0
DEFAULT_FAIL_ON: Literal["must", "should"] = "must"
# Wall time of a whole run.
DEFAULT_MAX_SECONDS = 300.0
# A client's run takes minutes where its language is slow to start.
DEFAULT_MAX_CLIENT_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options common to every kind of subject. `only` are globs over requirement ids and areas.

    `api_version` is the version that a server is asked with, a client has to speak, and recordings are judged by;
    None takes the documented ones as they come. With `gate_added`, requirements that were added after the release of
    their contract gate too. The subject is held to the newest of the `contracts` that it shows.
    """

    fail_on: Literal["must", "should"] = DEFAULT_FAIL_ON
    strict: bool = False
    gate_added: bool = False
    seed: int = DEFAULT_SEED
    only: tuple[str, ...] = ()
    max_requests: int = DEFAULT_MAX_REQUESTS
    max_seconds: float = DEFAULT_MAX_SECONDS
    examples: int = DEFAULT_EXAMPLES
    shell: str = DEFAULT_SHELL
    api_version: str | None = None
    contracts: Candidates = field(default_factory=lambda: Candidates(shipped_contracts()))
    progress: Callable[[str, int], None] | None = None
    """Called with the phase's name and the number of requests sent so far."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application in this process: what reports call it, and what opens a way to ask it."""

    name: str
    open: Callable[[], AbstractContextManager[Sender]]


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """A server to judge. `url` is its base; a trailing `/v1` or `/v1/models` is taken off.

    `aliases` map a declared alias to the id it must answer with, None where any listed id will do. What the
    `tape` has recorded is not asked of the server. `secrets` are texts that nothing may show, beside the key and the
    headers whose values are not known to be public. `network` is how it is reached, directly and by what the system
    believes where it is None. At most `concurrency` requests are under way at once, as many as suit the measured round
    trip where it is None. `keep_trace` is given the whole trace, redacted, at the end. An `application` is asked in
    this process: then `url` is only what requests name.
    """

    url: str
    api_key: str | None = None
    aliases: Mapping[str, str | None] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
    concurrency: int | None = None
    run: RunOptions = field(default_factory=RunOptions)
    tape: Tape | None = None
    network: Network | None = None
    keep_trace: Callable[[Trace], None] | None = None
    application: Application | None = None


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """A client to judge.

    `driver` and `fixture_server` open one each; with `has_parallel`, further pairs play what waits. `command` is how
    the command line names the client, for lines that reproduce a finding. `scenario` is played alone where it is
    given. `keep_scenario` gets each finding's requirement and smallest scenario. `tries` is how many plays making
    findings small may cost, `slow` whether scenarios that wait are played.
    """

    driver: Callable[[], Driver]
    fixture_server: Callable[[], AbstractContextManager[FixtureServer]]
    command: str
    has_parallel: bool = True
    scenario: Scenario | None = None
    keep_scenario: Callable[[str, Scenario], None] | None = None
    tries: int = DEFAULT_TRIES
    slow: bool = True
    run: RunOptions = field(
        default_factory=lambda: RunOptions(
            max_requests=DEFAULT_MAX_CLIENT_REQUESTS,
            max_seconds=DEFAULT_MAX_CLIENT_SECONDS,
            examples=DEFAULT_SCENARIOS,
        )
    )
