"""Faults of `created_at`: other instants, instants cut short, spellings that are refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSET = re.compile(r"(Z|z|[+-][0-9]{2}:[0-9]{2})$")


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


CLIENTS.faults_of(
    _Refusing,
    "client-created-at-reads-any-spelling",
    ("refuses-small-letters", "A date with a small t or z is refused.", {"refused": "[tz]"}),
    ("refuses-nanoseconds", "A date with more than six digits of a fraction is refused.", {"refused": r"\.[0-9]{7}"}),
)


@CLIENTS.fault_in(_Other.other, "client-created-at-reads-any-spelling")
def takes_small_letters_for_the_epoch(self: _Other, text: str, moment: datetime) -> datetime | str | None:
    """A date with a small t or z is read as 1970, as whatever cannot be read."""
    return _EPOCH if re.search("[tz]", text) else moment


CLIENTS.faults_of(
    _Refusing,
    "client-answer-is-accepted",
    ("refuses-fractions", "A date with a fraction of a second is refused.", {"refused": r"\."}),
    ("refuses-offsets", "A date that does not end in Z is refused.", {"refused": "[^Zz]$"}),
    ("refuses-the-epoch", "A date of 1970 is refused as impossible.", {"refused": "^1970"}),
)
