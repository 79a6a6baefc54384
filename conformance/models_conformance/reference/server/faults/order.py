"""Faults of the order: lists that are not newest first, or not one list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window
from models_conformance.reference.server.samples import offset_dates


def _ties_reversed(models: Sequence[Model]) -> list[Model]:
    groups = (list(group) for _, group in groupby(models, key=lambda model: model.created_at))
    return [model for group in groups for model in reversed(group)]


@SERVERS.faults_in(Behaviour.served_catalogue, "list-is-newest-first")
class _OtherOrder(Behaviour):
    def oldest_models_come_first(self, catalogue: Catalogue) -> Catalogue:
        """The list runs from the oldest model to the newest."""
        return catalogue.listing(catalogue.models[::-1])

    def list_is_sorted_by_id(self, catalogue: Catalogue) -> Catalogue:
        """The list is sorted by id."""
        return catalogue.listing(sorted(catalogue.models, key=lambda model: model.id))

    def list_is_sorted_by_display_name(self, catalogue: Catalogue) -> Catalogue:
        """The list is sorted by display name, descending."""
        by_name = sorted(catalogue.models, key=lambda model: model.display_name, reverse=True)
        return catalogue.listing(by_name)

    def list_is_sorted_by_date_text(self, catalogue: Catalogue) -> Catalogue:
        """The list is sorted by the text of created_at, although the dates are in many zones."""
        by_text = sorted(offset_dates().models, key=lambda model: model.created_at, reverse=True)
        return Catalogue(by_text)

    def one_old_model_stands_too_high(self, catalogue: Catalogue) -> Catalogue:
        """One model stands fifteen places above where its date belongs."""
        models = list(catalogue.models)
        models[15:15] = models[30:31]
        del models[31:32]
        return catalogue.listing(models)

    def two_neighbours_deep_down_are_exchanged(self, catalogue: Catalogue) -> Catalogue:
        """The models at the fortieth and the forty-first place are in the wrong order."""
        models = list(catalogue.models)
        models[39:41] = models[40:38:-1]
        return catalogue.listing(models)


@SERVERS.faults_in(Behaviour.select, "list-order-is-one-order")
class _OrderDependsOnThePage(Behaviour):
    def pages_are_sorted_one_by_one(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Each page is sorted by id after it was cut, so that the order depends on the page."""
        return sorted(super().select(parsed, window), key=lambda model: model.id)

    def ties_depend_on_the_limit(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Models of one date change places with the page size: the sort is not stable."""
        models = self.catalogue.models
        shown = _ties_reversed(models) if window.limit % 2 else models
        return shown[window.start : window.stop]

    def ties_depend_on_the_direction(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Models of one date change places where the page is asked for with before_id."""
        models = self.catalogue.models
        shown = _ties_reversed(models) if window.backward else models
        return shown[window.start : window.stop]

    def large_pages_leave_out_one_model(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """Pages of more than five models lack `claude-opus-4-7`, which smaller ones show."""
        models = super().select(parsed, window)
        if window.limit <= 5:
            return models
        return [model for model in models if model.id != "claude-opus-4-7"]

    def forward_pages_lack_one_model(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """`claude-3-opus-20240229` is shown on pages before a model and on no others."""
        models = super().select(parsed, window)
        if window.backward:
            return models
        return [model for model in models if model.id != "claude-3-opus-20240229"]


@SERVERS.fault_in(Behaviour.select, "list-is-newest-first")
def second_page_is_reversed(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """The page that starts with the twenty-first model runs from older to newer."""
    models = Behaviour.select(self, parsed, window)
    return models[::-1] if window.start == 20 else models
