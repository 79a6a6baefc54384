"""Errors of another shape, where the only requests that have them should not have been refused at all.

A framework, a gateway or a balancer answers what the API itself never saw. That its errors have no envelope is no
fault of their own: they go when the refusal does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models_conformance.causes.case import Deviation
from models_conformance.evidence.exchange_reading import Reading

_SHAPES = frozenset({"error-envelope-is-complete", "error-type-matches-status"})
_REFUSALS = ("answered-*", "is-refused", "is-read-otherwise")


def only_shapes(deviations: Sequence[Deviation]) -> bool:
    """Whether these are about the shape of errors and nothing else."""
    return all(deviation.id in _SHAPES for deviation in deviations)


def refuses_what_is_foreign(deviations: Sequence[Deviation], readings: Mapping[int, Reading]) -> bool:
    """Whether most errors without an envelope are refusals that these deviations blame, while others have one."""
    refused = {
        number
        for deviation in deviations
        if deviation.is_of(*_REFUSALS) and deviation.id not in _SHAPES
        for number in deviation.culprits
    }
    errors = {number for number, reading in readings.items() if reading.status is not None and reading.status >= 400}
    foreign = {number for number in errors if not _has_envelope(readings[number])}
    return bool(errors - foreign) and len(foreign & refused) > len(foreign - refused)


def _has_envelope(reading: Reading) -> bool:
    value = reading.parse().value
    error = value.get("error") if isinstance(value, dict) else None
    return isinstance(error, dict) and value.get("type") == "error" and isinstance(error.get("type"), str)
