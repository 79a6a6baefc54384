"""Patterns of credentials and versions: what a server does not look at, or refuses in its own way."""

from __future__ import annotations

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.refusals import MISSING, VERSION, WRONG
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import Reading

PATTERNS = Patterns()


@PATTERNS(
    "cache-answers-everyone",
    MISSING,
    WRONG,
    VERSION,
    statement="a cache answers whoever asks for the same URL: what is to be refused has the id of exchange {first}",
    advice="Answer from a cache only who has the credential and the version it was filled with, or cache nothing here.",
)
def _cache_answers_everyone(case: Case) -> Recognised | None:
    successes = [deviation for deviation in case.of(MISSING, WRONG, VERSION) if deviation.is_of("*-2xx")]
    culprits = {number for deviation in successes for number in deviation.culprits}
    first = _first_of_their_name(case)
    are_repeated = bool(culprits) and all(first.get(number, number) != number for number in culprits)
    # A server whose every answer has one name is no cache.
    if not are_repeated or any(_url(case, first[number]) != _url(case, number) for number in culprits):
        return None
    return Recognised(successes, {"first": min(first[number] for number in culprits)})


def _first_of_their_name(case: Case) -> dict[int, int]:
    """For each exchange whose answer has a request-id, the first that had the same."""
    first: dict[str, int] = {}
    names = {number: _request_id(reading) for number, reading in sorted(case.readings.items())}
    return {number: first.setdefault(name, number) for number, name in names.items() if name is not None}


def _url(case: Case, number: int) -> str:
    return case.readings[number].exchange.request.url


def _request_id(reading: Reading) -> str | None:
    response = reading.exchange.response
    return header(response.headers, "request-id") if response is not None else None


@PATTERNS(
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


@PATTERNS(
    "bad-credentials-have-another-answer",
    "credentials-wrong-is-401",
    statement="a missing and a wrong credential are refused, but not with 401 authentication_error",
    advice="Answer both 401 authentication_error: it tells a client that its key, not its request, is wrong.",
)
def _bad_credentials(case: Case) -> Recognised | None:
    return _of_both(case, "*-4xx")


@PATTERNS(
    "version-is-not-checked",
    "version-missing-is-400",
    statement="no version is asked for: a request without anthropic-version is answered with success",
    advice="Require the version header, so that a client which forgets it is told.",
)
def _version_is_not_checked(case: Case) -> Recognised | None:
    missing = case.of("version-missing-is-400")
    return Recognised(missing) if missing and all(deviation.is_of("*-2xx") for deviation in missing) else None
