"""Area repeat: the same question has the same answer."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange import header_values
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised
from models_conformance.judges.server.comparison import answer_difference
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence

# The headers that belong to the question; all others may vary freely.
_ASKING = ("anthropic-beta", "anthropic-version", "x-api-key", "authorization")


@SERVER_JUDGES("same-question-same-answer")
def same_question_same_answer(evidence: Evidence) -> Iterator[Judgement]:
    """Requests with the same target and the same documented headers, each against the one before."""
    last: dict[tuple[object, ...], Reading] = {}
    for reading in evidence.judged():
        if reading.call.operation is None or reading.status is None or reading.status >= 500:
            continue
        request = reading.exchange.request
        question = (
            request.url,
            reading.call.invented_header,
            reading.call.capitalised,
            *(tuple(header_values(request.headers, name)) for name in _ASKING),
        )
        earlier = last.get(question)
        last[question] = reading
        if earlier is None:
            continue
        yield Exercised(reading.number)
        change = answer_difference(evidence, earlier, reading)
        if change is not None:
            yield change.as_violation(reading.number, earlier.number, witness=earlier.number)
    yield NotExercised("nothing was asked twice")
