"""Faults of memory: something of an earlier call is left in a later one."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Headers, Model, Page, Pairs


@CLIENTS.fault("client-call-is-independent")
class KeepsPagesByTheirQuestion(IdealClient):
    """A page that was once asked for is not asked for again."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[str, Page] = {}

    def page(self, call: Call) -> Page:
        question = f"{call.surface} {sorted(call.args.items())}"
        if question not in self._pages:
            self._pages[question] = super().page(call)
        return self._pages[question]


@CLIENTS.fault("client-call-is-independent")
class KeepsPagesByTheirPath(IdealClient):
    """The first page that a path was answered with is every page of it, whatever the query."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[tuple[str, str], Page] = {}

    def page(self, call: Call) -> Page:
        place = call.base_url, call.surface
        if place not in self._pages:
            self._pages[place] = super().page(call)
        return self._pages[place]


@CLIENTS.fault("client-call-is-independent")
class KeepsModelsByTheirId(IdealClient):
    """A model that was once retrieved is not asked for again."""

    def __init__(self) -> None:
        super().__init__()
        self._models: dict[str, Model] = {}

    def retrieve(self, call: Call) -> Model:
        model_id = call.args["model_id"]
        if model_id not in self._models:
            self._models[model_id] = super().retrieve(call)
        return self._models[model_id]


@CLIENTS.fault("client-call-is-independent")
class RetrievesFromTheListsItHasSeen(IdealClient):
    """A model that some list held is not asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._models: dict[str, Model] = {}

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        models = super().models(call, values)
        self._models.update((model.id, model) for model in models)
        return models

    def retrieve(self, call: Call) -> Model:
        return self._models.get(call.args["model_id"]) or super().retrieve(call)


@CLIENTS.fault("client-answer-is-accepted")
class StandsByTheLastAnswer(IdealClient):
    """After an unknown model the client asks no more: the same error is raised at once where its id comes again."""

    def __init__(self) -> None:
        super().__init__()
        self._missing: dict[str, ClientError] = {}

    def retrieve(self, call: Call) -> Model:
        model_id = call.args["model_id"]
        if model_id in self._missing:
            raise self._missing[model_id]
        try:
            return super().retrieve(call)
        except ClientError as problem:
            if problem.status is not None:
                self._missing[model_id] = problem
            raise


@CLIENTS.fault("client-sends-no-unasked-beta")
class KeepsTheBetasOfEarlierCalls(IdealClient):
    """Betas are added to headers that all calls share, and stay there."""

    def __init__(self) -> None:
        super().__init__()
        self._betas: dict[str, None] = {}

    def beta_headers(self, call: Call) -> Headers:
        self._betas.update(dict.fromkeys(call.betas))
        return (("anthropic-beta", ",".join(self._betas)),) if self._betas else ()


@CLIENTS.fault("client-sends-no-unasked-limit")
class KeepsTheLimitOfTheCallBefore(IdealClient):
    """A call without a limit is made with that of the call before."""

    def __init__(self) -> None:
        super().__init__()
        self._limit: Pairs = ()

    def query(self, call: Call) -> Pairs:
        pairs = super().query(call)
        if call.operation == "retrieve":
            return pairs
        own = tuple(pair for pair in pairs if pair[0] == "limit")
        self._limit = own or self._limit
        return pairs if own else (*self._limit, *pairs)


@CLIENTS.fault("client-sends-no-unasked-cursor")
class BeginsWhereTheLastWalkEnded(IdealClient):
    """A call without a cursor goes on where the walk before it stopped."""

    def __init__(self) -> None:
        super().__init__()
        self._last: str | None = None

    def page(self, call: Call) -> Page:
        if self._last is not None and call.page == 1 and not {"after_id", "before_id"} & call.args.keys():
            call = call.giving(after_id=self._last)
        page = super().page(call)
        self._last = page.last_id if page.has_more else None
        return page


@CLIENTS.fault("client-page-holds-every-model")
class PagesShareOneList(IdealClient):
    """Models are gathered in a list that all pages share: a page begins with those of the page before."""

    def __init__(self) -> None:
        super().__init__()
        self._models: tuple[Model, ...] = ()

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        own = super().models(call, values)
        before, self._models = self._models, own
        return (*before, *own)


@CLIENTS.fault("client-extra-fields-are-faithful")
class KeepsTheExtraFieldsOfEarlierModels(IdealClient):
    """Members beyond the documented ones that an earlier model had win over those of a later one."""

    def __init__(self) -> None:
        super().__init__()
        self._members: dict[str, Any] = {}

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        self._members = {**members, **self._members}
        return dict(self._members)


@CLIENTS.fault("client-answer-is-accepted")
class LosesEveryTenthCall(IdealClient):
    """Every tenth call ends in a connection error: a pool of connections forgets one that it lent."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = 0

    def check_arguments(self, call: Call) -> None:
        super().check_arguments(call)
        self._calls += call.page == 1
        if call.page == 1 and self._calls % 10 == 0:
            raise ClientError("connection", "ConnectionLost", "the connection was lost")
