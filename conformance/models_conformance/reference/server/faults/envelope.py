"""Faults of the list envelope: its members and the ids of its ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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


@SERVERS.fault("list-envelope-is-complete")
class ListIsABareArray(Behaviour):
    """The list is an array of models without an envelope."""

    def listing(self, parsed: ParsedRequest) -> Any:
        return super().listing(parsed)["data"]


@SERVERS.fault("list-envelope-is-complete")
class ListIsWrapped(Behaviour):
    """The envelope is inside another: {"result": {...}}."""

    def listing(self, parsed: ParsedRequest) -> Any:
        return {"result": super().listing(parsed)}


class _Page(Behaviour):
    """Edits the envelope."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        return {name: value for name, value in {**page, **self.edited(parsed, page)}.items() if value is not ...}

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        """The members that differ; `...` for those that are left out."""
        raise NotImplementedError


@SERVERS.fault("list-envelope-is-complete")
class DataIsMissing(_Page):
    """The models are under `models`, and there is no data."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"data": ..., "models": page["data"]}


@SERVERS.fault("list-envelope-is-complete")
class DataIsAnObject(_Page):
    """data is an object with a member for each id."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"data": {item["id"]: item for item in page["data"]}}


@SERVERS.fault("list-envelope-is-complete")
class DataOfAnEmptyPageIsNull(_Page):
    """data is null on a page without models."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"data": page["data"] or None}


@SERVERS.fault("list-envelope-is-complete")
class HasMoreIsMissing(_Page):
    """There is no has_more."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"has_more": ...}


@SERVERS.fault("list-envelope-is-complete")
class HasMoreIsAString(_Page):
    """has_more is the string "true" or "false"."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"has_more": str(page["has_more"]).lower()}


@SERVERS.fault("list-envelope-is-complete")
class HasMoreIsANumber(_Page):
    """has_more is 1 or 0."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"has_more": int(page["has_more"])}


@SERVERS.fault("list-envelope-is-complete")
class HasMoreIsLeftOutWhenFalse(_Page):
    """has_more is there only where it is true: false was taken for an empty value."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"has_more": page["has_more"] or ...}


@SERVERS.fault("list-envelope-is-complete")
class FirstIdIsMissing(_Page):
    """There is no first_id."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"first_id": ...}


@SERVERS.fault("list-envelope-is-complete")
class LastIdIsMissing(_Page):
    """There is no last_id."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"last_id": ...}


@SERVERS.fault("list-envelope-is-complete")
class EndsAreAlwaysNull(_Page):
    """first_id and last_id are null on every page."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"first_id": None, "last_id": None}


@SERVERS.fault("list-envelope-is-complete")
class LastIdIsNullOnTheLastPage(_Page):
    """last_id is null where has_more is false, as a cursor of the next page would be."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"last_id": page["last_id"] if page["has_more"] else None}


@SERVERS.fault("list-envelope-is-complete")
class EndsAreNumbers(_Page):
    """first_id and last_id are positions, as numbers."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"first_id": 0, "last_id": len(page["data"])}


@SERVERS.fault("list-envelope-is-complete")
class EndsAreMissingOnEmptyPages(_Page):
    """A page without models has neither first_id nor last_id."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {} if page["data"] else {"first_id": ..., "last_id": ...}


@SERVERS.fault("list-ids-equal-ends-of-data")
class FirstAndLastIdAreSwapped(_Page):
    """first_id names the last model of the page and last_id the first."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"first_id": page["last_id"], "last_id": page["first_id"]}


@SERVERS.fault("list-ids-equal-ends-of-data")
class EndsAreSwappedOnThePageBefore(_Page):
    """With before_id, first_id names the last model of the page and last_id the first."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        if not parsed.values("before_id"):
            return {}
        return {"first_id": page["last_id"], "last_id": page["first_id"]}


@SERVERS.fault("list-ids-equal-ends-of-data")
class LastIdIsTheFirstOfTheNextPage(Behaviour):
    """last_id names the model that the next page starts with."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        page = super().page(parsed, window, models)
        if models and window.stop < window.total:
            page["last_id"] = self.catalogue.models[window.stop].id
        return page


@SERVERS.fault("list-ids-equal-ends-of-data")
class EndsAreOfTheWholeList(_Page):
    """first_id and last_id name the first and the last model of the list, whatever the page."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        models = self.catalogue.models
        return {"first_id": models[0].id, "last_id": models[-1].id} if page["data"] else {}


@SERVERS.fault("list-ids-equal-ends-of-data")
class EndsAreEmptyStrings(_Page):
    """first_id and last_id are empty strings on a page that holds models."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"first_id": "", "last_id": ""} if page["data"] else {}


@SERVERS.fault("list-ids-equal-ends-of-data")
class EmptyPageEchoesTheCursor(_Page):
    """On a page without models first_id and last_id are the cursor."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        cursor = parsed.value("after_id") or parsed.value("before_id")
        return {} if page["data"] else {"first_id": cursor, "last_id": cursor}


@SERVERS.fault("list-ids-equal-ends-of-data")
class FirstIdIsTheCursor(_Page):
    """first_id is the cursor that was asked with."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        return {"first_id": parsed.value("after_id") or page["first_id"]} if page["data"] else {}


@SERVERS.fault("list-ids-equal-ends-of-data")
class EndsAreDisplayNames(_Page):
    """first_id and last_id hold display names."""

    def edited(self, parsed: ParsedRequest, page: dict[str, Any]) -> dict[str, Any]:
        if not page["data"]:
            return {}
        return {"first_id": page["data"][0]["display_name"], "last_id": page["data"][-1]["display_name"]}
