"""Patterns of what a request has: additions that change the answer, credentials and versions that are not looked at."""

from __future__ import annotations

from collections.abc import Callable

from models_conformance.causes.case import Case, culprits_of
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.refusals import MISSING, VERSION, WRONG
from models_conformance.contract.points import PAGING
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()
# A limit or a cursor that is not read where betas are named says more than that they change something.
OF_BETAS = Patterns()
OF_CREDENTIALS = Patterns()

_SHAPES = ("list-*", "walk-*", "model-*", "retrieve-equals-*", "body-*", "response-*")


def _changed(case: Case, requirement: str, has_more: Callable[[Reading], bool]) -> Recognised | None:
    """What only answers to requests show that have something more, where that requirement says that it changes them."""
    differ = case.of(requirement)
    with_more = case.numbers(has_more)
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


@OF_CREDENTIALS(
    "cache-answers-everyone",
    MISSING,
    WRONG,
    VERSION,
    statement="a cache answers every caller of the same URL: what has to be refused has the id of exchange {first}",
    advice="Answer from a cache only who has the credential and the version it was filled with, or cache nothing here.",
)
def _cache_answers_everyone(case: Case) -> Recognised | None:
    successes = case.of(MISSING, WRONG, VERSION, kinds=("*-2xx",))
    culprits = culprits_of(successes)
    first = _first_of_their_name(case)
    are_repeated = bool(culprits) and all(first.get(number, number) != number for number in culprits)
    # A server whose every answer has one name is not a cache.
    if not are_repeated or any(_url(case, first[number]) != _url(case, number) for number in culprits):
        return None
    return Recognised(successes, {"first": min(first[number] for number in culprits)})


def _first_of_their_name(case: Case) -> dict[int, int]:
    """For each exchange whose answer has a request-id, the first that had the same."""
    first: dict[str, int] = {}
    answers = [(number, reading.exchange.response) for number, reading in sorted(case.readings.items())]
    names = [(number, header(response.headers, "request-id")) for number, response in answers if response is not None]
    return {number: first.setdefault(name, number) for number, name in names if name is not None}


def _url(case: Case, number: int) -> str:
    return case.readings[number].exchange.request.url


@OF_CREDENTIALS(
    "credentials-are-not-checked",
    "credentials-missing-is-401",
    statement="no credential is checked: a missing and a wrong one are answered as the right one is",
    advice="Compare the credential before anything else; behind a gateway, check that the gateway does it.",
)
def _credentials_are_not_checked(case: Case) -> Recognised | None:
    return _of_both(case, "*-2xx")


def _of_both(case: Case, kind: str) -> Recognised | None:
    """What a missing and a wrong credential were answered, where both were in that way and in no other."""
    missing, wrong = case.of("credentials-missing-is-401"), case.of("credentials-wrong-is-401")
    if not missing or not wrong or not all(deviation.is_of(kind) for deviation in (*missing, *wrong)):
        return None
    return Recognised([*missing, *wrong])


@OF_CREDENTIALS(
    "bad-credentials-have-another-answer",
    "credentials-wrong-is-401",
    statement="a missing and a wrong credential are refused, but not with 401 authentication_error",
    advice="Answer both 401 authentication_error: it shows a client that its key, not its request, is wrong.",
)
def _bad_credentials(case: Case) -> Recognised | None:
    return _of_both(case, "*-4xx")


@OF_CREDENTIALS(
    "version-is-not-checked",
    "version-missing-is-400",
    statement="no version is required: a request without anthropic-version is answered with success",
    advice="Require the version header, so that a client which forgets it gets an error.",
)
def _version_is_not_checked(case: Case) -> Recognised | None:
    missing = case.of("version-missing-is-400")
    return Recognised(missing) if missing and all(deviation.is_of("*-2xx") for deviation in missing) else None
