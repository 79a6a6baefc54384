"""The consistency judge: silent on every true trace, loud on a page that contradicts the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judges.builders import Model, Recorder, answer, page

DATES = st.integers(2001, 2030).map(lambda year: f"{year}-01-01T00:00:00Z")


@st.composite
def catalogues(draw: st.DrawFn, least: int = 0) -> list[Model]:
    """Newest first, with ties, and epoch dates anywhere."""
    ids = draw(
        st.lists(
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), unique=True, min_size=least, max_size=14
        )
    )
    dates = sorted(draw(st.lists(DATES, min_size=len(ids), max_size=len(ids))), reverse=True)
    unknown = draw(st.sets(st.integers(0, 13), max_size=3))
    return [
        Model(name, "1970-01-01T00:00:00Z" if index in unknown else date)
        for index, (name, date) in enumerate(zip(ids, dates, strict=True))
    ]


def ask_about(
    draw: Callable[[st.SearchStrategy[Any]], Any], recorder: Recorder, catalogue: list[Model], known: list[Model]
) -> None:
    limit = draw(st.none() | st.integers(1, 16))
    cursor = draw(st.sampled_from([None, *known])) if known else None
    backward = draw(st.booleans())
    after = cursor.id if cursor and not backward else None
    before = cursor.id if cursor and backward else None
    betas = draw(st.none() | st.just("files-api-2025-04-14"))
    recorder.list(answer(catalogue, limit, after, before), limit, after=after, before=before, betas=betas)


@settings(max_examples=150)
@given(st.data(), catalogues())
def test_true_pages_contradict_nothing(data: st.DataObject, catalogue: list[Model]) -> None:
    recorder = Recorder()
    recorder.list(answer(catalogue, 1000, None, None), 1000)
    for _ in range(data.draw(st.integers(0, 12))):
        ask_about(data.draw, recorder, catalogue, catalogue)
    assert recorder.failed() == set()


@settings(max_examples=150)
@given(st.data(), catalogues(least=1), st.integers(1, 3))
def test_models_released_between_any_two_requests_are_news(
    data: st.DataObject, catalogue: list[Model], releases: int
) -> None:
    recorder = Recorder()
    known = catalogue
    recorder.list(answer(catalogue, 1000, None, None), 1000)
    for number in range(releases):
        for _ in range(data.draw(st.integers(0, 4))):
            ask_about(data.draw, recorder, catalogue, known)
        catalogue = [Model(f"new release {number}", f"{2040 + number}-01-01T00:00:00Z"), *catalogue]
    for _ in range(data.draw(st.integers(0, 6))):
        ask_about(data.draw, recorder, catalogue, known)
    recorder.list(answer(catalogue, None, None, None))
    assert recorder.failed() == set()


@given(st.data(), catalogues(least=4))
def test_a_page_with_a_gap_is_found(data: st.DataObject, catalogue: list[Model]) -> None:
    recorder = Recorder()
    recorder.list(answer(catalogue, 1000, None, None), 1000)
    gap = data.draw(st.integers(1, len(catalogue) - 2))
    without = catalogue[:gap] + catalogue[gap + 1 :]
    culprit = recorder.list(page(without[: len(without)], False), limit=999)
    judged = recorder.judged()["list-order-is-one-order"]
    assert judged.verdict == "fail"
    assert {culprit.number, 1} == set(judged.violations[0].exchanges)


@given(catalogues(least=3))
def test_a_reversed_backward_page_is_found_as_that(catalogue: list[Model]) -> None:
    recorder = Recorder()
    recorder.list(answer(catalogue, 1000, None, None), 1000)
    before = catalogue[-1].id
    right = answer(catalogue, 1000, None, before)
    assert isinstance(right["data"], list)
    recorder.list({**right, "data": right["data"][::-1]}, 1000, before=before)
    failed = recorder.failed()
    assert "list-before-id-keeps-list-order" in failed
    assert "list-before-id-is-immediate" not in failed
    assert "list-order-is-one-order" not in failed


def test_the_minority_is_blamed_not_the_majority() -> None:
    recorder = Recorder()
    models = [Model(name) for name in "abcd"]
    wrong = recorder.list(page([models[0], models[2], models[1], models[3]], False), 900, betas="files-api-2025-04-14")
    for limit in (1000, 999, 998):
        recorder.list(page(models, False), limit)
    violation = recorder.judged()["list-order-is-one-order"].violations[0]
    assert violation.exchanges[0] == wrong.number


def test_a_new_head_that_vanishes_again_is_a_contradiction() -> None:
    recorder = Recorder()
    old = [Model("b"), Model("c")]
    recorder.list(page(old, False))
    recorder.list(page([Model("a", "2026-01-01T00:00:00Z"), *old], False))
    recorder.list(page(old, False))
    assert "list-without-cursor-starts-at-head" in recorder.failed()


def test_a_new_head_that_is_older_is_out_of_order() -> None:
    recorder = Recorder()
    old = [Model("b"), Model("c")]
    recorder.list(page(old, False))
    recorder.list(page([Model("a", "2020-01-01T00:00:00Z"), *old], False))
    assert recorder.failed() >= {"list-is-newest-first"}


def test_an_epoch_between_two_dates_hides_nothing() -> None:
    recorder = Recorder()
    models = [
        Model("a", "2020-01-01T00:00:00Z"),
        Model("b", "1970-01-01T00:00:00Z"),
        Model("c", "2021-01-01T00:00:00Z"),
    ]
    recorder.list(page(models[:2], True), 2)
    recorder.list(page(models[2:], False), 2, after="b")
    assert "list-is-newest-first" in recorder.failed()


def test_nothing_is_judged_where_nothing_was_asked() -> None:
    verdicts = {judged_requirement.verdict for judged_requirement in Recorder().judged().values()}
    assert verdicts <= {"inconclusive", "not-applicable"}


def test_a_release_between_two_askings_of_a_page_that_ended_at_the_head_is_news() -> None:
    recorder = Recorder()
    old = [Model("b"), Model("c"), Model("d")]
    recorder.list(page(old, False))
    recorder.list(page(old[:2], False), 2, before="d")
    recorder.list(page(old[:2], True), 2, before="d")
    recorder.list(page([Model("a", "2026-01-01T00:00:00Z"), *old], False))
    assert recorder.failed() == set()


def test_has_more_that_changes_without_a_release_is_another_answer() -> None:
    recorder = Recorder()
    old = [Model("b"), Model("c"), Model("d")]
    recorder.list(page(old, False))
    recorder.list(page(old[:2], False), 2, before="d")
    recorder.list(page(old[:2], True), 2, before="d")
    assert "same-question-same-answer" in recorder.failed()
