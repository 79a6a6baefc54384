"""Faults that show only where several things meet: a value of limit, a direction, a beta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.cursor import moved
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Window


@SERVERS.fault("list-after-id-is-immediate")
class AfterIdWithLimitSevenSkipsOne(Behaviour):
    """The page after a model leaves out the next model where the limit is 7."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return moved(window, 1) if cursor is not None and not cursor.backward and limit == 7 else window


@SERVERS.fault("list-page-is-full")
class LimitThirteenGivesTwelve(Behaviour):
    """A page with the limit 13 holds 12 models."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return 12 if limit == 13 else limit


@SERVERS.fault("list-before-id-is-immediate")
class BeforeIdWithLimitOneIsTheHead(Behaviour):
    """With limit 1, the page before a model is the newest model."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if not window.backward or limit != 1 or window.stop == 0:
            return window
        return replace(window, start=0, stop=1)


@SERVERS.fault("list-before-id-keeps-list-order")
class BeforeIdWithTheDefaultLimitIsReversed(Behaviour):
    """The page before a model runs from older to newer where no limit is given."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[::-1] if window.backward and not parsed.values("limit") else models


@SERVERS.fault("list-after-id-is-exclusive")
class LimitCursorAndBetaTogetherIgnoreTheCursor(Behaviour):
    """after_id is ignored where the request has a limit and a beta too."""

    def cursor(self, parsed: ParsedRequest) -> Cursor | None:
        cursor = super().cursor(parsed)
        if cursor is not None and not cursor.backward and parsed.values("limit") and parsed.betas:
            return None
        return cursor


@SERVERS.fault("list-before-id-is-immediate")
class BeforeIdUnderBetasIsTheHead(Behaviour):
    """The page before a model is the head of the list where the request names a beta."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is None or not cursor.backward or not parsed.betas:
            return window
        return replace(window, start=0, stop=min(limit, cursor.position))


@SERVERS.fault("list-has-more-is-false-at-the-end")
class HasMoreIsTrueAtTheEndWithLimitThree(Behaviour):
    """has_more is true at the end of the list where the limit is 3."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) or (not window.backward and window.limit == 3)


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreIsFalseOnLargePages(Behaviour):
    """has_more is false on pages of more than twenty models, where some remain."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        large = window.stop - window.start > DEFAULT_LIMIT
        return super().has_more(parsed, window) and (window.backward or not large)


@SERVERS.fault("list-ids-equal-ends-of-data")
class LastIdIsWrongOnPagesOfOne(Behaviour):
    """On a page of one model last_id is the id of the model before it."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        if len(models) == 1 and window.start > 0:
            page["last_id"] = self.catalogue.models[window.start - 1].id
        return page


@SERVERS.fault("list-default-page-is-20")
class DefaultPageBackwardIsShort(Behaviour):
    """With before_id and without a limit a page holds 19 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT - 1 if parsed.values("before_id") else DEFAULT_LIMIT


@SERVERS.fault("list-page-is-within-limit")
class LimitIsIgnoredAfterTheTwentieth(Behaviour):
    """With a cursor at the twentieth model or beyond, a page holds all that remain."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is None or cursor.backward or cursor.position < 19:
            return window
        return replace(window, stop=window.total)


@SERVERS.fault("model-is-complete")
class DisplayNameIsNullOnThePageBefore(Behaviour):
    """On pages asked for with before_id every display_name is null."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        return {**item, "display_name": None} if parsed.values("before_id") else item
