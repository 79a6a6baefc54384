"""Drives the Python library `anthropic`, from 0.41.0 to 2.x: sync and async, `models` and `beta.models`, or on aiohttp.

Runs on the standard library and `anthropic` alone, in an environment of its own or in the suite's process.

What a caller gets is told as a caller would meet it. A page is read at `.data`, an item at `.id`; where the library
handed out something that has no such attribute, as text for an HTML answer, the AttributeError that the caller's
own line would raise is the answer, of kind `decode`. A page whose `data` is None is one that holds nothing. The id
of a model is whatever `.id` gives, None where the answer had none.

Of an error the library's own attributes are told, and nothing is dug out beside them. Only where a release has no
attribute for the type, the type is read from the body that the library puts on the error, as its callers have to.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from traceback import walk_tb
from typing import Any

Connect = Mapping[str, Any]
Answer = dict[str, Any]
Items = list[dict[str, Any]]

SURFACES = ("models", "beta.models", "async.models", "async.beta.models")
KEPT_CLIENTS = 64
READS_ANSWERS = frozenset(
    {"_process_response", "_get_page_items", "has_next_page", "next_page_info", "page_seen", "model_seen", "_following"}
)
FURTHER = {"lifecycle[]": "lifecycle", "anthropic-workspace-id": "workspace_id"}
"""Parameters beyond the protocol's four, by their names on the wire, and what the library calls them."""
DOCUMENTED = ("id", "created_at", "display_name", "type")


