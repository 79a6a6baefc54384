"""Faults of what a page and a walk hold: models lost, repeated or in another order, and the envelope's members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Model, Page


@CLIENTS.fault("client-page-holds-every-model")
class PageLosesItsLastModel(IdealClient):
    """A page holds all of its models but the last."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        return super().models(call, values)[:-1]


@CLIENTS.fault("client-page-holds-every-model")
class PageLosesModelsWithoutADate(IdealClient):
    """Models whose date is the epoch are left out as not released."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        models = super().models(call, values)
        return tuple(
            model for model in models if not isinstance(model.created_at, datetime) or model.created_at.timestamp()
        )


@CLIENTS.fault("client-page-holds-every-model")
class PageHoldsOneModelAName(IdealClient):
    """A page is built as a mapping from display name to model: of models that share a name one is left."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        return tuple({model.display_name: model for model in super().models(call, values)}.values())


@CLIENTS.fault("client-page-holds-every-model")
class PageHoldsModelsOfOneVendorOnly(IdealClient):
    """Models whose id does not begin with claude- are left out."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        return tuple(model for model in super().models(call, values) if str(model.id).startswith("claude-"))


@CLIENTS.fault("client-page-holds-every-model")
class PageIsCutAtAHundred(IdealClient):
    """A page holds a hundred models at most."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        return super().models(call, values)[:100]


@CLIENTS.fault("client-walk-yields-every-model-once")
class WalkLosesTheLastModelOfEachPage(IdealClient):
    """A walk takes the last model of a page that is not the last for the first of the next one."""

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        return iter(page.data[:-1] if page.has_more else page.data)


@CLIENTS.fault("client-walk-yields-every-model-once")
class WalkRepeatsTheBoundary(IdealClient):
    """A walk hands out the last model of a page again before the next page."""

    def walk(self, call: Call) -> Iterator[Model]:
        following: Call | None = call
        boundary: tuple[Model, ...] = ()
        while following is not None:
            spec, page = following, self.page(following)
            following = self.following(spec, page)
            yield from (*boundary, *page.data)
            boundary = page.data[-1:]


@CLIENTS.fault("client-walk-yields-every-model-once")
class WalkLosesTheLastPage(IdealClient):
    """A walk hands out a page when the next one has come; the last one never is."""

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        return iter(page.data if page.has_more or call.page == 1 else ())


@CLIENTS.fault("client-walk-yields-every-model-once")
class WalkSkipsEqualDates(IdealClient):
    """A walk leaves out a model that has the date of the one before."""

    def walk(self, call: Call) -> Iterator[Model]:
        last: object = None
        for model in super().walk(call):
            if model.created_at != last:
                yield model
            last = model.created_at


@CLIENTS.fault("client-walk-yields-every-model-once")
class WalkSkipsTheFirstModelOfLaterPages(IdealClient):
    """A walk takes the cursor to be inclusive and leaves out the first model of every later page."""

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        return iter(page.data if call.page == 1 else page.data[1:])


@CLIENTS.fault("client-walk-yields-every-model-once")
class WalkBackRepeatsItsPages(IdealClient):
    """A backward walk hands out each of its pages once forth and once back."""

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        return iter((*page.data, *page.data[-2::-1]) if call.backward else page.data)


@CLIENTS.fault("client-walk-keeps-order")
class WalkHandsPagesOutBackwards(IdealClient):
    """A walk takes the models of a forward page from its end."""

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        return iter(page.data if call.backward else page.data[::-1])


@CLIENTS.fault("client-walk-keeps-order")
class WalkIsSortedById(IdealClient):
    """A walk is gathered and handed out in the order of its ids."""

    def walk(self, call: Call) -> Iterator[Model]:
        yield from sorted(super().walk(call), key=lambda model: str(model.id))


@CLIENTS.fault("client-walk-keeps-order")
class WalkIsSortedByDate(IdealClient):
    """A walk is gathered and handed out with the oldest model first."""

    def walk(self, call: Call) -> Iterator[Model]:
        yield from sorted(super().walk(call), key=lambda model: str(model.created_at))


@CLIENTS.fault("client-walk-keeps-order")
class ModelsOfOneDateAreSortedById(IdealClient):
    """Models of one page that share a date are put in the order of their ids."""

    def models(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        models = list(super().models(call, values))
        for _ in models:
            for at in range(len(models) - 1):
                first, second = models[at], models[at + 1]
                if first.created_at == second.created_at and first.id > second.id:
                    models[at : at + 2] = second, first
        return tuple(models)


@CLIENTS.fault("client-page-keeps-has-more")
class PageNeverHasMore(IdealClient):
    """A page says that nothing follows, whatever the server said."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        return {**super().shown_page(page), "has_more": False}


@CLIENTS.fault("client-page-keeps-has-more")
class HasMoreIsWhetherThePageIsFull(IdealClient):
    """A page has more where it is as long as the limit, or twenty where there is none."""

    def as_page(self, call: Call, value: Any) -> Page:
        page = super().as_page(call, value)
        return replace(page, has_more=len(page.data) >= call.args.get("limit", 20))


@CLIENTS.fault("client-page-keeps-has-more")
class HasMoreIsWhetherThereIsALastId(IdealClient):
    """A page has more where it has a last id."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        return {**super().shown_page(page), "has_more": page.last_id is not None}


@CLIENTS.fault("client-page-keeps-first-and-last-id")
class FirstAndLastIdAreSwapped(IdealClient):
    """A page shows its last id as its first and its first as its last."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        return {**super().shown_page(page), "first_id": page.last_id, "last_id": page.first_id}


@CLIENTS.fault("client-page-keeps-first-and-last-id")
class FirstIdIsTheCursor(IdealClient):
    """A page that was asked for with a cursor shows the cursor as its first id."""

    def as_page(self, call: Call, value: Any) -> Page:
        page = super().as_page(call, value)
        return replace(page, first_id=call.args.get("after_id", page.first_id)) if call.page == 1 else page


@CLIENTS.fault("client-page-keeps-first-and-last-id")
class LastIdIsNullOnTheLastPage(IdealClient):
    """A page behind which nothing follows shows no last id."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        shown = super().shown_page(page)
        return shown if page.has_more else {**shown, "last_id": None}
