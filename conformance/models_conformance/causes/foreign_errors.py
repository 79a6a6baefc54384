"""Errors of another shape, where the only requests that have them should not have been refused at all.

A framework, a gateway or a balancer answers what the API itself never saw. That its errors have no envelope is no
fault of their own: they go when the refusal does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models_conformance.causes.case import Deviation
from models_conformance.evidence.exchange_reading import NO_SUCH, Call, Reading, is_error_envelope

_SHAPES = frozenset({"error-envelope-is-complete", "error-type-matches-status"})
_LARGEST_LIMIT = 1000
_REFUSALS = ("answered-*", "is-refused", "is-read-otherwise")


def only_shapes(deviations: Sequence[Deviation]) -> bool:
    """Whether these are about the shape of errors and nothing else."""
    return all(deviation.id in _SHAPES for deviation in deviations)


def refuses_what_is_foreign(deviations: Sequence[Deviation], readings: Mapping[int, Reading]) -> bool:
    """Whether these deviations blame refusals without an envelope, while what is rightly refused has one."""
    refused = {
        number
        for deviation in deviations
        if deviation.is_of(*_REFUSALS) and deviation.id not in _SHAPES
        for number in deviation.culprits
    }
    errors = [reading for reading in readings.values() if reading.status is not None and reading.status >= 400]
    foreign = {reading.number for reading in errors if not _has_envelope(reading)}
    rightly = {reading.number for reading in errors if _is_to_be_refused(reading.call)}
    # A framework may answer one of them, too, such as an invented id with a slash.
    return bool(foreign & refused) and len(rightly - foreign) > len(rightly & foreign)


def _is_to_be_refused(call: Call) -> bool:
    """Whether an error is the right answer: no or a wrong key, no version, an invented id, a limit out of range."""
    limit = call.values("limit")
    asked = (call.model_id or "", *call.values("after_id"), *call.values("before_id"))
    return (
        call.credential in ("none", "wrong")
        or call.version is None
        or any(NO_SUCH in name for name in asked)
        or (bool(limit) and not (call.limit is not None and 1 <= call.limit <= _LARGEST_LIMIT))
    )


def _has_envelope(reading: Reading) -> bool:
    value = reading.parse().value
    return is_error_envelope(value) and isinstance(value["error"].get("type"), str)
