"""A scenario's world as a pure model: the n-th request of the call goes in, and what goes out comes back.

The server is the ideal one of the reference, over the scenario's catalogue. Neither face of the stage adds anything to
an answer but its framing and the address of a redirect.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from conformance.evidence.exchange import header
from conformance.reference.catalogue import Catalogue, Model
from conformance.reference.ideal import DEFAULT_LIMIT, MAXIMUM_LIMIT, MINIMUM_LIMIT, Behaviour
from conformance.reference.messages import Ask, Cursor, Headers, Refusal, Reply, Request, Response, Window
from conformance.scenarios.outgoing import Outgoing
from conformance.scenarios.scenario import Intervention, Scenario, Spelling, World

# A client whose cursor never moves has shown so after this many requests.
STUCK_REQUESTS = 30
# What is left to a client beyond the pages it needs and the interventions it meets: retries of the library's own.
SPARE_REQUESTS = 30
FEWEST_REQUESTS = 40
# Requests past the end that are still answered, with an error, and kept. Those after them are not.
KEPT_BEYOND_THE_END = 100

# Types of error as the companion pages give them to statuses; others take that of their class.
_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
# An answer is framed by the stage alone: a second length beside its own would be a fault that nobody asked for.
_FRAMING_HEADERS = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
_NO_BODY = frozenset({204, 304})


class Performance:
    """Answers the requests of one call, in their order. Holds the count of requests and of pages, nothing else.

    A client that never stops is stopped: past `most_requests` each request is answered 400 `invalid_request_error`,
    and `KEPT_BEYOND_THE_END` later none is answered any more.
    """

    def __init__(self, scenario: Scenario, api_key: str) -> None:
        """Raises ValueError for a world that cannot be shown: two models or aliases of one name, or a value that is
        no JSON."""
        self._world = scenario.world
        self._server = _Server(scenario.world, api_key)
        self._api_key = api_key
        self._end = most_requests(scenario)
        self._requests = 0
        # Found here and not in the middle of a call, where only the client would learn of it.
        spelled([*scenario.world.models, scenario.world.envelope], scenario.world.spelling)

    @property
    def beyond_the_end(self) -> bool:
        """Whether more requests came than any correct client has use for."""
        return self._requests > self._end

    def answer(self, request: Request, *, anyone: bool = False) -> Outgoing | None:
        """What goes out on the next request of the call; None where it is answered no more, nor to be kept.

        `anyone` is for the host that a redirect led to, which asks for no credential. Never raises.
        """
        self._requests += 1
        if self._requests > self._end + KEPT_BEYOND_THE_END:
            return None
        if anyone:
            request = replace(request, headers=(("x-api-key", self._api_key), *request.headers))
        if self._requests > self._end:
            return self._outgoing(request, self._server.error(request, 400), Intervention())
        intervention = self._intervention()
        outgoing = self._outgoing(request, self._intervened(request, intervention), intervention)
        if outgoing.status == 200 and outgoing.framing == "whole" and self._server.route(request)[0] == "list":
            self._server.pages += 1
        return outgoing

    def _intervention(self) -> Intervention:
        """The first intervention that reaches this request; one that changes nothing where none does."""
        for intervention in self._world.interventions:
            if intervention.first <= self._requests and (
                intervention.last is None or self._requests <= intervention.last
            ):
                return intervention
        return Intervention()

    def _intervened(self, request: Request, intervention: Intervention) -> Response:
        """The answer with all that the intervention says of its meaning.

        An error status without a body takes the documented envelope of that status. A body of the intervention's own
        brings its own request id or none: the server's would contradict the one in such a body.
        """
        status = intervention.status or (307 if intervention.redirect else None)
        if status is not None and status >= 400 and intervention.body is None:
            response = self._server.error(request, status)
        else:
            response = self._server.answer(request)
        if intervention.redirect is not None and intervention.body is None:
            response = replace(response, body=b"")
        if intervention.body is not None:
            # A lone surrogate makes bytes that are not UTF-8, which is one more thing to show a client.
            body = intervention.body.encode("utf-8", "surrogatepass")
            response = replace(response, body=body, headers=_without(response.headers, {"request-id"}))
        own = tuple(pair for pair in intervention.headers if pair[0].lower() not in _FRAMING_HEADERS)
        headers = (*_without(response.headers, {name.lower() for name, _ in own}), *own)
        return replace(response, status=status or response.status, headers=headers)

    def _outgoing(self, request: Request, response: Response, intervention: Intervention) -> Outgoing:
        """The answer with all that is said of its bytes."""
        spelling, headers, plain = self._world.spelling, response.headers, response.body
        if intervention.keep < 1:
            plain = plain[: min(int(len(plain) * intervention.keep), max(len(plain) - 1, 0))]
        bodiless = request.method == "HEAD" or response.status in _NO_BODY
        coded = plain = b"" if bodiless else plain
        if spelling.gzip and plain and _admits_gzip(request) and header(headers, "content-encoding") is None:
            coded = gzip.compress(plain, compresslevel=1, mtime=0)
            headers = (*headers, ("content-encoding", "gzip"))
        return Outgoing(
            status=response.status,
            headers=headers,
            body=coded,
            gzipped=coded is not plain,
            framing=intervention.framing,
            chunked=spelling.chunked or intervention.framing == "cut-chunk",
            close=spelling.close,
            bodiless=bodiless,
            redirect=intervention.redirect,
        )


class _Server(Behaviour):
    """The ideal server over a world. `pages` counts the list requests that were answered 200."""

    def __init__(self, world: World, api_key: str) -> None:
        models = [Model(str(model["id"]), "", "", model) for model in world.models]
        super().__init__(Catalogue(models, world.aliases), api_key=api_key)
        self.pages = 0
        self._world = world
        self._prefix = world.prefix.rstrip("/")

    def route(self, request: Request) -> tuple[Literal["list", "retrieve"] | None, str]:
        if not request.path.startswith(self._prefix):
            return None, ""
        return super().route(replace(request, path=request.path.removeprefix(self._prefix)))

    def cursor(self, ask: Ask) -> Cursor | None:
        return None if self._world.stuck else super().cursor(ask)

    def window(self, ask: Ask, limit: int, cursor: Cursor | None) -> Window:
        return super().window(ask, min(limit, _page_size(self._world, self.pages)), cursor)

    def has_more(self, ask: Ask, window: Window) -> Any:
        return self._world.stuck or super().has_more(ask, window)

    def page(self, ask: Ask, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        return {**super().page(ask, window, models), **self._world.envelope}

    def item(self, ask: Ask, model: Model) -> Any:
        return dict(model.extra)

    def error(self, request: Request, status: int) -> Response:
        """An error of that status, whatever the request asks."""
        self.requests += 1
        ask = self.read(request, self.requests)
        kind = _KINDS.get(status, "api_error" if status >= 500 else "invalid_request_error")
        return self.respond(ask, self.refused(ask, Refusal(status, kind, f"the server answers {status}")))

    def refused(self, ask: Ask, refusal: Refusal) -> Reply:
        reply = super().refused(ask, refusal)
        if self._world.request_id not in {"both", "body"}:
            del reply.value["request_id"]
        return reply

    def encode(self, ask: Ask, value: Any) -> bytes:
        return spelled(value, self._world.spelling)

    def headers(self, ask: Ask, reply: Reply) -> Headers:
        dropped = {"content-type"}
        if reply.status >= 400 and self._world.request_id not in {"both", "header"}:
            dropped.add("request-id")
        kept = _without(super().headers(ask, reply), dropped)
        return (("content-type", self._world.spelling.content_type), *kept)


def spelled(value: Any, spelling: Spelling) -> bytes:
    """A JSON value as bytes, in that spelling. Raises ValueError for what is no JSON."""
    if spelling.reversed_keys:
        value = _reversed(value)
    try:
        text = json.dumps(
            value,
            ensure_ascii=spelling.ascii_only,
            indent=2 if spelling.indent else None,
            separators=None if spelling.indent else (",", ":"),
            allow_nan=False,
            default=_as_dict,
        )
    except (TypeError, RecursionError) as problem:
        raise ValueError(f"no JSON: {problem}") from None
    # A lone surrogate has no UTF-8; JSON's escape for it is the one that Python writes too.
    return text.encode("utf-8", "backslashreplace")


def most_requests(scenario: Scenario) -> int:
    """How many requests of the call are answered as the scenario has it.

    The pages that a full walk needs, the requests that interventions are meant for, and room for retries.
    """
    world = scenario.world
    if world.stuck:
        return STUCK_REQUESTS
    reach = max((one.first if one.last is None else one.last for one in world.interventions), default=0)
    return max(FEWEST_REQUESTS, _pages(world, scenario.asked.args.get("limit")) + reach + SPARE_REQUESTS)


def _pages(world: World, asked_limit: Any) -> int:
    """The number of pages that hold all models, one after the other."""
    fits = type(asked_limit) is int and MINIMUM_LIMIT <= asked_limit <= MAXIMUM_LIMIT
    limit = asked_limit if fits else DEFAULT_LIMIT
    pages, left = 0, len(world.models)
    while left > 0:
        size = min(limit, _page_size(world, pages))
        if size == 0 and pages >= len(world.page_sizes):
            break
        pages, left = pages + 1, left - size
    return pages


def _page_size(world: World, page: int) -> int:
    """The most models that this page of the call may hold, counted from 0."""
    if not world.page_sizes:
        return MAXIMUM_LIMIT
    return world.page_sizes[0 if world.stuck else min(page, len(world.page_sizes) - 1)]


def _admits_gzip(request: Request) -> bool:
    """Whether the client says that it reads gzip (RFC 9110, 12.5.3). One that says nothing is not sent any."""
    weights = {}
    for part in ",".join(request.lines("accept-encoding")).split(","):
        coding, _, weight = part.replace(" ", "").lower().partition(";q=")
        weights[coding] = weight.strip("0.") != "" if weight else True
    return weights.get("gzip", weights.get("*", False))


def _without(headers: Headers, names: set[str]) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() not in names)


def _reversed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _reversed(value[key]) for key in reversed(list(value))}
    return [_reversed(one) for one in value] if isinstance(value, list | tuple) else value


def _as_dict(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
