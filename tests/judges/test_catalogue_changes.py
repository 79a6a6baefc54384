"""A catalogue that changes once and for good is news, and both its sides are judged apart; all else is a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from tests import sweeps
from tests.judges.builders import HEADERS, Model, Recorder, answer

CATALOGUE = [Model(f"model-{number}", f"20{60 - number // 2}-01-01T00:00:00Z") for number in range(24)]
GONE = {"type": "error", "error": {"type": "not_found_error", "message": "no"}, "request_id": "req_1"}
REFUSED = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}, "request_id": "req_1"}


@dataclass(frozen=True)
class Renamed(Model):
    """A model whose name was corrected."""

    def document(self) -> dict[str, str]:
        return {**super().document(), "display_name": "corrected"}


CHANGES: dict[str, Callable[[list[Model]], list[Model]]] = {
    "retired": lambda models: models[:7] + models[8:],
    "the newest retired": lambda models: models[1:],
    "the oldest retired": lambda models: models[:-1],
    "renamed": lambda models: [*models[:7], Renamed(models[7].id, models[7].created_at), *models[8:]],
    "replaced": lambda models: [*models[:7], Model("another", models[7].created_at), *models[8:]],
    "added at the end": lambda models: [*models, Model("older", "2001-01-01T00:00:00Z")],
    "added between": lambda models: [*models[:7], replace(models[6], id="between"), *models[7:]],
    "released": lambda models: [Model("newer", "2070-01-01T00:00:00Z"), *models],
    "equal dates exchanged": lambda models: [*models[:6], models[7], models[6], *models[8:]],
}


def ask(recorder: Recorder, models: Sequence[Model], place: int) -> None:
    """One round of questions about a model at that place in the first catalogue, as a right server answers them."""
    known = {model.id: model for model in models}
    model = CATALOGUE[place]
    for limit, after, before in ((None, None, None), (3, model.id, None), (4, None, model.id), (place + 1, None, None)):
        if model.id in known or not (after or before):
            recorder.list(answer(models, limit, after, before), limit, after=after, before=before)
        else:
            recorder.list(REFUSED, limit, after=after, before=before, status=400)
    if model.id in known:
        recorder.retrieve(model.id, known[model.id].document())
    else:
        recorder.retrieve(model.id, GONE, status=404)
    recorder.list(answer(models, None, None, None), betas="files-api-2025-04-14")
    recorder.add("/v1/models?beta=true", answer(models, None, None, None), 200, HEADERS)


def run(states: Sequence[Sequence[Model]]) -> Recorder:
    """The whole list, a round of questions on each state, and the whole list again, twice."""
    recorder = Recorder()
    recorder.list(answer(states[0], 1000, None, None), 1000)
    for place, state in enumerate(states):
        ask(recorder, state, place)
    for _ in range(2):
        recorder.list(answer(states[-1], 1000, None, None), 1000)
    return recorder


@pytest.mark.parametrize(("what", "moment"), sweeps.crossed([(what,) for what in CHANGES], [1, 4, 8, 11, 23]))
def test_what_changes_once_and_for_good_is_news(what: str, moment: int) -> None:
    after = CHANGES[what](CATALOGUE)
    recorder = run([CATALOGUE if place < moment else after for place in range(24)])
    assert recorder.failed() == set()
    notes = recorder.judged()["same-question-same-answer"].notes
    assert any("once and for good" in note.did for note in notes)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("retired", '"model-7" is gone'),
        ("added between", '"between" is new'),
        ("renamed", "a model is described differently or stands elsewhere"),
        ("equal dates exchanged", "a model is described differently or stands elsewhere"),
    ],
)
def test_news_says_what_changed(what: str, said: str) -> None:
    recorder = run([CATALOGUE if place < 8 else CHANGES[what](CATALOGUE) for place in range(24)])
    (note,) = (note for note in recorder.judged()["same-question-same-answer"].notes if "once and for good" in note.did)
    assert note.did.endswith(f": {said}")


def test_a_fault_beside_a_change_is_found_on_its_side() -> None:
    after = CHANGES["retired"](CATALOGUE)
    recorder = run([CATALOGUE if place < 8 else after for place in range(24)])
    recorder.list(answer(after, 3, after[4].id, None), 3, after=after[3].id)
    assert "list-after-id-is-immediate" in recorder.failed()


def test_a_model_that_is_gone_and_back_is_no_news() -> None:
    without = CHANGES["retired"](CATALOGUE)
    states = [without if 8 <= place < 16 else CATALOGUE for place in range(24)]
    assert "same-question-same-answer" in run(states).failed()


def test_a_list_that_alternates_is_no_news() -> None:
    without = CHANGES["the oldest retired"](CATALOGUE)
    recorder = run([without if place % 2 else CATALOGUE for place in range(24)])
    assert "list-page-is-full" in recorder.failed()


def test_one_last_answer_of_its_own_is_no_news() -> None:
    recorder = Recorder()
    for models in (CATALOGUE, CATALOGUE, CATALOGUE[1:]):
        recorder.list(answer(models, 1000, None, None), 1000)
    assert "same-question-same-answer" in recorder.failed()


@pytest.mark.parametrize("what", ["retired", "renamed", "added at the end", "added between"])
def test_a_change_beyond_the_largest_page_is_news(what: str) -> None:
    """Such a list is read in several pages, and anew as a whole."""
    many = [Model(f"a-{number}", "2061-01-01T00:00:00Z") for number in range(1000)]
    before, after = many + CATALOGUE, many + CHANGES[what](CATALOGUE)
    recorder = Recorder()
    for models, times in ((before, 1), (after, 2)):
        for _ in range(times):
            recorder.list(answer(models, 1000, None, None), 1000)
            recorder.list(answer(models, 1000, many[-1].id, None), 1000, after=many[-1].id)
        ask(recorder, models, 7)
        last = models[-1].id
        recorder.list(answer(models, 5, None, last), 5, before=last)
    recorder.list(answer(after, 1000, None, None), 1000)
    assert recorder.failed() == set()


def test_a_list_of_other_ids_each_time_is_no_release() -> None:
    recorder = Recorder()
    for moment in range(3):
        models = [Model(f"{model.id}-{moment}", model.created_at) for model in CATALOGUE]
        recorder.list(answer(models, 1000, None, None), 1000)
    assert "same-question-same-answer" in recorder.failed()
