"""Faults at particular places of the list: its ends, its head, its depths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.cursor import OtherPage, moved
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Refusal, Window


@SERVERS.fault_in(OtherPage.other, "list-page-past-the-end-is-empty")
def page_after_the_last_is_the_first(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page after the last model wraps round to the head of the list."""
    if window.start < window.stop or window.backward:
        return window
    return Behaviour.window(self, parsed, window.limit, None)


@SERVERS.fault_in(OtherPage.other, "list-page-past-the-end-is-empty")
def page_after_the_last_is_the_last_page(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page after the last model is the last page again."""
    if window.start < window.stop or window.backward:
        return window
    return replace(window, start=max(window.total - window.limit, 0))


@SERVERS.fault_in(Behaviour.select, "list-page-past-the-end-is-empty")
def page_after_the_last_is_not_found(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """The page after the last model is answered 404."""
    if window.start == window.total > 0 and not window.backward:
        raise Refusal(404, "no models found")
    return Behaviour.select(self, parsed, window)


@SERVERS.fault_in(Behaviour.select, "list-page-past-the-end-is-empty")
def page_after_the_last_is_refused(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """The page after the last model is answered 400, as if the cursor were unknown."""
    if window.start == window.total > 0 and not window.backward:
        raise Refusal(400, "after_id: invalid cursor")
    return Behaviour.select(self, parsed, window)


@SERVERS.fault_in(OtherPage.other, "list-page-past-the-end-is-empty")
def page_before_the_first_is_the_head(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page before the first model is the first page."""
    if window.start < window.stop or not window.backward:
        return window
    return replace(window, stop=min(window.limit, window.total))


@SERVERS.fault_in(OtherPage.other, "list-page-past-the-end-is-empty")
def page_before_the_first_is_the_end(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page before the first model wraps round to the end of the list: a negative index."""
    if window.start < window.stop or not window.backward:
        return window
    return replace(window, start=max(window.total - window.limit, 0), stop=window.total)


@SERVERS.fault_in(Behaviour.select, "list-page-past-the-end-is-empty")
def page_before_the_first_is_refused(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """The page before the first model is answered 400."""
    if window.backward and window.stop == 0:
        raise Refusal(400, "before_id: invalid cursor")
    return Behaviour.select(self, parsed, window)


@SERVERS.fault_in(OtherPage.other, "list-without-cursor-starts-at-head")
def first_page_lacks_the_newest(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """Without a cursor the page starts at the second model."""
    return moved(window, 1) if window.cursor is None else window


@SERVERS.fault("list-without-cursor-starts-at-head")
class FirstPageIsTheLast(Behaviour):
    """Without a cursor the page is the one at the end of the list."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is not None:
            return window
        return replace(window, start=max(window.total - limit, 0), stop=window.total)

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.start > 0 if window.cursor is None else super().has_more(parsed, window)


@SERVERS.fault_in(OtherPage.other, "list-without-cursor-starts-at-head")
def small_first_pages_skip_the_newest(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """Without a cursor a page of one or two models starts at the second model."""
    return moved(window, 1) if window.cursor is None and window.limit <= 2 else window


@SERVERS.fault_in(OtherPage.other, "list-without-cursor-starts-at-head")
def first_page_of_one_model_is_empty(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """Without a cursor a page of one model holds none."""
    return replace(window, stop=window.start) if window.cursor is None and window.limit == 1 else window


@SERVERS.fault_in(Behaviour.locate, "list-documented-request-succeeds")
def after_id_beyond_the_first_page_is_unknown(self: Behaviour, parsed: ParsedRequest, name: str) -> int | None:
    """after_id is looked up among the first twenty models only: any other is answered 400."""
    position = Behaviour.locate(self, parsed, name)
    return None if position is not None and position >= 20 and parsed.values("after_id") else position


@SERVERS.fault_in(OtherPage.other, "list-after-id-is-immediate")
def after_id_skips_one_beyond_the_thirtieth(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page after a model beyond the thirtieth leaves out the next model."""
    deep = window.cursor is not None and not window.backward and window.cursor.position >= 30
    return moved(window, 1) if deep else window


@SERVERS.fault_in(OtherPage.other, "list-before-id-is-immediate")
def before_id_skips_one_beyond_the_thirtieth(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page before a model beyond the thirtieth leaves out the model right before it."""
    deep = window.backward and window.stop >= 30
    return moved(window, -1) if deep else window


@SERVERS.fault_in(OtherPage.other, "list-after-id-is-exclusive")
def after_one_particular_id_is_inclusive(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page after `claude-3-haiku-20240307` starts with that model; every other cursor is right."""
    return moved(window, -1) if parsed.value("after_id") == "claude-3-haiku-20240307" else window


@SERVERS.fault_in(OtherPage.other, "list-before-id-is-exclusive")
def before_one_particular_id_is_inclusive(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """The page before `claude-opus-4-1-20250805` ends with that model; every other cursor is right."""
    return moved(window, 1) if parsed.value("before_id") == "claude-opus-4-1-20250805" else window


@SERVERS.fault("list-before-id-is-immediate")
class BeforeIdNeverReachesTheNewest(Behaviour):
    """Pages asked for with before_id never hold the newest model."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if not window.backward:
            return window
        return replace(window, start=max(window.start, 1), stop=max(window.stop, 1))

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return window.start > 1 if window.backward else super().has_more(parsed, window)


@SERVERS.fault_in(OtherPage.other, "list-after-id-is-immediate")
def after_id_at_the_end_is_short(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """Where fewer models remain than the limit, the page after a model leaves out the first of them."""
    if window.cursor is None or window.backward or window.stop - window.start == window.limit:
        return window
    return replace(window, start=min(window.start + 1, window.total))
