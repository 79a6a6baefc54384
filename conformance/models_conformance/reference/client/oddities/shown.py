"""Oddities of what the caller sees: the same values in other forms, or fewer of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Incoming, Model, Page, unreadable


@CLIENTS.oddity
class KeepsDatesAsText(IdealClient):
    """created_at is the text of the answer."""

    def moment(self, text: str) -> datetime | str | None:
        return text


@CLIENTS.oddity
class RefusesABlankForTheT(IdealClient):
    """A date with a blank between day and time is refused: the grammar of RFC 3339 has none."""

    def moment(self, text: str) -> datetime | str | None:
        if " " in text:
            raise unreadable(f"not a date: {text}")
        return super().moment(text)


@CLIENTS.oddity
class ShowsDatesInAnotherZone(IdealClient):
    """created_at is shown as the clock of a zone five and three quarter hours east."""

    def shown_moment(self, moment: datetime | str | None) -> str | None:
        if not isinstance(moment, datetime):
            return moment
        return moment.astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat()


@CLIENTS.oddity
class HidesUnknownFields(IdealClient):
    """Members that are not documented are dropped."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {}


@CLIENTS.oddity
class ShowsNoExtra(IdealClient):
    """Models show their four documented members and nothing else."""

    def shown_model(self, model: Model) -> dict[str, Any]:
        return {name: value for name, value in super().shown_model(model).items() if name != "extra"}


@CLIENTS.oddity
class HidesTypeAndDate(IdealClient):
    """Models show their id and their name alone."""

    def shown_model(self, model: Model) -> dict[str, Any]:
        return {"id": model.id, "display_name": model.display_name}


@CLIENTS.oddity
class ExtraNumbersAreFloatingPoint(IdealClient):
    """Numbers beyond the documented fields are IEEE doubles, as JSON promises no more."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {name: float(value) if type(value) is int else value for name, value in members.items()}


@CLIENTS.oddity
class HidesTheEnvelope(IdealClient):
    """Pages show their models alone."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        return {"data": [self.shown_model(model) for model in page.data]}


@CLIENTS.oddity
class HidesHasMore(IdealClient):
    """Pages show their models and their ids, not whether more follow."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        return {name: value for name, value in super().shown_page(page).items() if name != "has_more"}


@CLIENTS.oddity
class ShowsNullIdsAsEmptyText(IdealClient):
    """The ids of an empty page are empty text, as in languages whose text cannot be null."""

    def shown_page(self, page: Page) -> dict[str, Any]:
        return {**super().shown_page(page), "first_id": page.first_id or "", "last_id": page.last_id or ""}


@CLIENTS.oddity
class HasOneKindOfError(IdealClient):
    """Whatever is wrong with an answer but its status is raised as an error of another kind."""

    def retrieve(self, call: Call) -> Model:
        try:
            return super().retrieve(call)
        except ClientError as problem:
            raise _plain(problem) from problem

    def page(self, call: Call) -> Page:
        try:
            return super().page(call)
        except ClientError as problem:
            raise _plain(problem) from problem


def _plain(problem: ClientError) -> ClientError:
    if problem.kind not in {"decode", "connection"}:
        return problem
    return ClientError("other", "Error", problem.message)


@CLIENTS.oddity
class TellsNoMessage(IdealClient):
    """Errors carry what the answer said, but for its message."""

    def error(self, incoming: Incoming) -> ClientError:
        problem = super().error(incoming)
        problem.message, problem.name = "", "ApiError"
        return problem
