"""Lint a driver program against the protocol. The client behind it is not judged: the server behaves well."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from models_conformance.drivers import lint
from models_conformance.drivers.environment import inherited_environment
from models_conformance.drivers.interface import DriverExited, NoDriver
from models_conformance.drivers.lint import CheckReport, Complaint
from models_conformance.drivers.process import ProgramDriver
from models_conformance.drivers.program import Program
from models_conformance.drivers.protocol import (
    ProtocolBreach,
    encoded,
    hello_question,
    question,
    read_answer,
    read_hello,
)
from models_conformance.drivers.schema import brief
from models_conformance.drivers.timeouts import DEFAULT_HELLO_SECONDS, Timeouts
from models_conformance.evidence.driver_calls import (
    NO_RETRIEVE,
    Answer,
    CallSpec,
    Connect,
    DriverFailure,
    DriverFault,
    Hello,
    Raised,
    Unsupported,
)
from models_conformance.scenarios.fixture.fixture_server import Arrived, FixtureServer
from models_conformance.scenarios.narrowing import as_offered
from models_conformance.scenarios.scenario import Scenario, ServerScript
from models_conformance.support import signals

_HELD = 7
_STOP = 3
_AT_ONCE = 3
# After so many failed calls nothing new is learned.
_LOSSES = 3


def _model(index: int) -> dict[str, Any]:
    # Text beyond ASCII shows whether the answers are UTF-8; the fifth member belongs in `extra`.
    return {
        "type": "model",
        "id": f"claude-check-{index}",
        "display_name": f"Claude Prüfung № {index}",
        "created_at": f"2025-01-{28 - index:02}T00:00:00Z",
        "max_input_tokens": 200000,
    }


# One has nothing for `extra`, which is an object all the same.
_BARE = {name: value for name, value in _model(_HELD - 1).items() if name != "max_input_tokens"}
_MODELS = (*(_model(index) for index in range(_HELD - 1)), _BARE)
_BY_ID = {str(model["id"]): model for model in _MODELS}
_FIRST = str(_MODELS[0]["id"])
_SERVER = ServerScript(models=_MODELS)
_EMPTY = "check"
_UNUSUAL = {**_MODELS[0], "created_at": "2025-01-28T00:00:00.250Z", _EMPTY: {}}
_UNKNOWN = "claude-that-nobody-has"


def check(
    argv: Sequence[str],
    fixture_server: FixtureServer,
    *,
    env: Mapping[str, str] | None = None,
    hello_seconds: float = DEFAULT_HELLO_SECONDS,
    timeouts: Timeouts | None = None,
) -> CheckReport:
    """Start the program, put questions to it, and say what breaks the protocol. Ends what it starts.

    A program that does not start or has no hello is one complaint about its hello.
    """
    env = inherited_environment() if env is None else env
    timeouts = timeouts or Timeouts(hello=hello_seconds, failure_budget=_LOSSES)
    return _Checker(list(argv), env, fixture_server, timeouts, ProgramDriver(argv, env, timeouts=timeouts)).run()


@dataclass
class _Checker:
    _argv: list[str]
    _env: Mapping[str, str]
    _fixture_server: FixtureServer
    _timeouts: Timeouts
    _driver: ProgramDriver
    _checks: list[str] = field(default_factory=list)
    _complaints: list[Complaint] = field(default_factory=list)
    _failures: int = 0

    def run(self) -> CheckReport:
        hello: Hello | None = None
        self._checks.append("hello")
        try:
            hello = self._driver.hello()
            self._say("hello", lint.of_hello(hello))
            self._calls(hello)
        except NoDriver as problem:
            self._complaints.append(Complaint("hello", str(problem)))
        finally:
            self._driver.close()
        if hello is not None and self._failures < self._timeouts.failure_budget:
            self._questions_at_once(_simplest(hello, hello.surfaces[0]))
        return CheckReport(hello, tuple(self._checks), tuple(self._complaints))

    def _calls(self, hello: Hello) -> None:
        supported: dict[str, bool] = {}
        for surface in hello.surfaces:
            for name, spec in _offered(_successes(hello, surface), hello):
                answer = self._success(f"{name} on {surface}", spec)
                declared = "walk" if spec.walk else "betas" if "betas" in spec.args else None
                if declared:
                    supported[declared] = supported.get(declared, False) or not isinstance(answer, Unsupported)
            if NO_RETRIEVE not in hello.capabilities:
                self._unknown_model(surface)
            self._no_server(surface, _simplest(hello, surface))
        self._unusual_values(hello, hello.surfaces[0])
        for capability, anywhere in supported.items():
            if not anywhere:
                self._say("hello", [(f"capabilities has {capability}, which no surface supports", "complaint")])

    def _success(self, name: str, spec: CallSpec) -> Answer | None:
        answer, arrived = self._call(name, spec)
        if answer is None:
            return None
        status = _refused_with(arrived)
        if isinstance(answer, Raised) and status is not None:
            # The library's doing, and whether it is right is for `client` to say.
            self._say(name, [(lint.REFUSED.format(status=status, name=brief(answer.name)), "remark")])
        else:
            self._say(name, lint.of_success(spec, answer, _BY_ID))
        if not isinstance(answer, Unsupported | DriverFault | DriverFailure):
            if arrived:
                self._say(name, lint.of_request(spec, arrived[0].request))
            else:
                self._say(name, [("no request reached the server: is the client made for this base_url?", "complaint")])
        return answer

    def _unknown_model(self, surface: str) -> None:
        name = f"a model that is not there on {surface}"
        answer, _ = self._call(name, CallSpec("retrieve", surface, {"model_id": _UNKNOWN}))
        if answer is not None:
            self._say(name, lint.of_failure(answer, "status", "a 404 of the server"))

    def _unusual_values(self, hello: Hello, surface: str) -> None:
        name = f"unusual values on {surface}"
        answer, _ = self._call(name, _simplest(hello, surface), server=ServerScript(models=(_UNUSUAL,)))
        if answer is not None:
            self._say(name, lint.of_unusual_values(_UNUSUAL, _EMPTY, answer, hello))

    def _no_server(self, surface: str, spec: CallSpec) -> None:
        name = f"a server that is not there on {surface}"
        # Bound and not listening: nobody else can listen there meanwhile.
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            answer, _ = self._call(name, spec, base_url)
        if answer is not None:
            self._say(name, lint.of_failure(answer, "connection", "a refused connection"))

    def _call(
        self, name: str, spec: CallSpec, base_url: str | None = None, server: ServerScript = _SERVER
    ) -> tuple[Answer | None, list[Arrived]]:
        """The answer, None where the driver was lost too often, and what reached the server."""
        if self._failures >= self._timeouts.failure_budget:
            return None, []
        self._checks.append(name)
        opened = self._fixture_server.open(Scenario(name, spec, server))
        try:
            answer = self._driver.call(spec, self._connect(spec, base_url or opened))
        finally:
            arrived = self._fixture_server.close()
        self._failures += isinstance(answer, DriverFailure)
        return answer, arrived

    def _questions_at_once(self, spec: CallSpec) -> None:
        name, ending = "several questions at once", "the end of input"
        self._checks.append(name)
        opened = self._fixture_server.open(Scenario(name, spec, _SERVER))
        try:
            with ExitStack() as started:
                with signals.deferred():
                    program = Program(self._argv, self._env, self._timeouts.dying)
                    started.callback(program.kill)
                self._in_order(program, spec, self._connect(spec, opened))
                status = program.finish(self._timeouts.ending)
                self._checks.append(ending)
                self._say(ending, _of_ending(status, program.left, self._timeouts.ending))
        except DriverExited as ended:
            self._complaints.append(Complaint(name, f"the driver {ended.failure.detail}"))
        except ProtocolBreach as breach:
            self._complaints.append(Complaint(name, str(breach)))
        finally:
            self._fixture_server.close()

    def _in_order(self, program: Program, spec: CallSpec, connect: Connect) -> None:
        program.send(encoded(hello_question()))
        one_empty = read_hello(program.receive(self._timeouts.hello)).has_one_empty
        numbers = range(1, _AT_ONCE + 1)
        program.send(b"".join(encoded(question(number, spec, connect)) for number in numbers))
        for number in numbers:
            read_answer(
                program.receive(self._timeouts.limit(connect, number == 1)), number, spec, has_one_empty=one_empty
            )

    def _connect(self, spec: CallSpec, base_url: str) -> Connect:
        return Connect(base_url, self._fixture_server.api_key, spec.timeout_seconds, spec.max_retries)

    def _say(self, about: str, statements: Iterable[lint.Statement]) -> None:
        self._complaints += [Complaint(about, sentence, weight) for sentence, weight in statements]


def _successes(hello: Hello, surface: str) -> Iterator[tuple[str, CallSpec]]:
    """Calls that every client can make of a server that behaves, as far as the driver offers them."""
    yield "a page", CallSpec("list", surface)
    yield "a page with limit and cursor", CallSpec("list", surface, {"limit": 2, "after_id": _FIRST})
    yield "a retrieve", CallSpec("retrieve", surface, {"model_id": _FIRST})
    if hello.takes_betas(surface):
        yield "a page with betas", CallSpec("list", surface, {"betas": ["check-2025-01-01"]})
        betas = {"model_id": _FIRST, "betas": ["check-2025-01-01"]}
        yield "a retrieve with betas", CallSpec("retrieve", surface, betas)
    if "walk" in hello.capabilities:
        yield "a walk", CallSpec("list", surface, walk=True)
        yield "a walk that stops at max_items", CallSpec("list", surface, walk=True, max_items=_STOP)


def _offered(calls: Iterable[tuple[str, CallSpec]], hello: Hello) -> Iterator[tuple[str, CallSpec]]:
    """Those calls, as far as the library has them, none twice."""
    seen: list[CallSpec] = []
    for name, spec in calls:
        offered = as_offered(Scenario(name, spec, _SERVER), hello)
        if offered is not None and offered.call not in seen:
            seen.append(offered.call)
            yield name, offered.call


def _simplest(hello: Hello, surface: str) -> CallSpec:
    """One model by its id, or the list where there is no such call."""
    specs = (CallSpec("retrieve", surface, {"model_id": _FIRST}), CallSpec("list", surface))
    return next(spec for _, spec in _offered((("", spec) for spec in specs), hello))


def _refused_with(arrived: Sequence[Arrived]) -> int | None:
    """The status of an error that the last request was answered with."""
    response = arrived[-1].response if arrived else None
    return response.status if response is not None and response.status >= 400 else None


def _of_ending(status: int | None, left: bytes, seconds: float) -> Iterator[lint.Statement]:
    if left:
        yield f"after its last answer it wrote {brief(left.decode('utf-8', 'replace'))}", "complaint"
    if status is None:
        yield f"it had not ended {seconds:g} s after the end of its input", "complaint"
    elif status != 0:
        how = f"status {status}" if status > 0 else f"signal {-status}"
        yield f"it ended with {how} at the end of its input, the protocol wants status 0", "complaint"
