"""Which requests are to be refused, by which requirement, and errors of another shape.

Where the only requests that have these should not have been refused at all, a framework, a gateway or a balancer
answers what the API itself never saw. That its errors have no envelope is not a fault of their own: they go when the
refusal does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models_conformance.causes.case import Deviation
from models_conformance.evidence.exchange_reading import NO_SUCH, Call, Reading, is_error_envelope

_LARGEST_LIMIT = 1000
MISSING, WRONG, VERSION = "credentials-missing-is-401", "credentials-wrong-is-401", "version-missing-is-400"
UNKNOWN, LIMIT = "retrieve-unknown-is-not-found", "list-limit-outside-range-is-refused"
SHAPES = frozenset({"error-envelope-is-complete", "error-type-matches-status"})
REFUSALS = frozenset({MISSING, WRONG, VERSION, UNKNOWN, LIMIT})
# What is refused, by rights, with one status only.
_REFUSED = {MISSING, WRONG, VERSION, UNKNOWN, "beta-unknown-is-accepted-or-refused"}
# A framework may answer one of those that are to be refused, too, such as an invented id with a slash.
_MOST_RIGHTLY, _SEVERAL, _CREDENTIAL = 2, 2, "credential"
_REFUSALS = ("answered-*", "is-refused", "is-read-otherwise")


def refused_by(call: Call) -> str | None:
    """The requirement by which an error is the right answer; None where a success may be. Nobody documents cursors
    that name no model."""
    if call.credential in ("none", "wrong"):
        return MISSING if call.credential == "none" else WRONG
    if call.version is None:
        return VERSION
    if NO_SUCH in (call.model_id or ""):
        return UNKNOWN
    limit = call.values("limit")
    return LIMIT if limit and not (call.limit is not None and 1 <= call.limit <= _LARGEST_LIMIT) else None


def error_type(reading: Reading) -> object:
    """The type that the envelope of an error names, whatever it is; None where there is no envelope or no type."""
    value = reading.parse().value
    return value["error"].get("type") if is_error_envelope(value) else None


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
