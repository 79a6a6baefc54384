"""Faults of limit: pages of the wrong size, and limits that are accepted or refused wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model, catalogue_of
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, MAXIMUM_LIMIT, MINIMUM_LIMIT, Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window


@SERVERS.fault("list-default-page-is-20")
class DefaultLimitIsTen(Behaviour):
    """Without a limit a page holds 10 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return 10


@SERVERS.fault("list-default-page-is-20")
class DefaultLimitIsTwentyOne(Behaviour):
    """Without a limit a page holds 21 models: one was fetched to see whether more follow, and kept."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT + 1


@SERVERS.fault("list-default-page-is-20")
class DefaultLimitIsNineteen(Behaviour):
    """Without a limit a page holds 19 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT - 1


@SERVERS.fault("list-default-page-is-20")
class DefaultLimitIsFifty(Behaviour):
    """Without a limit a page holds 50 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return 50


@SERVERS.fault("list-default-page-is-20")
class DefaultLimitIsTheWholeList(Behaviour):
    """Without a limit the page is the whole list."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return MAXIMUM_LIMIT


@SERVERS.fault("list-default-page-is-20")
class DefaultLimitWithACursorIsTen(Behaviour):
    """Without a limit a page next to a cursor holds 10 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return 10 if parsed.values("after_id") or parsed.values("before_id") else DEFAULT_LIMIT


@SERVERS.fault("list-page-is-full")
class LimitIsCappedAtHundred(Behaviour):
    """A page never holds more than 100 models."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(130)

    def limit(self, parsed: ParsedRequest) -> int:
        return min(super().limit(parsed), 100)


@SERVERS.fault("list-page-is-full")
class LimitIsCappedAtTwenty(Behaviour):
    """A page never holds more than 20 models."""

    def limit(self, parsed: ParsedRequest) -> int:
        return min(super().limit(parsed), DEFAULT_LIMIT)


@SERVERS.fault("list-page-is-within-limit")
class LimitOneGivesTwo(Behaviour):
    """A page with the limit 1 holds two models."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return 2 if limit == 1 else limit


@SERVERS.fault("list-page-is-within-limit")
class PageHoldsOneMoreThanLimit(Behaviour):
    """A page holds one model more than its limit."""

    def limit(self, parsed: ParsedRequest) -> int:
        return super().limit(parsed) + bool(parsed.values("limit"))


@SERVERS.fault("list-page-is-full")
class PageHoldsOneLessThanLimit(Behaviour):
    """A page holds one model less than its limit, but at least one."""

    def limit(self, parsed: ParsedRequest) -> int:
        return max(super().limit(parsed) - bool(parsed.values("limit")), 1)


@SERVERS.fault("list-page-is-full")
class LimitThousandGivesOneLess(Behaviour):
    """A page with the limit 1000 holds 999 models."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(1003)

    def limit(self, parsed: ParsedRequest) -> int:
        return min(super().limit(parsed), MAXIMUM_LIMIT - 1)


@SERVERS.fault("list-limit-in-range-is-accepted")
class LimitThousandIsRefused(Behaviour):
    """limit 1000 is answered 400."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return self.bad_limit(parsed, "1000") if limit == MAXIMUM_LIMIT else limit


@SERVERS.fault("list-limit-in-range-is-accepted")
class LimitOneIsRefused(Behaviour):
    """limit 1 is answered 400."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return self.bad_limit(parsed, "1") if limit == MINIMUM_LIMIT else limit


@SERVERS.fault("list-limit-in-range-is-accepted")
class LimitAboveHundredIsRefused(Behaviour):
    """A limit above 100 is answered 400."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return self.bad_limit(parsed, str(limit)) if limit > 100 else limit


@SERVERS.fault("list-limit-in-range-is-accepted")
class LimitIsReadAsText(Behaviour):
    """limit is compared as text: 3 is above "1000" and refused."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return self.bad_limit(parsed, str(limit)) if parsed.values("limit") and str(limit) > "1000" else limit


@SERVERS.fault("list-limit-outside-range-is-refused")
class LimitZeroIsTheDefault(Behaviour):
    """limit 0 is answered with a page of the default size: zero is taken for absent."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        return DEFAULT_LIMIT if text == "0" else super().bad_limit(parsed, text)


@SERVERS.fault("list-limit-outside-range-is-refused")
class LimitZeroIsAnEmptyPage(Behaviour):
    """limit 0 is answered with an empty page."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        return 0 if text == "0" else super().bad_limit(parsed, text)


@SERVERS.fault("list-limit-outside-range-is-refused")
class LimitAboveTheRangeIsClamped(Behaviour):
    """A limit above 1000 is taken for 1000."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        return MAXIMUM_LIMIT if text.isdecimal() and text != "0" else super().bad_limit(parsed, text)


@SERVERS.fault("list-limit-outside-range-is-refused")
class NegativeLimitIsAccepted(Behaviour):
    """A limit below zero is taken for its absolute value."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        digits = text.removeprefix("-")
        if digits == text or not digits.isdecimal():
            return super().bad_limit(parsed, text)
        return min(max(int(digits), MINIMUM_LIMIT), MAXIMUM_LIMIT)


@SERVERS.fault("list-limit-outside-range-is-refused")
class LimitThatIsNoNumberIsIgnored(Behaviour):
    """A limit that is no number is taken for the default."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        number = text.removeprefix("-").isdecimal()
        return super().bad_limit(parsed, text) if number else DEFAULT_LIMIT


@SERVERS.fault("list-limit-outside-range-is-refused")
class EveryBadLimitIsClamped(Behaviour):
    """A limit out of range is taken for the nearest one, and one that is no number for the default."""

    def bad_limit(self, parsed: ParsedRequest, text: str) -> int:
        if not text.removeprefix("-").isdecimal():
            return DEFAULT_LIMIT
        return MINIMUM_LIMIT if text.startswith("-") or text == "0" else MAXIMUM_LIMIT


@SERVERS.fault("list-page-is-within-limit")
class LimitIsIgnored(Behaviour):
    """limit is checked and then not used: every page is of the default size."""

    def limit(self, parsed: ParsedRequest) -> int:
        return min(super().limit(parsed), 0) + DEFAULT_LIMIT


@SERVERS.fault("list-page-is-within-limit")
class LimitIsIgnoredUnderBetas(Behaviour):
    """limit is not used where the request names a beta."""

    def limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT if parsed.betas else super().limit(parsed)


@SERVERS.fault("list-page-is-within-limit")
class LimitIsIgnoredWithAfterId(Behaviour):
    """limit is not used where the request has after_id."""

    def limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT if parsed.values("after_id") else super().limit(parsed)


@SERVERS.fault("list-page-is-within-limit")
class LimitIsIgnoredWithBeforeId(Behaviour):
    """limit is not used where the request has before_id."""

    def limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT if parsed.values("before_id") else super().limit(parsed)


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
