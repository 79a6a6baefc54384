"""Faults of a model's fields: ids, names, types and members that nobody documented."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Model, unreadable


class _Edited(IdealClient):
    def as_model(self, call: Call, value: Any) -> Model:
        return self.edited(call, super().as_model(call, value))

    def edited(self, call: Call, model: Model) -> Model:
        """What becomes of a model."""
        raise NotImplementedError


@CLIENTS.fault("client-id-is-untouched")
class DecomposesIds(_Edited):
    """The letters of an id are decomposed (NFD)."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, id=unicodedata.normalize("NFD", model.id))


@CLIENTS.fault("client-retrieve-returns-the-model")
class DropsTheVendorOfAnId(_Edited):
    """What stands before the last slash of an id is dropped."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, id=model.id.rpartition("/")[2])


@CLIENTS.fault("client-id-is-untouched")
class UnescapesIds(_Edited):
    """The id of a model is percent-decoded as though it came from a URL."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, id=unquote(model.id))


@CLIENTS.fault("client-id-is-untouched")
class StripsIds(_Edited):
    """Blanks at the ends of an id are dropped."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, id=model.id.strip())


@CLIENTS.fault("client-retrieve-returns-the-model")
class CutsTheIdsOfModels(_Edited):
    """An id is cut after 64 characters."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, id=model.id[:64])


@CLIENTS.fault("client-retrieve-returns-the-model")
class RelabelsWhatAnAliasLeadsTo(_Edited):
    """A retrieved model carries the name that it was asked for by, not its own id."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, id=call.args["model_id"]) if call.operation == "retrieve" else model


@CLIENTS.fault("client-display-name-is-untouched")
class ComposesDisplayNames(_Edited):
    """Display names are composed (NFC)."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, display_name=unicodedata.normalize("NFC", model.display_name))


@CLIENTS.fault("client-display-name-is-untouched")
class StripsDisplayNames(_Edited):
    """White space at the ends of a display name is dropped."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, display_name=model.display_name.strip())


@CLIENTS.fault("client-display-name-is-untouched")
class UnescapesMarkupInDisplayNames(_Edited):
    """Character references of HTML in a display name are resolved."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, display_name=html.unescape(model.display_name))


@CLIENTS.fault("client-display-name-is-untouched")
class DropsControlCharacters(_Edited):
    """Characters of a display name that cannot be seen are dropped."""

    def edited(self, call: Call, model: Model) -> Model:
        kept = (character for character in model.display_name if unicodedata.category(character) not in {"Cc", "Cf"})
        return replace(model, display_name="".join(kept))


@CLIENTS.fault("client-display-name-is-untouched")
class DropsCharactersBeyondTheBasicPlane(_Edited):
    """Characters that take two units of UTF-16 become replacement characters."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, display_name=re.sub("[\U00010000-\U0010ffff]", "\ufffd\ufffd", model.display_name))


@CLIENTS.fault("client-display-name-is-untouched")
class PutsTheIdForAnEmptyName(_Edited):
    """Where the display name is empty, the id stands in for it."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, display_name=model.display_name or model.id)


@CLIENTS.fault("client-display-name-is-untouched")
class CutsLongDisplayNames(_Edited):
    """A display name is cut after 255 characters."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, display_name=model.display_name[:255])


@CLIENTS.fault("client-type-is-untouched")
class TypeIsTheNameOfItsClass(_Edited):
    """The type of a model is the name of the client's class."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, type="ModelInfo")


@CLIENTS.fault("client-type-is-untouched")
class TypeIsThatOfTheEnvelope(_Edited):
    """The models of a list have the type list."""

    def edited(self, call: Call, model: Model) -> Model:
        return replace(model, type="list") if call.operation == "list" else model


@CLIENTS.fault("client-extra-fields-are-faithful")
class ExtraNumbersHave32Bits(IdealClient):
    """Integers beyond the documented fields are kept in 32 bits and run over."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {
            name: (value + 2**31) % 2**32 - 2**31 if type(value) is int else value for name, value in members.items()
        }


@CLIENTS.fault("client-extra-fields-are-faithful")
class ExtraValuesAreText(IdealClient):
    """Values beyond the documented fields are kept as text."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {name: str(value) for name, value in members.items()}


@CLIENTS.fault("client-extra-fields-are-faithful")
class ExtraNullsAreFalse(IdealClient):
    """A null beyond the documented fields becomes false."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {name: value is not None and value for name, value in members.items()}


@CLIENTS.fault("client-extra-fields-are-faithful")
class ExtraObjectsAreFlattened(IdealClient):
    """Objects beyond the documented fields lose what is nested in them."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {name: sorted(value) if isinstance(value, dict) else value for name, value in members.items()}


@CLIENTS.fault("client-tolerates-unknown-fields")
class RefusesUnknownFields(IdealClient):
    """A model with a member that the client does not know is refused."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        if members:
            raise unreadable(f"unexpected members: {sorted(members)}")
        return members


@CLIENTS.fault("client-tolerates-unknown-fields")
class RefusesUnknownMembersOfTheEnvelope(IdealClient):
    """A list envelope with a member that the client does not know is refused."""

    def as_page(self, call: Call, value: Any) -> Any:
        if isinstance(value, dict) and value.keys() - {"data", "has_more", "first_id", "last_id"}:
            raise unreadable("unexpected members of the envelope")
        return super().as_page(call, value)


@CLIENTS.fault("client-tolerates-unknown-fields")
class StumblesOverWordsOfItsLanguage(IdealClient):
    """A member named like a word of the client's language cannot become an attribute."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        if members.keys() & {"class", "self", "constructor"}:
            raise unreadable("multiple values for an argument")
        return members


@CLIENTS.fault("client-extra-fields-are-faithful")
class ExtraIntegersAreDoubles(IdealClient):
    """Integers beyond the documented fields keep 53 bits."""

    def extra(self, members: dict[str, Any]) -> dict[str, Any]:
        return {name: int(float(value)) if type(value) is int else value for name, value in members.items()}
