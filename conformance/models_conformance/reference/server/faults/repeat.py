"""Faults that show when the same is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply, Window


class _Replicas(Behaviour):
    """Counts how often each request was made, as two replicas that take turns would show it."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._spec: dict[tuple[str, str], int] = {}

    def read(self, request: Any, number: int) -> ParsedRequest:
        key = (request.path, request.query)
        self._spec[key] = self._spec.get(key, 0) + 1
        return super().read(request, number)

    def turn(self, parsed: ParsedRequest) -> int:
        """How often this was asked, this time included."""
        return self._spec[(parsed.request.path, parsed.request.query)]


@SERVERS.fault("same-question-same-answer")
class SecondAnswerIsInAnotherOrder(_Replicas):
    """Each second time a page is asked for, its last two models have changed places."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = list(super().select(parsed, window))
        if self.turn(parsed) % 2 == 0:
            models[-2:] = models[-2:][::-1]
        return models


@SERVERS.fault("same-question-same-answer")
class SecondAnswerDropsAModel(_Replicas):
    """Each second time a page is asked for, it lacks its last model."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[:-1] if self.turn(parsed) % 2 == 0 else models


@SERVERS.fault("same-question-same-answer")
class SecondAnswerLacksTheOldest(_Replicas):
    """Each second time a page is asked for, the list behind it ends one model earlier."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        at_end = bool(models) and window.stop == window.total
        return models[:-1] if at_end and self.turn(parsed) % 2 == 0 else models


@SERVERS.fault_in(Behaviour.item, "same-question-same-answer")
def display_name_depends_on_the_replica(self: Behaviour, parsed: ParsedRequest, model: Model) -> Any:
    """Every other request is answered with display names in capitals."""
    item = Behaviour.item(self, parsed, model)
    return {**item, "display_name": model.display_name.upper()} if parsed.number % 2 else item


@SERVERS.fault("same-question-same-answer")
class SecondRetrievalHasAnotherDate(_Replicas):
    """Each second time a model is retrieved, its created_at is one day that no list shows."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        if parsed.operation == "retrieve" and self.turn(parsed) % 2 == 0:
            item["created_at"] = "2020-02-02T00:00:00Z"
        return item


@SERVERS.fault("same-question-same-answer")
class SecondAnswerChangesItsMindAboutMore(_Replicas):
    """Each second time a page is asked for, has_more says the opposite."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return bool(super().has_more(parsed, window)) ^ (self.turn(parsed) % 2 == 0)


@SERVERS.fault("same-question-same-answer")
class ModelIsGoneForAWhile(Behaviour):
    """From the fortieth request on the sixth model is neither listed nor found; after 110 more it is back."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._whole = self.catalogue

    def reply(self, parsed: ParsedRequest) -> Any:
        if parsed.number == 40 and len(self._whole) > 5:
            self.catalogue = self.catalogue.without(5)
        elif parsed.number == 150:
            self.catalogue = self._whole
        return super().reply(parsed)


@SERVERS.fault("same-question-same-answer")
class SecondRetrievalIsWrapped(_Replicas):
    """Each second time a model is retrieved, it comes inside another object."""

    def reply(self, parsed: ParsedRequest) -> Reply:
        reply = super().reply(parsed)
        wrapped = parsed.operation == "retrieve" and self.turn(parsed) % 2 == 0
        return replace(reply, value={"model": reply.value}) if wrapped else reply


@SERVERS.fault("same-question-same-answer")
class SecondRefusalHasAnotherErrorType(_Replicas):
    """Each second time an unknown model is asked for, the error has a type of its own."""

    def missing(self, parsed: ParsedRequest) -> Any:
        if self.turn(parsed) % 2 == 0:
            raise Refusal(404, "no model has this id", "model_unknown")
        return super().missing(parsed)
