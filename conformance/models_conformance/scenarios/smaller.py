"""Making a scenario small: the fewest models, arguments and letters that still show the same thing.

Hypothesis could shrink what it drew; this works on any scenario, whoever wrote it. A step is kept where the client
still fails, so steps are tried from the largest to the smallest and each costs one call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, zip_longest

from models_conformance.scenarios import simpler_servers, simpler_texts
from models_conformance.scenarios.models import PLAIN_DATE, extra_of
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling
from models_conformance.scenarios.simpler_servers import changed_fields

Size = tuple[int, int, int, int, int, int]
Step = Callable[[Scenario], Iterator[Scenario]]

_STEPS: tuple[Step, ...] = (
    simpler_servers.fewer_models,
    # Before the arguments: pages are better short because the caller says so than because the server does.
    simpler_servers.plainer_server,
    simpler_servers.fewer_arguments,
    simpler_servers.fewer_interventions,
    simpler_servers.fewer_members,
    simpler_servers.smaller_numbers,
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
                    key = repr((candidate.call, candidate.server))
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
    spec, script = scenario.call, scenario.server
    betas = spec.args.get("betas", ())
    limit = spec.args.get("limit", 0)
    texts = [*_texts(script), *betas, *(arg for arg in spec.args.values() if isinstance(arg, str))]
    bodies = sum(len(intervention.body or "") for intervention in script.interventions)
    values = [member for model in script.models for member in extra_of(model).items()] + list(script.envelope.items())
    return (
        len(script.models),
        _parts(script) + len(spec.args) + len(betas) + spec.walk + len(values),
        abs(limit)
        + sum(script.page_sizes)
        + spec.max_items
        + sum(intervention.first for intervention in script.interventions),
        sum(map(len, texts)) + bodies + sum(len(f"{value!r}") for _, value in values),
        sum(not simpler_texts.is_plain(letter) for text in texts for letter in text),
        sum(_date_cost(model["created_at"]) for model in script.models),
    )


def _simpler(step: Step, scenario: Scenario) -> Iterator[Scenario]:
    if scenario.slow:
        return
    now = size(scenario)
    for candidate in step(scenario):
        if size(candidate) < now:
            yield candidate


def _parts(script: ServerScript) -> int:
    """What a server has beyond its models, each thing counted once."""
    interventions = sum(1 + len(changed_fields(intervention, Intervention())) for intervention in script.interventions)
    own = (bool(script.prefix), script.stuck, script.request_id != "both")
    spelling = len(changed_fields(script.spelling, Spelling()))
    return len(script.aliases) + len(script.page_sizes) + interventions + sum(own) + spelling


def _texts(script: ServerScript) -> list[str]:
    named = [text for model in script.models for text in (model["id"], model["display_name"])]
    return [*named, *script.aliases.keys(), *script.aliases.values(), script.prefix]


def _date_cost(text: str) -> int:
    return sum(letter != plain for letter, plain in zip_longest(text, PLAIN_DATE))
