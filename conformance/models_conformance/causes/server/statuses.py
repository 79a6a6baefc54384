"""Patterns of statuses: right answers under the status of something else."""

from __future__ import annotations

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.refusals import MISSING, UNKNOWN, VERSION, WRONG, error_type

PATTERNS = Patterns()

_SUCCESS = 200


@PATTERNS(
    "success-has-another-status",
    "list-documented-request-succeeds",
    "retrieve-listed-id-succeeds",
    "*",
    statement="what succeeds is answered {status}, not 200",
    advice="Answer 200, with the whole page or model: other statuses say that something else was done.",
)
def _success_has_another_status(case: Case) -> Recognised | None:
    others = {number for number, reading in case.readings.items() if _SUCCESS < (reading.status or 0) < 300}
    broken = case.of("list-documented-request-succeeds", "retrieve-listed-id-succeeds")
    culprits = {number for deviation in broken for number in deviation.culprits}
    statuses = {case.readings[number].status for number in culprits & others}
    if len(statuses) != 1 or not culprits <= others:
        return None
    return Recognised(case.only_in(others), {"status": statuses.pop()})


@PATTERNS(
    "errors-have-another-status",
    "error-type-matches-status",
    statement="errors of {count} types are answered {status}, whatever their type",
    advice="Send the status that belongs to the type: 401 authentication_error, 404 not_found_error.",
)
def _errors_have_another_status(case: Case) -> Recognised | None:
    mismatched = case.of("error-type-matches-status")
    told = {(reading.status, error_type(reading)) for reading in case.culprits("error-type-matches-status")}
    statuses, types = {status for status, _ in told}, {kind for _, kind in told}
    if len(statuses) != 1 or len(types) < 2:
        return None
    refused = [
        deviation
        for deviation in case.of(MISSING, WRONG, VERSION, UNKNOWN)
        if deviation.is_of("answered-4xx")
        and told.issuperset((reading.status, error_type(reading)) for reading in case.at_fault(deviation))
    ]
    return Recognised([*mismatched, *refused], {"status": statuses.pop(), "count": len(types)})
