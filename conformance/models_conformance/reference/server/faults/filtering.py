"""Faults of parameters that filter the list, in contracts that document some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.contract.points import CURSORS, Filter, filters_of
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.faults.model import Item
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Refusal, Window


def _given(self: Behaviour, parsed: ParsedRequest) -> list[str]:
    """The values of all filters."""
    return [value for chosen in filters_of(self.contract) for value in parsed.values(chosen.parameter)]


def _with(parsed: ParsedRequest, chosen: Filter, values: Sequence[str]) -> ParsedRequest:
    return replace(parsed, parameters=tuple((chosen.parameter, value) for value in values))


@SERVERS.faults_in(Behaviour.filtered, "list-lifecycle-filters-by-lifecycle")
class _FilterLeavesOthersIn(Behaviour):
    def filter_is_ignored(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """A filter changes nothing."""
        return super().filtered(_with(parsed, chosen, ()), chosen)

    def filter_is_ignored_in_the_newest_version(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """In the newest API version a filter changes nothing."""
        is_newest = parsed.request.line("anthropic-version") == self.contract.versions[-1]
        return super().filtered(_with(parsed, chosen, ()) if is_newest else parsed, chosen)

    def filter_leaves_the_newest_model_out(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """The newest model is never among what a filter leaves in."""
        left = super().filtered(parsed, chosen)
        return Catalogue(left.models[1:]) if parsed.values(chosen.parameter) else left


@SERVERS.fault_in(Item.edited, "list-lifecycle-filters-by-lifecycle")
def filtered_models_are_told_with_the_first_value(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """In a list that is asked for with a filter every model is told with the first of its documented values."""
    filters = [chosen for chosen in filters_of(self.contract) if parsed.values(chosen.parameter)]
    return {chosen.member: chosen.values[0] for chosen in filters}


@SERVERS.fault_in(Behaviour.filtered, "list-lifecycle-is-accepted")
def last_value_of_a_filter_is_refused(self: Behaviour, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
    """The last documented value of a filter is answered 403."""
    if chosen.values[-1] in parsed.values(chosen.parameter):
        raise Refusal(403, f"{chosen.parameter}: not for this key")
    return Behaviour.filtered(self, parsed, chosen)


@SERVERS.fault_in(Behaviour.limit, "list-lifecycle-is-accepted")
def small_pages_of_a_filtered_list_are_refused(self: Behaviour, parsed: ParsedRequest) -> int:
    """A page of a filtered list that is asked for with a limit below five is answered 400."""
    limit = Behaviour.limit(self, parsed)
    return self.bad_limit(parsed, str(limit)) if limit < 5 and _given(self, parsed) else limit


@SERVERS.faults_in(Behaviour.filtered, "list-lifecycle-takes-several")
class _FilterTakesOneValue(Behaviour):
    def first_value_of_a_filter_counts(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """Of several values of a filter the first is read."""
        return super().filtered(_with(parsed, chosen, parsed.values(chosen.parameter)[:1]), chosen)

    def several_values_of_a_filter_leave_everything_in(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """Several values of a filter list every model, with two of them those of the third as well."""
        left = super().filtered(parsed, chosen)
        return self.catalogue if len(parsed.values(chosen.parameter)) > 1 else left


@SERVERS.fault_in(Behaviour.filtered, "list-lifecycle-is-kept-on-every-page")
def filter_is_forgotten_with_a_cursor(self: Behaviour, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
    """A page that is asked for with a cursor is one of the whole list."""
    left = Behaviour.filtered(self, parsed, chosen)
    return self.catalogue if any(map(parsed.values, CURSORS)) else left


@SERVERS.fault_in(Behaviour.locate, "list-lifecycle-is-kept-on-every-page")
def no_cursor_is_known_under_a_filter(self: Behaviour, parsed: ParsedRequest, name: str) -> int | None:
    """Where there is a filter, every cursor is answered 400."""
    return None if _given(self, parsed) else Behaviour.locate(self, parsed, name)


@SERVERS.faults_in(Behaviour.filtered, "list-lifecycle-keeps-list-order")
class _FilterSorts(Behaviour):
    def filtered_list_is_oldest_first(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """What one value of a filter leaves in is listed oldest first."""
        left = super().filtered(parsed, chosen)
        return Catalogue(left.models[::-1]) if len(parsed.values(chosen.parameter)) == 1 else left

    def filtered_list_goes_value_by_value(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """Several values of a filter list first what the first leaves in, then what the second does."""
        left, values = super().filtered(parsed, chosen), parsed.values(chosen.parameter)
        in_turn = [
            model for value in dict.fromkeys(values) for model in left.models if model.extra[chosen.member] == value
        ]
        return Catalogue(in_turn) if values else left


@SERVERS.fault_in(Behaviour.has_more, "list-lifecycle-pages-as-a-list")
def more_follows_every_filtered_page(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is true on every page of a filtered list."""
    return Behaviour.has_more(self, parsed, window) or bool(_given(self, parsed))


