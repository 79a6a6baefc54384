"""Faults that break usage which worked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply, Window

KNOWN = {"limit", "after_id", "before_id"}


def is_stainless(parsed: ParsedRequest) -> bool:
    """Whether a request carries a header of the kind that official SDKs add."""
    return any(name.lower().startswith("x-stainless-") for name, _ in parsed.request.headers)


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class UnknownQueryParameterIsRefused(Behaviour):
    """A query parameter that is not documented is answered 400, by list and retrieve."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if any(name not in KNOWN for name, _ in parsed.parameters):
            raise Refusal(400, "extra inputs are not permitted")
        return super().reply(parsed)


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterIsRefused(Behaviour):
    """beta=true is answered 400; other unknown parameters are ignored."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.values("beta"):
            raise Refusal(400, "beta: extra inputs are not permitted")
        return super().reply(parsed)


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterIsNotFound(Behaviour):
    """beta=true is another route, and answered 404."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.values("beta"):
            raise Refusal(404, "there is nothing at this path")
        return super().reply(parsed)


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterChangesTheList(Behaviour):
    """beta=true leaves the newest model out."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[1:] if parsed.values("beta") else models


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterChangesTheModel(Behaviour):
    """beta=true puts `beta` into every display name."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        return {**item, "display_name": f"{model.display_name} beta"} if parsed.values("beta") else item


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class UnknownQueryParameterChangesTheDefaultLimit(Behaviour):
    """Any parameter that is not documented makes the default page 10 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return 10 if any(name not in KNOWN for name, _ in parsed.parameters) else DEFAULT_LIMIT


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterWrapsTheAnswer(Behaviour):
    """beta=true puts the answer into another object."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        reply = super().reply(parsed)
        return replace(reply, value={"beta": reply.value}) if parsed.values("beta") else reply


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterAnswersTheOldestModel(Behaviour):
    """beta=true makes every retrieval answer with the oldest model."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        return self.catalogue.models[-1] if parsed.values("beta") else super().find(parsed)


@SERVERS.fault("unknown-query-parameter-is-tolerated")
class BetaQueryParameterEndsTheList(Behaviour):
    """beta=true makes every page say that nothing follows."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return not parsed.values("beta") and super().has_more(parsed, window)


@SERVERS.fault("unknown-header-is-tolerated")
class UnknownHeaderIsRefused(Behaviour):
    """Headers whose name starts with `x-` are answered 400, but for the key."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        names = (name.lower() for name, _ in parsed.request.headers)
        if any(name.startswith("x-") and name != "x-api-key" for name in names):
            raise Refusal(400, "unexpected header")
        return super().reply(parsed)


@SERVERS.fault("unknown-header-is-tolerated")
class StainlessHeaderIsForbidden(Behaviour):
    """Requests with `x-stainless-lang` are answered 403, as those of a blocked client."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.request.line("x-stainless-lang") is not None:
            raise Refusal(403, "this client is not allowed")
        return super().reply(parsed)


@SERVERS.fault("unknown-header-is-tolerated")
class StainlessHeaderChangesTheList(Behaviour):
    """Requests with any `x-stainless-` header are answered with a reversed page."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[::-1] if is_stainless(parsed) else models


@SERVERS.fault("unknown-header-is-tolerated")
class StainlessHeaderEndsTheList(Behaviour):
    """Requests with any `x-stainless-` header are answered with pages that say that nothing follows."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return not is_stainless(parsed) and super().has_more(parsed, window)


@SERVERS.fault("unknown-header-is-tolerated")
class StainlessHeaderWrapsTheAnswer(Behaviour):
    """Requests with any `x-stainless-` header are answered with the answer inside another object."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        reply = super().reply(parsed)
        return replace(reply, value={"result": reply.value}) if is_stainless(parsed) else reply


@SERVERS.fault("unknown-header-is-tolerated")
class StainlessHeaderAnswersTheOldestModel(Behaviour):
    """Retrievals with any `x-stainless-` header answer with the oldest model."""

    def find(self, parsed: ParsedRequest) -> Model | None:
        return self.catalogue.models[-1] if is_stainless(parsed) else super().find(parsed)


@SERVERS.fault("unknown-header-is-tolerated")
class StainlessHeaderChangesTheModel(Behaviour):
    """Requests with any `x-stainless-` header are answered with display names in capitals."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        return {**item, "display_name": model.display_name.upper()} if is_stainless(parsed) else item
