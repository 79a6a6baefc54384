"""Faults of the walk: the wrong next page, arguments lost on the way, an end too early, too late or never."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import (
    EMPTY_PAGE,
    Call,
    ClientError,
    Incoming,
    Outgoing,
    Page,
    Pairs,
)


class _Credulous(IdealClient):
    """Never asks whether a walk gets on."""

    def check_progress(self, call: Call, next_call: Call) -> None:
        return


# Where to go on


@CLIENTS.fault("client-walk-forward-follows-last-id")
class WalksForwardBeforeTheFirstId(_Credulous):
    """The next page of a forward walk is asked for with before_id, the first id of the page at hand."""

    def next_call(self, call: Call, page: Page) -> Call:
        return call.next_call("before_id", page.first_id)


@CLIENTS.fault("client-walk-forward-follows-last-id")
class WalksForwardAfterTheFirstId(_Credulous):
    """The next page of a forward walk is the one after the first model of the page at hand."""

    def next_call(self, call: Call, page: Page) -> Call:
        return super().next_call(call, page) if call.backward else call.next_call("after_id", page.first_id)


@CLIENTS.fault("client-walk-forward-follows-last-id")
class WalksForwardFromTheLastButOne(IdealClient):
    """The next page of a forward walk is the one after the last model but one, to be on the safe side."""

    def next_call(self, call: Call, page: Page) -> Call:
        if call.backward or len(page.data) < 2:
            return super().next_call(call, page)
        return call.next_call("after_id", page.data[-2].id)


@CLIENTS.fault("client-walk-forward-follows-last-id")
class WalksByDisplayName(IdealClient):
    """The next page of a forward walk is asked for with the display name of the last model."""

    def next_call(self, call: Call, page: Page) -> Call:
        return (
            super().next_call(call, page) if call.backward else call.next_call("after_id", page.data[-1].display_name)
        )


@CLIENTS.fault("client-walk-backward-follows-first-id")
class WalksBackFromTheLastId(_Credulous):
    """The next page of a backward walk is the one before the last model of the page at hand."""

    def next_call(self, call: Call, page: Page) -> Call:
        return call.next_call("before_id", page.last_id) if call.backward else super().next_call(call, page)


@CLIENTS.fault("client-walk-backward-follows-first-id")
class TurnsForwardAfterTheFirstPage(_Credulous):
    """Whichever way a walk began, its next page is the one after the last id."""

    def next_call(self, call: Call, page: Page) -> Call:
        return call.next_call("after_id", page.last_id)


@CLIENTS.fault("client-walk-backward-follows-first-id")
class AsksForTheSamePageBack(_Credulous):
    """The next page of a backward walk is asked for with the cursor that the caller gave."""

    def next_call(self, call: Call, page: Page) -> Call:
        return replace(call, page=call.page + 1) if call.backward else super().next_call(call, page)


@CLIENTS.fault("client-walk-sends-one-cursor")
class SendsBothCursorsOnTheWayBack(_Credulous):
    """On a backward walk the next page is asked for with after_id beside the caller's before_id."""

    def next_call(self, call: Call, page: Page) -> Call:
        if not call.backward:
            return super().next_call(call, page)
        return replace(call.giving(after_id=page.last_id), page=call.page + 1)


@CLIENTS.fault("client-walk-sends-one-cursor")
class KeepsTheCursorItBeganWith(IdealClient):
    """The cursor of the next page is added behind the one that the walk has."""

    def next_call(self, call: Call, page: Page) -> Call:
        next_call = super().next_call(call, page)
        return (
            next_call if call.page == 1 else next_call.giving(kept=[*call.args.get("kept", ()), self.query(call)[-1]])
        )

    def query(self, call: Call) -> Pairs:
        return (*super().query(call), *call.args.get("kept", ()))


# What rides along


@CLIENTS.fault("client-walk-keeps-limit")
class DropsLimitOnLaterPages(IdealClient):
    """Only the first page of a walk is asked for with the limit."""

    def next_call(self, call: Call, page: Page) -> Call:
        return super().next_call(call, page).without("limit")


@CLIENTS.fault("client-walk-keeps-limit")
class DropsLimitFromTheThirdPageOn(IdealClient):
    """The limit is left out where the cursor before came from the server."""

    def next_call(self, call: Call, page: Page) -> Call:
        next_call = super().next_call(call, page)
        return next_call.without("limit") if next_call.page > 2 else next_call


@CLIENTS.fault("client-walk-keeps-limit")
class TakesTheLengthOfAPageForTheLimit(IdealClient):
    """The next page is asked to be as long as the page at hand was."""

    def next_call(self, call: Call, page: Page) -> Call:
        return super().next_call(call, page).giving(limit=len(page.data))


@CLIENTS.fault("client-walk-keeps-limit")
class CountsTheLimitDown(IdealClient):
    """The limit is taken for the number of models in all: later pages ask for what is left of it, and one more."""

    def next_call(self, call: Call, page: Page) -> Call:
        next_call = super().next_call(call, page)
        if "limit" not in call.args:
            return next_call
        return next_call.giving(limit=max(call.args["limit"] - len(page.data), 1))


@CLIENTS.fault("client-walk-keeps-betas")
class DropsBetasOnLaterPages(IdealClient):
    """Only the first page of a walk is asked for with the betas."""

    def next_call(self, call: Call, page: Page) -> Call:
        return super().next_call(call, page).without("betas")


