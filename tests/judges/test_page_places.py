"""What is convicted of one thing is not evidence for another: pages in a wrong place, ids that are listed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.judges.builders import Model, Recorder, answer, page

CATALOGUE = [
    Model(f"m{number * 17 % 40:02d}-{number}", f"20{60 - number // 3}-01-01T00:00:00Z") for number in range(40)
]
BY_ITS_PLACE = {
    "list-is-newest-first",
    "list-order-is-one-order",
    "list-default-page-is-20",
    "list-page-is-full",
    "list-has-more-is-true-when-more-follow",
    "list-has-more-is-false-at-the-end",
    "list-has-more-backward-is-true-when-more-precede",
    "list-has-more-backward-is-false-at-the-head",
}
Page = Callable[[Sequence[Model], int, str | None, str | None], dict[str, object]]


def restarts(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
    return page(models[:size], len(models) > size)


def swaps(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
    return answer(models, size, before, after)


def takes_greater_ids(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
    rest = [model for model in models if (model.id > str(after) if after else model.id < str(before))]
    return page(rest[:size], len(rest) > size)


def pages_by_offset(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
    start = [model.id for model in models].index(str(after or before)) // size * size
    return page(models[start : start + size], start + size < len(models))


def reads_both_as_after(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
    return answer(models, size, after or before, None)


def skips_one(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
    place = [model.id for model in models].index(str(after or before))
    start = place + 2 if after else max(0, place - 1 - size)
    end = place + 2 + size if after else max(0, place - 1)
    return page(models[start:end], end < len(models) if after else start > 0)


def starts_from_the_far_end(
    models: Sequence[Model], size: int, after: str | None, before: str | None
) -> dict[str, object]:
    place = [model.id for model in models].index(str(after or before))
    rest = models[place + 1 :] if after else models[:place]
    return page(rest[-size:] if after else rest[:size], len(rest) > size)


def asked(models: Sequence[Model], wrong: Page) -> Recorder:
    """Everything a run asks about the order, of a server whose cursors are wrong and whose first pages are right."""
    recorder = Recorder()
    for limit in (1000, None, *range(1, 40, 3)):
        recorder.list(answer(models, limit, None, None), limit)
    for place, model in enumerate(models):
        for limit in (None, 1 + place % 7, 1000):
            size = 20 if limit is None else limit
            recorder.list(wrong(models, size, model.id, None), limit, after=model.id)
            recorder.list(wrong(models, size, None, model.id), limit, before=model.id)
    return recorder


@pytest.mark.parametrize(
    "wrong",
    [restarts, swaps, takes_greater_ids, pages_by_offset, reads_both_as_after, skips_one, starts_from_the_far_end],
)
def test_a_page_that_lies_elsewhere_is_convicted_of_its_place_alone(wrong: Page) -> None:
    failed = asked(CATALOGUE, wrong).failed()
    assert failed & {f"list-{name}-id-is-{how}" for name in ("after", "before") for how in ("exclusive", "immediate")}
    assert not failed & BY_ITS_PLACE


def test_a_page_with_a_gap_beside_its_cursor_is_still_evidence() -> None:
    def lacks_one(models: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
        return answer([model for model in models if model.id != CATALOGUE[7].id], size, after, before)

    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    for model in CATALOGUE[:6] + CATALOGUE[8:]:
        recorder.list(lacks_one(CATALOGUE, 5, model.id, None), 5, after=model.id)
    assert "list-order-is-one-order" in recorder.failed()


def test_a_page_filtered_after_slicing_is_short_although_it_skips_a_neighbour() -> None:
    hidden = {CATALOGUE[3].id, CATALOGUE[11].id}
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, 1000, None, None), 1000)
    for model in CATALOGUE[:-6]:
        whole = answer(CATALOGUE, 5, model.id, None)
        ids = [item["id"] for item in whole["data"] if item["id"] not in hidden]  # type: ignore[attr-defined]
        recorder.list(page([model for model in CATALOGUE if model.id in ids], True), 5, after=model.id)
    assert "list-page-is-full" in recorder.failed()


def listed_twice(first: int, second: int) -> list[Model]:
    """A list whose model at `first` stands once more before that at `second`, with the date that belongs there."""
    again = replace(CATALOGUE[first], created_at=CATALOGUE[min(second, len(CATALOGUE) - 1)].created_at)
    return [*CATALOGUE[:second], again, *CATALOGUE[second:]]


@pytest.mark.parametrize(("first", "second"), [(2, 40), (0, 20), (5, 21), (38, 40), (10, 11)])
def test_an_id_that_is_listed_twice_proves_nothing_of_a_page(first: int, second: int) -> None:
    models = listed_twice(first, second)

    def from_the_first(_: Sequence[Model], size: int, after: str | None, before: str | None) -> dict[str, object]:
        return answer(models, size, after, before)

    assert asked(models, from_the_first).failed() == {"model-id-is-unique"}
