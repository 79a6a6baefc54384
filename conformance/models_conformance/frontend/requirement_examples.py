"""A wrong and a right exchange for a requirement: its named fault and the ideal, played, and written down as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from models_conformance.contract.choosing import Candidates
from models_conformance.drivers.inprocess import ObjectDriver
from models_conformance.drivers.timeouts import Timeouts
from models_conformance.engine.client import judge_client
from models_conformance.engine.fault_matrix import contract_of, run_against
from models_conformance.engine.options import DEFAULT_MAX_CLIENT_REQUESTS, ClientOptions, RunOptions
from models_conformance.engine.scenario_runner import Played, ScenarioRunner
from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, Exchange, Headers, Request, Response
from models_conformance.reference.client.driver import driver_named
from models_conformance.reference.registry import IDEAL
from models_conformance.reference.server import messages
from models_conformance.reference.server.ideal import REFERENCE_KEY
from models_conformance.reference.server.serving import behaviour_named
from models_conformance.reference.variants import Side
from models_conformance.reports.html.exchange_view import target_of
from models_conformance.reports.html.layout import folded, lay_out
from models_conformance.requirements.register import Requirement
from models_conformance.result import Finding, Result
from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.scenario import Scenario
from models_conformance.support.text import printable

_MODELS = 47
_MOST_EXCHANGES = 3
_LONGEST_BODY = 1500
_TIMEOUTS = Timeouts(call=1.0, first_call=0.0)
_TRIES = 80
# What these areas are about takes time to see.
_AREAS_THAT_WAIT = ("retry", "failure")
_TOLD = ("x-api-key", "authorization", "anthropic-version", "anthropic-beta", "content-type", "retry-after", "location")
# What is another in each run.
_PORT = re.compile(r"(?<=127\.0\.0\.1):[0-9]+|(?<=localhost):[0-9]+")
_REQUEST_ID = re.compile(r"req_[0-9A-Za-z_]+")
_EXCHANGE = re.compile(r"\bexchange [0-9]+")


@dataclass(frozen=True, slots=True)
class Example:
    """What a fault does and what the ideal does instead, as text, and the finding that tells the one from the other."""

    observed: str
    expected: str
    wrong: str
    right: str


def example(requirement: Requirement, side: Side, fault: str) -> Example | None:
    """Play the fault, and the ideal with the same question; None where the fault does not show it alone."""
    return _of_server(requirement, fault) if side == "server" else _of_client(requirement, fault)


def _finding(result: Result, requirement: Requirement) -> Finding | None:
    entry = next(entry for entry in result.requirements if entry.requirement.id == requirement.id)
    return entry.findings[0] if entry.findings else None


def _of_server(requirement: Requirement, fault: str) -> Example | None:
    # Some faults show only beside what else is asked.
    for only in ((requirement.id,), ()):
        result = run_against(fault, only=only)
        if (finding := _finding(result, requirement)) is not None:
            break
    else:
        return None
    ideal = behaviour_named(IDEAL, _MODELS, contract_of("server", fault))
    kept = result.exchanges or {}
    shown = [kept[number] for number in finding.exchanges if number in kept][:_MOST_EXCHANGES]
    wrong, right = [], []
    for exchange in shown:
        failed = f"{exchange.failure.kind}: {exchange.failure.detail}" if exchange.failure else ""
        wrong.append(_exchange(exchange.request, exchange.response, failed))
        answer = ideal.answer(_asked(exchange))
        right.append(_exchange(exchange.request, Response(answer.status, answer.headers, answer.body)))
    return _made(finding, wrong, right)


def _made(finding: Finding, wrong: list[str], right: list[str]) -> Example:
    """The example; what the ideal answers alike is not part of what is right about it."""
    wrong, right = [_steady(text) for text in wrong], [_steady(text) for text in right]
    other = [text for text in right if text not in wrong] or right
    return Example(_steady(finding.observed), _steady(finding.expected), "\n\n".join(wrong), "\n\n".join(other))


def _steady(text: str) -> str:
    return _EXCHANGE.sub("another exchange", _REQUEST_ID.sub("req_…", _PORT.sub("", text)))


def _asked(exchange: Exchange) -> messages.Request:
    parts = urlsplit(exchange.request.url)
    keys = {API_KEY: REFERENCE_KEY, WRONG_KEY: "another-key"}
    headers = []
    for name, value in exchange.request.headers:
        for placeholder, key in keys.items():
            value = value.replace(placeholder, key)  # noqa: PLW2901
        headers.append((name, value))
    return messages.Request(exchange.request.method, parts.path, parts.query, tuple(headers))


def _exchange(request: Request, response: Response | None, failed: str = "") -> str:
    lines = [printable(f"{request.method} {target_of(request.url)}", 300), *_headers(request.headers), ""]
    if response is not None:
        answer = [str(response.status), *_headers(response.headers), _body(response.body)]
        lines.append("\n".join(answer).rstrip())
    return "\n".join([*lines, *([failed] if failed else [])])


def _headers(headers: Headers) -> Iterator[str]:
    return (printable(f"{name}: {value}", 300) for name, value in headers if name.lower() in _TOLD)


def _body(body: bytes) -> str:
    text = body.decode("utf-8", "backslashreplace")
    laid_out = lay_out(text)
    shown = folded(laid_out) if laid_out is not None else text
    lines = (printable(line) for line in shown[:_LONGEST_BODY].splitlines())
    return "\n".join([*lines, *(["…"] if len(shown) > _LONGEST_BODY else [])])


def _of_client(requirement: Requirement, fault: str) -> Example | None:
    kept: list[Scenario] = []
    slow = requirement.area in _AREAS_THAT_WAIT
    options = ClientOptions(
        lambda: ObjectDriver(driver_named(fault), _TIMEOUTS),
        Loopback,
        "",
        keep_scenario=lambda _, scenario: kept.append(scenario),
        tries=_TRIES,
        slow=slow,
        run=RunOptions(
            only=(requirement.id,),
            max_requests=DEFAULT_MAX_CLIENT_REQUESTS,
            examples=0,
            contracts=Candidates((contract_of("client", fault),)),
        ),
    )
    finding = _finding(judge_client(options), requirement)
    if finding is None or not kept:
        return None
    return _made(finding, [_called(_played(fault, kept[0]))], [_called(_played(IDEAL, kept[0]))])


def _played(name: str, scenario: Scenario) -> Played:
    driver = ObjectDriver(driver_named(name), _TIMEOUTS)
    try:
        driver.hello()
        with Loopback() as server:
            return ScenarioRunner(driver, server).play(scenario)
    finally:
        driver.close()


def _called(played: Played) -> str:
    """The call, what it sent and was answered, and what its caller got."""
    spec = played.scenario.call
    given = ", ".join(f"{name}={json.dumps(value)}" for name, value in spec.args.items())
    shown = [
        _exchange(arrival.request, arrival.response, "" if arrival.response else "no answer")
        for arrival in played.arrived[:_MOST_EXCHANGES]
    ]
    more = len(played.arrived) - len(shown)
    return "\n\n".join(
        [
            f"call    {'walk' if spec.walk else spec.operation}({given})",
            *shown,
            *([f"… {more} more requests"] if more else []),
            f"caller  {_got(played)}",
        ]
    )


def _got(played: Played) -> str:
    members = {name: value for name, value in asdict(played.answer).items() if value not in (None, {})}
    laid_out = lay_out(json.dumps(members, default=str))
    return f"{type(played.answer).__name__} {folded(laid_out) if laid_out is not None else members}"[:_LONGEST_BODY]
