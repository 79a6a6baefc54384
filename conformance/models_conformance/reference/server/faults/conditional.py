"""Faults that show only where several things meet: a value of limit, a direction, a beta."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.cursor import OtherPage, moved
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Window


@SERVERS.fault_in(OtherPage.other, "list-after-id-is-immediate")
def after_id_with_limit_seven_skips_one(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page after a model leaves out the next model where the limit is 7."""
    return moved(window, 1) if window.cursor is not None and not window.backward and window.limit == 7 else window


@SERVERS.fault_in(Behaviour.limit, "list-page-is-full")
def limit_thirteen_gives_twelve(self: Behaviour, parsed: ParsedRequest) -> int:
    """A page with the limit 13 holds 12 models."""
    limit = Behaviour.limit(self, parsed)
    return 12 if limit == 13 else limit


@SERVERS.fault_in(OtherPage.other, "list-before-id-is-immediate")
def before_id_with_limit_one_is_the_head(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """With limit 1, the page before a model is the newest model."""
    if not window.backward or window.limit != 1 or window.stop == 0:
        return window
    return replace(window, start=0, stop=1)


@SERVERS.fault_in(Behaviour.select, "list-before-id-keeps-list-order")
def before_id_with_the_default_limit_is_reversed(
    self: Behaviour, parsed: ParsedRequest, window: Window
) -> Sequence[Model]:
    """The page before a model runs from older to newer where no limit is given."""
    models = Behaviour.select(self, parsed, window)
    return models[::-1] if window.backward and not parsed.values("limit") else models


@SERVERS.fault_in(Behaviour.cursor, "list-after-id-is-exclusive")
def limit_cursor_and_beta_together_ignore_the_cursor(self: Behaviour, parsed: ParsedRequest) -> Cursor | None:
    """after_id is ignored where the request has a limit and a beta too."""
    cursor = Behaviour.cursor(self, parsed)
    if cursor is not None and not cursor.backward and parsed.values("limit") and parsed.betas:
        return None
    return cursor


@SERVERS.fault_in(OtherPage.other, "list-before-id-is-immediate")
def before_id_under_betas_is_the_head(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page before a model is the head of the list where the request names a beta."""
    if not window.backward or not parsed.betas:
        return window
    return replace(window, start=0, stop=min(window.limit, window.stop))


@SERVERS.fault_in(Behaviour.has_more, "list-has-more-is-false-at-the-end")
def has_more_is_true_at_the_end_with_limit_three(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is true at the end of the list where the limit is 3."""
    return Behaviour.has_more(self, parsed, window) or (not window.backward and window.limit == 3)


@SERVERS.fault_in(Behaviour.has_more, "list-has-more-is-true-when-more-follow")
def has_more_is_false_on_large_pages(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is false on pages of more than twenty models, where some remain."""
    large = window.stop - window.start > self.limits.default
    return Behaviour.has_more(self, parsed, window) and (window.backward or not large)


@SERVERS.fault_in(Behaviour.page, "list-ids-equal-ends-of-data")
def last_id_is_wrong_on_pages_of_one(
    self: Behaviour, parsed: ParsedRequest, window: Window, models: Sequence[Model]
) -> dict[str, Any]:
    """On a page of one model last_id is the id of the model before it."""
    page = Behaviour.page(self, parsed, window, models)
    if len(models) == 1 and window.start > 0:
        page["last_id"] = self.catalogue.models[window.start - 1].id
    return page


@SERVERS.fault_in(Behaviour.default_limit, "list-default-page-is-20")
def default_page_backward_is_short(self: Behaviour, parsed: ParsedRequest) -> int:
    """With before_id and without a limit a page holds 19 models."""
    return self.limits.default - 1 if parsed.values("before_id") else self.limits.default


@SERVERS.fault_in(OtherPage.other, "list-page-is-within-limit")
def limit_is_ignored_after_the_twentieth(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """With a cursor at the twentieth model or beyond, a page holds all that remain."""
    if window.cursor is None or window.backward or window.cursor.position < 19:
        return window
    return replace(window, stop=window.total)


@SERVERS.fault_in(Behaviour.item, "model-is-complete")
def display_name_is_null_on_the_page_before(self: Behaviour, parsed: ParsedRequest, model: Model) -> Any:
    """On pages asked for with before_id every display_name is null."""
    item = Behaviour.item(self, parsed, model)
    return {**item, "display_name": None} if parsed.values("before_id") else item
