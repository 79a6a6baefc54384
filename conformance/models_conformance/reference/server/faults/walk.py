"""Faults that show when the cursors are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models_conformance.reference.server.catalogue import EPOCH, Model
from models_conformance.reference.server.faults.cursor import BACKWARD, FORWARD, moved
from models_conformance.reference.server.faults.registry import area
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Window

fault = area("walk")

FORWARD_WALK = "walk-forward-yields-every-model-once"
BACKWARD_WALK = "walk-backward-yields-every-model-once"
ENDS = "walk-ends"


@fault(ENDS, may=(*FORWARD, *BACKWARD))
class ListIsARing(Behaviour):
    """The page after the last model is the first page, and has_more is always true with a page to come."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        past = window.start == window.stop and not window.backward
        return super().window(parsed, limit, None) if past else window

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) if window.backward else True


@fault(ENDS, may=(*FORWARD, *BACKWARD))
class CursorNeverMoves(Behaviour):
    """The page after a model is the page that the model is on, once it is on the second."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        if cursor is None or cursor.backward or cursor.position < limit:
            return super().window(parsed, limit, cursor)
        start = cursor.position - cursor.position % limit
        return super().window(parsed, limit, replace(cursor, position=start - 1))


@fault(ENDS, may=(*FORWARD, *BACKWARD, "retrieve-listed-id-succeeds"))
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


@fault("list-after-id-is-immediate", may=FORWARD)
class SmallPagesSkipAtTheirEdges(Behaviour):
    """With a limit of 1 or 2 the page after a model leaves out the next, where more than one remains."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        skips = cursor is not None and not cursor.backward and limit <= 2 and window.total - window.start > 1
        return moved(window, 1) if skips else window


@fault(FORWARD_WALK, may=FORWARD)
class ForwardWalkEndsBeforeTheLastPage(Behaviour):
    """has_more is false on the page before the last: the walk never sees the oldest models."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        more = super().has_more(parsed, window)
        return more and (window.backward or window.total - window.stop > window.limit)


@fault(BACKWARD_WALK, may=BACKWARD)
class BackwardWalkEndsBeforeTheFirstPage(Behaviour):
    """With before_id, has_more is false where no more than one page of newer models remains."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        more = super().has_more(parsed, window)
        return more and (not window.backward or window.start > window.limit)


@fault("list-before-id-is-exclusive", may=BACKWARD)
class BackwardWalkRepeatsAModel(Behaviour):
    """With before_id, a page of more than one model ends with the cursor and starts one model too late."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        return moved(window, 1) if window.backward and limit > 1 else window


@fault(FORWARD_WALK, may=FORWARD)
class ForwardWalkEndsAfterThreePages(Behaviour):
    """has_more is false from the third page on, counted in pages of the limit."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        return super().has_more(parsed, window) and (window.backward or window.stop < 3 * window.limit)


@fault(BACKWARD_WALK, may=BACKWARD)
class BackwardWalkEndsAfterThreePages(Behaviour):
    """With before_id, has_more is false from the third page on, counted from the end in pages of the limit."""

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        near = window.total - window.start < 3 * window.limit
        return super().has_more(parsed, window) and (not window.backward or near)


@fault("list-ids-equal-ends-of-data", may=(*FORWARD, FORWARD_WALK, ENDS))
class LastIdIsOneModelBack(Behaviour):
    """last_id is the id of the last model but one."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        return {**page, "last_id": models[-2].id} if len(models) > 1 else page