@CLIENTS.fault("client-walk-keeps-betas")
class DropsBetasOnTheThirdPage(IdealClient):
    """The betas are left out of the third page of a walk, and of no other."""

    def next_call(self, call: Call, page: Page) -> Call:
        next_call = super().next_call(call, page)
        return (
            next_call.giving(betas=(), kept=call.betas)
            if next_call.page == 3
            else next_call.giving(betas=kept(next_call))
        )


@CLIENTS.fault("client-walk-keeps-betas")
class DropsBetasOnTheWayBack(IdealClient):
    """Later pages of a backward walk are asked for without the betas."""

    def next_call(self, call: Call, page: Page) -> Call:
        next_call = super().next_call(call, page)
        return next_call.without("betas") if call.backward else next_call


def kept(call: Call) -> tuple[str, ...]:
    """The betas of a walk that were put aside for a page."""
    return tuple(call.args.get("kept", call.betas))


# Where it ends


@CLIENTS.fault("client-walk-stops-at-the-end")
class IgnoresHasMore(IdealClient):
    """A walk goes on until a page is empty, whatever has_more says."""

    def continues(self, call: Call, page: Page) -> bool:
        return bool(page.data)


@CLIENTS.fault("client-walk-stops-at-the-end")
class StopsAtAShortPageOnly(IdealClient):
    """A walk goes on as long as pages are as long as the limit, or twenty where there is none."""

    def continues(self, call: Call, page: Page) -> bool:
        return len(page.data) >= call.args.get("limit", 20) or super().continues(call, page)


@CLIENTS.fault("client-walk-goes-on-while-has-more")
class TakesAShortPageForTheLast(IdealClient):
    """A walk ends at a page that is shorter than the limit, or than twenty where there is none."""

    def continues(self, call: Call, page: Page) -> bool:
        return len(page.data) >= call.args.get("limit", 20) and super().continues(call, page)


@CLIENTS.fault("client-walk-goes-on-while-has-more")
class StopsAfterTheFirstPage(IdealClient):
    """A walk hands out the first page and ends."""

    def continues(self, call: Call, page: Page) -> bool:
        return False


@CLIENTS.fault("client-walk-goes-on-while-has-more")
class StopsAfterAHundredPages(IdealClient):
    """A walk ends after a hundred pages, lest it go on for ever."""

    def continues(self, call: Call, page: Page) -> bool:
        return call.page < 100 and super().continues(call, page)


@CLIENTS.fault("client-walk-goes-on-while-has-more")
class WalksBackOnePageOnly(IdealClient):
    """A backward walk hands out one page and ends."""

    def continues(self, call: Call, page: Page) -> bool:
        return not call.backward and super().continues(call, page)


@CLIENTS.fault("client-walk-goes-on-while-has-more")
class StopsWhereAPageHoldsOneModel(IdealClient):
    """A walk ends at a page of one model: its first id is its last."""

    def continues(self, call: Call, page: Page) -> bool:
        return page.first_id != page.last_id and super().continues(call, page)


@CLIENTS.fault("client-walk-ends-where-the-cursor-stands-still")
class GoesOnWhereTheCursorStandsStill(_Credulous):
    """A walk goes on as long as has_more is true, though every page is the same one."""


# Failing pages


class _SwallowsErrors(IdealClient):
    def swallows(self, problem: ClientError) -> bool:
        """Whether a walk ends at this error as though the list ended there."""
        raise NotImplementedError

    def page(self, call: Call) -> Page:
        if call.page == 1:
            return super().page(call)
        try:
            return super().page(call)
        except ClientError as problem:
            if self.swallows(problem):
                return EMPTY_PAGE
            raise


@CLIENTS.fault("client-walk-fails-with-a-failing-page")
class EndsAtALaterPageThatFails(_SwallowsErrors):
    """A walk ends at a later page that is answered with an error."""

    def swallows(self, problem: ClientError) -> bool:
        return problem.status is not None


@CLIENTS.fault("client-walk-fails-with-a-failing-page")
class EndsAtALaterPageThatIsNotFound(_SwallowsErrors):
    """A walk takes 404 on a later page for the end of the list."""

    def swallows(self, problem: ClientError) -> bool:
        return problem.status == 404


@CLIENTS.fault("client-walk-fails-with-a-failing-page")
class EndsAtALaterPageThatBreaksOff(_SwallowsErrors):
    """A walk ends where the connection breaks under a later page."""

    def swallows(self, problem: ClientError) -> bool:
        return problem.kind == "connection"


@CLIENTS.fault("client-walk-fails-with-a-failing-page")
class EndsAtALaterPageThatIsUnreadable(_SwallowsErrors):
    """A walk ends at a later page that is not JSON or no list."""

    def swallows(self, problem: ClientError) -> bool:
        return problem.kind == "decode"


@CLIENTS.fault("client-walk-fails-with-a-failing-page")
class EndsAtALaterPageThatIsRedirected(_SwallowsErrors):
    """A walk follows no redirect of a later page, and ends there."""

    def redirected(self, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
        return super().redirected(call, outgoing, incoming) if call.page == 1 else None

    def swallows(self, problem: ClientError) -> bool:
        return problem.status is not None and 300 <= problem.status < 400


@CLIENTS.fault("client-walk-goes-on-while-has-more")
class StopsAtFullPagesOfAHundred(IdealClient):
    """A walk with the limit 100 ends with its first page."""

    def continues(self, call: Call, page: Page) -> bool:
        return call.args.get("limit") != 100 and super().continues(call, page)
