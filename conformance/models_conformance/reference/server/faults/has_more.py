"""Faults of has_more: pages that say the wrong thing about what lies beyond them."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import DEFAULT_LIMIT, Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window


@SERVERS.fault("list-has-more-is-false-at-the-end")
class HasMoreIsAlwaysTrue(Behaviour):
    """has_more is true on every page."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return True


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreIsAlwaysFalse(Behaviour):
    """has_more is false on every page."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return False


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreIsInverted(Behaviour):
    """has_more is true where nothing is left and false where models remain."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return not super().has_more(parsed, window)


@SERVERS.fault("list-has-more-is-false-at-the-end")
class HasMoreIsTrueOnFullPages(Behaviour):
    """has_more is true where the page holds as many models as its limit, also at the end of the list."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.stop - window.start == window.limit


@SERVERS.fault("list-has-more-backward-is-false-at-the-head")
class HasMoreAlwaysLooksForward(Behaviour):
    """has_more speaks of older models whatever the direction."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.stop < window.total


@SERVERS.fault("list-has-more-backward-is-false-at-the-head")
class HasMoreBackwardIsAlwaysTrue(Behaviour):
    """With before_id, has_more is always true."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.backward or super().has_more(parsed, window)


@SERVERS.fault("list-has-more-backward-is-true-when-more-precede")
class HasMoreBackwardIsAlwaysFalse(Behaviour):
    """With before_id, has_more is always false."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return not window.backward and super().has_more(parsed, window)


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreMissesALastModel(Behaviour):
    """has_more is false where exactly one older model remains."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.backward or window.total - window.stop != 1)


@SERVERS.fault("list-has-more-backward-is-true-when-more-precede")
class HasMoreMissesAFirstModel(Behaviour):
    """With before_id, has_more is false where exactly one newer model remains."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (not window.backward or window.start != 1)


@SERVERS.fault("list-has-more-is-false-at-the-end")
class HasMoreIsTrueOnTheExactEnd(Behaviour):
    """has_more is true on the page that ends with the last model, where that page is exactly full."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        full = window.stop - window.start == window.limit
        return super().has_more(parsed, window) or (not window.backward and full)


@SERVERS.fault("list-has-more-is-false-at-the-end")
class HasMoreIsTrueOnEmptyPages(Behaviour):
    """has_more is true on a page without models."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.start == window.stop or super().has_more(parsed, window)


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreIsComputedWithTheDefaultLimit(Behaviour):
    """has_more tells whether more than 20 models follow the start of the page, whatever its limit."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else window.start + DEFAULT_LIMIT < window.total


@SERVERS.fault("list-has-more-is-false-at-the-end")
class HasMoreIgnoresTheCursor(Behaviour):
    """has_more tells whether the whole list is longer than the limit, wherever the page is."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else window.limit < window.total


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreIsTrueOnTheFirstPageOnly(Behaviour):
    """has_more is true without a cursor and false with after_id."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.cursor is None or window.backward)


@SERVERS.fault("list-has-more-is-true-when-more-follow")
class HasMoreGivesUpAfterThirty(Behaviour):
    """has_more is false on pages that end beyond the thirtieth model."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.backward or window.stop <= 30)


@SERVERS.fault("beta-leaves-stable-body-unchanged")
class HasMoreIsFalseUnderBetas(Behaviour):
    """has_more is false where the request names a beta and models remain."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and not parsed.betas
