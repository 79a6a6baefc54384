"""Faults that show when the same is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.model import Item
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Reply, Request, Window


class _Replicas(Behaviour):
    """Counts how often each request was made, as two replicas that take turns would show it."""

    def read(self, request: Request, number: int) -> ParsedRequest:
        key = (request.path, request.query)
        self.memory[key] = self.memory.get(key, 0) + 1
        return super().read(request, number)

    def is_second(self, parsed: ParsedRequest) -> bool:
        """Whether the second of the two replicas is asked."""
        return bool(self.memory[parsed.request.path, parsed.request.query] % 2 == 0)


@SERVERS.faults_in(_Replicas.select, "same-question-same-answer")
class _SecondPageDiffers(_Replicas):
    def second_answer_is_in_another_order(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Each second time a page is asked for, its last two models have changed places."""
        models = list(super().select(parsed, window))
        if self.is_second(parsed):
            models[-2:] = models[-2:][::-1]
        return models

    def second_answer_drops_a_model(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Each second time a page is asked for, it lacks its last model."""
        models = super().select(parsed, window)
        return models[:-1] if self.is_second(parsed) else models

    def second_answer_lacks_the_oldest(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Each second time a page is asked for, the list behind it ends one model earlier."""
        models = super().select(parsed, window)
        at_end = bool(models) and window.stop == window.total
        return models[:-1] if at_end and self.is_second(parsed) else models


@SERVERS.fault_in(Item.edited, "same-question-same-answer")
def display_name_depends_on_the_replica(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """Every other request is answered with display names in capitals."""
    return {"display_name": model.display_name.upper()} if parsed.number % 2 else {}


@SERVERS.fault_in(_Replicas.item, "same-question-same-answer")
def second_retrieval_has_another_date(self: _Replicas, parsed: ParsedRequest, model: Model) -> Any:
    """Each second time a model is retrieved, its created_at is one day that no list shows."""
    item = _Replicas.item(self, parsed, model)
    if parsed.operation == "retrieve" and self.is_second(parsed):
        item["created_at"] = "2020-02-02T00:00:00Z"
    return item


@SERVERS.fault_in(_Replicas.has_more, "same-question-same-answer")
def second_answer_changes_its_mind_about_more(self: _Replicas, parsed: ParsedRequest, window: Window) -> Any:
    """Each second time a page is asked for, has_more says the opposite."""
    return bool(_Replicas.has_more(self, parsed, window)) ^ self.is_second(parsed)


@SERVERS.fault_in(Behaviour.reply, "same-question-same-answer")
def model_is_gone_for_a_while(self: Behaviour, parsed: ParsedRequest) -> Reply:
    """From the fortieth request on the sixth model is neither listed nor found; after 110 more it is back."""
    if parsed.number == 40 and len(self.catalogue) > 5:
        self.memory["whole"], self.catalogue = self.catalogue, self.catalogue.without(5)
    elif parsed.number == 150:
        self.catalogue = self.memory.get("whole", self.catalogue)
    return Behaviour.reply(self, parsed)


@SERVERS.fault_in(_Replicas.reply, "same-question-same-answer")
def second_retrieval_is_wrapped(self: _Replicas, parsed: ParsedRequest) -> Reply:
    """Each second time a model is retrieved, it comes inside another object."""
    reply = _Replicas.reply(self, parsed)
    wrapped = parsed.operation == "retrieve" and self.is_second(parsed)
    return replace(reply, value={"model": reply.value}) if wrapped else reply


@SERVERS.faults_in(_Replicas.missing, "same-question-same-answer")
class _SecondRefusalDiffers(_Replicas):
    def second_refusal_has_another_error_type(self, parsed: ParsedRequest) -> Any:
        """Each second time an unknown model is asked for, the error has a type of its own."""
        if self.is_second(parsed):
            raise Refusal(404, "no model has this id", "model_unknown")
        return super().missing(parsed)

    def second_refusal_has_another_status(self, parsed: ParsedRequest) -> Any:
        """Each second time an unknown model is asked for, it is answered 410, with the same error type."""
        if self.is_second(parsed):
            raise Refusal(410, "no model has this id any more", "not_found_error")
        return super().missing(parsed)


@SERVERS.fault_in(_Replicas.page, "same-question-same-answer")
def second_answer_has_no_ends(
    self: _Replicas, parsed: ParsedRequest, window: Window, models: Sequence[Model]
) -> dict[str, Any]:
    """Each second time a page is asked for, it has null for first_id and last_id."""
    page = _Replicas.page(self, parsed, window, models)
    return {**page, "first_id": None, "last_id": None} if self.is_second(parsed) else page
