"""Area repeat: the same question has the same answer."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.judges.judgement import Exercised, Judgement, NotExercised
from models_conformance.judges.server.comparison import answer_difference, repeated_questions
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence


@SERVER_JUDGES("same-question-same-answer")
def same_question_same_answer(evidence: Evidence) -> Iterator[Judgement]:
    """Requests with the same target and the same documented headers, each against the one before."""
    told: set[str] = set()
    for earlier, later in evidence.remembered(repeated_questions):
        yield Exercised(later.number)
        change = answer_difference(evidence, earlier, later, frozenset(told))
        if change is not None:
            # A member that moves does so in every answer; that is one thing to say.
            told.add(change.member)
            yield change.as_violation(later.number, earlier.number, witness=earlier.number)
    yield NotExercised("nothing was asked twice")
