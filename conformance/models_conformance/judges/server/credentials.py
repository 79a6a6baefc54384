"""Area credentials: who asks, and for which version. Only where requests are known whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from models_conformance.contract.points import optional_headers
from models_conformance.contract.versions import OLDEST, VERSION_HEADER
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import Call, Credential, Reading
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, violation
from models_conformance.judges.server.registry import SERVER_JUDGES, SERVER_TEMPLATES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted

# Since that version SDKs send the key as a bearer token.
_KEYS_ARE_TOKENS = "2026-10-21"


def _plain(evidence: Evidence, wanted: Callable[[Call], bool]) -> Iterator[Reading]:
    """Calls without query, betas and invented headers, of the list or a listed id, that satisfy `wanted`."""
    for reading in evidence.judged():
        call = reading.call
        if call.operation is None or call.parameters or call.beta_lines or reading.status is None:
            continue
        if call.invented_header or call.invented_value or reading.number in evidence.remembered(refused_for_a_header):
            continue
        if (call.operation == "list" or call.model_id in evidence.listed) and wanted(call):
            yield reading


@SERVER_JUDGES("credentials-api-key-is-accepted")
def credentials_api_key_is_accepted(evidence: Evidence) -> Iterator[Judgement]:
    """x-api-key alone; a 401 or 403 is the only way to refuse a credential."""
    for reading in _plain(evidence, lambda call: _names(evidence, call, "key") and not call.capitalised):
        if reading.status in (401, 403) or reading.succeeded:
            yield Exercised(reading.number)
        if reading.status in (401, 403):
            yield violation("is-refused", reading.number, parameter="x-api-key", answer=evidence.answer(reading))
    yield NotExercised("no plain request with x-api-key was answered")


@SERVER_JUDGES("credentials-bearer-is-accepted")
def credentials_bearer_is_accepted(evidence: Evidence) -> Iterator[Judgement]:
    """The key as a bearer token, where the key itself opens the door.

    Before version 2026-10-21 a key is not a token: the first-party API answers it with 401 there, which is noted.
    """
    accepted = _answered_ordinarily(evidence)
    for reading in _plain(evidence, lambda call: _names(evidence, call, "bearer") and not call.small_scheme):
        if _resource(reading) not in accepted:
            continue
        yield Exercised(reading.number)
        if (evidence.origin.version or OLDEST) < _KEYS_ARE_TOKENS:
            about = "a model" if reading.call.operation == "retrieve" else "a list"
            yield evidence.observed(f"{about} with the key as a bearer token", reading)
        elif reading.status != 200:
            yield evidence.judged_by_status(reading, parameter="authorization")
    yield NotExercised("no bearer token was tried, or the key is not accepted at all")


@SERVER_JUDGES("credentials-bearer-in-small-letters")
def credentials_bearer_in_small_letters(evidence: Evidence) -> Iterator[Judgement]:
    """The scheme of a token, which ignores case (RFC 9110, 11.1): reported, never judged."""
    for reading in _plain(evidence, lambda call: call.credential == "bearer" and call.small_scheme):
        yield Exercised(reading.number)
        yield evidence.observed("a list with the key as a bearer token, its scheme in lower case", reading)
    yield NotExercised("no token with its scheme in lower case was tried")


def _names(evidence: Evidence, call: Call, credential: Credential) -> bool:
    """Whether a call has that credential, and names a version in which it would succeed."""
    return call.credential == credential and evidence.speaks_ordinary_version(call)


def _refused(
    evidence: Evidence, wanted: Callable[[Call], bool], what: str, status: int = 401, parameter: str = "x-api-key"
) -> Iterator[Judgement]:
    asked, ordinary = list(_plain(evidence, wanted)), _answered_ordinarily(evidence)
    for reading in asked:
        if _resource(reading) not in ordinary:
            continue
        yield Exercised(reading.number)
        if reading.status != status:
            yield evidence.judged_by_status(reading, parameter=parameter, operation=Words(str(reading.call.operation)))
    missing = "the same request with everything right was not answered" if asked else f"no request {what} was made"
    yield NotExercised(missing)


def _resource(reading: Reading) -> tuple[str | None, str | None]:
    return reading.call.operation, reading.call.model_id


def _answered_ordinarily(evidence: Evidence) -> set[tuple[str | None, str | None]]:
    """What was answered where everything about the request was right: only that can be refused for what is not."""
    return {_resource(reading) for reading in _plain(evidence, evidence.is_authorised) if reading.succeeded}


@SERVER_JUDGES("credentials-missing-is-401")
def credentials_missing_is_401(evidence: Evidence) -> Iterator[Judgement]:
    """Neither x-api-key nor authorization."""
    yield from _refused(evidence, lambda call: _names(evidence, call, "none"), "without a credential")


@SERVER_JUDGES("credentials-wrong-is-401")
def credentials_wrong_is_401(evidence: Evidence) -> Iterator[Judgement]:
    """A key that this suite invented."""
    yield from _refused(evidence, lambda call: _names(evidence, call, "wrong"), "with a wrong key")


@SERVER_JUDGES("header-names-ignore-case")
def header_names_ignore_case(evidence: Evidence) -> Iterator[Judgement]:
    """Plain questions whose header names are capitalised, where they succeed in lower case."""
    readings = list(_plain(evidence, lambda call: _names(evidence, call, evidence.origin.credential)))
    succeeds = {_resource(reading) for reading in readings if reading.succeeded and not reading.call.capitalised}
    for reading in readings:
        if not reading.call.capitalised or _resource(reading) not in succeeds:
            continue
        yield Exercised(reading.number)
        if reading.status != 200:
            yield evidence.judged_by_status(reading, operation=Words(str(reading.call.operation)))
    yield NotExercised("no plain request was sent in both spellings")


@SERVER_TEMPLATES("header-{slug}-is-optional")
def header_is_optional(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Documented lists without the header: none is refused where the same question with it is answered."""
    name = about["parameter"]
    refused = evidence.remembered(refused_for_a_header)
    for reading in evidence.judged():
        if reading.call.operation != "list" or not evidence.is_documented_list(reading.call) or _has(reading, name):
            continue
        demanded, witness = refused.get(reading.number, ("", 0))
        if reading.page is not None or demanded == name:
            yield Exercised(reading.number)
        if demanded == name:
            answer = evidence.answer(reading)
            yield violation("is-demanded", reading.number, parameter=name, answer=answer, witness=witness)
    for reading in evidence.judged():
        if reading.call.operation == "list" and reading.call.invented_value and _has(reading, name):
            yield evidence.observed(f"{name} with a value that does not exist", reading)
    yield NotExercised("no documented list without it was answered")


