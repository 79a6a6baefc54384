"""Faults of the model object, in lists and in retrievals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, ClassVar

from models_conformance.contract.points import EVERYWHERE, given_while, members_of, null_while
from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window


class Item(Behaviour):
    """Edits every model."""

    members: ClassVar[Mapping[str, Any]] = {}

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = {**super().item(parsed, model), **self.edited(parsed, model)}
        return {name: value for name, value in item.items() if value is not ...}

    def edited(self, parsed: ParsedRequest, model: Model) -> Mapping[str, Any]:
        """The members that differ; `...` for those that are left out."""
        return self.members


@SERVERS.fault_in(Behaviour.page, "model-is-complete")
def items_are_ids(self: Behaviour, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
    """data is an array of ids."""
    return {**Behaviour.page(self, parsed, window, models), "data": [model.id for model in models]}


SERVERS.faults_of(
    Item,
    "model-is-complete",
    ("type-is-missing", "A model has no type.", {"members": {"type": ...}}),
    ("display-name-is-null", "display_name is null.", {"members": {"display_name": None}}),
    ("created-at-is-missing", "A model has no created_at.", {"members": {"created_at": ...}}),
)


@SERVERS.faults_in(Item.edited, "model-is-complete")
class _OtherMembers(Item):
    def type_is_missing_in_retrievals(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """A retrieved model has no type."""
        return {"type": ...} if parsed.operation == "retrieve" else {}

    def display_name_is_missing(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """A model has `name` in place of display_name."""
        return {"display_name": ..., "name": model.display_name}

    def one_display_name_is_null(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """display_name of `claude-2.0` is null."""
        return {"display_name": None} if model.id == "claude-2.0" else {}

    def display_name_is_null_on_the_page_before(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """On pages asked for with before_id every display_name is null."""
        return {"display_name": None} if parsed.values("before_id") else {}

    def id_is_a_number(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The id of a model is a number."""
        return {"id": sum(model.id.encode())}

    def unknown_created_at_is_null(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at is null where the date is unknown."""
        return {"created_at": None} if model.created_at.startswith("1970") else {}

    def created_at_is_a_unix_timestamp(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at is a number of seconds."""
        return {"created_at": int(datetime.fromisoformat(model.created_at).timestamp())}


@SERVERS.faults_in(Item.edited, "model-type-is-model")
class _OtherType(Item):
    def type_is_capitalised(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The type of a model is `Model`."""
        return {"type": "Model"}

    def type_of_old_models_is_legacy(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The type of models with an unknown date is `legacy_model`."""
        return {"type": "legacy_model"} if model.created_at.startswith("1970") else {}


@SERVERS.faults_in(Item.edited, "model-id-is-unique")
class _OtherId(Item):
    def id_is_empty(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The id of every model is an empty string."""
        return {"id": ""}

    def two_models_share_an_id(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """`claude-3-haiku-20240307` is listed under the id of `claude-opus-4-8`, with its own name and date."""
        return {"id": "claude-opus-4-8"} if model.id == "claude-3-haiku-20240307" else {}


@SERVERS.faults_in(Item.edited, "model-created-at-is-rfc3339")
class _OtherDate(Item):
    def created_at_is_a_timestamp_as_text(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at is a number of seconds, as a string."""
        return {"created_at": str(int(datetime.fromisoformat(model.created_at).timestamp()))}

    def created_at_is_a_bare_date(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at is a date without a time."""
        return {"created_at": model.created_at[:10]}

    def created_at_has_no_zone(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at is a time without a zone."""
        return {"created_at": model.created_at.removesuffix("Z")}

    def created_at_has_no_colon_in_its_zone(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The zone of created_at is `+0000`."""
        return {"created_at": model.created_at.replace("Z", "+0000")}

    def created_at_has_a_thirteenth_month(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The month of created_at is 13."""
        return {"created_at": f"{model.created_at[:5]}13{model.created_at[7:]}"}

    def created_at_is_an_http_date(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at is in the form of HTTP dates."""
        return {"created_at": format_datetime(datetime.fromisoformat(model.created_at), usegmt=True)}

    def one_old_created_at_is_a_bare_date(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """created_at of the oldest model is a date without a time."""
        return {"created_at": model.created_at[:10]} if model == self.catalogue.models[-1] else {}


@SERVERS.fault_in(Behaviour.select, "model-id-is-unique")
def page_lists_a_model_twice(self: Behaviour, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
    """On pages of more than three models the third is the second once more."""
    models = Behaviour.select(self, parsed, window)
    return [*models[:2], models[1], *models[3:]] if len(models) > 3 else models


# Members that later contracts document


def _of_type(self: Behaviour, type_name: str) -> str:
    """The first further member of that type, which may be null beside."""
    further = {name: of for name, of in members_of(self.contract).items() if name not in EVERYWHERE}
    return next(name for name, of in further.items() if type_name in of.types)


@SERVERS.faults_in(Item.edited, "model-capabilities-is-as-documented")
class _OtherObject(Item):
    def object_is_a_list_of_names(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """Capabilities are a list of the names of those that are there."""
        name = _of_type(self, "object")
        return {name: list(model.extra[name])}

    def object_lacks_a_member(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """Capabilities lack the first of those that are documented."""
        name = _of_type(self, "object")
        return {name: dict(list(model.extra[name].items())[1:])}

    def object_holds_a_flag_for_an_object(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The first capability is true, in place of an object."""
        name = _of_type(self, "object")
        return {name: {**model.extra[name], next(iter(model.extra[name])): True}}


@SERVERS.fault_in(Item.edited, "model-max-input-tokens-is-as-documented")
def number_is_a_text(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """A number of tokens is written as text."""
    name = _of_type(self, "number")
    return {name: str(model.extra[name])}


@SERVERS.fault_in(Item.edited, "model-allowed-fallback-models-is-as-documented")
def list_is_missing_on_some_models(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """Every other model lacks the list of models that may take its place."""
    return {_of_type(self, "array"): ...} if model.id[-1] in "02468" else {}


@SERVERS.fault_in(Item.edited, "model-deprecated-at-is-null-while-active")
def date_of_a_stage_is_told_before(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """A date that is null in one stage has a value in it."""
    staged = [name for name in members_of(self.contract) if null_while(self.contract, name)]
    return {name: model.created_at for name in staged[:1] if model.extra[name] is None}


@SERVERS.fault_in(Item.edited, "model-deprecated-at-is-given-while-deprecated-or-retired")
def date_of_a_stage_is_not_told(self: Item, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
    """A date that is given in some stages is always null."""
    return {name: None for name in members_of(self.contract) if given_while(self.contract, name)}


@SERVERS.faults_in(Item.edited, "model-retires-at-is-rfc3339")
class _OtherLastDate(Item):
    def last_date_is_a_day(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The date of the end of a model is a day without a time."""
        name = [name for name, of in members_of(self.contract).items() if of.format == "date-time"][-1]
        return {name: model.extra[name] and model.extra[name][:10]}

    def last_date_is_a_word(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The date of the end of each model is `soon`."""
        return {[name for name, of in members_of(self.contract).items() if of.format == "date-time"][-1]: "soon"}
