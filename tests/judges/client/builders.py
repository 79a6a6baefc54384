"""Building the evidence of a client run by hand: what each call asked, what went over the wire, what the caller got."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from models_conformance.contract.shipped import load_contract
from models_conformance.engine.judging import Judged, judge_client_evidence
from models_conformance.evidence.driver_calls import (
    Answer,
    CallSpec,
    Connect,
    DriverCall,
    Hello,
    ItemsSeen,
    ModelRetrieved,
    PageSeen,
    Raised,
)
from models_conformance.evidence.exchange import API_KEY, Exchange, Failure, Headers, Origin, Request, Response, Trace
from models_conformance.judges.client.client_evidence import ClientEvidence
from models_conformance.judges.wording import sentences
from models_conformance.requirements.register import register, select

AUTHORITY = "127.0.0.1:8000"
HEADERS: Headers = (("x-api-key", API_KEY), ("anthropic-version", "2023-06-01"))
JSON: Headers = (("content-type", "application/json"),)
HELLO = Hello("hand-made", "1", "python", ("models", "beta.models"), frozenset({"walk", "betas"}))
LIST = CallSpec("list", "models")
WALK = CallSpec("list", "models", walk=True)
Body = bytes | str | Mapping[str, Any] | Sequence[Any] | None


def asked_list(**args: Any) -> CallSpec:
    return replace(LIST, args=args)


def asked_walk(max_items: int = 100, **args: Any) -> CallSpec:
    return replace(WALK, args=args, max_items=max_items)


def asked_model(model_id: str, **args: Any) -> CallSpec:
    return CallSpec("retrieve", "models", {"model_id": model_id, **args})


def model(model_id: str, created_at: str = "2025-01-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    """A model as it goes over the wire."""
    return {"type": "model", "id": model_id, "display_name": model_id.upper(), "created_at": created_at, **more}


def models(*ids: str) -> list[dict[str, Any]]:
    return [model(model_id) for model_id in ids]


def page(data: Sequence[Mapping[str, Any]], has_more: bool = False, **more: Any) -> dict[str, Any]:
    """A page as the documentation has it."""
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    return {"data": list(data), "has_more": has_more, **ends, **more}


def error(kind: str = "api_error", request_id: str | None = None) -> dict[str, Any]:
    """The documented error body."""
    return {"type": "error", "error": {"type": kind, "message": "no"}, "request_id": request_id}


def seen(wire: Mapping[str, Any]) -> dict[str, Any]:
    """A model as a faithful library holds it."""
    documented = ("id", "created_at", "display_name", "type")
    extra = {name: value for name, value in wire.items() if name not in documented}
    return {**{name: wire[name] for name in documented}, "extra": extra}


def saw_page(wire: Mapping[str, Any]) -> PageSeen:
    ends = {name: wire[name] for name in ("first_id", "has_more", "last_id")}
    return PageSeen(tuple(seen(item) for item in wire["data"]), ends)


def saw_items(data: Sequence[Mapping[str, Any]], truncated: bool = False) -> ItemsSeen:
    return ItemsSeen(tuple(seen(item) for item in data), truncated)


def saw_model(wire: Mapping[str, Any]) -> ModelRetrieved:
    return ModelRetrieved(seen(wire))


def status_error(status: int, kind: str | None = None, request_id: str | None = None) -> Raised:
    return Raised("status", "StatusError", status, kind, "no", request_id)


TIMED_OUT = Raised("timeout", "TimedOut")
CONNECTION = Raised("connection", "Disconnected")
UNREADABLE = Raised("decode", "Unreadable")


@dataclass(frozen=True)
class Wire:
    """One request of a call and its answer. `url` is absolute, or a target at the host of the base URL."""

    url: str
    response: Response | None
    failure: Failure | None = None
    headers: Headers = HEADERS
    method: str = "GET"
    at: float = 0.0
    seconds: float = 0.0


def served(target: str, body: Body, status: int = 200, answer_headers: Headers = (), **request: Any) -> Wire:
    """A request that was answered whole. `request` are further fields of `Wire`."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else compact(body)
    own_type = any(name == "content-type" for name, _ in answer_headers)
    headers = answer_headers if own_type else (*JSON, *answer_headers)
    return Wire(target, Response(status, headers, raw), **request)


def compact(body: Body) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def dropped(target: str, part: bytes | None = None, **request: Any) -> Wire:
    """A request whose connection was closed: in the middle of that part of a body, or without an answer."""
    response = None if part is None else Response(200, JSON, part)
    return Wire(target, response, Failure("disconnect", "closed"), **request)


def stalled(target: str, part: bytes | None = None, **request: Any) -> Wire:
    """A request whose answer went silent: within that part of a body, or before its first byte."""
    response = None if part is None else Response(200, JSON, part)
    return Wire(target, response, Failure("timeout", "silent"), **request)


def list_target(**parameters: str | int) -> str:
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in parameters.items())
    return "/v1/models" + (f"?{query}" if query else "")


class Run:
    """A run of an imagined client, judged when its verdicts are first asked for."""

    def __init__(self, hello: Hello = HELLO, api_version: str | None = None) -> None:
        self._hello = hello
        self.api_version = api_version
        self._trace = Trace(Origin("client", "hand-made"))
        self._calls: list[DriverCall] = []

    def call(self, spec: CallSpec, answer: Answer, *sent: Wire, prefix: str = "") -> tuple[int, ...]:
        """Add a call; the numbers of its exchanges."""
        numbers = tuple(self._added(request).number for request in sent)
        connect = Connect(f"http://{AUTHORITY}{prefix}", API_KEY, spec.timeout_seconds, spec.max_retries)
        self._calls.append(DriverCall(len(self._calls) + 1, spec, connect, answer, numbers, 0.1))
        return numbers

    def _added(self, wire: Wire) -> Exchange:
        url = wire.url if "://" in wire.url.partition("?")[0] else f"http://{AUTHORITY}{wire.url}"
        request = Request(wire.method, url, wire.headers)
        return self._trace.add(request, wire.response, wire.failure, wire.seconds, at=wire.at)

    @cached_property
    def judged(self) -> dict[str, Judged]:
        evidence = ClientEvidence(self._hello, self._calls, self._trace, load_contract(), api_version=self.api_version)
        return {judged.requirement.id: judged for judged in judge_client_evidence(evidence, select("client"))}

    def verdict(self, requirement: str) -> str:
        assert requirement in register()
        return self.judged[requirement].verdict

    def blamed(self, requirement: str) -> tuple[int, ...]:
        """The exchanges of the only violation of a requirement, the culprit first."""
        (violation,) = self.judged[requirement].violations
        return violation.exchanges

    def kinds(self, requirement: str) -> set[tuple[str, str]]:
        """Each way in which a requirement is broken, with the parameter or member that it is about."""
        found = self.judged[requirement].violations
        return {(violation.kind, violation.parameter or violation.member) for violation in found}

    def text(self, requirement: str) -> str:
        """What was observed at the first violation of a requirement, in words."""
        return sentences(register()[requirement], self.judged[requirement].violations[0]).observed

    @property
    def failed(self) -> set[str]:
        return {name for name, judged_requirement in self.judged.items() if judged_requirement.verdict == "fail"}


def judged_call(spec: CallSpec, answer: Answer, *sent: Wire, prefix: str = "", hello: Hello = HELLO) -> Run:
    """The run of one call."""
    run = Run(hello)
    run.call(spec, answer, *sent, prefix=prefix)
    return run
