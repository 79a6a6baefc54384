"""Patterns of what nobody has to send: betas, undocumented parameters and headers that change the answer."""

from __future__ import annotations

from collections.abc import Callable

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.contract.points import PAGING
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()
# A limit or a cursor that is not read where betas are named says more than that they change something.
OF_BETAS = Patterns()

_SHAPES = ("list-*", "walk-*", "model-*", "retrieve-equals-*", "body-*", "response-*")


def _changed(case: Case, requirement: str, has_more: Callable[[Reading], bool]) -> Recognised | None:
    """What only answers to requests show that have something more, where that requirement says that it changes them."""
    differ = case.of(requirement)
    with_more = {number for number, reading in case.readings.items() if has_more(reading)}
    broken = [deviation for deviation in case.of(*_SHAPES) if deviation.culprits and deviation.culprits <= with_more]
    if not differ or not broken:
        return None
    is_list = any(reading.call.operation == "list" for reading in case.culprits(requirement))
    return Recognised([*differ, *broken], {"what": Words("a list is not" if is_list else "a model is not")})


@PATTERNS(
    "unknown-parameter-changes-the-answer",
    "unknown-query-parameter-is-tolerated",
    statement="where an undocumented parameter is given, {what} as documented",
    advice="Ignore parameters that are not documented; older SDKs send beta=true with every request.",
)
def _unknown_parameter_changes_the_answer(case: Case) -> Recognised | None:
    name = "unknown-query-parameter-is-tolerated"
    given = {name for reading in case.culprits(name) for name, _ in reading.call.parameters} - PAGING
    return _changed(case, name, lambda reading: any(reading.call.values(parameter) for parameter in given))


@PATTERNS(
    "unknown-header-changes-the-answer",
    "unknown-header-is-tolerated",
    statement="where a request has headers that SDKs add, {what} as documented",
    advice="Ignore headers that are not documented.",
)
def _unknown_header_changes_the_answer(case: Case) -> Recognised | None:
    return _changed(case, "unknown-header-is-tolerated", lambda reading: reading.call.invented_header)


@OF_BETAS(
    "betas-change-the-answer",
    "beta-leaves-stable-body-unchanged",
    statement="where betas are named, {what} as documented",
    advice="Add members under a beta; leave the stable ones, their order and their number alone.",
)
def _betas_change_the_answer(case: Case) -> Recognised | None:
    return _changed(case, "beta-leaves-stable-body-unchanged", lambda reading: bool(reading.call.betas))
