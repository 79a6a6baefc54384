"""Area repeat: the same question has the same answer, and an answer that differs once and never again is bad luck."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange_reading import Reading
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised
from models_conformance.judges.server.comparison import answer_difference, moving_members, repeated_questions
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence

# Two answers that differ do not tell which of them is the odd one.
_FEWEST_ANSWERS = 3


@SERVER_JUDGES("same-question-same-answer")
def same_question_same_answer(evidence: Evidence) -> Iterator[Judgement]:
    """Requests with the same target and the same documented headers, each against the one before."""
    reported: set[str] = set()
    for earlier, later in evidence.remembered(repeated_questions):
        yield Exercised(later.number)
        change = answer_difference(evidence, earlier, later, frozenset(reported))
        if change is not None:
            # A member that moves does so in every answer; that is one thing to say.
            reported.add(change.member)
            yield change.as_violation(later.number, earlier.number)
    yield NotExercised("no request was sent twice")


def flaky_answer(evidence: Evidence) -> Reading | None:
    """The one answer that nothing else in the run bears out; None where there is none, or where it is a habit.

    Its question was answered otherwise, at least twice and alike, once of that after it, and every other question that
    was asked again was answered alike each time.
    """
    moving = evidence.remembered(moving_members)
    differing = [
        (earlier, later)
        for earlier, later in evidence.remembered(repeated_questions)
        if answer_difference(evidence, earlier, later, moving) is not None
    ]
    questions = {later.question for _, later in differing}
    if len(questions) != 1:
        return None
    (question,) = questions
    answers = [reading for reading in evidence.documented_answers() if reading.question == question]
    if len(answers) < _FEWEST_ANSWERS:
        return None
    odd = [reading for reading in answers if _differs_from_all(evidence, reading, answers)]
    # Of three answers, of which each is another one, none is the odd one; and the last one was not asked for again.
    return odd[0] if len(odd) == 1 and odd[0] is not answers[-1] else None


def _differs_from_all(evidence: Evidence, reading: Reading, answers: list[Reading]) -> bool:
    moving = evidence.remembered(moving_members)
    others = (other for other in answers if other is not reading)
    pairs = (sorted((reading, other), key=lambda asked: asked.number) for other in others)
    return all(answer_difference(evidence, earlier, later, moving) is not None for earlier, later in pairs)
