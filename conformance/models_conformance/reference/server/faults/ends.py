"""Faults at the ends of the list: its head, what lies past its last model, and lists that have no end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import EPOCH, Model
from models_conformance.reference.server.faults.cursor import OtherPage, moved
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Refusal, Window


@SERVERS.faults_in(OtherPage.other, "list-page-past-the-end-is-empty")
class _PastTheEndIsAPage(OtherPage):
    def page_after_the_last_is_the_first(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after the last model wraps round to the head of the list."""
        past = window.forward and window.start == window.stop
        return Behaviour.window(self, parsed, window.limit, None) if past else window

    def page_after_the_last_is_the_last_page(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after the last model is the last page again."""
        past = window.forward and window.start == window.stop
        return replace(window, start=max(window.total - window.limit, 0)) if past else window

    def page_before_the_first_is_the_head(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before the first model is the first page."""
        past = window.backward and window.start == window.stop
        return replace(window, stop=min(window.limit, window.total)) if past else window

    def page_before_the_first_is_the_end(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before the first model wraps round to the end of the list: a negative index."""
        past = window.backward and window.start == window.stop
        return replace(window, start=max(window.total - window.limit, 0), stop=window.total) if past else window


@SERVERS.faults_in(Behaviour.select, "list-page-past-the-end-is-empty")
class _PastTheEndIsRefused(Behaviour):
    def page_after_the_last_is_not_found(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """The page after the last model is answered 404."""
        if window.start == window.total > 0 and not window.backward:
            raise Refusal(404, "no models found")
        return super().select(parsed, window)

    def page_after_the_last_is_refused(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """The page after the last model is answered 400, as if the cursor were unknown."""
        if window.start == window.total > 0 and not window.backward:
            raise Refusal(400, "after_id: invalid cursor")
        return super().select(parsed, window)

    def page_before_the_first_is_refused(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """The page before the first model is answered 400."""
        if window.backward and window.stop == 0:
            raise Refusal(400, "before_id: invalid cursor")
        return super().select(parsed, window)


@SERVERS.faults_in(OtherPage.other, "list-without-cursor-starts-at-head")
class _StartsBehindTheHead(OtherPage):
    def first_page_lacks_the_newest(self, parsed: ParsedRequest, window: Window) -> Window:
        """Without a cursor the page starts at the second model."""
        return moved(window, 1) if window.cursor is None else window

    def small_first_pages_skip_the_newest(self, parsed: ParsedRequest, window: Window) -> Window:
        """Without a cursor a page of one or two models starts at the second model."""
        return moved(window, 1) if window.cursor is None and window.limit <= 2 else window

    def first_page_of_one_model_is_empty(self, parsed: ParsedRequest, window: Window) -> Window:
        """Without a cursor a page of one model holds none."""
        return replace(window, stop=window.start) if window.cursor is None and window.limit == 1 else window


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


@SERVERS.fault("walk-ends")
class ListIsARing(Behaviour):
    """The page after the last model is the first page, and has_more is always true with a page to come."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        past = window.start == window.stop and not window.backward
        return super().window(parsed, limit, None) if past else window

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else True


@SERVERS.fault("walk-ends")
class CatalogueIsEndless(Behaviour):
    """Beyond the last model the server makes up more of them, forever."""

    def locate(self, parsed: ParsedRequest, name: str) -> int | None:
        total, number = len(self.catalogue), name.removeprefix("claude-made-up-")
        made_up = number != name and number.isdecimal() and len(number) < 18
        return total + int(number) if made_up else super().locate(parsed, name)

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if window.backward:
            return window
        start = 0 if cursor is None else cursor.position + 1
        return replace(window, start=start, stop=start + limit)

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        total = len(self.catalogue)
        made_up = range(max(window.start - total, 0), max(window.stop - total, 0))
        return [
            *super().select(parsed, window),
            *(Model(f"claude-made-up-{at}", EPOCH, f"Claude Made Up {at}") for at in made_up),
        ]

    def find(self, parsed: ParsedRequest) -> Model | None:
        position = self.locate(parsed, parsed.model_id)
        if position is None or position < len(self.catalogue):
            return super().find(parsed)
        return Model(parsed.model_id, EPOCH, f"Claude Made Up {position - len(self.catalogue)}")

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else True
