"""Faults at particular places of the list: its ends, its head, its depths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.cursor import moved
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Refusal, Window


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageAfterTheLastIsTheFirst(Behaviour):
    """The page after the last model wraps round to the head of the list."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if window.start < window.stop or window.backward:
            return window
        return super().window(parsed, limit, None)


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageAfterTheLastIsTheLastPage(Behaviour):
    """The page after the last model is the last page again."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if window.start < window.stop or window.backward:
            return window
        return replace(window, start=max(window.total - limit, 0))


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageAfterTheLastIsNotFound(Behaviour):
    """The page after the last model is answered 404."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        if window.start == window.total > 0 and not window.backward:
            raise Refusal(404, "no models found")
        return super().select(parsed, window)


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageAfterTheLastIsRefused(Behaviour):
    """The page after the last model is answered 400, as if the cursor were unknown."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        if window.start == window.total > 0 and not window.backward:
            raise Refusal(400, "after_id: invalid cursor")
        return super().select(parsed, window)


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageBeforeTheFirstIsTheHead(Behaviour):
    """The page before the first model is the first page."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if window.start < window.stop or not window.backward:
            return window
        return replace(window, stop=min(limit, window.total))


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageBeforeTheFirstIsTheEnd(Behaviour):
    """The page before the first model wraps round to the end of the list: a negative index."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if window.start < window.stop or not window.backward:
            return window
        return replace(window, start=max(window.total - limit, 0), stop=window.total)


@SERVERS.fault("list-page-past-the-end-is-empty")
class PageBeforeTheFirstIsRefused(Behaviour):
    """The page before the first model is answered 400."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        if window.backward and window.stop == 0:
            raise Refusal(400, "before_id: invalid cursor")
        return super().select(parsed, window)


@SERVERS.fault("list-without-cursor-starts-at-head")
class FirstPageLacksTheNewest(Behaviour):
    """Without a cursor the page starts at the second model."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return moved(window, 1) if cursor is None else window


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


@SERVERS.fault("list-without-cursor-starts-at-head")
class SmallFirstPagesSkipTheNewest(Behaviour):
    """Without a cursor a page of one or two models starts at the second model."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return moved(window, 1) if cursor is None and limit <= 2 else window


@SERVERS.fault("list-without-cursor-starts-at-head")
class FirstPageOfOneModelIsEmpty(Behaviour):
    """Without a cursor a page of one model holds none."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return replace(window, stop=window.start) if cursor is None and limit == 1 else window


@SERVERS.fault("list-documented-request-succeeds")
class AfterIdBeyondTheFirstPageIsUnknown(Behaviour):
    """after_id is looked up among the first twenty models only: any other is answered 400."""

    def locate(self, parsed: ParsedRequest, name: str) -> int | None:
        position = super().locate(parsed, name)
        return None if position is not None and position >= 20 and parsed.values("after_id") else position


@SERVERS.fault("list-after-id-is-immediate")
class AfterIdSkipsOneBeyondTheThirtieth(Behaviour):
    """The page after a model beyond the thirtieth leaves out the next model."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        deep = cursor is not None and not cursor.backward and cursor.position >= 30
        return moved(window, 1) if deep else window


@SERVERS.fault("list-before-id-is-immediate")
class BeforeIdSkipsOneBeyondTheThirtieth(Behaviour):
    """The page before a model beyond the thirtieth leaves out the model right before it."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        deep = cursor is not None and cursor.backward and cursor.position >= 30
        return moved(window, -1) if deep else window


@SERVERS.fault("list-after-id-is-exclusive")
class AfterOneParticularIdIsInclusive(Behaviour):
    """The page after `claude-3-haiku-20240307` starts with that model; every other cursor is right."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return moved(window, -1) if parsed.value("after_id") == "claude-3-haiku-20240307" else window


@SERVERS.fault("list-before-id-is-exclusive")
class BeforeOneParticularIdIsInclusive(Behaviour):
    """The page before `claude-opus-4-1-20250805` ends with that model; every other cursor is right."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
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


@SERVERS.fault("list-after-id-is-immediate")
class AfterIdAtTheEndIsShort(Behaviour):
    """Where fewer models remain than the limit, the page after a model leaves out the first of them."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is None or cursor.backward or window.stop - window.start == limit:
            return window
        return replace(window, start=min(window.start + 1, window.total))
