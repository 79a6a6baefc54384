"""Faults of a model's fields: ids, names, types, dates and their spellings, and undocumented members."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import unquote

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, Model, unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSET = re.compile(r"(Z|z|[+-][0-9]{2}:[0-9]{2})$")


class _Edited(IdealClient):
    def as_model(self, call: Call, value: Any) -> Model:
        return self.edited(call, super().as_model(call, value))

    def edited(self, call: Call, model: Model) -> Model:
        """What becomes of a model."""
        raise NotImplementedError


@CLIENTS.faults_in(_Edited.edited, "client-id-is-untouched")
class _EditedId(_Edited):
    def decomposes_ids(self, call: Call, model: Model) -> Model:
        """The letters of an id are decomposed (NFD)."""
        return replace(model, id=unicodedata.normalize("NFD", model.id))

    def drops_the_vendor_of_an_id(self, call: Call, model: Model) -> Model:
        """What stands before the last slash of an id is dropped."""
        return replace(model, id=model.id.rpartition("/")[2])

    def unescapes_ids(self, call: Call, model: Model) -> Model:
        """The id of a model is percent-decoded as though it came from a URL."""
        return replace(model, id=unquote(model.id))

    def strips_ids(self, call: Call, model: Model) -> Model:
        """Blanks at the ends of an id are dropped."""
        return replace(model, id=model.id.strip())

    def cuts_the_ids_of_models(self, call: Call, model: Model) -> Model:
        """An id is cut after 64 characters."""
        return replace(model, id=model.id[:64])


@CLIENTS.fault_in(_Edited.edited, "client-retrieve-returns-the-model")
def relabels_what_an_alias_leads_to(self: _Edited, call: Call, model: Model) -> Model:
    """A retrieved model carries the name that it was asked for by, not its own id."""
    return replace(model, id=call.args["model_id"]) if call.operation == "retrieve" else model


@CLIENTS.faults_in(_Edited.edited, "client-display-name-is-untouched")
class _EditedDisplayName(_Edited):
    def composes_display_names(self, call: Call, model: Model) -> Model:
        """Display names are composed (NFC)."""
        return replace(model, display_name=unicodedata.normalize("NFC", model.display_name))

    def strips_display_names(self, call: Call, model: Model) -> Model:
        """White space at the ends of a display name is dropped."""
        return replace(model, display_name=model.display_name.strip())

    def unescapes_markup_in_display_names(self, call: Call, model: Model) -> Model:
        """Character references of HTML in a display name are resolved."""
        return replace(model, display_name=html.unescape(model.display_name))

    def drops_control_characters(self, call: Call, model: Model) -> Model:
        """Characters of a display name that cannot be seen are dropped."""
        kept = (character for character in model.display_name if unicodedata.category(character) not in {"Cc", "Cf"})
        return replace(model, display_name="".join(kept))

    def drops_characters_beyond_the_basic_plane(self, call: Call, model: Model) -> Model:
        """Characters that take two units of UTF-16 become replacement characters."""
        return replace(model, display_name=re.sub("[\U00010000-\U0010ffff]", "\ufffd\ufffd", model.display_name))

    def puts_the_id_for_an_empty_name(self, call: Call, model: Model) -> Model:
        """Where the display name is empty, the id stands in for it."""
        return replace(model, display_name=model.display_name or model.id)

    def cuts_long_display_names(self, call: Call, model: Model) -> Model:
        """A display name is cut after 255 characters."""
        return replace(model, display_name=model.display_name[:255])


@CLIENTS.faults_in(_Edited.edited, "client-type-is-untouched")
class _EditedType(_Edited):
    def type_is_the_name_of_its_class(self, call: Call, model: Model) -> Model:
        """The type of a model is the name of the client's class."""
        return replace(model, type="ModelInfo")

    def type_is_that_of_the_envelope(self, call: Call, model: Model) -> Model:
        """The models of a list have the type list."""
        return replace(model, type="list") if call.operation == "list" else model


