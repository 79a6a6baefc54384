"""Model ids in paths and cursors: each escaped exactly once, whatever it holds, and none that changes the path."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.scenarios.models import models_with_ids, plain_models
from models_conformance.scenarios.scenario import Scenario, ServerScript
from models_conformance.scenarios.systematic.tour import Tour
from models_conformance.scenarios.texts import (
    AWKWARD_IDS,
    CLIMBING_IDS,
    CONTROL_IDS,
    ESCAPED_ALIKE,
    WORD_IDS,
    look_alikes,
)

# Further surfaces build their paths themselves, but what reads a path reads one class of characters like another.
_ON_FURTHER_SURFACES = 8


def ids(tour: Tour) -> Iterator[Scenario]:
    """Every awkward id as a path and as a cursor; ids that look alike in one server; ids that are not a model's."""
    awkward = AWKWARD_IDS if tour.full else AWKWARD_IDS[:_ON_FURTHER_SURFACES]
    climbing = CLIMBING_IDS if tour.full else CLIMBING_IDS[:4]
    control = CONTROL_IDS if tour.full else CONTROL_IDS[:1]
    words = WORD_IDS if tour.full else ()
    for what, model_id in (*awkward, *words, *climbing, *control):
        yield tour.retrieve(f"a model whose id {what}", _script_around(model_id), model_id)
    listed = (*awkward, *control)
    for number, (what, model_id) in enumerate(listed):
        # Further surfaces take them in turns.
        for cursor in ("after_id", "before_id") if tour.full else (("before_id" if number % 2 else "after_id"),):
            args = {cursor: model_id, "limit": 2}
            # The page begins or ends with another of them.
            script = _script_around(model_id, listed[number - 1][1], listed[(number + 1) % len(listed)][1])
            yield tour.page(f"a list from {cursor} that {what}", script, args)
    yield from _unknown(tour)
    yield from _alike(tour)


def _script_around(model_id: str, before: str = "claude-new", after: str = "claude-old") -> ServerScript:
    """A server with that model between these two, and those that wrong escaping gets in its stead."""
    alike = (text for text in look_alikes(model_id) if text not in (before, after))
    return ServerScript((*plain_models(1), *models_with_ids((*alike, before, model_id, after, "claude-oldest"))))


def _unknown(tour: Tour) -> Iterator[Scenario]:
    script = ServerScript(plain_models(3))
    yield tour.retrieve("an empty id", script, "")
    yield tour.retrieve("an id that no model has", script, "claude-none")
    if tour.full:
        yield tour.retrieve("a blank as an id", script, " ")
        for what, model_id in (AWKWARD_IDS[0], AWKWARD_IDS[4]):
            yield tour.retrieve(f"an id that no model has and that {what}", script, model_id)


def _alike(tour: Tour) -> Iterator[Scenario]:
    script = ServerScript(models_with_ids(ESCAPED_ALIKE))
    if tour.full:
        for model_id in ESCAPED_ALIKE[1:5:2]:
            yield tour.retrieve(f"'{model_id}' among ids that differ in escaping alone", script, model_id)
    if tour.walks:
        yield tour.walk("a walk over ids that differ in escaping alone", script, {"limit": 1})
        # From an id that needs no escaping: a first page refused for its cursor would show nothing of the second.
        plain_end = ServerScript(models_with_ids((*ESCAPED_ALIKE, "claude-old")))
        back = {"limit": 1, "before_id": "claude-old"}
        yield tour.walk("a walk back over ids that differ in escaping alone", plain_end, back)
    every = ServerScript(models_with_ids(model_id for _, model_id in (*AWKWARD_IDS, *CLIMBING_IDS)))
    if tour.full:
        yield tour.page("a page of every awkward id", every, {"limit": 1000})
    if tour.walks and tour.full:
        yield tour.walk("a walk over every awkward id, one by one", every, {"limit": 1})
        last = {"before_id": every.models[-1]["id"]}
        yield tour.walk("a walk back over every awkward id, one by one", every, {"limit": 1, **last})
