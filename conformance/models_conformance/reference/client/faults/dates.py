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
    refused: ClassVar[str]

    def moment(self, text: str) -> datetime | str | None:
        if re.search(self.refused, text):
            raise unreadable(f"not a date: {text}")
        return super().moment(text)


@CLIENTS.fault("client-created-at-is-the-same-instant")
class ReadsDatesAsLocalTime(_Other):
    """Zones are dropped, and the clock is read as that of a machine two hours east of Greenwich."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return IdealClient.moment(self, f"{_OFFSET.sub('', text)}+02:00")


@CLIENTS.fault("client-created-at-is-the-same-instant")
class IgnoresOffsets(_Other):
    """Whatever the offset says, the clock is read as UTC."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return IdealClient.moment(self, f"{_OFFSET.sub('', text)}Z")


@CLIENTS.fault("client-created-at-is-the-same-instant")
class TurnsOffsetsRound(_Other):
    """An offset is added where it has to be subtracted."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return IdealClient.moment(self, re.sub("([+-])([0-9:]{5})$", _turned, text))


def _turned(match: re.Match[str]) -> str:
    return f"{'-' if match[1] == '+' else '+'}{match[2]}"


@CLIENTS.fault("client-created-at-is-the-same-instant")
class KeepsTheDayOnly(_Other):
    """The time of the day is dropped."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)


@CLIENTS.fault("client-created-at-is-the-same-instant")
class EpochIsNull(_Other):
    """A date of the epoch becomes null."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return None if moment == _EPOCH else moment


@CLIENTS.fault("client-created-at-is-the-same-instant")
class EpochIsNow(_Other):
    """A date of zero seconds is falsy, and the default stands in for it: the day of the build."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return moment if moment.timestamp() else datetime(2026, 1, 1, tzinfo=UTC)


@CLIENTS.fault("client-created-at-is-the-same-instant")
class SecondsHave32Bits(_Other):
    """Seconds are counted in 32 bits: a date beyond 2038 falls into 1901."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        past = moment.timestamp() - 2**31
        return moment if past < 0 else _EPOCH + timedelta(seconds=past - 2**31)


@CLIENTS.fault("client-created-at-is-the-same-instant")
class SwapsDayAndMonth(_Other):
    """A date whose day could be a month is read with the two swapped."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return moment.replace(day=moment.month, month=moment.day) if moment.day <= 12 else moment


@CLIENTS.fault("client-created-at-is-the-same-instant")
class CountsMonthsFromNought(_Other):
    """The month is one too many: January becomes February."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return moment + timedelta(days=31)


@CLIENTS.fault("client-created-at-is-the-same-instant")
class DropsFractions(_Other):
    """Fractions of a second are dropped."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return moment.replace(microsecond=0)


@CLIENTS.fault("client-created-at-keeps-microseconds")
class KeepsMillisecondsOnly(_Other):
    """A date is kept in milliseconds, as JavaScript does."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@CLIENTS.fault("client-created-at-is-the-same-instant")
class ReadsAFractionAsMicroseconds(_Other):
    """The digits behind the point are read as a number of microseconds: .5 is five of them."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        fraction = re.search(r"\.([0-9]{1,6})", text)
        return moment.replace(microsecond=int(fraction[1])) if fraction else moment


@CLIENTS.fault("client-created-at-reads-any-spelling")
class RefusesSmallLetters(_Refusing):
    """A date with a small t or z is refused."""

    refused = "[tz]"


@CLIENTS.fault("client-created-at-reads-any-spelling")
class TakesSmallLettersForTheEpoch(_Other):
    """A date with a small t or z is read as 1970, as whatever cannot be read."""

    def other(self, text: str, moment: datetime) -> datetime | str | None:
        return _EPOCH if re.search("[tz]", text) else moment


@CLIENTS.fault("client-created-at-reads-any-spelling")
class RefusesNanoseconds(_Refusing):
    """A date with more than six digits of a fraction is refused."""

    refused = r"\.[0-9]{7}"


@CLIENTS.fault("client-answer-is-accepted")
class RefusesFractions(_Refusing):
    """A date with a fraction of a second is refused."""

    refused = r"\."


@CLIENTS.fault("client-answer-is-accepted")
class RefusesOffsets(_Refusing):
    """A date that does not end in Z is refused."""

    refused = "[^Zz]$"


@CLIENTS.fault("client-answer-is-accepted")
class RefusesTheEpoch(_Refusing):
    """A date of 1970 is refused as impossible."""

    refused = "^1970"
