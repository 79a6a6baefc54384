"""Faults of the model object, in lists and in retrievals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from models_conformance.reference.server.catalogue import Model
from models_conformance.reference.server.faults.envelope import IDS
from models_conformance.reference.server.faults.order import PAGING
from models_conformance.reference.server.faults.registry import area
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import ParsedRequest, Window

fault = area("model")

COMPLETE = "model-is-complete"
TYPE = "model-type-is-model"
DATE = "model-created-at-is-rfc3339"
UNIQUE = "model-id-is-unique"
EQUAL = "retrieve-equals-listed-item"
# What else may be said of models that cannot be told apart or retrieved.
CONFUSED = (
    IDS,
    EQUAL,
    "retrieve-listed-id-succeeds",
    "retrieve-alias-answers-model-id",
    "same-question-same-answer",
    "beta-leaves-stable-body-unchanged",
    *PAGING,
)


class _Item(Behaviour):
    """Edits every model."""

    def item(self, parsed: ParsedRequest, model: Model) -> Any:
        item = {**super().item(parsed, model), **self.edited(parsed, model)}
        return {name: value for name, value in item.items() if value is not ...}

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        """The members that differ; `...` for those that are left out."""
        raise NotImplementedError


@fault(COMPLETE, may=CONFUSED)
class ItemsAreIds(Behaviour):
    """data is an array of ids."""

    def page(self, parsed: ParsedRequest, window: Window, models: Sequence[Model]) -> dict[str, Any]:
        return {**super().page(parsed, window, models), "data": [model.id for model in models]}


@fault(COMPLETE, may=(TYPE,))
class TypeIsMissing(_Item):
    """A model has no type."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": ...}


@fault(COMPLETE, may=(TYPE, *CONFUSED))
class TypeIsMissingInRetrievals(_Item):
    """A retrieved model has no type."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": ...} if parsed.operation == "retrieve" else {}


@fault(TYPE)
class TypeIsCapitalised(_Item):
    """The type of a model is `Model`."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": "Model"}


@fault(TYPE)
class TypeOfOldModelsIsLegacy(_Item):
    """The type of models with an unknown date is `legacy_model`."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"type": "legacy_model"} if model.created_at.startswith("1970") else {}


@fault(COMPLETE)
class DisplayNameIsMissing(_Item):
    """A model has `name` in place of display_name."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"display_name": ..., "name": model.display_name}


@fault(COMPLETE)
class DisplayNameIsNull(_Item):
    """display_name is null."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"display_name": None}


@fault(COMPLETE)
class OneDisplayNameIsNull(_Item):
    """display_name of `claude-2.0` is null."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"display_name": None} if model.id == "claude-2.0" else {}


@fault(COMPLETE, may=CONFUSED)
class IdIsANumber(_Item):
    """The id of a model is a number."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"id": sum(model.id.encode())}


@fault(UNIQUE, may=(COMPLETE, *CONFUSED))
class IdIsEmpty(_Item):
    """The id of every model is an empty string."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"id": ""}


@fault(COMPLETE, may=(DATE,))
class CreatedAtIsMissing(_Item):
    """A model has no created_at."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": ...}


@fault(COMPLETE, may=(DATE,))
class UnknownCreatedAtIsNull(_Item):
    """created_at is null where the date is unknown."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": None} if model.created_at.startswith("1970") else {}


@fault(COMPLETE, may=(DATE,))
class CreatedAtIsAUnixTimestamp(_Item):
    """created_at is a number of seconds."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": int(datetime.fromisoformat(model.created_at).timestamp())}


@fault(DATE)
class CreatedAtIsATimestampAsText(_Item):
    """created_at is a number of seconds, as a string."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": str(int(datetime.fromisoformat(model.created_at).timestamp()))}


@fault(DATE)
class CreatedAtIsABareDate(_Item):
    """created_at is a date without a time."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at[:10]}


@fault(DATE)
class CreatedAtHasNoZone(_Item):
    """created_at is a time without a zone."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at.removesuffix("Z")}


@fault(DATE)
class CreatedAtHasNoColonInItsZone(_Item):
    """The zone of created_at is `+0000`."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at.replace("Z", "+0000")}


@fault(DATE)
class CreatedAtHasAThirteenthMonth(_Item):
    """The month of created_at is 13."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": f"{model.created_at[:5]}13{model.created_at[7:]}"}


@fault(DATE)
class CreatedAtIsAnHttpDate(_Item):
    """created_at is in the form of HTTP dates."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": format_datetime(datetime.fromisoformat(model.created_at), usegmt=True)}


@fault(DATE)
class OneOldCreatedAtIsABareDate(_Item):
    """created_at of the oldest model is a date without a time."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"created_at": model.created_at[:10]} if model == self.catalogue.models[-1] else {}


@fault(UNIQUE, may=CONFUSED)
class PageListsAModelTwice(Behaviour):
    """On pages of more than three models the third is the second once more."""

    def select(self, parsed: ParsedRequest, window: Window) -> Sequence[Model]:
        models = super().select(parsed, window)
        return [*models[:2], models[1], *models[3:]] if len(models) > 3 else models


@fault(UNIQUE, may=CONFUSED)
class TwoModelsShareAnId(_Item):
    """`claude-3-haiku-20240307` is listed under the id of `claude-opus-4-8`, with its own name and date."""

    def edited(self, parsed: ParsedRequest, model: Model) -> dict[str, Any]:
        return {"id": "claude-opus-4-8"} if model.id == "claude-3-haiku-20240307" else {}
