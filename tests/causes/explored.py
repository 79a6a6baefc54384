"""Small servers asked some thirty questions, and the causes that their answers come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models_conformance.causes.explaining import Explained, causes_of
from tests.judges.builders import HEADERS, Model, Recorder, answer

CATALOGUE = [Model(f"m-{at:02}", f"2025-03-{28 - at:02}T00:00:00Z") for at in range(27)]
IDS = [model.id for model in CATALOGUE]
LIMITS = (None, 1, 2, 5, 1000)
List = Callable[[int | None, str | None, str | None], object]
NOT_FOUND = {"type": "error", "error": {"type": "not_found_error", "message": "no such model"}}


def right(limit: int | None, after: str | None, before: str | None) -> object:
    """The page that the documentation promises."""
    return answer(CATALOGUE, limit, after, before)


def explored(listing: List = right, recorder: Recorder | None = None) -> Recorder:
    """A server asked for pages without and with each cursor, at several sizes."""
    recorder = recorder or Recorder()
    for limit in LIMITS:
        recorder.list(listing(limit, None, None), limit)
        for cursor in (IDS[0], IDS[7], IDS[15], IDS[-1]):
            recorder.list(listing(limit, cursor, None), limit, after=cursor)
            recorder.list(listing(limit, None, cursor), limit, before=cursor)
    return recorder


def causes(recorder: Recorder) -> tuple[Explained, ...]:
    """The causes of what a recorder has, by the judges of servers."""
    judged = recorder.judged().values()
    found = causes_of(
        [(entry.requirement, entry.violations) for entry in judged],
        {exchange.number: exchange for exchange in recorder.trace},
    )
    told = [id(violation) for cause in found for deviation in cause.explains for violation in deviation.violations]
    assert sorted(told) == sorted(id(violation) for entry in judged for violation in entry.violations)
    return found


def named(recorder: Recorder) -> list[tuple[str, str]]:
    """The causes by id and root."""
    return [(cause.id, cause.root.id) for cause in causes(recorder)]


def without_key(recorder: Recorder, body: object, status: int, key: str | None = None) -> None:
    """A list request with no credential, or with that one."""
    headers: Sequence[tuple[str, str]] = HEADERS[1:] if key is None else (("x-api-key", key), *HEADERS[1:])
    recorder.add("/v1/models", body, status, tuple(headers))
