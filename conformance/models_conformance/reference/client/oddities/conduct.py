"""Oddities of conduct: what the client offers, what it refuses by itself, and how it walks."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Model, Page, Pairs, refused, unreadable

# Far enough into a run that other calls of the same kind went well before it.
_BUSY_AT = 25
_MOST_PAGES = 15


@CLIENTS.oddity
class DoesNotWalk(IdealClient):
    """The client gives one page at a time."""

    capabilities = ("betas", "raw_ids")

    def unsupported(self, call: Call, walk: bool) -> str | None:
        return "this client does not page by itself" if walk else super().unsupported(call, walk)


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


@CLIENTS.oddity
class RefusesLimitsOutOfRange(IdealClient):
    """A limit outside 1 to 1000 is refused before it is sent."""

    def check_arguments(self, call: Call) -> None:
        super().check_arguments(call)
        if not 1 <= call.args.get("limit", 1) <= 1000:
            raise refused("limit is from 1 to 1000")


@CLIENTS.oddity
class RefusesTwoCursors(IdealClient):
    """after_id and before_id in one call are refused."""

    def check_arguments(self, call: Call) -> None:
        super().check_arguments(call)
        if "after_id" in call.args and "before_id" in call.args:
            raise refused("one cursor at a time")


@CLIENTS.oddity
class RefusesUnusualIds(IdealClient):
    """A model id or a cursor of other characters than the documented ids have is refused."""

    capabilities = ("betas", "walk")

    def check_arguments(self, call: Call) -> None:
        super().check_arguments(call)
        if call.page == 1:
            for name in ("model_id", "after_id", "before_id"):
                if not re.fullmatch("[A-Za-z0-9._-]*", call.args.get(name, "")):
                    raise refused(f"{name} is no id of a model")


@CLIENTS.oddity
class SendsDotsInEscapes(IdealClient):
    """Model ids that are dot segments are sent, their dots in escapes."""

    def check_model_id(self, model_id: str) -> None:
        if not model_id:
            super().check_model_id(model_id)

    def escaped_id(self, model_id: str) -> str:
        return super().escaped_id(model_id).replace(".", "%2E")


@CLIENTS.oddity
class LooksOnePageAhead(IdealClient):
    """A walk has the next page at hand before it hands out the one before, and an error waits its turn."""

    def walk(self, call: Call) -> Iterator[Model]:
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


@CLIENTS.oddity
class GathersBeforeItYields(IdealClient):
    """A walk hands out nothing before all of its pages are there."""

    def walk(self, call: Call) -> Iterator[Model]:
        yield from list(super().walk(call))


@CLIENTS.oddity
class WalksBackFromTheNearest(IdealClient):
    """A backward walk hands out the models of a page from the cursor on: the nearest first."""

    def yielded(self, call: Call, page: Page) -> Iterator[Model]:
        return iter(page.data[::-1] if call.backward else page.data)


@CLIENTS.oddity
class WalksBackInListOrder(IdealClient):
    """A backward walk is gathered and handed out in the order of the list."""

    def walk(self, call: Call) -> Iterator[Model]:
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


@CLIENTS.oddity
class RaisesAtAnEmptyPageThatClaimsMore(IdealClient):
    """A page without models that has more is an error, as there is nowhere to go on from."""

    def following(self, call: Call, page: Page) -> Call | None:
        if page.has_more and not page.data:
            raise unreadable("more follows, but after which model")
        return super().following(call, page)


@CLIENTS.oddity
class EndsWhereTheCursorStandsStill(IdealClient):
    """A walk that gets no further ends with what it has, without an error."""

    def following(self, call: Call, page: Page) -> Call | None:
        try:
            return super().following(call, page)
        except ClientError as problem:
            if problem.name != "StuckCursor":
                raise
            return None


@CLIENTS.oddity
class GivesUpAfterThreeEqualPages(IdealClient):
    """A walk that gets no further tries the same page three times before it raises."""

    def __init__(self) -> None:
        super().__init__()
        self._standing = 0

    def check_progress(self, call: Call, next_call: Call) -> None:
        try:
            super().check_progress(call, next_call)
        except ClientError:
            self._standing += 1
            if self._standing < 3:
                return
            self._standing = 0
            raise
        self._standing = 0


@CLIENTS.oddity
class ChattersOnStandardError(IdealClient):
    """Every call is logged on standard error."""

    def check_arguments(self, call: Call) -> None:
        sys.stderr.write(f"debug: {call.operation} on {call.surface}, page {call.page}\n")
        super().check_arguments(call)


@CLIENTS.oddity
class LosesOneConnection(IdealClient):
    """One call of a run ends in a connection error, whatever it asked: the machine was busy."""

    def __init__(self) -> None:
        super().__init__()
        self._calls = 0

    def check_arguments(self, call: Call) -> None:
        super().check_arguments(call)
        self._calls += call.page == 1
        if call.page == 1 and self._calls == _BUSY_AT:
            raise ClientError("connection", "ConnectionLost", "the connection was lost")


@CLIENTS.oddity
class ClampsALimitToItsRange(IdealClient):
    """A limit below 1 is sent as 1, and one above 1000 as 1000."""

    def parameter(self, call: Call, name: str) -> str:
        return str(min(max(call.args["limit"], 1), 1000)) if name == "limit" else super().parameter(call, name)


@CLIENTS.oddity
class SaysTheDefaultLimit(IdealClient):
    """Where the caller gives no limit, the default is sent."""

    def query(self, call: Call) -> Pairs:
        return super().query(call if call.operation == "retrieve" else call.giving(limit=call.args.get("limit", 20)))


@CLIENTS.oddity
class WalksInPagesOfItsOwn(IdealClient):
    """A walk asks for as many models a page as there can be, where the caller gave no limit."""

    def walk(self, call: Call) -> Iterator[Model]:
        return super().walk(call.giving(limit=call.args.get("limit", 1000)))


@CLIENTS.oddity
class WalksNoFurtherThanFifteenPages(IdealClient):
    """A walk of more than fifteen pages ends with an error that says so."""

    def walk(self, call: Call) -> Iterator[Model]:
        following: Call | None = call
        while following is not None:
            if following.page > _MOST_PAGES:
                raise ClientError("other", "TooManyPages", f"a walk has {_MOST_PAGES} pages at most")
            spec, page = following, self.page(following)
            following = self.following(spec, page)
            yield from self.yielded(spec, page)
