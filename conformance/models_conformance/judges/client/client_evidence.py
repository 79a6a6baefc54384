"""The evidence of a client run, read once for all judges: what each call sent, was sent, and told its caller.

What the server meant is never asked: an answer is judged by what went over the wire, so the same judges would
judge a recorded conversation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from models_conformance.contract.choosing import as_served
from models_conformance.contract.model import Contract
from models_conformance.contract.points import Limits, limits_of
from models_conformance.evidence.driver_calls import (
    CallSpec,
    DriverCall,
    DriverFailure,
    DriverFault,
    Hello,
    ItemsSeen,
    ModelRetrieved,
    ModelSeen,
    PageSeen,
    Raised,
    Unsupported,
)
from models_conformance.evidence.exchange import Exchange, Trace, header
from models_conformance.evidence.strict_json import Parsed, parse
from models_conformance.evidence.targets import CURSORS, Target, listed, may_be_of_models, read_target
from models_conformance.judges.judgement import SharedEvidence
from models_conformance.judges.shapes import Shapes, shapes_of

AnswerKind = Literal["page", "model", "refusal", "redirect", "unreadable", "broken"]
_MODELS = "/v1/models"
_LOOKS = ("HEAD", "OPTIONS")
# More than the largest page size has, and less than what is slow to read as a number.
_MOST_DIGITS = 20


class Sent:
    """One request of a call and what was answered. `first` marks the first attempt at its step."""

    def __init__(self, exchange: Exchange, spec: CallSpec, base_authority: str, shapes: Shapes) -> None:
        self.exchange = exchange
        self.number = exchange.number
        self.target: Target = read_target(exchange.request.url)
        self.at_home = self.target.authority == base_authority
        self._spec = spec
        self.shapes = shapes
        self._lines: dict[str, list[str]] = {}
        for name, value in exchange.request.headers:
            self._lines.setdefault(name.lower(), []).append(value)

    @property
    def status(self) -> int | None:
        return self.exchange.response.status if self.exchange.response is not None else None

    def header_lines(self, name: str) -> list[str]:
        """The lines of that request header."""
        return self._lines.get(name.lower(), [])

    @property
    def betas(self) -> tuple[str, ...]:
        """Every beta of every `anthropic-beta` line."""
        return listed(self.header_lines("anthropic-beta"))

    def answer_header(self, name: str) -> str | None:
        """The first line of that response header."""
        return header(self.exchange.response.headers, name) if self.exchange.response is not None else None

    @cached_property
    def parsed(self) -> Parsed:
        """The body of the answer as strict JSON."""
        response = self.exchange.response
        return parse(response.body) if response is not None else Parsed(None, "no response")

    @cached_property
    def kind(self) -> AnswerKind:
        """What the answer was, by itself."""
        response = self.exchange.response
        if response is None or self.exchange.failure is not None:
            return "broken"
        if response.status >= 400:
            return "refusal"
        if 300 <= response.status < 400:
            return "redirect"
        return self._kind_of_body if response.status == 200 else "unreadable"

    @cached_property
    def _kind_of_body(self) -> Literal["page", "model", "unreadable"]:
        """What the body is, whatever the status."""
        value = self.parsed.value
        if self.parsed.error is not None:
            return "unreadable"
        if self._spec.operation == "list":
            broken = self.shapes.envelope.problems(value) or any(map(self.shapes.model.problems, value["data"]))
            return "unreadable" if broken else "page"
        return "model" if not self.shapes.model.problems(value) else "unreadable"

    @cached_property
    def is_not_json(self) -> bool:
        """Whether the body does not even begin with a JSON object: empty, a web page, text, JSON that was cut."""
        if self.parsed.error is None:
            return False
        body = self.exchange.response.body if self.exchange.response is not None else b""
        try:
            value, _ = json.JSONDecoder().raw_decode(body.decode("utf-8", "replace").lstrip())
        except (ValueError, RecursionError):
            return True
        return not isinstance(value, dict)

    @property
    def succeeded(self) -> bool:
        """Whether it was answered with what was asked for."""
        return self.kind in ("page", "model")

    @property
    def would_succeed(self) -> bool:
        """Whether it holds what was asked for, under a status that does not promise it."""
        return self.status != 200 and self._kind_of_body != "unreadable"

    @property
    def stalled(self) -> bool:
        """Whether the answer went silent and never ended."""
        return self.exchange.failure is not None and self.exchange.failure.kind == "timeout"

    @property
    def has_more(self) -> bool:
        """Whether it is a page that says that there are more."""
        return self.kind == "page" and self.parsed.value.get("has_more") is True

    def end(self, name: Literal["first_id", "last_id"]) -> Any:
        """What a page says that its first or last model is. Only for `kind` page."""
        return self.parsed.value.get(name)

    @cached_property
    def models(self) -> tuple[ModelSeen, ...]:
        """The models that were served, as they went over the wire."""
        value = self.parsed.value
        if self.kind == "page":
            return tuple(value["data"])
        return (value,) if self.kind == "model" else ()

    @cached_property
    def has_error_envelope(self) -> bool:
        """Whether a refusal carries the documented error body."""
        return self.parsed.error is None and not self.shapes.error.problems(self.parsed.value)


class CallRead:
    """One call: what was asked, every request it caused, and what the caller got."""

    def __init__(self, call: DriverCall, trace: Trace, limits: Limits | None, shapes: Shapes) -> None:
        self.call = call
        self._limits = limits
        self.number = call.number
        self.spec = call.spec
        self.answer = call.answer
        base = read_target(call.connect.base_url)
        self.prefix = base.plain_path.rstrip("/")
        self.requests = [Sent(trace[number], call.spec, base.authority, shapes) for number in call.exchanges]
        at_home = [request for request in self.requests if request.at_home]
        # Whether all is well, or a token: no page speaks of what is asked of a server beside the Models API.
        self.asides = [
            request
            for request, following in pairwise(at_home)
            if not may_be_of_models(request.target.plain_path) and self.is_documented(following)
        ]
        self.at_home = [request for request in at_home if request not in self.asides]
        # A look at what is there is no question: whether it may be is one judge's business.
        self.sent = [
            request for request in self.at_home if request.exchange.request.method not in _LOOKS
        ] or self.at_home
        self.sent_elsewhere = [request for request in self.requests if not request.at_home]

    def is_in_range(self, limit: int) -> bool:
        """Whether a page size is one that the contract allows."""
        return self._limits is None or self._limits.minimum <= limit <= self._limits.maximum

    def is_default_limit(self, limit: int) -> bool:
        """Whether a page size is the one that its absence asks for."""
        return self._limits is not None and limit == self._limits.default

    def is_page_size_of_its_own(self, sent: Sent) -> bool:
        """Whether a request that was given no page size names one that changes nothing for the caller.

        No page speaks of the page size of a walk; and the default, said aloud, asks what its absence asks.
        """
        values = sent.target.values("limit")
        if self._limits is None or len(values) != 1 or not values[0].isascii() or not values[0].isdecimal():
            return False
        limit = int(values[0][:_MOST_DIGITS])
        return self.is_in_range(limit) if self.is_walk else self.is_default_limit(limit)

    @property
    def list_path(self) -> str:
        """Where the list is, below the prefix that the base URL carries."""
        return self.prefix + _MODELS

    @property
    def is_walk(self) -> bool:
        return self.spec.operation == "list" and self.spec.walk

    @property
    def model_id(self) -> str:
        """The id that a retrieve call was given."""
        return str(self.spec.args.get("model_id", ""))

    @property
    def cursors(self) -> dict[str, str]:
        """The cursors that the caller gave."""
        return {name: self.spec.args[name] for name in CURSORS if name in self.spec.args}

    @property
    def backward(self) -> bool:
        """Whether the caller asked for what lies before a cursor."""
        return list(self.cursors) == [CURSORS[1]]

    @cached_property
    def to_the_end(self) -> list[Sent]:
        """The requests, of a walk up to the page that ends the list: what is asked behind it is one fault by itself."""
        ends = (at for at, sent in enumerate(self.sent) if sent.kind == "page" and not sent.has_more)
        return self.sent[: next(ends, len(self.sent)) + 1] if self.is_walk else self.sent

    @property
    def asks_behind_the_end(self) -> bool:
        """Whether a walk asked on after the page that ends the list."""
        return len(self.to_the_end) < len(self.sent)

    @cached_property
    def steps(self) -> list[list[Sent]]:
        """The requests, one group a question: a request and those that repeat it because it did not succeed."""
        groups: list[list[Sent]] = []
        fresh = True
        for request in self.to_the_end:
            if fresh:
                groups.append([])
            groups[-1].append(request)
            fresh = request.succeeded
        return groups

    @property
    def first(self) -> Sent | None:
        """The first request."""
        return self.sent[0] if self.sent else None

    @cached_property
    def openings(self) -> list[Sent]:
        """The first request, and those to which redirects on its host led from there: each asks the same."""
        kept = self.sent[:1]
        for before, then in pairwise(self.sent):
            if before is not kept[-1] or before.kind != "redirect":
                break
            kept.append(then)
        return kept

    @property
    def last(self) -> Sent | None:
        """The last request: its answer is the one that the call ended with."""
        return self.to_the_end[-1] if self.sent else None

    def is_documented(self, sent: Sent) -> bool:
        """Whether a request went where the documentation has the operation that was called."""
        path = sent.target.plain_path
        return path == self.list_path if self.spec.operation == "list" else path.startswith(self.list_path + "/")

    @property
    def was_served(self) -> bool:
        """Whether the last request was answered with what was asked for, and no other host had a part in it."""
        return self.last is not None and self.last.succeeded and not self.sent_elsewhere

    @cached_property
    def pages(self) -> list[Sent]:
        """The requests that were answered with a page, in order."""
        return [request for request in self.to_the_end if request.kind == "page"]

    @property
    def got_value(self) -> bool:
        """Whether the caller got a value, and no exception."""
        return isinstance(self.answer, PageSeen | ItemsSeen | ModelRetrieved)

    @property
    def raised(self) -> Raised | None:
        return self.answer if isinstance(self.answer, Raised) else None

    @property
    def has_outcome(self) -> bool:
        """Whether the caller got a result or an error: a driver that failed or cannot make the call has neither."""
        return self.got_value or self.raised is not None

    @property
    def hung(self) -> bool:
        return isinstance(self.answer, DriverFailure) and self.answer.kind == "hang"

    @cached_property
    def seen(self) -> tuple[ModelSeen, ...]:
        """Every model that the caller got."""
        match self.answer:
            case PageSeen(data):
                return data
            case ItemsSeen(items):
                return items
            case ModelRetrieved(model):
                return (model,)
            case _:
                return ()

    @cached_property
    def paired(self) -> tuple[tuple[ModelSeen, Mapping[str, Any]], ...]:
        """Each model that the caller got with the one that was sent under its id."""
        if not self.got_value:
            return ()
        served: dict[str, Mapping[str, Any]] = {}
        for sent in self.sent:
            for model in sent.models:
                served.setdefault(model["id"], model)
        if len(self.seen) == len(served) == 1:
            return ((self.seen[0], next(iter(served.values()))),)
        return tuple((model, served[model["id"]]) for model in self.seen if model.get("id") in served)

    @cached_property
    def served(self) -> tuple[Mapping[str, Any], ...]:
        """Every model that a correct caller would get from what was really sent, at most `max_items` for a walk."""
        if self.is_walk:
            return tuple(model for page in self.pages for model in page.models)[: self.spec.max_items]
        return self.last.models if self.last is not None else ()

    @cached_property
    def stands_still(self) -> bool:
        """Whether the pages overlap, or one was empty though more were announced: no walk can go on from there."""
        served = [model["id"] for page in self.pages for model in page.models]
        empty = any(page.has_more and not page.models for page in self.pages)
        unmoved = any(
            page.end("last_id") in page.target.values(CURSORS[0])
            or page.end("first_id") in page.target.values(CURSORS[1])
            for page in self.pages
        )
        return empty or unmoved or len(set(served)) < len(served)


class ClientEvidence(SharedEvidence):
    """Every call of a run, read. Built once; reading it changes nothing.

    `api_version` is the one that the client was asked to speak; None leaves it the choice.
    """

    def __init__(
        self,
        hello: Hello,
        calls: Sequence[DriverCall],
        trace: Trace,
        contract: Contract,
        *,
        api_version: str | None = None,
    ) -> None:
        self.contract = contract
        self.hello = hello
        self.api_version = api_version
        # What else a model has is of any shape: a client has to read what it is answered.
        limits, shapes = limits_of(contract), shapes_of(as_served(contract))
        self.calls = [CallRead(call, trace, limits, shapes) for call in calls]
        self.made = [call for call in self.calls if not isinstance(call.answer, Unsupported | DriverFault)]
        """Calls that the library offers and that reached it."""
