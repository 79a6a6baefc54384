"""Faults that show only where several things meet: a value of limit, a direction, a beta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.cursor import BACKWARD, FORWARD, moved
from models_conformance.reference.server.faults.registry import area
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Window

fault = area("conditional")

# What is said of models that look different from one request to the next.
LOOKS = ("same-question-same-answer", "beta-leaves-stable-body-unchanged", "model-id-is-unique")


@fault("list-after-id-is-immediate", may=FORWARD)
class AfterIdWithLimitSevenSkipsOne(Behaviour):
    """The page after a model leaves out the next model where the limit is 7."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return moved(window, 1) if cursor is not None and not cursor.backward and limit == 7 else window


@fault("list-page-is-full", may=("list-order-is-one-order",))
class LimitThirteenGivesTwelve(Behaviour):
    """A page with the limit 13 holds 12 models."""

    def limit(self, parsed: ParsedRequest) -> int:
        limit = super().limit(parsed)
        return 12 if limit == 13 else limit


@fault("list-before-id-is-immediate", may=BACKWARD)
class BeforeIdWithLimitOneIsTheHead(Behaviour):
    """With limit 1, the page before a model is the newest model."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if not window.backward or limit != 1 or window.stop == 0:
            return window
        return replace(window, start=0, stop=1)


@fault("list-before-id-keeps-list-order", may=BACKWARD)
class BeforeIdWithTheDefaultLimitIsReversed(Behaviour):
    """The page before a model runs from older to newer where no limit is given."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return models[::-1] if window.backward and not parsed.values("limit") else models


@fault(
    "list-after-id-is-exclusive",
    may=(*FORWARD, "beta-leaves-stable-body-unchanged", "same-question-same-answer"),
)
class LimitCursorAndBetaTogetherIgnoreTheCursor(Behaviour):
    """after_id is ignored where the request has a limit and a beta too."""

    def cursor(self, parsed: ParsedRequest) -> Cursor | None:
        cursor = super().cursor(parsed)
        if cursor is not None and not cursor.backward and parsed.values("limit") and parsed.betas:
            return None
        return cursor


@fault(
    "list-before-id-is-immediate",
    may=(*BACKWARD, "beta-leaves-stable-body-unchanged"),
)
class BeforeIdUnderBetasIsTheHead(Behaviour):
    """The page before a model is the head of the list where the request names a beta."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is None or not cursor.backward or not parsed.betas:
            return window
        return replace(window, start=0, stop=min(limit, cursor.position))


@fault("list-has-more-is-false-at-the-end", may=("walk-ends",))
class HasMoreIsTrueAtTheEndWithLimitThree(Behaviour):
    """has_more is true at the end of the list where the limit is 3."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) or (not window.backward and window.limit == 3)


@fault("list-has-more-is-true-when-more-follow", may=("walk-forward-yields-every-model-once",))
class HasMoreIsFalseOnLargePages(Behaviour):
    """has_more is false on pages of more than twenty models, where some remain."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        large = window.stop - window.start > DEFAULT_LIMIT
        return super().has_more(parsed, window) and (window.backward or not large)


@fault("list-ids-equal-ends-of-data", may=("walk-forward-yields-every-model-once", "walk-ends"))
class LastIdIsWrongOnPagesOfOne(Behaviour):
    """On a page of one model last_id is the id of the model before it."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        if len(models) == 1 and window.start > 0:
            page["last_id"] = self.catalogue.models[window.start - 1].id
        return page


@fault("list-default-page-is-20", may=("list-has-more-backward-is-true-when-more-precede",))
class DefaultPageBackwardIsShort(Behaviour):
    """With before_id and without a limit a page holds 19 models."""

    def default_limit(self, parsed: ParsedRequest) -> int:
        return DEFAULT_LIMIT - 1 if parsed.values("before_id") else DEFAULT_LIMIT


@fault("list-page-is-within-limit", may=FORWARD)
class LimitIsIgnoredAfterTheTwentieth(Behaviour):
    """With a cursor at the twentieth model or beyond, a page holds all that remain."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is None or cursor.backward or cursor.position < 19:
            return window
        return replace(window, stop=window.total)


@fault("model-is-complete", may=(*LOOKS, "retrieve-equals-listed-item"))
class DisplayNameIsNullOnThePageBefore(Behaviour):
    """On pages asked for with before_id every display_name is null."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = super().item(parsed, model)
        return {**item, "display_name": None} if parsed.values("before_id") else item
