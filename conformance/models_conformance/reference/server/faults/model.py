"""Faults of the model object, in lists and in retrievals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window


class _Item(Behaviour):
    """Edits every model."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = {**super().item(parsed, model), **self.edited(parsed, model)}
        return {name: value for name, value in item.items() if value is not ...}

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The members that differ; `...` for those that are left out."""
        raise NotImplementedError


@SERVERS.fault("model-is-complete")
class ItemsAreIds(Behaviour):
    """data is an array of ids."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        return {**super().page(parsed, window, models), "data": [model.id for model in models]}


@SERVERS.fault("model-is-complete")
class TypeIsMissing(_Item):
    """A model has no type."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": ...}


@SERVERS.fault("model-is-complete")
class TypeIsMissingInRetrievals(_Item):
    """A retrieved model has no type."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": ...} if parsed.operation == "retrieve" else {}


@SERVERS.fault("model-type-is-model")
class TypeIsCapitalised(_Item):
    """The type of a model is `Model`."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": "Model"}


@SERVERS.fault("model-type-is-model")
class TypeOfOldModelsIsLegacy(_Item):
    """The type of models with an unknown date is `legacy_model`."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": "legacy_model"} if model.created_at.startswith("1970") else {}


@SERVERS.fault("model-is-complete")
class DisplayNameIsMissing(_Item):
    """A model has `name` in place of display_name."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"display_name": ..., "name": model.display_name}


@SERVERS.fault("model-is-complete")
class DisplayNameIsNull(_Item):
    """display_name is null."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"display_name": None}


@SERVERS.fault("model-is-complete")
class OneDisplayNameIsNull(_Item):
    """display_name of `claude-2.0` is null."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"display_name": None} if model.id == "claude-2.0" else {}


@SERVERS.fault("model-is-complete")
class IdIsANumber(_Item):
    """The id of a model is a number."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"id": sum(model.id.encode())}


@SERVERS.fault("model-id-is-unique")
class IdIsEmpty(_Item):
    """The id of every model is an empty string."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"id": ""}


@SERVERS.fault("model-is-complete")
class CreatedAtIsMissing(_Item):
    """A model has no created_at."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": ...}


@SERVERS.fault("model-is-complete")
class UnknownCreatedAtIsNull(_Item):
    """created_at is null where the date is unknown."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": None} if model.created_at.startswith("1970") else {}


@SERVERS.fault("model-is-complete")
class CreatedAtIsAUnixTimestamp(_Item):
    """created_at is a number of seconds."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": int(datetime.fromisoformat(model.created_at).timestamp())}


@SERVERS.fault("model-created-at-is-rfc3339")
class CreatedAtIsATimestampAsText(_Item):
    """created_at is a number of seconds, as a string."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": str(int(datetime.fromisoformat(model.created_at).timestamp()))}


@SERVERS.fault("model-created-at-is-rfc3339")
class CreatedAtIsABareDate(_Item):
    """created_at is a date without a time."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at[:10]}


@SERVERS.fault("model-created-at-is-rfc3339")
class CreatedAtHasNoZone(_Item):
    """created_at is a time without a zone."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at.removesuffix("Z")}


@SERVERS.fault("model-created-at-is-rfc3339")
class CreatedAtHasNoColonInItsZone(_Item):
    """The zone of created_at is `+0000`."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at.replace("Z", "+0000")}


@SERVERS.fault("model-created-at-is-rfc3339")
class CreatedAtHasAThirteenthMonth(_Item):
    """The month of created_at is 13."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": f"{model.created_at[:5]}13{model.created_at[7:]}"}


@SERVERS.fault("model-created-at-is-rfc3339")
class CreatedAtIsAnHttpDate(_Item):
    """created_at is in the form of HTTP dates."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": format_datetime(datetime.fromisoformat(model.created_at), usegmt=True)}


@SERVERS.fault("model-created-at-is-rfc3339")
class OneOldCreatedAtIsABareDate(_Item):
    """created_at of the oldest model is a date without a time."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at[:10]} if model == self.catalogue.models[-1] else {}


@SERVERS.fault("model-id-is-unique")
class PageListsAModelTwice(Behaviour):
    """On pages of more than three models the third is the second once more."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return [*models[:2], models[1], *models[3:]] if len(models) > 3 else models


@SERVERS.fault("model-id-is-unique")
class TwoModelsShareAnId(_Item):
    """`claude-3-haiku-20240307` is listed under the id of `claude-opus-4-8`, with its own name and date."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"id": "claude-opus-4-8"} if model.id == "claude-3-haiku-20240307" else {}
