"""Oddities of conduct: what the client offers, what it refuses by itself, and how it walks."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import (
    Call,
    ClientError,
    Incoming,
    Model,
    Outgoing,
    Page,
    Pairs,
    refused,
    unreadable,
)

# Far enough into a run that other calls of the same kind went well before it.
_BUSY_AT = 25
_MOST_PAGES = 15


@CLIENTS.oddity
class DoesNotWalk(IdealClient):
    """The client gives one page at a time."""

    capabilities = ("betas", "raw_ids")

    def unsupported(self, call: Call, walk: bool) -> str | None:
        return "this client does not page by itself" if walk else super().unsupported(call, walk)


class _OnlyListsEverything(IdealClient):
    """One call: every model."""

    surfaces = ("models",)

    def unsupported(self, call: Call, walk: bool) -> str | None:
        if call.operation == "retrieve" or not walk or call.args:
            return "this client lists every model, and does nothing else"
        return super().unsupported(call, walk)


@CLIENTS.oddity
class OnlyListsEverything(_OnlyListsEverything):
    """The client lists every model and has no other call, as its driver says."""

    capabilities = ("walk", "walks_only", "no_retrieve", "no_arguments")


@CLIENTS.oddity
class OnlyListsEverythingUntold(_OnlyListsEverything):
    """The client lists every model and has no other call, which shows when it is asked."""

    capabilities = ("walk",)


@CLIENTS.oddity_in(IdealClient.exchange)
def asks_whether_all_is_well_first(self: IdealClient, call: Call, outgoing: Outgoing) -> Incoming:
    """Before each request the client asks for another resource of the same server, whatever that says."""
    with suppress(ClientError):
        IdealClient.exchange(self, call, replace(outgoing, target="/health", headers=()))
    return IdealClient.exchange(self, call, outgoing)


@CLIENTS.oddity
class HasNoBetaSurface(IdealClient):
    """The client has one surface, and that takes betas."""

    surfaces = ("models",)


@CLIENTS.oddity
class TakesNoBetas(IdealClient):
    """The client takes no betas anywhere."""

    capabilities = ("walk", "raw_ids")

    def unsupported(self, call: Call, walk: bool) -> str | None:
        return "this client takes no betas" if "betas" in call.args else super().unsupported(call, walk)


@CLIENTS.oddity
class TakesBetasOnTheBetaSurfaceOnly(IdealClient):
    """The plain surface takes no betas."""

    betas_on = ("beta.models",)

    def unsupported(self, call: Call, walk: bool) -> str | None:
        if "betas" in call.args and call.surface == "models":
            return "this surface takes no betas"
        return super().unsupported(call, walk)


@CLIENTS.oddities_in(IdealClient.check_arguments)
class _ChecksArguments(IdealClient):
    def refuses_limits_out_of_range(self, call: Call) -> None:
        """A limit outside 1 to 1000 is refused before it is sent."""
        super().check_arguments(call)
        if not 1 <= call.args.get("limit", 1) <= 1000:
            raise refused("limit is from 1 to 1000")

    def refuses_two_cursors(self, call: Call) -> None:
        """after_id and before_id in one call are refused."""
        super().check_arguments(call)
        if "after_id" in call.args and "before_id" in call.args:
            raise refused("one cursor at a time")

    def chatters_on_standard_error(self, call: Call) -> None:
        """Every call is logged on standard error."""
        sys.stderr.write(f"debug: {call.operation} on {call.surface}, page {call.page}\n")
        super().check_arguments(call)

    def loses_one_connection(self, call: Call) -> None:
        """One call of a run ends in a connection error, whatever it asked: the machine was busy."""
        super().check_arguments(call)
        calls = self.memory["calls"] = self.memory.get("calls", 0) + (call.page == 1)
        if call.page == 1 and calls == _BUSY_AT:
            raise ClientError("connection", "ConnectionLost", "the connection was lost")


@CLIENTS.oddity
class RefusesUnusualIds(IdealClient):
    """A model id or a cursor of other characters than the documented ids have is refused."""

    capabilities = ("betas", "walk")

    def check_arguments(self, call: Call) -> None:
        super().check_arguments(call)
        if call.page == 1:
            for name in ("model_id", "after_id", "before_id"):
                if not re.fullmatch("[A-Za-z0-9._-]*", call.args.get(name, "")):
                    raise refused(f"{name} is not an id of a model")


@CLIENTS.oddity
class SendsDotsInEscapes(IdealClient):
    """Model ids that are dot segments are sent, their dots in escapes."""

    def check_model_id(self, model_id: str) -> None:
        if not model_id:
            super().check_model_id(model_id)

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(model_id).replace(".", "%2E")


@CLIENTS.oddities_in(IdealClient.walk)
class _Walks(IdealClient):
    def looks_one_page_ahead(self, call: Call) -> Iterator[Model]:
        """A walk has the next page at hand before it hands out the one before, and an error waits its turn."""
        spec, page = call, self.page(call)
        while (following := self.following(spec, page)) is not None:
            held: ClientError | None = None
            coming = None
            try:
                coming = self.page(following)
            except ClientError as problem:
                held = problem
            yield from self.yielded(spec, page)
            if held is not None or coming is None:
                raise held or unreadable("no page")
            spec, page = following, coming
        yield from self.yielded(spec, page)

    def gathers_before_it_yields(self, call: Call) -> Iterator[Model]:
        """A walk hands out nothing before all of its pages are there."""
        yield from list(super().walk(call))

    def walks_back_in_list_order(self, call: Call) -> Iterator[Model]:
        """A backward walk is gathered and handed out in the order of the list."""
        if not call.backward:
            yield from super().walk(call)
            return
        pages: list[list[Model]] = []
        following: Call | None = call
        while following is not None:
            spec, page = following, self.page(following)
            following = self.following(spec, page)
            pages.insert(0, list(page.data))
        for models in pages:
            yield from models

    def walks_in_pages_of_its_own(self, call: Call) -> Iterator[Model]:
        """A walk asks for as many models a page as there can be, where the caller gave no limit."""
        return super().walk(call.giving(limit=call.args.get("limit", 1000)))


@CLIENTS.oddity_in(IdealClient.page)
def walks_no_further_than_fifteen_pages(self: IdealClient, call: Call) -> Page:
    """A walk of more than fifteen pages ends with an error that says so."""
    if call.page > _MOST_PAGES:
        raise ClientError("other", "TooManyPages", f"a walk has {_MOST_PAGES} pages at most")
    return IdealClient.page(self, call)


@CLIENTS.oddity_in(IdealClient.yielded)
def walks_back_from_the_nearest(self: IdealClient, call: Call, page: Page) -> Iterator[Model]:
    """A backward walk hands out the models of a page from the cursor on: the nearest first."""
    return iter(page.data[::-1] if call.backward else page.data)


@CLIENTS.oddities_in(IdealClient.following)
class _EndsWalks(IdealClient):
    def raises_at_an_empty_page_that_claims_more(self, call: Call, page: Page) -> Call | None:
        """A page without models that has more is an error, as there is nowhere to go on from."""
        if page.has_more and not page.data:
            raise unreadable("more follows, but after which model")
        return super().following(call, page)

    def ends_where_the_cursor_stands_still(self, call: Call, page: Page) -> Call | None:
        """A walk that gets no further ends with what it has, without an error."""
        try:
            return super().following(call, page)
        except ClientError as problem:
            if problem.name != "StuckCursor":
                raise
            return None


@CLIENTS.oddity_in(IdealClient.check_progress)
def gives_up_after_three_equal_pages(self: IdealClient, call: Call, next_call: Call) -> None:
    """A walk that gets no further tries the same page three times before it raises."""
    try:
        IdealClient.check_progress(self, call, next_call)
    except ClientError:
        standing = self.memory["standing"] = self.memory.get("standing", 0) + 1
        if standing < 3:
            return
        self.memory.clear()
        raise
    self.memory.clear()


@CLIENTS.oddity_in(IdealClient.parameter)
def clamps_a_limit_to_its_range(self: IdealClient, call: Call, name: str) -> str:
    """A limit below 1 is sent as 1, and one above 1000 as 1000."""
    return str(min(max(call.args["limit"], 1), 1000)) if name == "limit" else IdealClient.parameter(self, call, name)


@CLIENTS.oddities_in(IdealClient.query)
class _DefaultLimits(IdealClient):
    def says_the_default_limit(self, call: Call) -> Pairs:
        """Where the caller gives no limit, the default is sent."""
        return IdealClient.query(
            self, call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", 20))
        )

    def leaves_the_default_limit_out(self, call: Call) -> Pairs:
        """A limit that is the default is not sent."""
        return super().query(call.without("limit") if call.args.get("limit") == 20 else call)
