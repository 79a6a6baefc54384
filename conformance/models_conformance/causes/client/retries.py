"""Patterns of repetitions: what is wrong with them alone is no fault of first attempts."""

from __future__ import annotations

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised

PATTERNS = Patterns()

_REPEATS = "client-retry-repeats-the-request"


@PATTERNS(
    "repetition-is-another-request",
    _REPEATS,
    statement="after {first} a repetition is {again}",
    advice="Send the first request again as it was: method, path, parameters and headers.",
)
def _repetition_is_another_request(case: Case) -> Recognised | None:
    repeats = case.of(_REPEATS)
    repetitions = frozenset[int]().union(*(deviation.culprits for deviation in repeats))
    beside = [deviation for deviation in case.only_in(repetitions) if deviation.requirement.area != "retry"]
    if not beside:
        return None
    values = repeats[0].violations[0].values
    return Recognised([*repeats, *beside], {"first": values["first"], "again": values["again"]})
