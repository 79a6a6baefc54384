"""Faults of the order: lists that are not newest first, or not one list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window
from models_conformance.reference.server.samples import offset_dates


def _arranged(catalogue: Catalogue, models: Sequence[Model]) -> Catalogue:
    return Catalogue(models, catalogue.aliases, catalogue.retired)


def _ties_reversed(models: Sequence[Model]) -> list[Model]:
    groups = (list(group) for _, group in groupby(models, key=lambda model: model.created_at))
    return [model for group in groups for model in reversed(group)]


@SERVERS.fault("list-is-newest-first")
class OldestModelsComeFirst(Behaviour):
    """The list runs from the oldest model to the newest."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return _arranged(catalogue, catalogue.models[::-1])


@SERVERS.fault("list-is-newest-first")
class ListIsSortedById(Behaviour):
    """The list is sorted by id."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return _arranged(catalogue, sorted(catalogue.models, key=lambda model: model.id))


@SERVERS.fault("list-is-newest-first")
class ListIsSortedByDisplayName(Behaviour):
    """The list is sorted by display name, descending."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        by_name = sorted(catalogue.models, key=lambda model: model.display_name, reverse=True)
        return _arranged(catalogue, by_name)


@SERVERS.fault("list-is-newest-first")
class ListIsSortedByDateText(Behaviour):
    """The list is sorted by the text of created_at, although the dates are in many zones."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        by_text = sorted(offset_dates().models, key=lambda model: model.created_at, reverse=True)
        return Catalogue(by_text)


@SERVERS.fault("list-is-newest-first")
class OneOldModelStandsTooHigh(Behaviour):
    """One model stands fifteen places above where its date belongs."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = list(catalogue.models)
        models[15:15] = models[30:31]
        del models[31:32]
        return _arranged(catalogue, models)


@SERVERS.fault("list-is-newest-first")
class TwoNeighboursDeepDownAreExchanged(Behaviour):
    """The models at the fortieth and the forty-first place are in the wrong order."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = list(catalogue.models)
        models[39:41] = models[40:38:-1]
        return _arranged(catalogue, models)


@SERVERS.fault("list-order-is-one-order")
class PagesAreSortedOneByOne(Behaviour):
    """Each page is sorted by id after it was cut, so that the order depends on the page."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        return sorted(super().select(parsed, window), key=lambda model: model.id)


@SERVERS.fault("list-is-newest-first")
class SecondPageIsReversed(Behaviour):
    """The page that starts with the twenty-first model runs from older to newer."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[::-1] if window.start == 20 else models


@SERVERS.fault("list-order-is-one-order")
class TiesDependOnTheLimit(Behaviour):
    """Models of one date change places with the page size: the sort is not stable."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = self.catalogue.models
        shown = _ties_reversed(models) if window.limit % 2 else models
        return shown[window.start : window.stop]


@SERVERS.fault("list-order-is-one-order")
class TiesDependOnTheDirection(Behaviour):
    """Models of one date change places where the page is asked for with before_id."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = self.catalogue.models
        shown = _ties_reversed(models) if window.backward else models
        return shown[window.start : window.stop]


@SERVERS.fault("list-page-is-full")
class LargePagesLeaveOutOneModel(Behaviour):
    """Pages of more than five models lack `claude-opus-4-7`, which smaller ones show."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        if window.limit <= 5:
            return models
        return [model for model in models if model.id != "claude-opus-4-7"]


@SERVERS.fault("list-order-is-one-order")
class ForwardPagesLackOneModel(Behaviour):
    """`claude-3-opus-20240229` is shown on pages before a model and on no others."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        if window.backward:
            return models
        return [model for model in models if model.id != "claude-3-opus-20240229"]
