"""Faults of what a page and a walk hold: models lost, repeated or in another order, and the envelope's members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Model, Page


@CLIENTS.faults_in(IdealClient.models, "client-page-holds-every-model")
class _PageLosesModels(IdealClient):
    def page_loses_its_last_model(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        """A page holds all of its models but the last."""
        return super().models(call, values)[:-1]

    def page_loses_models_without_a_date(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        """Models whose date is the epoch are left out as not released."""
        models = super().models(call, values)
        return tuple(
            model for model in models if not isinstance(model.created_at, datetime) or model.created_at.timestamp()
        )

    def page_holds_one_model_a_name(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        """A page is built as a mapping from display name to model: of models that share a name one is left."""
        return tuple({model.display_name: model for model in super().models(call, values)}.values())

    def page_holds_models_of_one_vendor_only(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        """Models whose id does not begin with claude- are left out."""
        return tuple(model for model in super().models(call, values) if str(model.id).startswith("claude-"))

    def page_is_cut_at_a_hundred(self, call: Call, values: list[Any]) -> tuple[Model, ...]:
        """A page holds a hundred models at most."""
        return super().models(call, values)[:100]


@CLIENTS.faults_in(IdealClient.yielded, "client-walk-yields-every-model-once")
class _WalkYieldsOtherModelsOfAPage(IdealClient):
    def walk_loses_the_last_model_of_each_page(self, call: Call, page: Page) -> Iterator[Model]:
        """A walk takes the last model of a page that is not the last for the first of the next one."""
        return iter(page.data[:-1] if page.has_more else page.data)

    def walk_loses_the_last_page(self, call: Call, page: Page) -> Iterator[Model]:
        """A walk hands out a page when the next one has come; the last one never is."""
        return iter(page.data if page.has_more or call.page == 1 else ())

    def walk_skips_the_first_model_of_later_pages(self, call: Call, page: Page) -> Iterator[Model]:
        """A walk takes the cursor to be inclusive and leaves out the first model of every later page."""
        return iter(page.data if call.page == 1 else page.data[1:])

    def walk_back_repeats_its_pages(self, call: Call, page: Page) -> Iterator[Model]:
        """A backward walk hands out each of its pages once forth and once back."""
        return iter((*page.data, *page.data[-2::-1]) if call.backward else page.data)

    def walk_repeats_the_boundary(self, call: Call, page: Page) -> Iterator[Model]:
        """A walk hands out the last model of a page again before the next page."""
        boundary = self.memory.get("boundary", ()) if call.page > 1 else ()
        self.memory["boundary"] = page.data[-1:]
        return iter((*boundary, *page.data))


@CLIENTS.faults_in(IdealClient.walk, "client-walk-yields-every-model-once")
class _WalkYieldsOtherModels(IdealClient):
    def walk_skips_equal_dates(self, call: Call) -> Iterator[Model]:
        """A walk leaves out a model that has the date of the one before."""
        last: object = None
        for model in super().walk(call):
            if model.created_at != last:
                yield model
            last = model.created_at


@CLIENTS.fault_in(IdealClient.yielded, "client-walk-keeps-order")
def walk_hands_pages_out_backwards(self: IdealClient, call: Call, page: Page) -> Iterator[Model]:
    """A walk takes the models of a forward page from its end."""
    return iter(page.data if call.backward else page.data[::-1])


@CLIENTS.faults_in(IdealClient.walk, "client-walk-keeps-order")
class _WalkIsSorted(IdealClient):
    def walk_is_sorted_by_id(self, call: Call) -> Iterator[Model]:
        """A walk is gathered and handed out in the order of its ids."""
        yield from sorted(super().walk(call), key=lambda model: str(model.id))

    def walk_is_sorted_by_date(self, call: Call) -> Iterator[Model]:
        """A walk is gathered and handed out with the oldest model first."""
        yield from sorted(super().walk(call), key=lambda model: str(model.created_at))


@CLIENTS.fault_in(IdealClient.models, "client-walk-keeps-order")
def models_of_one_date_are_sorted_by_id(self: IdealClient, call: Call, values: list[Any]) -> tuple[Model, ...]:
    """Models of one page that share a date are put in the order of their ids."""
    models = list(IdealClient.models(self, call, values))
    for _ in models:
        for at in range(len(models) - 1):
            first, second = models[at], models[at + 1]
            if first.created_at == second.created_at and first.id > second.id:
                models[at : at + 2] = second, first
    return tuple(models)


@CLIENTS.faults_in(IdealClient.shown_page, "client-page-keeps-has-more")
class _OtherHasMore(IdealClient):
    def page_never_has_more(self, page: Page) -> dict[str, Any]:
        """A page says that nothing follows, whatever the server said."""
        return {**super().shown_page(page), "has_more": False}

    def has_more_is_whether_there_is_a_last_id(self, page: Page) -> dict[str, Any]:
        """A page has more where it has a last id."""
        return {**super().shown_page(page), "has_more": page.last_id is not None}


@CLIENTS.fault_in(IdealClient.as_page, "client-page-keeps-has-more")
def has_more_is_whether_the_page_is_full(self: IdealClient, call: Call, value: Any) -> Page:
    """A page has more where it is as long as the limit, or twenty where there is none."""
    page = IdealClient.as_page(self, call, value)
    return replace(page, has_more=len(page.data) >= call.args.get("limit", 20))


@CLIENTS.faults_in(IdealClient.shown_page, "client-page-keeps-first-and-last-id")
class _OtherEnds(IdealClient):
    def first_and_last_id_are_swapped(self, page: Page) -> dict[str, Any]:
        """A page shows its last id as its first and its first as its last."""
        return {**super().shown_page(page), "first_id": page.last_id, "last_id": page.first_id}

    def last_id_is_null_on_the_last_page(self, page: Page) -> dict[str, Any]:
        """A page behind which nothing follows shows no last id."""
        shown = super().shown_page(page)
        return shown if page.has_more else {**shown, "last_id": None}


@CLIENTS.fault_in(IdealClient.as_page, "client-page-keeps-first-and-last-id")
def first_id_is_the_cursor(self: IdealClient, call: Call, value: Any) -> Page:
    """A page that was asked for with a cursor shows the cursor as its first id."""
    page = IdealClient.as_page(self, call, value)
    return replace(page, first_id=call.args.get("after_id", page.first_id)) if call.page == 1 else page
