"""What happens once and not again is told and never gates; what happens twice is a habit."""

from __future__ import annotations

import pytest

from models_conformance.judges.judgement import Flaky
from tests.judges.builders import Model, Recorder, answer

CATALOGUE = [Model(f"model-{number}", f"20{60 - number}-01-01T00:00:00Z") for number in range(12)]
REFUSED = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}, "request_id": "req_1"}


def ask(recorder: Recorder, odd: object = None, status: int = 200) -> None:
    """One question in the middle of the list, answered as it should be or oddly."""
    right = answer(CATALOGUE, 3, CATALOGUE[4].id, None)
    recorder.list(right if odd is None else odd, 3, after=CATALOGUE[4].id, status=status)


def begun() -> Recorder:
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    return recorder


SHORT = answer([*CATALOGUE[:5], *CATALOGUE[6:]], 3, CATALOGUE[4].id, None)


@pytest.mark.parametrize(("odd", "status"), [(SHORT, 200), (REFUSED, 400), (answer(CATALOGUE, 3, None, None), 200)])
def test_one_answer_that_does_not_repeat_is_flaky(odd: object, status: int) -> None:
    recorder = begun()
    ask(recorder, odd, status)
    ask(recorder)
    ask(recorder)
    judged = recorder.judged()
    assert recorder.failed() == set()
    (told,) = (note for note in judged["same-question-same-answer"].notes if isinstance(note, Flaky))
    assert "exchange 2" in told.did


def test_two_answers_that_differ_do_not_tell_which_is_the_odd_one() -> None:
    recorder = begun()
    ask(recorder, SHORT)
    ask(recorder)
    assert "same-question-same-answer" in recorder.failed()


def test_what_happens_twice_is_a_habit() -> None:
    recorder = begun()
    for odd in (SHORT, None, None, SHORT, None):
        ask(recorder, odd)
    assert {"same-question-same-answer", "list-after-id-is-immediate"} <= recorder.failed()


def test_an_odd_answer_hides_no_fault_beside_it() -> None:
    recorder = begun()
    ask(recorder, REFUSED, 400)
    ask(recorder)
    ask(recorder)
    recorder.list(answer(CATALOGUE, 2, CATALOGUE[2].id, None), 2, after=CATALOGUE[1].id)
    failed = recorder.failed()
    assert "list-after-id-is-immediate" in failed
    assert "same-question-same-answer" not in failed