class Driver:
    """`connect` is the protocol's, with the surface beside it. Answers are the protocol's, without their id."""

    name = "anthropic"
    surfaces: tuple[str, ...] = SURFACES

    def __init__(self) -> None:
        # Not an import statement: the suite itself runs and is type-checked without the library.
        self._library: Any = importlib.import_module("anthropic")
        self._first: dict[str, Any] = {}
        self._clients: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._methods: dict[tuple[str, str], frozenset[str] | None] = {}

    def hello(self) -> dict[str, Any]:
        """Who the library is, which surfaces this release has, and on which of them calls take betas."""
        surfaces = [name for name in self.surfaces if self._parameters(name, "list") is not None]
        betas_on = [name for name in surfaces if self._takes_betas(name)]
        listing = [self._parameters(name, "list") or frozenset() for name in surfaces]
        params = [name for name, argument in FURTHER.items() if all(argument in taken for taken in listing)]
        capabilities = {
            "walk": True,
            "raw_ids": True,
            "betas": bool(betas_on),
            "async": "async.models" in surfaces,
            "params": bool(params),
        }
        return {
            "protocol": 1,
            "client": self.name,
            "version": self._library.__version__,
            "language": "python",
            "surfaces": surfaces,
            "capabilities": [name for name, has in capabilities.items() if has],
            "betas_on": betas_on,
            **({"params": params} if params else {}),
        }

    def list(self, connect: Connect, args: Mapping[str, Any], walk: bool, max_items: int) -> Answer:
        """One page, or up to `max_items` items by the library's own paging."""
        if not walk:
            return self._outcome(connect, "list", args, lambda outcome: {"page": page_seen(self._result(outcome))})
        items: Items = []
        answer = self._outcome(connect, "list", args, lambda pages: self._walked(pages, items, max_items))
        return answer | {"items_before": items} if "raised" in answer else answer

    def retrieve(self, connect: Connect, args: Mapping[str, Any]) -> Answer:
        """One model."""
        return self._outcome(connect, "retrieve", args, lambda outcome: {"model": model_seen(self._result(outcome))})

    def close(self) -> None:
        """Close every client and the event loop."""
        self._clients.clear()
        while self._first:
            self._result(self._first.popitem()[1].close())
        if self._own_loop is not None:
            self._own_loop.close()

    def _outcome(
        self, connect: Connect, operation: str, args: Mapping[str, Any], read: Callable[[Any], dict[str, Any]]
    ) -> Answer:
        args = _as_arguments(args)
        if missing := self._missing(connect["surface"], operation, args):
            return {"unsupported": missing}
        call = self._method(connect, operation)
        try:
            return {"ok": read(call(**args))}
        except Exception as error:  # noqa: BLE001 - whatever the library raises is what there is to tell
            return {"raised": self._raised(error)}

    def _walked(self, pages: Any, items: Items, max_items: int) -> dict[str, Any]:
        """Iterate as `for item in client.models.list()` does; an async list is not awaited first."""
        following = self._following(pages)
        while len(items) < max_items:
            # A one-tuple, since an item may be anything, None too.
            step = following()
            if step is None:
                return {"items": items, "truncated": False}
            items.append(model_seen(step[0]))
        # What follows the last wanted item is not asked for, since that may cost a request.
        return {"items": items, "truncated": True}

    def _following(self, pages: Any) -> Callable[[], tuple[Any] | None]:
        """A function that gives the next item, and None at the end."""
        if not hasattr(pages, "__aiter__"):
            items = ((item,) for item in pages)
            return lambda: next(items, None)
        stream = aiter(pages)

        async def step() -> tuple[Any] | None:
            try:
                return (await anext(stream),)
            except StopAsyncIteration:
                return None

        return lambda: self._loop.run_until_complete(step())

    def _result(self, outcome: Any) -> Any:
        """What a call gave, awaited where the surface is an async one."""
        return self._loop.run_until_complete(outcome) if inspect.isawaitable(outcome) else outcome

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        """One loop for all calls: connections of a client belong to the loop that opened them."""
        # In the suite's process a call that hangs keeps its thread and its loop; later calls need others.
        if self._own_loop is None or self._own_loop.is_running():
            self._own_loop = asyncio.new_event_loop()
            self._clients.clear()
            self._first.pop("AsyncAnthropic", None)
        return self._own_loop

    def _method(self, connect: Connect, operation: str) -> Callable[..., Any]:
        surface = connect["surface"]
        settings = {"base_url": connect["base_url"], "api_key": connect["api_key"], "timeout": connect["timeout_s"]}
        if connect.get("max_retries") is not None:
            settings["max_retries"] = connect["max_retries"]
        first = self._first_client(surface)
        key = (id(first), *settings.items())
        if key not in self._clients:
            # A client from nothing costs 30 ms, nearly all of it for certificates that plain HTTP never needs. One
            # that is derived from another, by the library's own means, shares its connections and costs half of one.
            with _plain_environment():
                self._clients[key] = first.with_options(**settings)
        self._clients.move_to_end(key)
        if len(self._clients) > KEPT_CLIENTS:
            self._clients.popitem(last=False)
        method: Callable[..., Any] = getattr(_surface(self._clients[key], surface), operation)
        return method

    def _first_client(self, surface: str) -> Any:
        """The client, sync or async, that those of all calls are derived from. It makes no call itself."""
        name = "AsyncAnthropic" if surface.startswith("async.") else "Anthropic"
        if name not in self._first:
            with _plain_environment():
                settings = {"base_url": "http://127.0.0.1", "api_key": "unused", **self._transport()}
                self._first[name] = getattr(self._library, name)(**settings)
        return self._first[name]

    def _transport(self) -> dict[str, Any]:
        """The arguments that choose what requests go over: none for what the library chooses by itself."""
        return {}

    def _parameters(self, surface: str, operation: str) -> frozenset[str] | None:
        """Names of what that method takes; None where this release has no such method."""
        key = (surface, operation)
        if key not in self._methods:
            has = surface in self.surfaces
            method = getattr(_surface(self._first_client(surface), surface), operation, None) if has else None
            self._methods[key] = None if method is None else frozenset(inspect.signature(method).parameters)
        return self._methods[key]

    def _takes_betas(self, surface: str) -> bool:
        return all("betas" in (self._parameters(surface, name) or ()) for name in ("list", "retrieve"))

    def _missing(self, surface: str, operation: str, args: Mapping[str, Any]) -> str | None:
        """What of the call this release does not offer."""
        parameters = self._parameters(surface, operation)
        subject = f"anthropic {self._library.__version__}"
        if parameters is None:
            return f"{subject} has no {surface}.{operation}"
        absent = [name for name in args if name not in parameters]
        return f"{subject}: {surface}.{operation} takes no {', '.join(absent)}" if absent else None

    def _raised(self, error: Exception) -> dict[str, Any]:
        library = self._library
        failure: dict[str, Any] = {"kind": "other", "name": type(error).__name__, "message": str(error)}
        if isinstance(error, library.APIStatusError):
            failure |= {"kind": "status", "status": error.status_code}
            members = {"error_type": _error_type(error), "request_id": error.request_id}
            failure |= {name: value for name, value in members.items() if isinstance(value, str)}
        elif isinstance(error, library.APITimeoutError):
            failure["kind"] = "timeout"
        elif isinstance(error, library.APIConnectionError):
            failure["kind"] = "connection"
        elif isinstance(error, library.APIResponseValidationError) or _had_an_answer(error):
            failure["kind"] = "decode"
        # InvalidURL, of httpx or httpx2, is not a ValueError: it refuses an id that no URL can hold.
        elif isinstance(error, ValueError | TypeError) or type(error).__name__ == "InvalidURL":
            failure["kind"] = "argument"
        return failure


