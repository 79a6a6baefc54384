"""Faults of limit: pages of the wrong size, and limits that are accepted or refused wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.faults.cursor import OtherPage
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window
from models_conformance.reference.server.oddities.stock import Stocked


@SERVERS.faults_in(Behaviour.default_limit, "list-default-page-is-20")
class _OtherDefault(Behaviour):
    def default_limit_is_ten(self, parsed: ParsedRequest) -> int:
        """Without a limit a page holds 10 models."""
        return 10

    def default_limit_is_twenty_one(self, parsed: ParsedRequest) -> int:
        """Without a limit a page holds 21 models: one was fetched to see whether more follow, and kept."""
        return self.limits.default + 1

    def default_limit_is_nineteen(self, parsed: ParsedRequest) -> int:
        """Without a limit a page holds 19 models."""
        return self.limits.default - 1

    def default_limit_is_fifty(self, parsed: ParsedRequest) -> int:
        """Without a limit a page holds 50 models."""
        return self.limits.default + 30

    def default_limit_is_the_whole_list(self, parsed: ParsedRequest) -> int:
        """Without a limit the page is the whole list."""
        return self.limits.maximum

    def default_limit_with_a_cursor_is_ten(self, parsed: ParsedRequest) -> int:
        """Without a limit a page next to a cursor holds 10 models."""
        return 10 if parsed.values("after_id") or parsed.values("before_id") else self.limits.default

    def default_page_backward_is_short(self, parsed: ParsedRequest) -> int:
        """With before_id and without a limit a page holds 19 models."""
        return self.limits.default - 1 if parsed.values("before_id") else self.limits.default


@SERVERS.fault("list-page-is-full")
class LimitIsCappedAtHundred(Stocked):
    """A page never holds more than 100 models."""

    size = 130

    def limit(self, parsed: ParsedRequest) -> int:
        return min(super().limit(parsed), 100)


@SERVERS.faults_in(Behaviour.limit, "list-page-is-full")
class _PageIsShort(Behaviour):
    def limit_is_capped_at_twenty(self, parsed: ParsedRequest) -> int:
        """A page never holds more than 20 models."""
        return min(super().limit(parsed), self.limits.default)

    def page_holds_one_less_than_limit(self, parsed: ParsedRequest) -> int:
        """A page holds one model less than its limit, but at least one."""
        return max(super().limit(parsed) - bool(parsed.values("limit")), 1)

    def limit_thirteen_gives_twelve(self, parsed: ParsedRequest) -> int:
        """A page with the limit 13 holds 12 models."""
        limit = super().limit(parsed)
        return 12 if limit == 13 else limit


@SERVERS.faults_in(Behaviour.limit, "list-page-is-within-limit")
class _PageIsLong(Behaviour):
    def limit_one_gives_two(self, parsed: ParsedRequest) -> int:
        """A page with the limit 1 holds two models."""
        limit = super().limit(parsed)
        return 2 if limit == 1 else limit

    def page_holds_one_more_than_limit(self, parsed: ParsedRequest) -> int:
        """A page holds one model more than its limit."""
        return super().limit(parsed) + bool(parsed.values("limit"))

    def limit_is_ignored(self, parsed: ParsedRequest) -> int:
        """limit is checked and then not used: every page is of the default size."""
        return min(super().limit(parsed), 0) + self.limits.default

    def limit_is_ignored_under_betas(self, parsed: ParsedRequest) -> int:
        """limit is not used where the request names a beta."""
        return self.limits.default if parsed.betas else super().limit(parsed)

    def limit_is_ignored_with_after_id(self, parsed: ParsedRequest) -> int:
        """limit is not used where the request has after_id."""
        return self.limits.default if parsed.values("after_id") else super().limit(parsed)

    def limit_is_ignored_with_before_id(self, parsed: ParsedRequest) -> int:
        """limit is not used where the request has before_id."""
        return self.limits.default if parsed.values("before_id") else super().limit(parsed)


@SERVERS.fault("list-page-is-full")
class LimitThousandGivesOneLess(Stocked):
    """A page with the limit 1000 holds 999 models."""

    size = 1003

    def limit(self, parsed: ParsedRequest) -> int:
        return min(super().limit(parsed), self.limits.maximum - 1)


@SERVERS.faults_in(Behaviour.limit, "list-limit-in-range-is-accepted")
class _LimitIsRefused(Behaviour):
    def limit_thousand_is_refused(self, parsed: ParsedRequest) -> int:
        """limit 1000 is answered 400."""
        limit = super().limit(parsed)
        return self.bad_limit(parsed, "1000") if limit == self.limits.maximum else limit

    def limit_one_is_refused(self, parsed: ParsedRequest) -> int:
        """limit 1 is answered 400."""
        limit = super().limit(parsed)
        return self.bad_limit(parsed, "1") if limit == self.limits.minimum else limit

    def limit_above_hundred_is_refused(self, parsed: ParsedRequest) -> int:
        """A limit above 100 is answered 400."""
        limit = super().limit(parsed)
        return self.bad_limit(parsed, str(limit)) if limit > 100 else limit

    def limit_is_read_as_text(self, parsed: ParsedRequest) -> int:
        """limit is compared as text: 3 is above "1000" and refused."""
        limit = super().limit(parsed)
        return self.bad_limit(parsed, str(limit)) if parsed.values("limit") and str(limit) > "1000" else limit


@SERVERS.faults_in(Behaviour.bad_limit, "list-limit-outside-range-is-refused")
class _LimitIsTaken(Behaviour):
    def limit_zero_is_the_default(self, parsed: ParsedRequest, text: str) -> int:
        """limit 0 is answered with a page of the default size: zero is taken for absent."""
        return self.limits.default if text == "0" else super().bad_limit(parsed, text)

    def limit_zero_is_an_empty_page(self, parsed: ParsedRequest, text: str) -> int:
        """limit 0 is answered with an empty page."""
        return 0 if text == "0" else super().bad_limit(parsed, text)

    def limit_above_the_range_is_clamped(self, parsed: ParsedRequest, text: str) -> int:
        """A limit above 1000 is taken for 1000."""
        return self.limits.maximum if text.isdecimal() and text != "0" else super().bad_limit(parsed, text)

    def negative_limit_is_accepted(self, parsed: ParsedRequest, text: str) -> int:
        """A limit below zero is taken for its absolute value."""
        digits = text.removeprefix("-")
        if digits == text or not digits.isdecimal():
            return super().bad_limit(parsed, text)
        return min(max(int(digits), self.limits.minimum), self.limits.maximum)

    def limit_that_is_no_number_is_ignored(self, parsed: ParsedRequest, text: str) -> int:
        """A limit that is not a number is taken for the default."""
        number = text.removeprefix("-").isdecimal()
        return super().bad_limit(parsed, text) if number else self.limits.default

    def every_bad_limit_is_clamped(self, parsed: ParsedRequest, text: str) -> int:
        """A limit out of range is taken for the nearest one, and one that is not a number for the default."""
        if not text.removeprefix("-").isdecimal():
            return self.limits.default
        return self.limits.minimum if text.startswith("-") or text == "0" else self.limits.maximum


@SERVERS.fault("list-page-is-full")
class PageIsFilteredAfterSlicing(Behaviour):
    """Every fourth model is hidden, and taken out of a page after it was cut: pages are short in mid-list."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        models = self.catalogue.models
        hidden = {model.id for model in models[2::4]}
        aliases = {alias: target for alias, target in self.catalogue.aliases.items() if target not in hidden}
        self.catalogue = Catalogue(models, aliases, self.catalogue.retired)

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        positions = range(window.start, window.stop)
        return [self.catalogue.models[at] for at in positions if at % 4 != 2]

    def locate(self, parsed: ParsedRequest, name: str) -> int | None:
        position = super().locate(parsed, name)
        return None if position is not None and position % 4 == 2 else position

    def find(self, parsed: ParsedRequest) -> Model | None:
        model = super().find(parsed)
        position = None if model is None else self.catalogue.position(model.id)
        return None if position is not None and position % 4 == 2 else model

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        # The last model of all may be hidden, and then nothing follows the one before it.
        shown = [at for at in range(window.total) if at % 4 != 2]
        if window.backward or not shown:
            return super().has_more(parsed, window)
        return window.stop <= shown[-1]


@SERVERS.fault_in(OtherPage.other, "list-page-is-within-limit")
def limit_is_ignored_after_the_twentieth(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """With a cursor at the twentieth model or beyond, a page holds all that remain."""
    return replace(window, stop=window.total) if window.forward and window.start >= 20 else window
