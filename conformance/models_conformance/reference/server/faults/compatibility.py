"""Faults that break usage which worked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.envelope import Envelope
from models_conformance.reference.server.faults.model import Item
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply, Window

KNOWN = {"limit", "after_id", "before_id"}


def is_stainless(parsed: ParsedRequest) -> bool:
    """Whether a request carries a header of the kind that official SDKs add."""
    return any(name.lower().startswith("x-stainless-") for name, _ in parsed.request.headers)


_NO_ENDS: dict[str, Any] = {"first_id": None, "last_id": None}


@SERVERS.faults_in(Behaviour.reply, "unknown-query-parameter-is-tolerated")
class _AnswersUnknownParameters(Behaviour):
    def unknown_query_parameter_is_refused(self, parsed: ParsedRequest) -> Reply:
        """A query parameter that is not documented is answered 400, by list and retrieve."""
        if any(name not in KNOWN for name, _ in parsed.parameters):
            raise Refusal(400, "extra inputs are not permitted")
        return super().reply(parsed)

    def beta_query_parameter_is_refused(self, parsed: ParsedRequest) -> Reply:
        """beta=true is answered 400; other unknown parameters are ignored."""
        if parsed.values("beta"):
            raise Refusal(400, "beta: extra inputs are not permitted")
        return super().reply(parsed)

    def beta_query_parameter_is_not_found(self, parsed: ParsedRequest) -> Reply:
        """beta=true is another route, and answered 404."""
        if parsed.values("beta"):
            raise Refusal(404, "there is nothing at this path")
        return super().reply(parsed)

    def beta_query_parameter_wraps_the_answer(self, parsed: ParsedRequest) -> Reply:
        """beta=true puts the answer into another object."""
        reply = super().reply(parsed)
        return replace(reply, value={"beta": reply.value}) if parsed.values("beta") else reply


@SERVERS.fault_in(Behaviour.select, "unknown-query-parameter-is-tolerated")
def beta_query_parameter_changes_the_list(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """beta=true leaves the newest model out."""
    models = Behaviour.select(self, parsed, window)
    return models[1:] if parsed.values("beta") else models


@SERVERS.fault_in(Item.edited, "unknown-query-parameter-is-tolerated")
def beta_query_parameter_changes_the_model(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """beta=true puts `beta` into every display name."""
    return {"display_name": f"{model.display_name} beta"} if parsed.values("beta") else {}


@SERVERS.fault_in(Behaviour.default_limit, "unknown-query-parameter-is-tolerated")
def unknown_query_parameter_changes_the_default_limit(self: Behaviour, parsed: ParsedRequest) -> int:
    """Any parameter that is not documented makes the default page 10 models."""
    return 10 if any(name not in KNOWN for name, _ in parsed.parameters) else self.limits.default


@SERVERS.fault_in(Behaviour.find, "unknown-query-parameter-is-tolerated")
def beta_query_parameter_answers_the_oldest_model(self: Behaviour, parsed: ParsedRequest) -> Model | None:
    """beta=true makes every retrieval answer with the oldest model."""
    return self.catalogue.models[-1] if parsed.values("beta") else Behaviour.find(self, parsed)


@SERVERS.fault_in(Behaviour.has_more, "unknown-query-parameter-is-tolerated")
def beta_query_parameter_ends_the_list(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """beta=true makes every page say that nothing follows."""
    return not parsed.values("beta") and Behaviour.has_more(self, parsed, window)


@SERVERS.faults_in(Behaviour.reply, "unknown-header-is-tolerated")
class _AnswersUnknownHeaders(Behaviour):
    def unknown_header_is_refused(self, parsed: ParsedRequest) -> Reply:
        """Headers whose name starts with `x-` are answered 400, but for the key."""
        names = (name.lower() for name, _ in parsed.request.headers)
        if any(name.startswith("x-") and name != "x-api-key" for name in names):
            raise Refusal(400, "unexpected header")
        return super().reply(parsed)

    def stainless_header_is_forbidden(self, parsed: ParsedRequest) -> Reply:
        """Requests with `x-stainless-lang` are answered 403, as those of a blocked client."""
        if parsed.request.line("x-stainless-lang") is not None:
            raise Refusal(403, "this client is not allowed")
        return super().reply(parsed)

    def stainless_header_wraps_the_answer(self, parsed: ParsedRequest) -> Reply:
        """Requests with any `x-stainless-` header are answered with the answer inside another object."""
        reply = super().reply(parsed)
        return replace(reply, value={"result": reply.value}) if is_stainless(parsed) else reply


@SERVERS.fault_in(Behaviour.select, "unknown-header-is-tolerated")
def stainless_header_changes_the_list(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """Requests with any `x-stainless-` header are answered with a reversed page."""
    models = Behaviour.select(self, parsed, window)
    return models[::-1] if is_stainless(parsed) else models


@SERVERS.fault_in(Behaviour.has_more, "unknown-header-is-tolerated")
def stainless_header_ends_the_list(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """Requests with any `x-stainless-` header are answered with pages that say that nothing follows."""
    return not is_stainless(parsed) and Behaviour.has_more(self, parsed, window)


@SERVERS.fault_in(Behaviour.find, "unknown-header-is-tolerated")
def stainless_header_answers_the_oldest_model(self: Behaviour, parsed: ParsedRequest) -> Model | None:
    """Retrievals with any `x-stainless-` header answer with the oldest model."""
    return self.catalogue.models[-1] if is_stainless(parsed) else Behaviour.find(self, parsed)


@SERVERS.fault_in(Item.edited, "unknown-header-is-tolerated")
def stainless_header_changes_the_model(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """Requests with any `x-stainless-` header are answered with display names in capitals."""
    return {"display_name": model.display_name.upper()} if is_stainless(parsed) else {}


@SERVERS.fault_in(Behaviour.one_page, "unknown-query-parameter-is-tolerated")
def beta_query_parameter_chooses_five_models(self: Behaviour, parsed: ParsedRequest) -> Any:
    """beta=true is answered with the first five models, whatever else is asked."""
    if not parsed.values("beta"):
        return Behaviour.one_page(self, parsed)
    window = self.window(parsed, 5, None)
    return self.page(parsed, window, self.select(parsed, window))


@SERVERS.fault_in(Envelope.edited, "unknown-query-parameter-is-tolerated")
def beta_query_parameter_leaves_out_the_ends(
    self: Envelope, parsed: ParsedRequest, page: dict[str, Any]
) -> dict[str, Any]:
    """beta=true is answered with a list that has null for first_id and last_id."""
    return _NO_ENDS if parsed.values("beta") else {}


@SERVERS.fault_in(Envelope.edited, "unknown-header-is-tolerated")
def stainless_header_leaves_out_the_ends(self: Envelope, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
    """Requests with any `x-stainless-` header are answered with a list that has null for first_id and last_id."""
    return _NO_ENDS if is_stainless(parsed) else {}
