"""Faults of has_more: pages that say the wrong thing about what lies beyond them."""

from __future__ import annotations

from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window


@SERVERS.faults_in(Behaviour.has_more, "list-has-more-is-false-at-the-end")
class _TrueAtTheEnd(Behaviour):
    def has_more_is_always_true(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true on every page."""
        return True

    def has_more_is_true_on_full_pages(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true where the page holds as many models as its limit, also at the end of the list."""
        return window.stop - window.start == window.limit

    def has_more_is_true_on_the_exact_end(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true on the page that ends with the last model, where that page is exactly full."""
        full = window.stop - window.start == window.limit
        return super().has_more(parsed, window) or (not window.backward and full)

    def has_more_is_true_on_empty_pages(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true on a page without models."""
        return window.start == window.stop or super().has_more(parsed, window)

    def has_more_ignores_the_cursor(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more tells whether the whole list is longer than the limit, wherever the page is."""
        return super().has_more(parsed, window) if window.backward else window.limit < window.total

    def has_more_is_true_at_the_end_with_limit_three(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true at the end of the list where the limit is 3."""
        return super().has_more(parsed, window) or (not window.backward and window.limit == 3)


@SERVERS.faults_in(Behaviour.has_more, "list-has-more-is-true-when-more-follow")
class _FalseWhereMoreFollow(Behaviour):
    def has_more_is_always_false(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is false on every page."""
        return False

    def has_more_is_inverted(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true where nothing is left and false where models remain."""
        return not super().has_more(parsed, window)

    def has_more_misses_a_last_model(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is false where exactly one older model remains."""
        return super().has_more(parsed, window) and (window.backward or window.total - window.stop != 1)

    def has_more_is_computed_with_the_default_limit(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more tells whether more than 20 models follow the start of the page, whatever its limit."""
        more = window.start + self.limits.default < window.total
        return super().has_more(parsed, window) if window.backward else more

    def has_more_is_true_on_the_first_page_only(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is true without a cursor and false with after_id."""
        return super().has_more(parsed, window) and (window.cursor is None or window.backward)

    def has_more_gives_up_after_thirty(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is false on pages that end beyond the thirtieth model."""
        return super().has_more(parsed, window) and (window.backward or window.stop <= 30)

    def has_more_is_false_on_large_pages(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is false on pages of more than twenty models, where some remain."""
        large = window.stop - window.start > self.limits.default
        return super().has_more(parsed, window) and (window.backward or not large)

    def forward_walk_ends_before_the_last_page(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more is false on the page before the last: the walk never sees the oldest models."""
        more = super().has_more(parsed, window)
        return more and (window.backward or window.total - window.stop > window.limit)


@SERVERS.faults_in(Behaviour.has_more, "list-has-more-backward-is-false-at-the-head")
class _TrueAtTheHead(Behaviour):
    def has_more_always_looks_forward(self, parsed: ParsedRequest, window: Window) -> Any:
        """has_more speaks of older models whatever the direction."""
        return window.stop < window.total

    def has_more_backward_is_always_true(self, parsed: ParsedRequest, window: Window) -> Any:
        """With before_id, has_more is always true."""
        return window.backward or super().has_more(parsed, window)


@SERVERS.faults_in(Behaviour.has_more, "list-has-more-backward-is-true-when-more-precede")
class _FalseWhereMorePrecede(Behaviour):
    def has_more_backward_is_always_false(self, parsed: ParsedRequest, window: Window) -> Any:
        """With before_id, has_more is always false."""
        return not window.backward and super().has_more(parsed, window)

    def has_more_misses_a_first_model(self, parsed: ParsedRequest, window: Window) -> Any:
        """With before_id, has_more is false where exactly one newer model remains."""
        return super().has_more(parsed, window) and (not window.backward or window.start != 1)

    def backward_walk_ends_before_the_first_page(self, parsed: ParsedRequest, window: Window) -> Any:
        """With before_id, has_more is false where no more than one page of newer models remains."""
        more = super().has_more(parsed, window)
        return more and (not window.backward or window.start > window.limit)


@SERVERS.fault_in(Behaviour.has_more, "beta-leaves-stable-body-unchanged")
def has_more_is_false_under_betas(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is false where the request names a beta and models remain."""
    return Behaviour.has_more(self, parsed, window) and not parsed.betas


@SERVERS.fault_in(Behaviour.has_more, "walk-forward-yields-every-model-once")
def forward_walk_ends_after_three_pages(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is false from the third page on, counted in pages of the limit."""
    return Behaviour.has_more(self, parsed, window) and (window.backward or window.stop < 3 * window.limit)


@SERVERS.fault_in(Behaviour.has_more, "walk-backward-yields-every-model-once")
def backward_walk_ends_after_three_pages(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """With before_id, has_more is false from the third page on, counted from the end in pages of the limit."""
    near = window.total - window.start < 3 * window.limit
    return Behaviour.has_more(self, parsed, window) and (not window.backward or near)
