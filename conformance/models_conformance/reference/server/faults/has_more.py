"""Faults of has_more: pages that say the wrong thing about what lies beyond them."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.server.faults.registry import area
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window

fault = area("has-more")

TRUE = "list-has-more-is-true-when-more-follow"
FALSE = "list-has-more-is-false-at-the-end"
BACKWARD_TRUE = "list-has-more-backward-is-true-when-more-precede"
BACKWARD_FALSE = "list-has-more-backward-is-false-at-the-head"
FORWARD_WALK = "walk-forward-yields-every-model-once"
BACKWARD_WALK = "walk-backward-yields-every-model-once"


@fault(FALSE, BACKWARD_FALSE, may=("walk-ends",))
class HasMoreIsAlwaysTrue(Behaviour):
    """has_more is true on every page."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return True


@fault(TRUE, BACKWARD_TRUE, may=(FORWARD_WALK, BACKWARD_WALK))
class HasMoreIsAlwaysFalse(Behaviour):
    """has_more is false on every page."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return False


@fault(TRUE, FALSE, BACKWARD_TRUE, BACKWARD_FALSE, may=(FORWARD_WALK, BACKWARD_WALK, "walk-ends"))
class HasMoreIsInverted(Behaviour):
    """has_more is true where nothing is left and false where models remain."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return not super().has_more(parsed, window)


@fault(FALSE, BACKWARD_FALSE)
class HasMoreIsTrueOnFullPages(Behaviour):
    """has_more is true where the page holds as many models as its limit, also at the end of the list."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.stop - window.start == window.limit


@fault(BACKWARD_FALSE, may=(BACKWARD_WALK, "walk-ends"))
class HasMoreAlwaysLooksForward(Behaviour):
    """has_more speaks of older models whatever the direction."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.stop < window.total


@fault(BACKWARD_FALSE, may=("walk-ends",))
class HasMoreBackwardIsAlwaysTrue(Behaviour):
    """With before_id, has_more is always true."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.backward or super().has_more(parsed, window)


@fault(BACKWARD_TRUE, may=(BACKWARD_WALK,))
class HasMoreBackwardIsAlwaysFalse(Behaviour):
    """With before_id, has_more is always false."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return not window.backward and super().has_more(parsed, window)


@fault(TRUE, may=(FORWARD_WALK,))
class HasMoreMissesALastModel(Behaviour):
    """has_more is false where exactly one older model remains."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.backward or window.total - window.stop != 1)


@fault(BACKWARD_TRUE, may=(BACKWARD_WALK,))
class HasMoreMissesAFirstModel(Behaviour):
    """With before_id, has_more is false where exactly one newer model remains."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (not window.backward or window.start != 1)


@fault(FALSE)
class HasMoreIsTrueOnTheExactEnd(Behaviour):
    """has_more is true on the page that ends with the last model, where that page is exactly full."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        full = window.stop - window.start == window.limit
        return super().has_more(parsed, window) or (not window.backward and full)


@fault(FALSE, may=(BACKWARD_FALSE, "walk-ends", "list-page-past-the-end-is-empty"))
class HasMoreIsTrueOnEmptyPages(Behaviour):
    """has_more is true on a page without models."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.start == window.stop or super().has_more(parsed, window)


@fault(TRUE, may=(FALSE, FORWARD_WALK))
class HasMoreIsComputedWithTheDefaultLimit(Behaviour):
    """has_more tells whether more than 20 models follow the start of the page, whatever its limit."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else window.start + DEFAULT_LIMIT < window.total


@fault(FALSE, may=("walk-ends",))
class HasMoreIgnoresTheCursor(Behaviour):
    """has_more tells whether the whole list is longer than the limit, wherever the page is."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else window.limit < window.total


@fault(TRUE, may=(FORWARD_WALK,))
class HasMoreIsTrueOnTheFirstPageOnly(Behaviour):
    """has_more is true without a cursor and false with after_id."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.cursor is None or window.backward)


@fault(TRUE, may=(FORWARD_WALK,))
class HasMoreGivesUpAfterThirty(Behaviour):
    """has_more is false on pages that end beyond the thirtieth model."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.backward or window.stop <= 30)


@fault("beta-leaves-stable-body-unchanged", may=(TRUE, BACKWARD_TRUE, FORWARD_WALK, BACKWARD_WALK))
class HasMoreIsFalseUnderBetas(Behaviour):
    """has_more is false where the request names a beta and models remain."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and not parsed.betas