class DriverOnAiohttp(Driver):
    """The async surfaces over aiohttp, as `anthropic[aiohttp]` offers it."""

    name = "anthropic[aiohttp]"
    surfaces = ("async.models", "async.beta.models")

    def _transport(self) -> dict[str, Any]:
        return {"http_client": self._library.DefaultAioHttpClient()}


def _as_arguments(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the protocol as the library takes them."""
    further = {FURTHER.get(name, name): value for name, value in args.get("params", {}).items()}
    return {**{name: value for name, value in args.items() if name != "params"}, **further}


def page_seen(page: Any) -> dict[str, Any]:
    """The page as its caller reads it. Raises AttributeError or TypeError where the caller's reading would."""
    data = page.data
    held = _held(page)
    members = {name: held[name] for name in ("first_id", "has_more", "last_id") if name in held}
    return {"data": [model_seen(item) for item in data or ()]} | members


def model_seen(item: Any) -> dict[str, Any]:
    """The members that the object holds. Raises AttributeError where it is not a model, but text or a bare value."""
    seen = {"id": _plain(item.id)}
    if not hasattr(item, "model_fields_set"):
        return seen
    held = _held(item)
    seen |= {name: _plain(held.pop(name)) for name in DOCUMENTED if name in held}
    # One pass through JSON turns typed members of any depth into what they stand for.
    return {**seen, "extra": json.loads(json.dumps(held, default=_plain)) if held else {}}


def _held(item: Any) -> dict[str, Any]:
    """What the answer set: declared members that it left out hold a default, and are not told."""
    return {name: item.__dict__[name] for name in item.model_fields_set if name in item.__dict__} | (
        item.model_extra or {}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value)
    return _held(value) if hasattr(value, "model_fields_set") else value


def _instant(value: datetime) -> str:
    """RFC 3339 in UTC. An instant without an offset is left without one: the library does not know it."""
    try:
        instant = value if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        # The first and last day of the calendar cannot always be moved into UTC.
        return value.isoformat()
    return instant.isoformat().replace("+00:00", "Z")


def _error_type(error: Any) -> Any:
    """The attribute, from the releases that have it on; before them the body."""
    if hasattr(error, "type"):
        return error.type
    envelope = error.body.get("error") if isinstance(error.body, dict) else None
    return envelope.get("type") if isinstance(envelope, dict) else None


def _had_an_answer(error: Exception) -> bool:
    """Whether an answer was being read, or handed to the caller, when this was raised.

    JSON's own errors are ValueErrors, and what a caller meets at an odd answer may be any error; a refused argument
    is a ValueError or TypeError as well. Where it was raised tells them apart: all releases share these names.
    """
    names = [frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__)]
    # `__aiter__` awaits the first page, then reads it: only in its own lines there is an answer.
    return not READS_ANSWERS.isdisjoint(names) or names[-1] == "__aiter__"


def _surface(client: Any, surface: str) -> Any:
    """The object that offers that surface; None where this release has none."""
    for name in surface.removeprefix("async.").split("."):
        client = getattr(client, name, None)
    return client


@contextmanager
def _plain_environment() -> Iterator[None]:
    """Hide what would send a client elsewhere, or as somebody else: it is read when a client is made."""
    hidden = [name for name in os.environ if name.startswith("ANTHROPIC_") or name.lower().endswith("_proxy")]
    kept = {name: os.environ.pop(name) for name in hidden}
    try:
        yield
    finally:
        os.environ.update(kept)
