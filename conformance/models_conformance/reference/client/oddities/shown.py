"""Oddities of what the caller sees: the same values in other forms, or fewer of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Incoming, Model, Page, unreadable


@CLIENTS.oddities_in(IdealClient.moment)
class _Moments(IdealClient):
    def keeps_dates_as_text(self, text: str) -> datetime | str | None:
        """created_at is the text of the answer."""
        return text

    def refuses_a_blank_for_the_t(self, text: str) -> datetime | str | None:
        """A date with a blank between day and time is refused: the grammar of RFC 3339 has none."""
        if " " in text:
            raise unreadable(f"not a date: {text}")
        return super().moment(text)


@CLIENTS.oddity_in(IdealClient.shown_moment)
def shows_dates_in_another_zone(self: IdealClient, moment: datetime | str | None) -> str | None:
    """created_at is shown as the clock of a zone five and three quarter hours east."""
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat()


@CLIENTS.oddities_in(IdealClient.extra)
class _ExtraMembers(IdealClient):
    def hides_unknown_fields(self, members: dict[str, Any]) -> dict[str, Any]:
        """Members that are not documented are dropped."""
        return {}

    def extra_numbers_are_floating_point(self, members: dict[str, Any]) -> dict[str, Any]:
        """Numbers beyond the documented fields are IEEE doubles, as JSON promises no more."""
        return {name: float(value) if type(value) is int else value for name, value in members.items()}


@CLIENTS.oddities_in(IdealClient.shown_model)
class _ShownModels(IdealClient):
    def shows_no_extra(self, model: Model) -> dict[str, Any]:
        """Models show their four documented members and nothing else."""
        return {name: value for name, value in super().shown_model(model).items() if name != "extra"}

    def hides_type_and_date(self, model: Model) -> dict[str, Any]:
        """Models show their id and their name alone."""
        return {"id": model.id, "display_name": model.display_name}


@CLIENTS.oddities_in(IdealClient.shown_page)
class _ShownPages(IdealClient):
    def hides_the_envelope(self, page: Page) -> dict[str, Any]:
        """Pages show their models alone."""
        return {"data": [self.shown_model(model) for model in page.data]}

    def hides_has_more(self, page: Page) -> dict[str, Any]:
        """Pages show their models and their ids, not whether more follow."""
        return {name: value for name, value in super().shown_page(page).items() if name != "has_more"}

    def shows_null_ids_as_empty_text(self, page: Page) -> dict[str, Any]:
        """The ids of an empty page are empty text, as in languages whose text cannot be null."""
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


@CLIENTS.oddity_in(IdealClient.error)
def tells_no_message(self: IdealClient, incoming: Incoming) -> ClientError:
    """Errors carry what the answer said, but for its message."""
    problem = IdealClient.error(self, incoming)
    problem.message, problem.name = "", "ApiError"
    return problem