@CLIENTS.faults_in(IdealClient.extra, "client-extra-fields-are-faithful")
class _EditedExtra(IdealClient):
    def extra_numbers_have_32_bits(self, members: dict[str, Any]) -> dict[str, Any]:
        """Integers beyond the documented fields are kept in 32 bits and run over."""
        return {
            name: (value + 2**31) % 2**32 - 2**31 if type(value) is int else value for name, value in members.items()
        }

    def extra_values_are_text(self, members: dict[str, Any]) -> dict[str, Any]:
        """Values beyond the documented fields are kept as text."""
        return {name: str(value) for name, value in members.items()}

    def extra_nulls_are_false(self, members: dict[str, Any]) -> dict[str, Any]:
        """A null beyond the documented fields becomes false."""
        return {name: value is not None and value for name, value in members.items()}

    def extra_names_are_in_small_letters(self, members: dict[str, Any]) -> dict[str, Any]:
        """The names of undocumented members are put into small letters."""
        return {name.lower(): value for name, value in members.items()}

    def extra_objects_are_flattened(self, members: dict[str, Any]) -> dict[str, Any]:
        """Objects beyond the documented fields lose what is nested in them."""
        return {name: sorted(value) if isinstance(value, dict) else value for name, value in members.items()}

    def extra_empty_objects_are_lists(self, members: dict[str, Any]) -> dict[str, Any]:
        """An empty object beyond the documented fields becomes an empty list, and the driver does not say so."""
        return {name: [] if value == {} else value for name, value in members.items()}

    def extra_integers_are_doubles(self, members: dict[str, Any]) -> dict[str, Any]:
        """Integers beyond the documented fields keep 53 bits."""
        return {name: int(float(value)) if type(value) is int else value for name, value in members.items()}


@CLIENTS.faults_in(IdealClient.extra, "client-tolerates-unknown-fields")
class _RefusedExtra(IdealClient):
    def refuses_unknown_fields(self, members: dict[str, Any]) -> dict[str, Any]:
        """A model with a member that the client does not know is refused."""
        if members:
            raise unreadable(f"unexpected members: {sorted(members)}")
        return members

    def stumbles_over_words_of_its_language(self, members: dict[str, Any]) -> dict[str, Any]:
        """A member named like a word of the client's language cannot become an attribute."""
        if members.keys() & {"class", "self", "constructor"}:
            raise unreadable("multiple values for an argument")
        return members


@CLIENTS.fault_in(IdealClient.as_page, "client-tolerates-unknown-fields")
def refuses_unknown_members_of_the_envelope(self: IdealClient, call: Call, value: Any) -> Any:
    """A list envelope with a member that the client does not know is refused."""
    if isinstance(value, dict) and value.keys() - {"data", "has_more", "first_id", "last_id"}:
        raise unreadable("unexpected members of the envelope")
    return IdealClient.as_page(self, call, value)


@CLIENTS.fault_in(IdealClient.extra, "client-max-tokens-is-untouched")
def fills_in_what_is_missing(self: IdealClient, members: dict[str, Any]) -> dict[str, Any]:
    """Where an answer does not say how many tokens there may be, the model has those of an older one."""
    return {"max_tokens": 4096, **members}


# Dates


class _Other(IdealClient):
    def moment(self, text: str) -> datetime | str | None:
        moment = super().moment(text)
        return self.other(text, moment) if isinstance(moment, datetime) else moment

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        """What is made of a moment."""
        raise NotImplementedError


class _Refusing(IdealClient):
    refused: ClassVar[str] = ""

    def moment(self, text: str) -> datetime | str | None:
        if re.search(self.refused, text):
            raise unreadable(f"not a date: {text}")
        return super().moment(text)


