"""Small traces to write down: made-up models, and exchanges with them as the documentation promises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models_conformance.engine.options import RunOptions
from models_conformance.engine.recording import judge_recording
from models_conformance.result import RequirementResult, Result
from tests.judges.builders import Model, Recorder, answer, page

CATALOGUE = tuple(Model(f"claude-made-up-{9 - index}", f"2025-0{9 - index}-01T00:00:00Z") for index in range(5))


def recorded(catalogue: Sequence[Model] = CATALOGUE) -> Recorder:
    """A whole list, a walk by two, one model and an error."""
    recorder = Recorder()
    recorder.list(answer(catalogue, None, None, None))
    after = None
    while True:
        body = answer(catalogue, 2, after, None)
        recorder.list(body, 2, after=after)
        if not body["has_more"]:
            break
        after = str(body["last_id"])
    recorder.list(answer(catalogue, 3, None, catalogue[3].id), 3, before=catalogue[3].id)
    recorder.retrieve(catalogue[1].id, catalogue[1].document())
    error = {"type": "error", "error": {"type": "not_found_error", "message": "no such model"}, "request_id": None}
    recorder.retrieve("claude-no-such-model", error, 404)
    return recorder


def recorded_wrongly() -> Recorder:
    """The page after a model holds that model, and a date is none."""
    recorder = Recorder()
    recorder.list(answer(CATALOGUE, None, None, None))
    recorder.list(page(CATALOGUE[1:3], True), 2, after=CATALOGUE[1].id)
    recorder.retrieve(CATALOGUE[0].id, {**CATALOGUE[0].document(), "created_at": "yesterday"})
    return recorder


def judged(*paths: Path | str, **options: object) -> Result:
    return judge_recording(paths, RunOptions(**options))  # type: ignore[arg-type]


def by_id(result: Result) -> dict[str, RequirementResult]:
    return {entry.requirement.id: entry for entry in result.requirements}


def verdicts(result: Result) -> dict[str, str]:
    return {entry.requirement.id: entry.verdict for entry in result.requirements}


def failed(result: Result) -> set[str]:
    return {name for name, verdict in verdicts(result).items() if verdict == "fail"}
