"""Faults of the walk: the wrong next page, arguments lost on the way, an end too early, too late or never."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.faults.swallowing import SwallowsErrorsOfLists
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Incoming, Model, Outgoing, Page, Pairs


class _Credulous(IdealClient):
    """Never asks whether a walk gets on."""

    def check_progress(self, call: Call, next_call: Call) -> None:
        return


# Where to go on


@CLIENTS.faults_in(_Credulous.next_call, "client-walk-forward-follows-last-id")
class _GoesOnFromTheFirst(_Credulous):
    def walks_forward_before_the_first_id(self, call: Call, page: Page) -> Call:
        """The next page of a forward walk is asked for with before_id, the first id of the page at hand."""
        return call.next_call("before_id", page.first_id)

    def walks_forward_after_the_first_id(self, call: Call, page: Page) -> Call:
        """The next page of a forward walk is the one after the first model of the page at hand."""
        return super().next_call(call, page) if call.backward else call.next_call("after_id", page.first_id)


@CLIENTS.faults_in(IdealClient.next_call, "client-walk-forward-follows-last-id")
class _GoesOnFromElsewhere(IdealClient):
    def walks_forward_from_the_last_but_one(self, call: Call, page: Page) -> Call:
        """The next page of a forward walk is the one after the last model but one, to be on the safe side."""
        if call.backward or len(page.data) < 2:
            return super().next_call(call, page)
        return call.next_call("after_id", page.data[-2].id)

    def walks_by_display_name(self, call: Call, page: Page) -> Call:
        """The next page of a forward walk is asked for with the display name of the last model."""
        name = page.data[-1].display_name
        return super().next_call(call, page) if call.backward else call.next_call("after_id", name)


@CLIENTS.faults_in(_Credulous.next_call, "client-walk-backward-follows-first-id")
class _GoesBackFromElsewhere(_Credulous):
    def walks_back_from_the_last_id(self, call: Call, page: Page) -> Call:
        """The next page of a backward walk is the one before the last model of the page at hand."""
        return call.next_call("before_id", page.last_id) if call.backward else super().next_call(call, page)

    def turns_forward_after_the_first_page(self, call: Call, page: Page) -> Call:
        """Whichever way a walk began, its next page is the one after the last id."""
        return call.next_call("after_id", page.last_id)

    def asks_for_the_same_page_back(self, call: Call, page: Page) -> Call:
        """The next page of a backward walk is asked for with the cursor that the caller gave."""
        return replace(call, page=call.page + 1) if call.backward else super().next_call(call, page)


@CLIENTS.fault_in(_Credulous.next_call, "client-walk-sends-one-cursor")
def sends_both_cursors_on_the_way_back(self: _Credulous, call: Call, page: Page) -> Call:
    """On a backward walk the next page is asked for with after_id beside the caller's before_id."""
    if not call.backward:
        return _Credulous.next_call(self, call, page)
    return replace(call.giving(after_id=page.last_id), page=call.page + 1)


@CLIENTS.fault("client-walk-sends-one-cursor")
class KeepsTheCursorItBeganWith(IdealClient):
    """The cursor of the next page is added behind the one that the walk has."""

    def next_call(self, call: Call, page: Page) -> Call:
        next_call = super().next_call(call, page)
        if call.page == 1:
            return next_call
        return next_call.giving(kept=[*call.args.get("kept", ()), self.query(call)[-1]])

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), *call.args.get("kept", ()))


@CLIENTS.fault_in(KeepsTheCursorItBeganWith.query, "client-walk-sends-one-cursor")
def merges_cursors_into_a_list(self: KeepsTheCursorItBeganWith, call: Call) -> Pairs:
    """Maps of parameters are merged, not replaced: from the third page on the cursor is a list of cursors."""
    pairs = KeepsTheCursorItBeganWith.query(self, call)
    names = [name for name, _ in pairs]
    return tuple((f"{name}[]" if names.count(name) > 1 else name, value) for name, value in pairs)


# What rides along


@CLIENTS.faults_in(IdealClient.next_call, "client-walk-keeps-limit")
class _ChangesLimit(IdealClient):
    def drops_limit_on_later_pages(self, call: Call, page: Page) -> Call:
        """Only the first page of a walk is asked for with the limit."""
        return super().next_call(call, page).without("limit")

    def drops_limit_from_the_third_page_on(self, call: Call, page: Page) -> Call:
        """The limit is left out where the cursor before came from the server."""
        next_call = super().next_call(call, page)
        return next_call.without("limit") if next_call.page > 2 else next_call

    def takes_the_length_of_a_page_for_the_limit(self, call: Call, page: Page) -> Call:
        """The next page is asked to be as long as the page at hand was."""
        return super().next_call(call, page).giving(limit=len(page.data))

    def counts_the_limit_down(self, call: Call, page: Page) -> Call:
        """The limit is taken for the number of models in all: later pages ask for what is left of it, and one more."""
        next_call = super().next_call(call, page)
        if "limit" not in call.args:
            return next_call
        return next_call.giving(limit=max(call.args["limit"] - len(page.data), 1))


