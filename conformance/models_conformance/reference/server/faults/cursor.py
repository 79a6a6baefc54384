"""Faults of the cursors: pages that are not next to the model they were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from models_conformance.evidence.targets import query_pairs
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour, decoded
from models_conformance.reference.server.messages import Cursor, ParsedRequest, Refusal, Request, Window
from models_conformance.reference.server.oddities.stock import IdsBeginOtherIds, IdsDifferInLetterCase, IdsNeedEscaping


def moved(window: Window, by: int) -> Window:
    """The window `by` positions further down the list, kept inside it."""
    start, stop = (min(max(edge + by, 0), window.total) for edge in (window.start, window.stop))
    return replace(window, start=start, stop=stop)


class OtherPage(Behaviour):
    """Gives another part of the list than was asked for."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        return self.other(parsed, super().window(parsed, limit, cursor))

    def other(self, parsed: ParsedRequest, window: Window) -> Window:
        """The part that is given, by the one that was asked for."""
        raise NotImplementedError


@SERVERS.faults_in(OtherPage.other, "list-after-id-is-exclusive")
class _AfterRepeats(OtherPage):
    def after_id_is_inclusive(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after a model starts with that model itself."""
        return moved(window, -1) if window.forward else window

    def first_page_is_cached_for_every_cursor(self, parsed: ParsedRequest, window: Window) -> Window:
        """A cache is keyed on the limit only: the first page of a limit, once asked for, serves every after_id."""
        if window.cursor is None:
            self.memory.setdefault(window.limit, window)
        cached: Window = self.memory.get(window.limit, window)
        return window if window.backward else cached

    def after_one_particular_id_is_inclusive(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after `claude-3-haiku-20240307` starts with that model; every other cursor is right."""
        return moved(window, -1) if parsed.value("after_id") == "claude-3-haiku-20240307" else window


@SERVERS.faults_in(OtherPage.other, "list-after-id-is-immediate")
class _AfterSkips(OtherPage):
    def after_id_skips_one(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after a model starts with the model after the next."""
        return moved(window, 1) if window.forward else window

    def after_id_with_limit_seven_skips_one(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after a model leaves out the next model where the limit is 7."""
        return moved(window, 1) if window.forward and window.limit == 7 else window

    def small_pages_skip_at_their_edges(self, parsed: ParsedRequest, window: Window) -> Window:
        """With a limit of 1 or 2 the page after a model leaves out the next, where more than one remains."""
        skips = window.forward and window.limit <= 2 and window.total - window.start > 1
        return moved(window, 1) if skips else window

    def after_id_skips_one_beyond_the_thirtieth(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page after a model beyond the thirtieth leaves out the next model."""
        # A page starts one behind its cursor.
        return moved(window, 1) if window.forward and window.start > 30 else window

    def after_id_at_the_end_is_short(self, parsed: ParsedRequest, window: Window) -> Window:
        """Where fewer models remain than the limit, the page after a model leaves out the first of them."""
        short = window.forward and window.stop - window.start < window.limit
        return replace(window, start=min(window.start + 1, window.total)) if short else window


@SERVERS.faults_in(OtherPage.other, "list-before-id-is-exclusive")
class _BeforeRepeats(OtherPage):
    def before_id_is_inclusive(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before a model ends with that model itself."""
        return moved(window, 1) if window.backward else window

    def backward_walk_repeats_a_model(self, parsed: ParsedRequest, window: Window) -> Window:
        """With before_id, a page of more than one model ends with the cursor and starts one model too late."""
        return moved(window, 1) if window.backward and window.limit > 1 else window

    def before_one_particular_id_is_inclusive(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before `claude-opus-4-1-20250805` ends with that model; every other cursor is right."""
        return moved(window, 1) if parsed.value("before_id") == "claude-opus-4-1-20250805" else window


@SERVERS.faults_in(OtherPage.other, "list-before-id-is-immediate")
class _BeforeSkips(OtherPage):
    def before_id_skips_one(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before a model leaves out the model right before it."""
        return moved(window, -1) if window.backward else window

    def before_id_returns_the_head(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before a model is the head of the list, not the neighbours of the model."""
        return replace(window, start=0, stop=min(window.limit, window.stop)) if window.backward else window

    def before_id_with_limit_one_is_the_head(self, parsed: ParsedRequest, window: Window) -> Window:
        """With limit 1, the page before a model is the newest model."""
        single = window.backward and window.limit == 1
        return replace(window, start=0, stop=min(window.stop, 1)) if single else window

    def before_id_under_betas_is_the_head(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before a model is the head of the list where the request names a beta."""
        if not window.backward or not parsed.betas:
            return window
        return replace(window, start=0, stop=min(window.limit, window.stop))

    def before_id_skips_one_beyond_the_thirtieth(self, parsed: ParsedRequest, window: Window) -> Window:
        """The page before a model beyond the thirtieth leaves out the model right before it."""
        return moved(window, -1) if window.backward and window.stop >= 30 else window


@SERVERS.fault("list-before-id-is-immediate")
class BeforeIdReturnsTheHeadAndLooksBack(Behaviour):
    """The page before a model is the head of the list, and says more where the model is further away."""

    def window(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        window = super().window(parsed, limit, cursor)
        if cursor is None or not cursor.backward:
            return window
        return replace(window, start=0, stop=min(limit, cursor.position))

    def has_more(self, parsed: ParsedRequest, window: Window) -> Any:
        if window.cursor is None or not window.backward:
            return super().has_more(parsed, window)
        return window.stop < window.cursor.position


@SERVERS.faults_in(Behaviour.select, "list-before-id-keeps-list-order")
class _BeforeIsReversed(Behaviour):
    def before_id_page_is_reversed(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """The page before a model runs from older to newer."""
        models = super().select(parsed, window)
        return models[::-1] if window.backward else models

    def before_id_with_the_default_limit_is_reversed(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        """The page before a model runs from older to newer where no limit is given."""
        models = super().select(parsed, window)
        return models[::-1] if window.backward and not parsed.values("limit") else models


@SERVERS.faults_in(Behaviour.cursor, "list-after-id-is-exclusive")
class _AfterIsMisread(Behaviour):
    def after_id_is_ignored(self, parsed: ParsedRequest) -> Cursor | None:
        """after_id is not read: every page is the first."""
        cursor = super().cursor(parsed)
        return cursor if cursor is not None and cursor.backward else None

    def cursors_are_swapped(self, parsed: ParsedRequest) -> Cursor | None:
        """after_id leads to newer models and before_id to older ones."""
        cursor = super().cursor(parsed)
        return None if cursor is None else replace(cursor, backward=not cursor.backward)

    def limit_cursor_and_beta_together_ignore_the_cursor(self, parsed: ParsedRequest) -> Cursor | None:
        """after_id is ignored where the request has a limit and a beta too."""
        cursor = super().cursor(parsed)
        if cursor is not None and not cursor.backward and parsed.values("limit") and parsed.betas:
            return None
        return cursor


@SERVERS.fault_in(Behaviour.cursor, "list-before-id-is-immediate")
def before_id_is_ignored(self: Behaviour, parsed: ParsedRequest) -> Cursor | None:
    """before_id is not read: every page is the first."""
    cursor = Behaviour.cursor(self, parsed)
    return None if cursor is not None and cursor.backward else cursor


@SERVERS.faults_in(Behaviour.window, "list-after-id-is-immediate")
class _AfterSkipsByDate(Behaviour):
    def after_id_skips_equal_dates(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        """The page after a model starts with the first one of an earlier date: its ties are lost."""
        if cursor is None or cursor.backward:
            return super().window(parsed, limit, cursor)
        models, position = self.catalogue.models, cursor.position
        while position + 1 < len(models) and models[position + 1].created_at == models[position].created_at:
            position += 1
        return super().window(parsed, limit, replace(cursor, position=position))

    def cursor_is_compared_by_date(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        """The page after a model starts with the first model of an earlier date: unknown dates go astray."""
        if cursor is None or cursor.backward:
            return super().window(parsed, limit, cursor)
        models = self.catalogue.models
        date = datetime.fromisoformat(models[cursor.position].created_at)
        total = len(models)
        start = next((at for at in range(total) if datetime.fromisoformat(models[at].created_at) < date), total)
        return Window(start, min(start + limit, total), total, limit, cursor)


@SERVERS.faults_in(Behaviour.window, "list-after-id-is-exclusive")
class _AfterGoesBack(Behaviour):
    def after_id_repeats_equal_dates(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        """The page after a model starts with the ties that precede it, where it has any."""
        if cursor is None or cursor.backward:
            return super().window(parsed, limit, cursor)
        models, position = self.catalogue.models, cursor.position
        while position and models[position - 1].created_at == models[cursor.position].created_at:
            position -= 1
        if position < cursor.position:
            position -= 1
        return super().window(parsed, limit, replace(cursor, position=position))

    def cursor_never_moves(self, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
        """The page after a model is the page that the model is on, once it is on the second."""
        if cursor is None or cursor.backward or cursor.position < limit:
            return super().window(parsed, limit, cursor)
        start = cursor.position - cursor.position % limit
        return super().window(parsed, limit, replace(cursor, position=start - 1))


@SERVERS.fault_in(Behaviour.window, "list-before-id-is-immediate")
def before_id_skips_equal_dates(self: Behaviour, parsed: ParsedRequest, limit: int, cursor: Cursor | None) -> Window:
    """The page before a model ends with the last one of a later date: its ties are lost."""
    if cursor is None or not cursor.backward:
        return Behaviour.window(self, parsed, limit, cursor)
    models, position = self.catalogue.models, cursor.position
    while position and models[position - 1].created_at == models[position].created_at:
        position -= 1
    return Behaviour.window(self, parsed, limit, replace(cursor, position=position))


@SERVERS.fault_in(IdsNeedEscaping.parameters, "list-documented-request-succeeds")
def cursor_is_not_decoded(self: IdsNeedEscaping, request: Request) -> tuple[tuple[str, str], ...]:
    """The query string is read without percent-decoding: a cursor with a slash names nothing."""
    return query_pairs(request.query)


@SERVERS.faults_in(IdsNeedEscaping.locate, "list-documented-request-succeeds")
class _CursorIsDecodedWrongly(IdsNeedEscaping):
    def cursor_is_decoded_twice(self, parsed: ParsedRequest, name: str) -> int | None:
        """The query string is percent-decoded twice: a cursor with a percent sign or a plus names nothing."""
        return super().locate(parsed, decoded(name, plus_is_blank=True))

    def cursor_is_read_as_latin_1(self, parsed: ParsedRequest, name: str) -> int | None:
        """The bytes of a cursor are read as Latin-1: one with letters beyond ASCII names nothing."""
        return super().locate(parsed, name.encode("utf-8", "surrogateescape").decode("latin-1"))


@SERVERS.fault_in(IdsDifferInLetterCase.locate, "list-after-id-is-exclusive")
def cursor_ignores_letter_case(self: IdsDifferInLetterCase, parsed: ParsedRequest, name: str) -> int | None:
    """A cursor is looked up without regard to letter case: two ids that differ in case are one."""
    models = self.catalogue.models
    return next((at for at, model in enumerate(models) if model.id.lower() == name.lower()), None)


@SERVERS.fault_in(IdsBeginOtherIds.locate, "list-after-id-is-exclusive")
def cursor_matches_a_prefix(self: IdsBeginOtherIds, parsed: ParsedRequest, name: str) -> int | None:
    """A cursor is the first model whose id starts with it: an id that begins another is missed."""
    models = self.catalogue.models
    return next((at for at, model in enumerate(models) if model.id.startswith(name)), None)


@SERVERS.faults_in(Behaviour.cursor, "list-documented-request-succeeds")
class _CursorIsRefused(Behaviour):
    def after_id_is_refused(self, parsed: ParsedRequest) -> Cursor | None:
        """after_id is answered 400, as an unknown parameter."""
        if parsed.values("after_id"):
            raise Refusal(400, "after_id: extra inputs are not permitted")
        return super().cursor(parsed)

    def before_id_is_refused(self, parsed: ParsedRequest) -> Cursor | None:
        """before_id is answered 400, as an unknown parameter."""
        if parsed.values("before_id"):
            raise Refusal(400, "before_id: extra inputs are not permitted")
        return super().cursor(parsed)


@SERVERS.faults_in(Behaviour.locate, "list-documented-request-succeeds")
class _CursorIsUnknown(Behaviour):
    def cursors_beyond_the_tenth_are_unknown(self, parsed: ParsedRequest, name: str) -> int | None:
        """A cursor is looked up among the first ten models only: any other is answered 404."""
        position = super().locate(parsed, name)
        if position is not None and position >= 10:
            raise Refusal(404, "no model has this id")
        return position

    def after_id_beyond_the_first_page_is_unknown(self, parsed: ParsedRequest, name: str) -> int | None:
        """after_id is looked up among the first twenty models only: any other is answered 400."""
        position = super().locate(parsed, name)
        return None if position is not None and position >= 20 and parsed.values("after_id") else position


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
