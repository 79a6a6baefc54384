"""Area errors: errors have their documented status, type and envelope."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.contract.shipped import error_types
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Violation, judges, quoted
from models_conformance.judges.server.server_evidence import Evidence, is_malformed, looks_hostile

# Gateways in front of a server speak for themselves with these; no-input-is-answered-5xx judges them.
_SPOKEN_BY_PROXIES = frozenset({502, 503})


def _errors(evidence: Evidence) -> Iterator[Reading]:
    """Errors that the API itself has to word: not those of a web server in front of it to malformed requests."""
    for reading in evidence.answered():
        status = reading.status
        if status is None or status < 400 or status in _SPOKEN_BY_PROXIES:
            continue
        if is_malformed(reading.call) or looks_hostile(reading.call):
            continue
        if reading.call.version is not None and not evidence.speaks_documented_version(reading.call):
            continue
        response = reading.exchange.response
        if response is not None and not response.body and evidence.origin.kind == "recording":
            continue
        yield reading


@judges("error-envelope-is-complete")
def error_envelope_is_complete(evidence: Evidence) -> Iterator[Judgement]:
    """The derived schema of an error body."""
    for reading in _errors(evidence):
        yield Exercised(reading.number)
        answer = evidence.answers[reading.number]
        where = f"the {reading.status} body"
        if answer.json_error is not None:
            yield Violation(f"{where}: {answer.json_error}", "a JSON error envelope", (reading.number,))
        elif not answer.is_object:
            yield Violation(f"{where} is no JSON object", "a JSON error envelope", (reading.number,))
        else:
            for problem in answer.envelope:
                yield Violation(
                    f"{where}: {problem.where.lstrip('.')} {problem.text}",
                    'type "error", error with type and message, request_id a string, null or absent',
                    (reading.number,),
                )
    yield NotExercised("no error was answered")


@judges("error-type-matches-status")
def error_type_matches_status(evidence: Evidence) -> Iterator[Judgement]:
    """A documented status with the documented type of another one is wrong; unknown types are free."""
    documented = error_types()
    known = frozenset(documented.values())
    for reading in _errors(evidence):
        kind = evidence.answers[reading.number].error_type
        wanted = documented.get(reading.status or 0)
        if kind is None or wanted is None:
            continue
        yield Exercised(reading.number)
        if kind in known and kind != wanted:
            yield Violation(f"status {reading.status} carries type {quoted(kind)}", quoted(wanted), (reading.number,))
    yield NotExercised("no error of a documented status and type was answered")


@judges("error-request-id-agrees-with-header")
def error_request_id_agrees_with_header(evidence: Evidence) -> Iterator[Judgement]:
    """request-id the header and request_id the member, where both are there.

    Not in recordings: recorders replace the one and keep the other.
    """
    if evidence.origin.kind == "recording":
        yield NotExercised("recorders replace request ids")
        return
    for reading in _errors(evidence):
        response = reading.exchange.response
        body = evidence.answers[reading.number].request_id
        sent = header(response.headers, "request-id") if response is not None else None
        if sent is None or not isinstance(body, str):
            continue
        yield Exercised(reading.number)
        if sent != body:
            yield Violation(f"request_id is {quoted(body)}", f"{quoted(sent)}, as in the header", (reading.number,))
    yield NotExercised("no error named its request both in the header and in the body")
