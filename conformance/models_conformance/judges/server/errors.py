"""Area errors: errors have their documented status, type and envelope."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange import API_KEY, WRONG_KEY, header
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Observed, violation
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence, is_malformed, looks_hostile

# Gateways in front of a server speak for themselves with these; no-input-is-answered-5xx judges them.
_SPOKEN_BY_PROXIES = frozenset({502, 503})


def _errors(evidence: Evidence) -> Iterator[Reading]:
    """Errors that the API itself has to word: not those of a web server in front of it to malformed requests."""
    for reading in evidence.answered():
        status = reading.status
        if status is None or status < 400 or status in _SPOKEN_BY_PROXIES:
            continue
        if is_malformed(reading.call) or looks_hostile(reading.call) or not evidence.works(reading.call.operation):
            continue
        if reading.call.version is not None and not evidence.speaks_judged_version(reading.call):
            continue
        if header(reading.exchange.request.headers, "origin") is not None:
            # What allows pages of other origins stands in front, too.
            continue
        response = reading.exchange.response
        if response is not None and not response.body and evidence.origin.kind == "recording":
            continue
        yield reading


@SERVER_JUDGES("error-envelope-is-complete")
def error_envelope_is_complete(evidence: Evidence) -> Iterator[Judgement]:
    """The derived schema of an error body."""
    for reading in _errors(evidence):
        yield Exercised(reading.number)
        answer = evidence.answers[reading.number]
        if answer.json_error is not None:
            problem = Words(answer.json_error)
            yield violation("is-not-json", reading.number, status=reading.status, problem=problem)
        elif not answer.is_object:
            yield violation("is-not-an-object", reading.number, status=reading.status)
        else:
            for deviation in answer.envelope:
                yield violation(
                    deviation.kind,
                    reading.number,
                    member=deviation.member,
                    status=reading.status,
                    shared=deviation.values,
                )
    yield NotExercised("no error was answered")


@SERVER_JUDGES("error-type-matches-status")
def error_type_matches_status(evidence: Evidence) -> Iterator[Judgement]:
    """A documented status with the documented type of another one is wrong; unknown types are free."""
    documented = evidence.contract.errors
    known = frozenset(documented.values())
    for reading in _errors(evidence):
        kind = evidence.answers[reading.number].error_type
        wanted = documented.get(reading.status or 0)
        if kind is None or wanted is None:
            continue
        yield Exercised(reading.number)
        if kind in known and kind != wanted:
            yield violation(
                "is-another-type", reading.number, member="type", status=reading.status, type=kind, wanted=wanted
            )
    yield NotExercised("no error of a documented status and type was answered")


@SERVER_JUDGES("error-repeats-the-key")
def error_repeats_the_key(evidence: Evidence) -> Iterator[Judgement]:
    """Whoever obtains evidence puts placeholders where a key comes back."""
    if evidence.origin.kind == "recording":
        yield NotExercised("with the placeholders of recorders nothing shows whether keys came back")
        return
    for reading in evidence.answered():
        response = reading.exchange.response
        if response is None or response.status < 400:
            continue
        yield Exercised(reading.number)
        if any(key.encode() in response.body for key in (API_KEY, WRONG_KEY)):
            yield Observed(f"the message of a {response.status}", "repeats the key, or a part of it, that was sent")
    yield NotExercised("no error was answered")


@SERVER_JUDGES("error-request-id-agrees-with-header")
def error_request_id_agrees_with_header(evidence: Evidence) -> Iterator[Judgement]:
    """request-id the header and request_id the member, where both are there.

    Not in recordings made for tests: their recorders replace the one and keep the other.
    """
    if not evidence.origin.request_ids_kept:
        yield NotExercised("recorders for tests replace request ids")
        return
    for reading in _errors(evidence):
        response = reading.exchange.response
        body = evidence.answers[reading.number].request_id
        sent = header(response.headers, "request-id") if response is not None else None
        if sent is None or not isinstance(body, str):
            continue
        yield Exercised(reading.number)
        if sent != body:
            yield violation("differs-from-the-header", reading.number, member="request_id", value=body, header=sent)
    yield NotExercised("no error named its request both in the header and in the body")
