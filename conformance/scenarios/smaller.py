"""Making a scenario small: the fewest models, arguments and letters that still show the same thing.

Hypothesis could shrink what it drew; this works on any scenario, whoever wrote it. A step is kept where the client
still fails, so steps are tried from the largest to the smallest and each costs one call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, zip_longest

from conformance.scenarios import simpler_texts, simpler_worlds
from conformance.scenarios.models import PLAIN_DATE, extra_of
from conformance.scenarios.scenario import Intervention, Scenario, Spelling, World
from conformance.scenarios.simpler_worlds import changed_fields

Size = tuple[int, int, int, int, int, int]
Step = Callable[[Scenario], Iterator[Scenario]]

_STEPS: tuple[Step, ...] = (
    simpler_worlds.fewer_models,
    # Before the arguments: pages are better short because the caller says so than because the server does.
    simpler_worlds.plainer_world,
    simpler_worlds.fewer_arguments,
    simpler_worlds.fewer_interventions,
    simpler_worlds.fewer_members,
    simpler_worlds.smaller_numbers,
    simpler_texts.plainer_ids,
    simpler_texts.plainer_names,
    simpler_texts.plainer_words,
    simpler_texts.plainer_dates,
)


def smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Scenarios one step simpler, the largest step first; each of a smaller `size`, none where a scenario is slow.

    A cursor and a model id stay in the catalogue if they were in it, and an alias names a model.
    """
    return chain.from_iterable(_simpler(step, scenario) for step in _STEPS)


def smallest(scenario: Scenario, still_fails: Callable[[Scenario], bool], budget: int) -> Scenario:
    """The simplest scenario that was found with at most `budget` questions to `still_fails`.

    Where the budget suffices no candidate of `smaller` fails any more. `still_fails` is not asked about `scenario`.
    """
    best, passed, progress = scenario, set[str](), True
    while progress:
        progress = False
        for step in _STEPS:
            # A step is repeated while it helps: what halves once often halves again.
            helped = True
            while helped:
                helped = False
                for candidate in _simpler(step, best):
                    key = repr((candidate.asked, candidate.world))
                    if key in passed:
                        continue
                    if budget <= 0:
                        return best
                    budget -= 1
                    if still_fails(candidate):
                        best, helped, progress = candidate, True, True
                        break
                    passed.add(key)
    return best


def size(scenario: Scenario) -> Size:
    """How much there is to read: models, parts, numbers, letters, letters that are not plain, dates that are not.

    Compared in that order. No scenario has an endless row of ever smaller ones.
    """
    asked, world = scenario.asked, scenario.world
    betas = asked.args.get("betas", ())
    limit = asked.args.get("limit", 0)
    texts = [*_texts(world), *betas, *(each for each in asked.args.values() if isinstance(each, str))]
    bodies = sum(len(one.body or "") for one in world.interventions)
    values = [each for model in world.models for each in extra_of(model).items()] + list(world.envelope.items())
    return (
        len(world.models),
        _parts(world) + len(asked.args) + len(betas) + asked.walk + len(values),
        abs(limit) + sum(world.page_sizes) + asked.max_items + sum(one.first for one in world.interventions),
        sum(map(len, texts)) + bodies + sum(len(f"{value!r}") for _, value in values),
        sum(not simpler_texts.is_plain(letter) for text in texts for letter in text),
        sum(_date_cost(model["created_at"]) for model in world.models),
    )


def _simpler(step: Step, scenario: Scenario) -> Iterator[Scenario]:
    if scenario.slow:
        return
    now = size(scenario)
    for candidate in step(scenario):
        if size(candidate) < now:
            yield candidate


def _parts(world: World) -> int:
    """What a world has beyond its models, each thing counted once."""
    interventions = sum(1 + len(changed_fields(one, Intervention())) for one in world.interventions)
    own = (bool(world.prefix), world.stuck, world.request_id != "both")
    spelling = len(changed_fields(world.spelling, Spelling()))
    return len(world.aliases) + len(world.page_sizes) + interventions + sum(own) + spelling


def _texts(world: World) -> list[str]:
    named = [text for model in world.models for text in (model["id"], model["display_name"])]
    return [*named, *world.aliases.keys(), *world.aliases.values(), world.prefix]


def _date_cost(text: str) -> int:
    return sum(letter != plain for letter, plain in zip_longest(text, PLAIN_DATE))