def refused_for_a_header(evidence: Evidence) -> dict[int, tuple[str, int]]:
    """The lists that are refused without an optional header and answered with it alone, by number: which, and where.

    Where others with the same parameters are answered without it, something else is to blame.
    """
    lists = [reading for reading in evidence.judged() if reading.call.operation == "list"]
    pairs = list(product(lists, optional_headers(evidence.contract)))
    passed = [(asked, name) for asked, name in pairs if asked.page is not None]
    answered = {(name, _but_for(name, asked)): asked.number for asked, name in passed if _has(asked, name)}
    passed_without = {(name, _parameters(asked)) for asked, name in passed if not _has(asked, name)}
    return {
        asked.number: (name, witness)
        for asked, name in pairs
        if asked.status in _DEMANDS
        if not _has(asked, name) and (name, _parameters(asked)) not in passed_without
        if (witness := answered.get((name, _but_for(name, asked)))) is not None
    }


def _parameters(reading: Reading) -> frozenset[str]:
    return frozenset(name for name, _ in reading.call.parameters)


def _but_for(name: str, reading: Reading) -> tuple[object, ...]:
    """What a request asks beside that header, whose value may be invented."""
    method, url, invented, is_capitalised, *lines = reading.question
    others = [line for line in (*invented, *lines) if line[0] != name]
    return method, url, is_capitalised, *others


# How a server says that something is missing from a request.
_DEMANDS = frozenset({400, 401, 403, 404, 422, 428})


def _has(reading: Reading, name: str) -> bool:
    return header(reading.exchange.request.headers, name) is not None


@SERVER_JUDGES("version-missing-is-400")
def version_missing_is_400(evidence: Evidence) -> Iterator[Judgement]:
    """The credential that the server takes, key or token, and no anthropic-version."""
    yield from _refused(
        evidence,
        lambda call: call.credential == evidence.origin.credential and call.version is None,
        "without anthropic-version",
        400,
        "anthropic-version",
    )


@SERVER_JUDGES("version-other")
def version_other(evidence: Evidence) -> Iterator[Judgement]:
    ordinary = evidence.origin.version or OLDEST
    for reading in _plain(evidence, lambda call: call.version not in (None, ordinary)):
        yield Exercised(reading.number)
        yield evidence.observed(f"anthropic-version {quoted(str(reading.call.version), 30)}", reading)
    yield NotExercised("no other version was tried")


@SERVER_TEMPLATES("version-{version}-is-accepted")
def version_is_accepted(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Plain lists in that version, where the same list succeeds in the version of the run."""
    plain = [
        reading
        for reading in evidence.judged()
        if reading.call.operation == "list"
        and not reading.call.parameters
        and not reading.call.beta_lines
        and reading.call.credential == evidence.origin.credential
        and reading.number not in evidence.remembered(refused_for_a_header)
    ]
    works = any(reading.status == 200 for reading in plain if evidence.speaks_ordinary_version(reading.call))
    for reading in plain if works else ():
        if reading.call.version == about["version"]:
            yield Exercised(reading.number)
            if reading.status != 200:
                yield evidence.judged_by_status(reading, parameter=VERSION_HEADER, version=about["version"])
    yield NotExercised("no plain list was requested in that version, or none succeeds in another")
