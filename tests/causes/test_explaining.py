"""What no pattern names is put together by what follows from what, and reported in the order in which to fix it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest

from models_conformance.causes.client import CLIENT_PATTERNS
from models_conformance.causes.explaining import causes_of, stage
from models_conformance.causes.patterns import Pattern
from models_conformance.causes.server import SERVER_PATTERNS
from models_conformance.judges.judgement import Violation
from models_conformance.judges.wording import advice
from models_conformance.requirements.register import register
from tests.causes.explored import CATALOGUE, IDS, NOT_FOUND, causes, explored, named, right, without_key
from tests.judges.builders import page

PATTERNS = (*SERVER_PATTERNS, *CLIENT_PATTERNS)


def test_nothing_broken_has_no_cause() -> None:
    assert causes(explored()) == ()


def test_two_faults_are_two_causes_in_the_order_of_mending() -> None:
    def ignores_after_id(limit: int | None, after: str | None, before: str | None) -> object:
        shown = right(limit, None, before)
        assert isinstance(shown, dict)
        return {**shown, "last_id": None} if shown["data"] else shown

    recorder = explored(ignores_after_id)
    without_key(recorder, right(None, None, None), 200)
    found = named(recorder)
    assert [cause for cause, _ in found] == [
        "list-envelope-is-complete",
        "cursor-is-ignored",
        "credentials-missing-is-401",
    ]


def test_both_directions_of_has_more_are_one_cause() -> None:
    def never(limit: int | None, after: str | None, before: str | None) -> object:
        shown = right(limit, after, before)
        assert isinstance(shown, dict)
        return {**shown, "has_more": False}

    (found,) = causes(explored(never))
    assert found.root.id == "list-has-more-is-true-when-more-follow"
    assert "list-has-more-backward-is-true-when-more-precede" in found.follow


def test_a_server_error_and_the_clause_that_it_hits_are_one_cause() -> None:
    recorder = explored()
    recorder.retrieve("no-such-model", NOT_FOUND, 404)
    recorder.list(b"", after=IDS[-1], status=500)
    recorder.list(b"", before=IDS[0], status=500)
    (found,) = causes(recorder)
    assert found.root.id == "no-input-is-answered-5xx"
    assert "list-page-past-the-end-is-empty" in found.follow


def test_members_that_are_missing_together_are_named_together() -> None:
    def bare(limit: int | None, after: str | None, before: str | None) -> object:
        shown = right(limit, after, before)
        assert isinstance(shown, dict)
        return {"data": shown["data"], "has_more": shown["has_more"]}

    (found,) = causes(explored(bare))
    assert found.id == "list-envelope-is-complete"
    assert "first_id is missing (also last_id)" in found.statement


def test_pages_that_end_early_with_a_cursor_are_about_the_cursor() -> None:
    def never_the_newest(limit: int | None, after: str | None, before: str | None) -> object:
        if before is None:
            return right(limit, after, None)
        end = IDS.index(before)
        start = max(1, end - (limit or 20))
        return page(CATALOGUE[start:end], start > 1)

    recorder = explored(never_the_newest)
    recorder.list(never_the_newest(None, None, IDS[1]), before=IDS[1])
    assert [root for _, root in named(recorder)] == ["list-before-id-is-immediate"]


def test_observations_have_no_cause() -> None:
    requirement = register()["list-both-cursors"]
    assert causes_of([(requirement, [Violation("x", (1,))])], {}) == ()


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
def test_a_pattern_names_requirements_that_there_are(pattern: Pattern) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", pattern.id)
    assert pattern.id not in register()
    assert [glob for glob in pattern.roots if not any(fnmatchcase(name, glob) for name in register())] == []
    assert pattern.advice.endswith(".")


def test_patterns_have_names_of_their_own_and_a_place_in_the_order() -> None:
    names = [pattern.id for pattern in PATTERNS]
    assert len(set(names)) == len(names)
    last = stage("no-such-cause", "no-such-requirement")
    assert [pattern.id for pattern in PATTERNS if stage(pattern.id, pattern.roots[0]) == last] == []
    judged = [name for name, requirement in register().items() if requirement.level != "observe"]
    assert [name for name in judged if stage(name, name) == last] == []


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, "authentication_error", "credential"),
        (404, "not_found_error", "Decode the path segment once"),
        (500, "api_error", "log"),
    ],
)
def test_advice_fits_the_status(status: int, kind: str, said: str) -> None:
    recorder = explored()
    recorder.retrieve(IDS[0], CATALOGUE[0].document())
    for name in IDS[1:4]:
        recorder.retrieve(name, {"type": "error", "error": {"type": kind, "message": "no"}}, status)
    judged = recorder.judged()["retrieve-listed-id-succeeds"]
    assert {said in advice(judged.requirement, violation) for violation in judged.violations} == {True}
