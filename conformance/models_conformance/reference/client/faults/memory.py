"""Faults of memory: something of an earlier call is left in a later one."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Headers, Model, Page, Pairs


@CLIENTS.faults_in(IdealClient.page, "client-call-is-independent")
class _KeepsPages(IdealClient):
    def keeps_pages_by_their_question(self, call: Call) -> Page:
        """A page that was once asked for is not asked for again."""
        question = f"{call.surface} {sorted(call.args.items())}"
        page: Page = self.memory.get(question) or super().page(call)
        self.memory[question] = page
        return page

    def keeps_pages_by_their_path(self, call: Call) -> Page:
        """The first page that a path was answered with is every page of it, whatever the query."""
        place = call.base_url, call.surface
        page: Page = self.memory.get(place) or super().page(call)
        self.memory[place] = page
        return page


@CLIENTS.fault_in(IdealClient.retrieve, "client-call-is-independent")
def keeps_models_by_their_id(self: IdealClient, call: Call) -> Model:
    """A model that was once retrieved is not asked for again."""
    model: Model = self.memory.get(call.args["model_id"]) or IdealClient.retrieve(self, call)
    self.memory[call.args["model_id"]] = model
    return model


@CLIENTS.fault("client-call-is-independent")
class RetrievesFromTheListsItHasSeen(IdealClient):
    """A model that some list held is not asked for."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        models = super().models(call, values)
        self.memory.update((model.id, model) for model in models)
        return models

    def retrieve(self, call: Call) -> Model:
        return self.memory.get(call.args["model_id"]) or super().retrieve(call)


@CLIENTS.fault_in(IdealClient.retrieve, "client-answer-is-accepted")
def stands_by_the_last_answer(self: IdealClient, call: Call) -> Model:
    """After an unknown model the client asks no more: the same error is raised at once where its id comes again."""
    model_id = call.args["model_id"]
    if model_id in self.memory:
        raise self.memory[model_id]
    try:
        return IdealClient.retrieve(self, call)
    except ClientError as problem:
        if problem.status is not None:
            self.memory[model_id] = problem
        raise


@CLIENTS.fault_in(IdealClient.beta_headers, "client-sends-no-unasked-beta")
def keeps_the_betas_of_earlier_calls(self: IdealClient, call: Call) -> Headers:
    """Betas are added to headers that all calls share, and stay there."""
    self.memory.update(dict.fromkeys(call.betas))
    return (("anthropic-beta", ",".join(self.memory)),) if self.memory else ()


@CLIENTS.fault_in(IdealClient.query, "client-sends-no-unasked-limit")
def keeps_the_limit_of_the_call_before(self: IdealClient, call: Call) -> Pairs:
    """A call without a limit is made with that of the call before."""
    pairs = IdealClient.query(self, call)
    if call.operation == "retrieve":
        return pairs
    own = tuple(pair for pair in pairs if pair[0] == "limit")
    self.memory.update(own)
    return pairs if own else (*self.memory.items(), *pairs)


@CLIENTS.fault_in(IdealClient.page, "client-sends-no-unasked-cursor")
def begins_where_the_last_walk_ended(self: IdealClient, call: Call) -> Page:
    """A call without a cursor goes on where the walk before it stopped."""
    if self.memory and call.page == 1 and not {"after_id", "before_id"} & call.args.keys():
        call = call.giving(**self.memory)
    page = IdealClient.page(self, call)
    self.memory = {"after_id": page.last_id} if page.has_more and page.last_id is not None else {}
    return page


@CLIENTS.fault_in(IdealClient.models, "client-page-holds-every-model")
def pages_share_one_list(self: IdealClient, call: Call, values: list[Any]) -> tuple[Model, ...]:
    """Models are gathered in a list that all pages share: a page begins with those of the page before."""
    own, before = IdealClient.models(self, call, values), self.memory.get("models", ())
    self.memory["models"] = own
    return (*before, *own)


@CLIENTS.fault_in(IdealClient.extra, "client-extra-fields-are-faithful")
def keeps_the_extra_fields_of_earlier_models(self: IdealClient, members: dict[str, Any]) -> dict[str, Any]:
    """Members beyond the documented ones that an earlier model had win over those of a later one."""
    self.memory = {**members, **self.memory}
    return dict(self.memory)


@CLIENTS.fault_in(IdealClient.check_arguments, "client-answer-is-accepted")
def loses_every_tenth_call(self: IdealClient, call: Call) -> None:
    """Every tenth call ends in a connection error: a pool of connections forgets one that it lent."""
    IdealClient.check_arguments(self, call)
    calls = self.memory["calls"] = self.memory.get("calls", 0) + (call.page == 1)
    if call.page == 1 and calls % 10 == 0:
        raise ClientError("connection", "ConnectionLost", "the connection was lost")
