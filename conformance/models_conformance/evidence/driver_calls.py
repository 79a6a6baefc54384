"""What a driver was asked and what it said: the other half of the evidence about a client.

The words and shapes are those of the driver protocol, version 1. Nothing here is judged; `drivers/protocol.py` has
checked every line against the protocol's JSON Schema before it becomes one of these values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Operation = Literal["list", "retrieve"]
RaisedKind = Literal["status", "connection", "timeout", "decode", "argument", "other"]
DriverFailureKind = Literal["hang", "exit", "signal", "protocol"]
# A member that the library does not expose is left out, so a model is a mapping and not a class of four fields.
ModelSeen = Mapping[str, Any]


PARAMS = "params"
"""The capability to take parameters by their names on the wire, and the argument that holds them."""

WALKS_ONLY, NO_RETRIEVE, NO_ARGUMENTS = "walks_only", "no_retrieve", "no_arguments"
"""Capabilities that narrow: the library has no page call, no call for one model, and its list takes no arguments."""

_NARROWING = frozenset({WALKS_ONLY, NO_RETRIEVE, NO_ARGUMENTS})


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the client is. `betas_on` are the surfaces that take betas; None where the driver does not say.

    `same` are JSON texts that are one value to the client's language, such as `{}` and `[]`. `params` are the further
    parameters that the client takes, by their names on the wire; None where the driver lists none.
    """

    client: str
    version: str
    language: str
    surfaces: tuple[str, ...]
    capabilities: frozenset[str]
    betas_on: tuple[str, ...] | None = None
    same: frozenset[str] = frozenset()
    params: frozenset[str] | None = None

    @property
    def has_one_empty(self) -> bool:
        """Whether an empty object and an empty list are one value to the client."""
        return self.same >= {"{}", "[]"}

    @property
    def is_narrow(self) -> bool:
        """Whether there are calls of the protocol that the library cannot make."""
        return not self.capabilities.isdisjoint(_NARROWING)

    def takes(self, parameter: str) -> bool:
        """Whether a further parameter can be given by its name on the wire, as far as the driver tells."""
        return PARAMS in self.capabilities and (self.params is None or parameter in self.params)

    def takes_betas(self, surface: str) -> bool:
        """Whether a list of betas can be given on that surface, as far as the driver tells."""
        if "betas" not in self.capabilities or NO_ARGUMENTS in self.capabilities:
            return False
        return self.betas_on is None or surface in self.betas_on


@dataclass(frozen=True, slots=True)
class Connect:
    """Where and as whom the client goes. `max_retries` None leaves the library's default."""

    base_url: str
    api_key: str
    timeout_seconds: float
    max_retries: int | None


@dataclass(frozen=True, slots=True)
class CallSpec:
    """One call as the driver is asked for it. `args` holds only what the caller passes.

    `walk` and `max_items` have a meaning for lists alone. `timeout_seconds` is what the client is told;
    `max_retries` None is not told at all.
    """

    operation: Operation
    surface: str
    args: Mapping[str, Any] = field(default_factory=dict)
    walk: bool = False
    max_items: int = 100
    timeout_seconds: float = 5.0
    max_retries: int | None = 0


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page call's answer: `data` as models, and which of first_id, last_id and has_more the library shows."""

    data: tuple[ModelSeen, ...]
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemsSeen:
    """A walk's answer. `truncated`: the driver stopped at `max_items` and the library might have gone on."""

    items: tuple[ModelSeen, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class ModelRetrieved:
    """A retrieve call's answer."""

    model: ModelSeen


@dataclass(frozen=True, slots=True)
class Raised:
    """The library raised. Members it does not expose are None; `items_before` is what a walk had yielded, where the
    driver tells the models and not only how many they were."""

    kind: RaisedKind
    name: str
    status: int | None = None
    error_type: str | None = None
    message: str | None = None
    request_id: str | None = None
    items_before: tuple[ModelSeen, ...] | None = None


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The library offers no such call; why."""

    reason: str


@dataclass(frozen=True, slots=True)
class DriverFault:
    """The driver says that it failed itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class DriverFailure:
    """No answer came: the driver hung, exited, was killed by a signal, or broke the protocol. `detail` for people."""

    kind: DriverFailureKind
    detail: str


Answer = PageSeen | ItemsSeen | ModelRetrieved | Raised | Unsupported | DriverFault | DriverFailure


@dataclass(frozen=True, slots=True)
class DriverCall:
    """One call from its question to its answer. `number` counts from 1 within a run.

    `exchanges` are the numbers of the exchanges that the call caused, in order of arrival. `connect.api_key` is the
    placeholder of the trace, never the key. `seconds` is wall time from the question to the answer.
    """

    number: int
    spec: CallSpec
    connect: Connect
    answer: Answer
    exchanges: tuple[int, ...]
    seconds: float