@SERVERS.fault("list-lifecycle-pages-as-a-list")
class PagesAreCutBeforeTheyAreFiltered(Behaviour):
    """A page of the whole list is cut first, and what a filter leaves of it is shown."""

    def filtered(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        left = super().filtered(parsed, chosen)
        return self.catalogue if parsed.values(chosen.parameter) else left

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        chosen = [one for one in filters_of(self.contract) if parsed.values(one.parameter)]
        return [
            model
            for model in super().select(parsed, window)
            if all(model.extra[one.member] in parsed.values(one.parameter) for one in chosen)
        ]


@SERVERS.fault_in(Behaviour.default_limit, "list-lifecycle-pages-as-a-list")
def default_page_of_a_filtered_list_is_five(self: Behaviour, parsed: ParsedRequest) -> int:
    """A page of a filtered list that is asked for without a limit has five models."""
    return 5 if _given(self, parsed) else Behaviour.default_limit(self, parsed)


@SERVERS.fault_in(Behaviour.limit, "list-lifecycle-pages-as-a-list")
def limit_of_a_filtered_page_is_ignored(self: Behaviour, parsed: ParsedRequest) -> int:
    """A page of a filtered list has twenty models, whatever limit is asked for."""
    limit = Behaviour.limit(self, parsed)
    return self.default_limit(parsed) if _given(self, parsed) else limit


@SERVERS.faults_in(Behaviour.filtered, "list-lifecycle-default-is-its-explicit-form")
class _OtherDefault(Behaviour):
    def everything_is_listed_without_a_filter(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """The list without a filter holds every model, also of values that it does not stand for."""
        left = super().filtered(parsed, chosen)
        return left if parsed.values(chosen.parameter) else self.catalogue

    def one_value_is_listed_without_a_filter(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """The list without a filter holds the models of the first value that it stands for alone."""
        values = parsed.values(chosen.parameter) or chosen.omitted[:1]
        return super().filtered(_with(parsed, chosen, values), chosen)

    def default_leaves_everything_in(self, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
        """The list without a filter, and with the values that it stands for, holds every model."""
        left, values = super().filtered(parsed, chosen), parsed.values(chosen.parameter)
        return self.catalogue if not values or set(values) == set(chosen.omitted) else left


@SERVERS.fault_in(Behaviour.filtered, "list-lifecycle-refuses-other-values")
def other_values_of_a_filter_leave_nothing_in(self: Behaviour, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
    """A value of a filter that does not exist is answered with an empty list."""
    return Behaviour.filtered(self, parsed, replace(chosen, closed=False))


@SERVERS.fault_in(Behaviour.filtered, "list-lifecycle-refuses-more-than-3")
def values_of_a_filter_are_not_counted(self: Behaviour, parsed: ParsedRequest, chosen: Filter) -> Catalogue:
    """More values of a filter than there may be are read."""
    return Behaviour.filtered(self, parsed, replace(chosen, most=None))