@CLIENTS.faults_in(IdealClient.next_call, "client-walk-keeps-betas")
class _DropsBetas(IdealClient):
    def drops_betas_on_later_pages(self, call: Call, page: Page) -> Call:
        """Only the first page of a walk is asked for with the betas."""
        return super().next_call(call, page).without("betas")

    def drops_betas_on_the_third_page(self, call: Call, page: Page) -> Call:
        """The betas are left out of the third page of a walk, and of no other."""
        next_call = super().next_call(call, page)
        if next_call.page == 3:
            return next_call.giving(betas=(), kept=call.betas)
        return next_call.giving(betas=next_call.args.get("kept", call.betas))

    def drops_betas_on_the_way_back(self, call: Call, page: Page) -> Call:
        """Later pages of a backward walk are asked for without the betas."""
        next_call = super().next_call(call, page)
        return next_call.without("betas") if call.backward else next_call


# Where it ends


@CLIENTS.faults_in(IdealClient.continues, "client-walk-stops-at-the-end")
class _GoesOnBehindTheEnd(IdealClient):
    def ignores_has_more(self, call: Call, page: Page) -> bool:
        """A walk goes on until a page is empty, whatever has_more says."""
        return bool(page.data)

    def stops_at_a_short_page_only(self, call: Call, page: Page) -> bool:
        """A walk goes on as long as pages are as long as the limit, or twenty where there is none."""
        return len(page.data) >= call.args.get("limit", 20) or super().continues(call, page)


@CLIENTS.faults_in(IdealClient.continues, "client-walk-goes-on-while-has-more")
class _StopsBeforeTheEnd(IdealClient):
    def takes_a_short_page_for_the_last(self, call: Call, page: Page) -> bool:
        """A walk ends at a page that is shorter than the limit, or than twenty where there is none."""
        return len(page.data) >= call.args.get("limit", 20) and super().continues(call, page)

    def stops_after_the_first_page(self, call: Call, page: Page) -> bool:
        """A walk hands out the first page and ends."""
        return False

    def stops_after_a_hundred_pages(self, call: Call, page: Page) -> bool:
        """A walk ends after a hundred pages, lest it go on forever."""
        return call.page < 100 and super().continues(call, page)

    def walks_back_one_page_only(self, call: Call, page: Page) -> bool:
        """A backward walk hands out one page and ends."""
        return not call.backward and super().continues(call, page)

    def stops_where_a_page_holds_one_model(self, call: Call, page: Page) -> bool:
        """A walk ends at a page of one model: its first id is its last."""
        return page.first_id != page.last_id and super().continues(call, page)

    def stops_at_full_pages_of_a_hundred(self, call: Call, page: Page) -> bool:
        """A walk with the limit 100 ends with its first page."""
        return call.args.get("limit") != 100 and super().continues(call, page)


@CLIENTS.fault("client-walk-ends-where-the-cursor-stands-still")
class GoesOnWhereTheCursorStandsStill(_Credulous):
    """A walk goes on as long as has_more is true, though every page is the same one."""


@CLIENTS.fault_in(IdealClient.walk, "client-walk-stops-at-the-end")
def looks_behind_the_end(self: IdealClient, call: Call) -> Iterator[Model]:
    """Behind the last page another model is asked for, to see whether the list has grown."""
    last = None
    for model in IdealClient.walk(self, call):
        yield (last := model)
    if last is not None:
        self.page(call.without("betas").next_call("after_id", last.id))


@CLIENTS.fault_in(IdealClient.walk, "client-walk-forward-follows-last-id")
def asks_for_the_first_page_twice(self: IdealClient, call: Call) -> Iterator[Model]:
    """The first page of a walk is asked for when the walk is made, and again when it begins."""
    self.page(call)
    return IdealClient.walk(self, call)


# Failing pages


class _EndsAtErrors(SwallowsErrorsOfLists):
    """Takes some errors for the end of the list, where it is not the first page that fails."""

    def page(self, call: Call) -> Page:
        return IdealClient.page(self, call) if call.page == 1 else super().page(call)


@CLIENTS.faults_in(_EndsAtErrors.is_swallowed, "client-walk-fails-with-a-failing-page")
class _EndsWhereAPageFails(_EndsAtErrors):
    def ends_at_a_later_page_that_fails(self, problem: ClientError) -> bool:
        """A walk ends at a later page that is answered with an error."""
        return problem.status is not None

    def ends_at_a_later_page_that_is_not_found(self, problem: ClientError) -> bool:
        """A walk takes 404 on a later page for the end of the list."""
        return problem.status == 404

    def ends_at_a_later_page_that_comes_too_soon(self, problem: ClientError) -> bool:
        """A walk ends at a later page that is answered with 429, with what it has."""
        return problem.status == 429

    def ends_at_a_later_page_that_breaks_off(self, problem: ClientError) -> bool:
        """A walk ends where the connection breaks under a later page."""
        return problem.kind == "connection"

    def ends_at_a_later_page_that_is_unreadable(self, problem: ClientError) -> bool:
        """A walk ends at a later page that is not JSON or no list."""
        return problem.kind == "decode"


@CLIENTS.fault("client-walk-fails-with-a-failing-page")
class EndsAtALaterPageThatIsRedirected(_EndsAtErrors):
    """A walk follows no redirect of a later page, and ends there."""

    def redirected(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        return super().redirected(call, outgoing, incoming) if call.page == 1 else None

    def is_swallowed(self, problem: ClientError) -> bool:
        return problem.status is not None and 300 <= problem.status < 400
