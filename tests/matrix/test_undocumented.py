"""What several subjects do where it is undocumented stands side by side, in kinds of answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from models_conformance import judge_server
from models_conformance.matrix.comparing import Matrix, compare
from models_conformance.matrix.markdown import markdown
from models_conformance.matrix.page import html
from models_conformance.matrix.result_files import read_result
from models_conformance.reference.server.serving import behaviour_named, running
from models_conformance.reports.as_json import render

LENIENT = "unknown-cursor-is-ignored"


@cache
def judged(name: str, models: int) -> str:
    with running(behaviour_named(name, models)) as server:
        return render(judge_server(server.url, api_key=server.api_key, examples=0, only=["cursor", "retrieve"]))


def matrix(folder: Path, *subjects: tuple[str, int]) -> Matrix:
    reports = []
    for at, subject in enumerate(subjects):
        path = folder / f"{at}.json"
        path.write_text(judged(*subject), encoding="utf-8")
        reports.append(read_result(path))
    return compare(reports)


def test_subjects_that_answer_alike_have_equal_rows_whatever_their_models(tmp_path: Path) -> None:
    compared = matrix(tmp_path, ("ideal", 12), ("ideal", 17))
    assert compared.undocumented
    assert not [behaviour for behaviour in compared.undocumented if behaviour.differs]
    assert all(len(set(behaviour.answers)) == 1 for behaviour in compared.undocumented)
    assert "Undocumented behaviour" not in markdown(compared)


def test_where_they_differ_both_kinds_of_answer_are_told(tmp_path: Path) -> None:
    compared = matrix(tmp_path, ("ideal", 12), (LENIENT, 12))
    differing = {behaviour.about: set(behaviour.answers) for behaviour in compared.undocumented if behaviour.differs}
    assert differing["after_id with an unknown cursor"] == {("400 invalid_request_error",), ("first page",)}
    text, page = markdown(compared), html(compared)
    assert "| `after_id with an unknown cursor` |" in text
    for report in (text, page):
        assert "first page" in report
        assert "400 invalid" in report
    assert [behaviour.differs for behaviour in compared.undocumented] == sorted(
        (behaviour.differs for behaviour in compared.undocumented), reverse=True
    )
