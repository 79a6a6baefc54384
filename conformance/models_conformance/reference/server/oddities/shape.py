"""Oddities of the JSON: members beyond the documented ones, and other spellings of the same value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.contract.shipped import SHIPPED, load_contract
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.documenting import documented
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Headers, ParsedRequest, Refusal, Reply, Window


@SERVERS.oddity
class MembersNobodyDocumented(Behaviour):
    """Envelope, models and errors have further members, of every JSON type."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        return {"object": "list", "total": window.total, "next_page": None, **page, "links": {"self": []}}

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        return {**super().item(parsed, model), "owned_by": "vendor", "tags": [], "deprecated": False, "": None}

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        reply = super().refused(parsed, refusal)
        error = {**reply.value["error"], "param": None, "details": [{"reason": "x"}]}
        return Reply(reply.status, {**reply.value, "error": error, "hint": ""}, reply.headers)


@SERVERS.oddity_in(Behaviour.served_catalogue)
def members_of_the_newest_release(self: Behaviour, catalogue: Catalogue) -> Catalogue:
    """Models have every member that the newest pages document, whatever the contract, and objects in them hold more."""
    supported = {"supported": True}
    more = {f"capability_{number}": {**supported, "options": [supported] * 4} for number in range(12)}

    def grown(model: Model) -> Model:
        extra = {name: {**value, **more} if isinstance(value, dict) else value for name, value in model.extra.items()}
        return replace(model, extra=extra)

    newest = documented(catalogue, load_contract(SHIPPED[-1]))
    return newest.listing(map(grown, newest.models))


@SERVERS.oddities_in(Behaviour.item)
class _Models(Behaviour):
    def numbers_in_many_spellings(self, parsed: ParsedRequest, model: Model) -> Any:
        """Further members hold floats, exponents, and integers beyond 64 bits."""
        numbers = {"score": 1e-7, "price": 3.0, "tokens": 10**30, "offset": -0.0, "huge": 1.7e308}
        return {**super().item(parsed, model), **numbers}

    def members_nest_deeply(self, parsed: ParsedRequest, model: Model) -> Any:
        """A further member of each model nests a hundred levels deep."""
        nested: Any = None
        for level in range(50):
            nested = [{"level": level, "below": nested}]
        return {**super().item(parsed, model), "nested": nested}

    def undocumented_members_change(self, parsed: ParsedRequest, model: Model) -> Any:
        """A an undocumented member is different in every answer."""
        return {**super().item(parsed, model), "served_by": f"replica-{parsed.number}"}


@SERVERS.oddities_in(Behaviour.encode)
class _Encodings(Behaviour):
    def members_in_another_order(self, parsed: ParsedRequest, value: Any) -> bytes:
        """Members come in reverse alphabetical order."""
        return super().encode(parsed, _reordered(value))

    def json_is_pretty_printed(self, parsed: ParsedRequest, value: Any) -> bytes:
        """JSON is indented, with blank space before and after it."""
        return f"\n\t{json.dumps(value, indent=4)} \r\n".encode()

    def every_letter_is_escaped(self, parsed: ParsedRequest, value: Any) -> bytes:
        """Every character of every string, of names of members too, is a \\u escape."""
        return _escaped(value).encode()

    def nothing_is_escaped(self, parsed: ParsedRequest, value: Any) -> bytes:
        """Letters beyond ASCII are written as they are, and slashes are escaped."""
        return json.dumps(value, ensure_ascii=False).replace("/", "\\/").encode()


def _reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reordered(value[name]) for name in sorted(value, reverse=True)}
    return [_reordered(entry) for entry in value] if isinstance(value, list) else value


def _escaped(value: Any) -> str:
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        return '"' + "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{_escaped(name)}:{_escaped(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_escaped(entry) for entry in value) + "]"
    return json.dumps(value)


@SERVERS.oddity
class BetasAddMembers(Behaviour):
    """Each beta of the request adds a member to the envelope and to every model."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        return {**super().page(parsed, window, models), **dict.fromkeys(parsed.betas, True)}

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        return {**super().item(parsed, model), "betas": {beta: {"enabled": True} for beta in parsed.betas}}


@SERVERS.oddity_in(Behaviour.retrieval)
def retrievals_say_more(self: Behaviour, parsed: ParsedRequest) -> Any:
    """A retrieved model has a member that list items lack."""
    return {**Behaviour.retrieval(self, parsed), "description": "A model.", "asked_for": len(parsed.model_id)}


@SERVERS.oddity_in(Behaviour.page)
def empty_page_names_empty_ids(
    self: Behaviour, parsed: ParsedRequest, window: Window, models: Sequence[Model]
) -> dict[str, Any]:
    """On an empty page first_id and last_id are empty strings, which name no model."""
    page = Behaviour.page(self, parsed, window, models)
    return page if models else {**page, "first_id": "", "last_id": ""}


class _RequestId(Behaviour):
    """Edits the error envelope."""

    def refused(self, parsed: ParsedRequest, refusal: Refusal) -> Reply:
        reply = super().refused(parsed, refusal)
        value = {name: member for name, member in reply.value.items() if name != "request_id"}
        return Reply(reply.status, {**value, **self.named(parsed)}, reply.headers)

    def named(self, parsed: ParsedRequest) -> dict[str, Any]:
        """How the body names the request."""
        raise NotImplementedError


@SERVERS.oddities_in(_RequestId.named)
class _RequestIds(_RequestId):
    def request_id_is_null(self, parsed: ParsedRequest) -> dict[str, Any]:
        """request_id of an error is null, beside a header that names the request."""
        return {"request_id": None}

    def request_id_is_in_the_header_only(self, parsed: ParsedRequest) -> dict[str, Any]:
        """An error has no request_id, and the header is there."""
        return {}


@SERVERS.oddity
class RequestIdIsNowhere(_RequestId):
    """Neither errors nor headers name the request."""

    def named(self, parsed: ParsedRequest) -> dict[str, Any]:
        return {}

    def headers(self, parsed: ParsedRequest, reply: Reply) -> Headers:
        return tuple(pair for pair in super().headers(parsed, reply) if pair[0] != "request-id")


@SERVERS.oddity_in(Behaviour.headers)
def request_id_is_in_the_body_only(self: Behaviour, parsed: ParsedRequest, reply: Reply) -> Headers:
    """An error has a request_id and there is no such header."""
    return tuple(pair for pair in Behaviour.headers(self, parsed, reply) if pair[0] != "request-id")


@SERVERS.oddity_in(Behaviour.refused)
def error_messages_are_long(self: Behaviour, parsed: ParsedRequest, refusal: Refusal) -> Reply:
    """Error messages are empty for some requests, and long and in several lines for others."""
    message = "" if parsed.number % 2 else "Traceback\n\tat \x1b[1m<main>\x1b[0m\n" * 50
    return Behaviour.refused(self, parsed, Refusal(refusal.status, message, kind=refusal.kind, headers=refusal.headers))
