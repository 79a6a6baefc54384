"""Area repeat: the same question has the same answer."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange import header_values
from models_conformance.evidence.exchange_reading import Page, Reading
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Violation, judges, quoted
from models_conformance.judges.server.server_evidence import Evidence

# The headers that belong to the question; all others may vary freely.
_ASKING = ("anthropic-beta", "anthropic-version", "x-api-key", "authorization")


@judges("same-question-same-answer")
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
        change = difference(evidence, earlier, reading)
        if change is not None:
            yield Violation(change, f"the answer of exchange {earlier.number}", (reading.number, earlier.number))
    yield NotExercised("nothing was asked twice")


def difference(evidence: Evidence, earlier: Reading, later: Reading) -> str | None:
    """What the later answer has otherwise than the earlier, models released in between left out."""
    if earlier.status != later.status:
        return f"status {later.status} instead of {earlier.status}"
    if earlier.page is not None and later.page is not None:
        return page_difference(evidence, earlier.page, later.page, earlier.number)
    if earlier.model is not None and later.model is not None and earlier.model != later.model:
        return f"model {quoted(later.model.id)} differs from {quoted(earlier.model.id)}, or its members do"
    if (earlier.page is None) != (later.page is None) or (earlier.model is None) != (later.model is None):
        return "an answer of another shape"
    one, other = evidence.answers[earlier.number].error_type, evidence.answers[later.number].error_type
    return f"error type {quoted(other)} instead of {quoted(one)}" if one != other else None


def page_difference(evidence: Evidence, old: Page, new: Page, asked_first: int) -> str | None:
    """How the later page differs from the one that exchange `asked_first` carried, new heads aside."""
    fresh = 0
    while fresh < len(new.items) and evidence.listed[new.items[fresh].id] > asked_first:
        fresh += 1
    kept = new.items[fresh:]
    if not fresh:
        if new.ids != old.ids:
            return _ids_difference(old, new)
        released = any(number > asked_first for number in evidence.listed.values())
        # A release makes a backward page that ended at the head end short of it.
        if new.has_more != old.has_more and not (released and new.has_more):
            return f"has_more {new.has_more} instead of {old.has_more}"
    elif kept != old.items[: len(kept)]:
        return f"{fresh} new models, and the others are not those of before"
    for one, other in zip(old.items, kept, strict=False):
        if one != other:
            return f"{quoted(one.id)} has other members"
    return None


def _ids_difference(old: Page, new: Page) -> str:
    gone = [one for one in old.ids if one not in new.ids]
    if len(new.ids) != len(old.ids):
        return f"{len(new.ids)} models instead of {len(old.ids)}"
    return f"other models: {quoted(gone[0])} is gone" if gone else "the same models in another order"
