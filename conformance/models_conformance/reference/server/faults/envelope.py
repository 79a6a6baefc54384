"""Faults of the list envelope: its members and the ids of its ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window


@SERVERS.fault("list-envelope-is-complete")
class ListHasTheOpenaiShape(Behaviour):
    """The list is {"object": "list", "data": [...]} with models of the other API."""

    def listing(self, parsed: ParsedRequest) -> Any:
        return {"object": "list", "data": super().listing(parsed)["data"]}

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        return {"id": model.id, "object": "model", "created": 1700000000, "owned_by": "system"}


@SERVERS.faults_in(Behaviour.listing, "list-envelope-is-complete")
class _OtherEnvelope(Behaviour):
    def list_is_a_bare_array(self, parsed: ParsedRequest) -> Any:
        """The list is an array of models without an envelope."""
        return super().listing(parsed)["data"]

    def list_is_wrapped(self, parsed: ParsedRequest) -> Any:
        """The envelope is inside another: {"result": {...}}."""
        return {"result": super().listing(parsed)}


class Envelope(Behaviour):
    """Edits the envelope."""

    members: ClassVar[Mapping[str, Any]] = {}

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        return {name: value for name, value in {**page, **self.edited(parsed, page)}.items() if value is not ...}

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> Mapping[str, Any]:
        """The members that differ; `...` for those that are left out."""
        return self.members


@SERVERS.faults_in(Envelope.edited, "list-envelope-is-complete")
class _OtherMembers(Envelope):
    def data_is_missing(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """The models are under `models`, and there is no data."""
        return {"data": ..., "models": page["data"]}

    def data_is_an_object(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """data is an object with a member for each id."""
        return {"data": {item["id"]: item for item in page["data"]}}

    def data_of_an_empty_page_is_null(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """data is null on a page without models."""
        return {"data": page["data"] or None}

    def has_more_is_a_string(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """has_more is the string "true" or "false"."""
        return {"has_more": str(page["has_more"]).lower()}

    def has_more_is_a_number(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """has_more is 1 or 0."""
        return {"has_more": int(page["has_more"])}

    def has_more_is_left_out_when_false(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """has_more is there only where it is true: false was taken for an empty value."""
        return {"has_more": page["has_more"] or ...}

    def last_id_is_null_on_the_last_page(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """last_id is null where has_more is false, as a cursor of the next page would be."""
        return {"last_id": page["last_id"] if page["has_more"] else None}

    def ends_are_numbers(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """first_id and last_id are positions, as numbers."""
        return {"first_id": 0, "last_id": len(page["data"])}

    def ends_are_missing_on_empty_pages(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """A page without models has neither first_id nor last_id."""
        return {} if page["data"] else {"first_id": ..., "last_id": ...}


SERVERS.faults_of(
    Envelope,
    "list-envelope-is-complete",
    ("has-more-is-missing", "There is no has_more.", {"members": {"has_more": ...}}),
    ("first-id-is-missing", "There is no first_id.", {"members": {"first_id": ...}}),
    ("last-id-is-missing", "There is no last_id.", {"members": {"last_id": ...}}),
    (
        "ends-are-always-null",
        "first_id and last_id are null on every page.",
        {"members": {"first_id": None, "last_id": None}},
    ),
)


@SERVERS.faults_in(Envelope.edited, "list-ids-equal-ends-of-data")
class _OtherEnds(Envelope):
    def first_and_last_id_are_swapped(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """first_id names the last model of the page and last_id the first."""
        return {"first_id": page["last_id"], "last_id": page["first_id"]}

    def ends_are_swapped_on_the_page_before(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """With before_id, first_id names the last model of the page and last_id the first."""
        if not parsed.values("before_id"):
            return {}
        return {"first_id": page["last_id"], "last_id": page["first_id"]}

    def ends_are_of_the_whole_list(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """first_id and last_id name the first and the last model of the list, whatever the page."""
        models = self.catalogue.models
        return {"first_id": models[0].id, "last_id": models[-1].id} if page["data"] else {}

    def ends_are_empty_strings(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """first_id and last_id are empty strings on a page that holds models."""
        return {"first_id": "", "last_id": ""} if page["data"] else {}

    def empty_page_echoes_the_cursor(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """On a page without models first_id and last_id are the cursor."""
        cursor = parsed.value("after_id") or parsed.value("before_id")
        return {} if page["data"] else {"first_id": cursor, "last_id": cursor}

    def first_id_is_the_cursor(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """first_id is the cursor that was asked with."""
        return {"first_id": parsed.value("after_id") or page["first_id"]} if page["data"] else {}

    def ends_are_display_names(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """first_id and last_id hold display names."""
        if not page["data"]:
            return {}
        return {"first_id": page["data"][0]["display_name"], "last_id": page["data"][-1]["display_name"]}

    def last_id_is_one_model_back(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """last_id is the id of the last model but one."""
        return {"last_id": page["data"][-2]["id"]} if len(page["data"]) > 1 else {}


@SERVERS.faults_in(Behaviour.page, "list-ids-equal-ends-of-data")
class _EndsOfOtherPages(Behaviour):
    def last_id_is_the_first_of_the_next_page(
        self, parsed: ParsedRequest, window: Window, models: Sequence[Model]
    ) -> dict[str, Any]:
        """last_id names the model that the next page starts with."""
        page = super().page(parsed, window, models)
        if models and window.stop < window.total:
            page["last_id"] = self.catalogue.models[window.stop].id
        return page

    def last_id_is_wrong_on_pages_of_one(
        self, parsed: ParsedRequest, window: Window, models: Sequence[Model]
    ) -> dict[str, Any]:
        """On a page of one model last_id is the id of the model before it."""
        page = super().page(parsed, window, models)
        if len(models) == 1 and window.start > 0:
            page["last_id"] = self.catalogue.models[window.start - 1].id
        return page
