"""Errors of another shape, where the only requests that have them should not have been refused at all.

A framework, a gateway or a balancer answers what the API itself never saw. That its errors have no envelope is no
fault of their own: they go when the refusal does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models_conformance.causes.case import Deviation
from models_conformance.causes.refusals import MISSING, SHAPES, UNKNOWN, VERSION, WRONG, error_type, refused_by
from models_conformance.evidence.exchange_reading import Reading

# What is refused, by rights, with one status only.
_REFUSED = {MISSING, WRONG, VERSION, UNKNOWN, "beta-unknown-is-accepted-or-refused"}
# A framework may answer one of those that are to be refused, too, such as an invented id with a slash.
_MOST_RIGHTLY, _SEVERAL, _CREDENTIAL = 2, 2, "credential"
_REFUSALS = ("answered-*", "is-refused", "is-read-otherwise")


def only_shapes(deviations: Sequence[Deviation]) -> bool:
    """Whether these are about the shape of errors and nothing else."""
    return all(deviation.id in SHAPES for deviation in deviations)


def refuses_what_is_foreign(deviations: Sequence[Deviation], readings: Mapping[int, Reading]) -> bool:
    """Whether these deviations blame refusals without an envelope, and little that is rightly refused lacks it."""
    blamed = [deviation for deviation in deviations if deviation.is_of(*_REFUSALS) and deviation.id not in SHAPES]
    requirements = {deviation.id for deviation in blamed}
    foreign = _foreign(readings)
    if not any(deviation.culprits & foreign for deviation in blamed):
        return False
    rightly = {number: refused_by(readings[number].call) for number in foreign}
    rightly = {number: by for number, by in rightly.items() if by not in {None, *requirements}}
    # Who lacks it for requests of several kinds lacks it whatever is refused.
    kinds = {_CREDENTIAL if by in (MISSING, WRONG) else by for by in rightly.values()}
    return len(kinds) < _SEVERAL and len(foreign - rightly.keys()) >= _MOST_RIGHTLY * len(rightly)


def is_refused_by_another(deviations: Sequence[Deviation], readings: Mapping[int, Reading]) -> bool:
    """Whether these deviations are refusals that are right but for their status, all of them without an envelope."""
    foreign = _foreign(readings)
    return all(
        deviation.id in _REFUSED and deviation.is_of("answered-4xx") and deviation.culprits <= foreign
        for deviation in deviations
    )


def _foreign(readings: Mapping[int, Reading]) -> frozenset[int]:
    """The errors that have no envelope."""
    errors = [reading for reading in readings.values() if (reading.status or 0) >= 400 and reading.call.operation]
    return frozenset(reading.number for reading in errors if not isinstance(error_type(reading), str))
