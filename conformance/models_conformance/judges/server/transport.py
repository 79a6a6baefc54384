"""Area transport: answers arrive whole, in time, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange import header
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Flaky, Judgement, NotExercised, violation
from models_conformance.judges.server.credentials import refused_for_a_header
from models_conformance.judges.server.envelope import answered, succeeded
from models_conformance.judges.server.limit import is_refused_for_its_limit, past_either_end
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence

# What servers answer to methods that they do not know (RFC 9110, 15.6.2).
_NOT_IMPLEMENTED = 501


@SERVER_JUDGES("list-documented-request-succeeds")
def list_documented_request_succeeds(evidence: Evidence) -> Iterator[Judgement]:
    """Documented list calls without betas; refusals of a limit, past an end, or for want of an optional header have
    their own requirements."""
    for reading in evidence.documented_answers():
        call = reading.call
        if call.beta_lines or not evidence.is_documented_list(call):
            continue
        # What is not a JSON value, or an error, is not an answer either; that is said where bodies are judged.
        body = evidence.answers[reading.number]
        if reading.status == 200 and (body.json_error is not None or body.is_error):
            continue
        yield Exercised(reading.number)
        if reading.status == 200:
            continue
        if is_refused_for_its_limit(evidence, reading) or past_either_end(evidence, call) is not None:
            continue
        if reading.number in evidence.remembered(refused_for_a_header):
            continue
        yield evidence.judged_by_status(reading)
    yield NotExercised("no documented list request was made, or none was answered with JSON")


@SERVER_JUDGES("response-arrives-whole")
def response_arrives_whole(evidence: Evidence) -> Iterator[Judgement]:
    """The transport ended every exchange as HTTP says it should."""
    for reading in evidence.answered_or_failed():
        # What other methods do is documented nowhere, and servers differ in whether they send a body then.
        if reading.call.method != "GET":
            continue
        yield Exercised(reading.number)
        failure = reading.exchange.failure
        if failure is not None:
            yield violation(f"fails-by-{failure.kind}", reading.number, detail=Words(failure.detail))
    if evidence.stuck_since is not None:
        since = evidence.stuck_since
        failure = evidence[since].exchange.failure
        proof = [since, *([since - 1] if since > evidence.readings[0].number else [])]
        yield violation("stops-answering", *proof, since=since, detail=Words(failure.detail if failure else "nothing"))
    for reading in evidence.readings:
        if reading.number in evidence.passing - evidence.habits:
            failure = reading.exchange.failure
            came = failure.detail if failure else f"status {reading.status}"
            yield Flaky("a failure that did not repeat", came)
    yield NotExercised("no request was sent")


@SERVER_JUDGES("body-is-one-json-value")
def body_is_one_json_value(evidence: Evidence) -> Iterator[Judgement]:
    """Successful answers, parsed strictly."""
    for reading in succeeded(evidence):
        yield Exercised(reading.number)
        answer = evidence.answers[reading.number]
        problem = answer.json_error
        if problem is None and answer.has_lone_surrogate:
            problem = "a string holds half of a surrogate pair, which is not Unicode text (RFC 8259, 8.2)"
        if problem is not None:
            yield violation("is-not-one-json-value", reading.number, problem=Words(problem))
    yield NotExercised("no request was answered 200")


@SERVER_JUDGES("body-keys-are-unique")
def body_keys_are_unique(evidence: Evidence) -> Iterator[Judgement]:
    """Successful answers that are JSON."""
    for reading in answered(evidence):
        yield Exercised(reading.number)
        if twice := evidence.answers[reading.number].duplicate_keys[:3]:
            yield violation("names-a-key-twice", reading.number, names=tuple(dict.fromkeys(twice)))
    yield NotExercised("no JSON answer came back")


@SERVER_JUDGES("body-content-type-is-json")
def body_content_type_is_json(evidence: Evidence) -> Iterator[Judgement]:
    """Answers whose body is a JSON object, successful or not."""
    for reading in evidence.judged():
        response = reading.exchange.response
        if reading.status is None or response is None or not evidence.answers[reading.number].is_object:
            continue
        value = header(response.headers, "content-type")
        if value is None and evidence.origin.kind == "recording":
            continue
        yield Exercised(reading.number)
        essence = (value or "").partition(";")[0].strip().lower()
        if essence != "application/json" and not (essence.startswith("application/") and essence.endswith("+json")):
            kind = "is-another-type" if value is not None else "is-missing"
            yield violation(kind, reading.number, parameter="content-type", value=value)
    yield NotExercised("no JSON answer with its content type came back")


@SERVER_JUDGES("no-input-is-answered-5xx")
def no_input_is_answered_5xx(evidence: Evidence) -> Iterator[Judgement]:
    """Every exchange; 529, and 503 with retry-after, are load and not an answer to the input.

    A server that answers nothing else is down, whatever it is asked.
    """
    has_served = any(reading.status is not None and reading.status < 500 for reading in evidence.readings)
    for reading in evidence.answered_or_failed():
        response = reading.exchange.response
        if response is None or (response.status == _NOT_IMPLEMENTED and reading.call.method != "GET"):
            continue
        if not has_served:
            yield NotExercised("nothing but server errors came back: none is the answer to an input")
            continue
        yield Exercised(reading.number)
        if response.status >= 500:
            yield violation("answered-5xx", reading.number, status=response.status)
    yield NotExercised("no response came back")