CLIENTS.faults_of(
    _Refusing,
    "client-created-at-reads-any-spelling",
    ("refuses-small-letters", "A date with a small t or z is refused.", {"refused": "[tz]"}),
    ("refuses-nanoseconds", "A date with more than six digits of a fraction is refused.", {"refused": r"\.[0-9]{7}"}),
)


CLIENTS.faults_of(
    _Refusing,
    "client-answer-is-accepted",
    ("refuses-fractions", "A date with a fraction of a second is refused.", {"refused": r"\."}),
    ("refuses-offsets", "A date that does not end in Z is refused.", {"refused": "[^Zz]$"}),
    ("refuses-the-epoch", "A date of 1970 is refused as impossible.", {"refused": "^1970"}),
)


@CLIENTS.faults_in(_Other.other, "client-created-at-is-the-same-instant")
class _OtherInstant(_Other):
    def reads_dates_as_local_time(self, text: str, moment: datetime) -> datetime | str | None:
        """Zones are dropped, and the clock is read as that of a machine two hours east of Greenwich."""
        return IdealClient.moment(self, f"{_OFFSET.sub('', text)}+02:00")

    def ignores_offsets(self, text: str, moment: datetime) -> datetime | str | None:
        """Whatever the offset says, the clock is read as UTC."""
        return IdealClient.moment(self, f"{_OFFSET.sub('', text)}Z")

    def turns_offsets_round(self, text: str, moment: datetime) -> datetime | str | None:
        """An offset is added where it has to be subtracted."""
        return IdealClient.moment(self, f"{text[:-6]}{text[-6:].translate(str.maketrans('+-', '-+'))}")

    def keeps_the_day_only(self, text: str, moment: datetime) -> datetime | str | None:
        """The time of the day is dropped."""
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)

    def epoch_is_null(self, text: str, moment: datetime) -> datetime | str | None:
        """A date of the epoch becomes null."""
        return None if moment == _EPOCH else moment

    def epoch_is_now(self, text: str, moment: datetime) -> datetime | str | None:
        """A date of zero seconds is falsy, and the default stands in for it: the day of the build."""
        return moment if moment.timestamp() else datetime(2026, 1, 1, tzinfo=UTC)

    def seconds_have_32_bits(self, text: str, moment: datetime) -> datetime | str | None:
        """Seconds are counted in 32 bits: a date beyond 2038 falls into 1901."""
        past = moment.timestamp() - 2**31
        return moment if past < 0 else _EPOCH + timedelta(seconds=past - 2**31)

    def swaps_day_and_month(self, text: str, moment: datetime) -> datetime | str | None:
        """A date whose day could be a month is read with the two swapped."""
        return moment.replace(day=moment.month, month=moment.day) if moment.day <= 12 else moment

    def counts_months_from_nought(self, text: str, moment: datetime) -> datetime | str | None:
        """The month is one too many: January becomes February."""
        return moment + timedelta(days=31)

    def drops_fractions(self, text: str, moment: datetime) -> datetime | str | None:
        """Fractions of a second are dropped."""
        return moment.replace(microsecond=0)

    def reads_a_fraction_as_microseconds(self, text: str, moment: datetime) -> datetime | str | None:
        """The digits behind the point are read as a number of microseconds: .5 is five of them."""
        fraction = re.search(r"\.([0-9]{1,6})", text)
        return moment.replace(microsecond=int(fraction[1])) if fraction else moment


@CLIENTS.fault_in(_Other.other, "client-created-at-keeps-microseconds")
def keeps_milliseconds_only(self: _Other, text: str, moment: datetime) -> datetime | str | None:
    """A date is kept in milliseconds, as JavaScript does."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@CLIENTS.fault_in(_Other.other, "client-created-at-reads-any-spelling")
def takes_small_letters_for_the_epoch(self: _Other, text: str, moment: datetime) -> datetime | str | None:
    """A date with a small t or z is read as 1970, as whatever cannot be read."""
    return _EPOCH if re.search("[tz]", text) else moment
