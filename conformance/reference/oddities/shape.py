"""Oddities of the JSON: members beyond the documented ones, and other spellings of the same value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from conformance.reference.catalogue import Model
from conformance.reference.ideal import Behaviour
from conformance.reference.messages import Ask, Headers, Refusal, Reply, Window
from conformance.reference.oddities.registry import oddity


@oddity
class MembersNobodyDocumented(Behaviour):
    """Envelope, models and errors have further members, of every JSON type."""

    def page(self, ask: Ask, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(ask, window, models)
        return {"object": "list", "total": window.total, "next_page": None, **page, "links": {"self": []}}

    def item(self, ask: Ask, model: Model) -> Any:
        return {**super().item(ask, model), "owned_by": "vendor", "tags": [], "deprecated": False, "": None}

    def refused(self, ask: Ask, refusal: Refusal) -> Reply:
        reply = super().refused(ask, refusal)
        error = {**reply.value["error"], "param": None, "details": [{"reason": "x"}]}
        return Reply(reply.status, {**reply.value, "error": error, "hint": ""}, reply.headers)


@oddity
class MembersOfTheNewestRelease(Behaviour):
    """Models have token limits and a large tree of capabilities."""

    def item(self, ask: Ask, model: Model) -> Any:
        supported = {"supported": True}
        capabilities = {f"capability_{number}": {**supported, "options": [supported] * 4} for number in range(12)}
        return {
            **super().item(ask, model),
            "max_input_tokens": 1_000_000,
            "max_tokens": 128_000,
            "capabilities": capabilities,
        }


@oddity
class NumbersInManySpellings(Behaviour):
    """Further members hold floats, exponents, and integers beyond 64 bits."""

    def item(self, ask: Ask, model: Model) -> Any:
        numbers = {"score": 1e-7, "price": 3.0, "tokens": 10**30, "offset": -0.0, "huge": 1.7e308}
        return {**super().item(ask, model), **numbers}


@oddity
class MembersNestDeeply(Behaviour):
    """A further member of each model nests a hundred levels deep."""

    def item(self, ask: Ask, model: Model) -> Any:
        nested: Any = None
        for level in range(50):
            nested = [{"level": level, "below": nested}]
        return {**super().item(ask, model), "nested": nested}


@oddity
class MembersInAnotherOrder(Behaviour):
    """Members come in reverse alphabetical order."""

    def encode(self, ask: Ask, value: Any) -> bytes:
        return super().encode(ask, _reordered(value))


def _reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reordered(value[name]) for name in sorted(value, reverse=True)}
    return [_reordered(entry) for entry in value] if isinstance(value, list) else value


@oddity
class JsonIsPrettyPrinted(Behaviour):
    """JSON is indented, with blank space before and after it."""

    def encode(self, ask: Ask, value: Any) -> bytes:
        return f"\n\t{json.dumps(value, indent=4)} \r\n".encode()


@oddity
class EveryLetterIsEscaped(Behaviour):
    """Every character of every string, of names of members too, is a \\u escape."""

    def encode(self, ask: Ask, value: Any) -> bytes:
        return _escaped(value).encode()


def _escaped(value: Any) -> str:
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        return '"' + "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{_escaped(name)}:{_escaped(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_escaped(entry) for entry in value) + "]"
    return json.dumps(value)


@oddity
class NothingIsEscaped(Behaviour):
    """Letters beyond ASCII are written as they are, and slashes are escaped."""

    def encode(self, ask: Ask, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False).replace("/", "\\/").encode()


@oddity
class BetasAddMembers(Behaviour):
    """Each beta of the request adds a member to the envelope and to every model."""

    def page(self, ask: Ask, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        return {**super().page(ask, window, models), **dict.fromkeys(ask.betas, True)}

    def item(self, ask: Ask, model: Model) -> Any:
        return {**super().item(ask, model), "betas": {beta: {"enabled": True} for beta in ask.betas}}


@oddity
class RetrievalsSayMore(Behaviour):
    """A retrieved model has a member that list items lack."""

    def retrieval(self, ask: Ask) -> Any:
        return {**super().retrieval(ask), "description": "A model.", "asked_for": len(ask.model_id)}


@oddity
class UndocumentedMembersChange(Behaviour):
    """A member that nobody documented is different in every answer."""

    def item(self, ask: Ask, model: Model) -> Any:
        return {**super().item(ask, model), "served_by": f"replica-{ask.number}"}


@oddity
class EmptyPageNamesEmptyIds(Behaviour):
    """On an empty page first_id and last_id are empty strings, which name no model."""

    def page(self, ask: Ask, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(ask, window, models)
        return page if models else {**page, "first_id": "", "last_id": ""}


class _RequestId(Behaviour):
    """Edits the error envelope."""

    def refused(self, ask: Ask, refusal: Refusal) -> Reply:
        reply = super().refused(ask, refusal)
        value = {name: member for name, member in reply.value.items() if name != "request_id"}
        return Reply(reply.status, {**value, **self.named(ask)}, reply.headers)

    def named(self, ask: Ask) -> dict[str, Any]:
        """How the body names the request."""
        raise NotImplementedError


@oddity
class RequestIdIsNull(_RequestId):
    """request_id of an error is null, beside a header that names the request."""

    def named(self, ask: Ask) -> dict[str, Any]:
        return {"request_id": None}


@oddity
class RequestIdIsInTheHeaderOnly(_RequestId):
    """An error has no request_id, and the header is there."""

    def named(self, ask: Ask) -> dict[str, Any]:
        return {}


@oddity
class RequestIdIsNowhere(_RequestId):
    """Neither errors nor headers name the request."""

    def named(self, ask: Ask) -> dict[str, Any]:
        return {}

    def headers(self, ask: Ask, reply: Reply) -> Headers:
        return tuple(pair for pair in super().headers(ask, reply) if pair[0] != "request-id")


@oddity
class RequestIdIsInTheBodyOnly(Behaviour):
    """An error has a request_id and there is no such header."""

    def headers(self, ask: Ask, reply: Reply) -> Headers:
        return tuple(pair for pair in super().headers(ask, reply) if pair[0] != "request-id")


@oddity
class ErrorMessagesAreLong(Behaviour):
    """Error messages are empty for some requests, and long and in several lines for others."""

    def refused(self, ask: Ask, refusal: Refusal) -> Reply:
        message = "" if ask.number % 2 else "Traceback\n\tat \x1b[1m<main>\x1b[0m\n" * 50
        return super().refused(ask, Refusal(refusal.status, refusal.kind, message, refusal.headers))
