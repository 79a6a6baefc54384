"""Faults that show when the cursors are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import EPOCH, Model
from models_conformance.reference.server.faults.cursor import OtherPage, moved
from models_conformance.reference.server.faults.envelope import Envelope
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Window


@SERVERS.fault("walk-ends")
class ListIsARing(Behaviour):
    """The page after the last model is the first page, and has_more is always true with a page to come."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        past = window.start == window.stop and not window.backward
        return super().window(parsed, limit, None) if past else window

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else True


@SERVERS.fault_in(Behaviour.window, "list-after-id-is-exclusive")
def cursor_never_moves(self: Behaviour, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
    """The page after a model is the page that the model is on, once it is on the second."""
    if cursor is None or cursor.backward or cursor.position < limit:
        return Behaviour.window(self, parsed, limit, cursor)
    start = cursor.position - cursor.position % limit
    return Behaviour.window(self, parsed, limit, replace(cursor, position=start - 1))


@SERVERS.fault("walk-ends")
class CatalogueIsEndless(Behaviour):
    """Beyond the last model the server makes up more of them, for ever."""

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


@SERVERS.fault_in(OtherPage.other, "list-after-id-is-immediate")
def small_pages_skip_at_their_edges(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """With a limit of 1 or 2 the page after a model leaves out the next, where more than one remains."""
    skips = window.cursor is not None and not window.backward and window.limit <= 2 and window.total - window.start > 1
    return moved(window, 1) if skips else window


@SERVERS.fault_in(Behaviour.has_more, "list-has-more-is-true-when-more-follow")
def forward_walk_ends_before_the_last_page(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is false on the page before the last: the walk never sees the oldest models."""
    more = Behaviour.has_more(self, parsed, window)
    return more and (window.backward or window.total - window.stop > window.limit)


@SERVERS.fault_in(Behaviour.has_more, "list-has-more-backward-is-true-when-more-precede")
def backward_walk_ends_before_the_first_page(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """With before_id, has_more is false where no more than one page of newer models remains."""
    more = Behaviour.has_more(self, parsed, window)
    return more and (not window.backward or window.start > window.limit)


@SERVERS.fault_in(OtherPage.other, "list-before-id-is-exclusive")
def backward_walk_repeats_a_model(self: OtherPage, parsed: ParsedRequest, window: Window) -> Window:
    """With before_id, a page of more than one model ends with the cursor and starts one model too late."""
    return moved(window, 1) if window.backward and window.limit > 1 else window


@SERVERS.fault_in(Behaviour.has_more, "walk-forward-yields-every-model-once")
def forward_walk_ends_after_three_pages(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """has_more is false from the third page on, counted in pages of the limit."""
    return Behaviour.has_more(self, parsed, window) and (window.backward or window.stop < 3 * window.limit)


@SERVERS.fault_in(Behaviour.has_more, "walk-backward-yields-every-model-once")
def backward_walk_ends_after_three_pages(self: Behaviour, parsed: ParsedRequest, window: Window) -> Any:
    """With before_id, has_more is false from the third page on, counted from the end in pages of the limit."""
    near = window.total - window.start < 3 * window.limit
    return Behaviour.has_more(self, parsed, window) and (not window.backward or near)


@SERVERS.fault_in(Envelope.edited, "list-ids-equal-ends-of-data")
def last_id_is_one_model_back(self: Envelope, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
    """last_id is the id of the last model but one."""
    return {"last_id": page["data"][-2]["id"]} if len(page["data"]) > 1 else {}
