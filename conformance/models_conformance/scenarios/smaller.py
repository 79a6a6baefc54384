"""Making a scenario small: the fewest models, arguments and letters that still show the same thing.

Hypothesis could shrink what it drew; this works on any scenario, whoever wrote it. A step is kept where the client
still fails, so steps are tried from the largest to the smallest and each costs one call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain, count, product, zip_longest
from string import ascii_lowercase
from typing import Any, TypeVar

from models_conformance.evidence.driver_calls import CallSpec
from models_conformance.scenarios.models import (
    LATER_MEMBERS,
    NULLABLE_MEMBERS,
    PLAIN_DATE,
    Wire,
    extra_of,
    ids_of,
    in_order,
    without_extra,
)
from models_conformance.scenarios.scenario import Intervention, Scenario, ServerScript, Spelling

Size = tuple[int, int, int, int, int, int]
Step = Callable[[Scenario], Iterator[Scenario]]

_Spelt = TypeVar("_Spelt", Spelling, Intervention)

# Enough of a web page to know it by: half of everything would be nothing in the end.
_LEAST_OF_A_BODY = 24

NAMING = ("after_id", "before_id", "model_id")
"""Arguments that name a model."""
_DATE = re.compile(r"([0-9-]{10})([Tt ])([0-9:]{8})((?:\.[0-9]+)?)([Zz]|[+-][0-9:]{5})")
_PLAIN_PARTS = ("2026-01-01", "T", "00:00:00", "", "Z")


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
        sum(not is_plain(letter) for text in texts for letter in text),
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


def fewer_models(scenario: Scenario) -> Iterator[Scenario]:
    """Without all models, without halves, quarters, … and without single ones; those that the call names stay."""
    script = scenario.server
    kept = _named(scenario)
    free = [at for at, model in enumerate(script.models) if model["id"] not in kept]
    for chunk in _chunks(free):
        yield replace(scenario, server=_without_models(script, set(chunk)))


def fewer_arguments(scenario: Scenario) -> Iterator[Scenario]:
    """Without one argument; a shorter list of betas; a page call instead of a walk."""
    spec = scenario.call
    for name, value in spec.args.items():
        if name != "model_id":
            yield _asking(scenario, replace(spec, args=_without(spec.args, name)))
        if name == "betas":
            for chunk in _chunks(range(len(value))):
                left = [beta for at, beta in enumerate(value) if at not in chunk]
                yield _asking(scenario, replace(spec, args={**spec.args, name: left}))
    if spec.walk:
        yield _asking(scenario, replace(spec, walk=False))


def plainer_server(scenario: Scenario) -> Iterator[Scenario]:
    """Without prefix, aliases, short pages, members of the envelope, or anything but the usual spelling."""
    script = scenario.server
    yield replace(scenario, server=replace(script, spelling=Spelling(), prefix="", envelope={}, request_id="both"))
    for plainer in (
        replace(script, prefix=""),
        replace(script, stuck=False),
        replace(script, request_id="both"),
        replace(script, spelling=Spelling()),
        *(replace(script, spelling=spelling) for spelling in _one_field_back(script.spelling, Spelling())),
    ):
        yield replace(scenario, server=plainer)
    for alias in script.aliases:
        if alias != scenario.call.args.get("model_id"):
            yield replace(scenario, server=replace(script, aliases=_without(script.aliases, alias)))
    for chunk in _chunks(range(len(script.page_sizes))):
        left = tuple(page_size for at, page_size in enumerate(script.page_sizes) if at not in chunk)
        yield replace(scenario, server=replace(script, page_sizes=left))


def fewer_interventions(scenario: Scenario) -> Iterator[Scenario]:
    """Without one of the replaced answers, or with one that replaces less."""
    script = scenario.server
    for at, intervention in enumerate(script.interventions):
        before, after = script.interventions[:at], script.interventions[at + 1 :]
        yield replace(scenario, server=replace(script, interventions=before + after))
        body = intervention.body or ""
        shorter = (replace(intervention, body=body[: len(body) // 2]),) if len(body) > _LEAST_OF_A_BODY else ()
        for smaller in (*_one_field_back(intervention, Intervention()), *shorter):
            # What a body is said to be is a part of what it is.
            if intervention.body is not None and smaller.body is not None and smaller.headers != intervention.headers:
                continue
            yield replace(scenario, server=replace(script, interventions=(*before, smaller, *after)))


def fewer_members(scenario: Scenario) -> Iterator[Scenario]:
    """Without members beyond the documented ones, of all models, of one, a single one; or with null for its value."""
    script = scenario.server
    yield replace(scenario, server=replace(script, models=tuple(map(without_extra, script.models)), envelope={}))
    for envelope in _fewer(script.envelope):
        yield replace(scenario, server=replace(script, envelope=envelope))
    for at, model in enumerate(script.models):
        for extra in _fewer(extra_of(model)):
            yield with_model(scenario, at, {**without_extra(model), **extra})


def smaller_numbers(scenario: Scenario) -> Iterator[Scenario]:
    """A smaller limit, fewer items, shorter pages, an earlier failure."""
    spec, script = scenario.call, scenario.server
    for limit in _lower(spec.args.get("limit", 0)):
        yield _asking(scenario, replace(spec, args={**spec.args, "limit": limit}))
    for items in _lower(spec.max_items):
        yield _asking(scenario, replace(spec, max_items=items))
    for at, page in enumerate(script.page_sizes):
        for length in _lower(page):
            sizes = (*script.page_sizes[:at], length, *script.page_sizes[at + 1 :])
            yield replace(scenario, server=replace(script, page_sizes=sizes))
    for at, intervention in enumerate(script.interventions):
        for first in _lower(intervention.first):
            moved = replace(intervention, first=first)
            interventions = (*script.interventions[:at], moved, *script.interventions[at + 1 :])
            yield replace(scenario, server=replace(script, interventions=interventions))


def with_model(scenario: Scenario, at: int, model: Wire) -> Scenario:
    """The scenario with another model at that place of its list."""
    models = (*scenario.server.models[:at], model, *scenario.server.models[at + 1 :])
    return replace(scenario, server=replace(scenario.server, models=models))


def changed_fields(value: _Spelt, default: _Spelt) -> list[str]:
    """The fields in which `value` is not as usual. Which requests an intervention is for is no such field."""
    names = (field.name for field in fields(default) if field.name not in {"first", "last"})
    return [name for name in names if getattr(value, name) != getattr(default, name)]


def _one_field_back(value: _Spelt, default: _Spelt) -> Iterator[_Spelt]:
    for name in changed_fields(value, default):
        yield replace(value, **{name: getattr(default, name)})


def _named(scenario: Scenario) -> set[str]:
    """Ids that the call names, itself or by an alias."""
    names = {scenario.call.args[name] for name in NAMING if name in scenario.call.args}
    return names | {target for alias, target in scenario.server.aliases.items() if alias in names}


def _without_models(script: ServerScript, places: set[int]) -> ServerScript:
    models = tuple(model for at, model in enumerate(script.models) if at not in places)
    ids = {model["id"] for model in models}
    aliases = {alias: target for alias, target in script.aliases.items() if target in ids}
    return replace(script, models=models, aliases=aliases)


def _asking(scenario: Scenario, spec: CallSpec) -> Scenario:
    return replace(scenario, call=spec)


def _chunks(places: Sequence[int]) -> Iterator[Sequence[int]]:
    """All of them, halves, quarters, … and single ones, the last of each first: what comes late matters least."""
    length = len(places)
    while length:
        yield from (places[start : start + length] for start in reversed(range(0, len(places), length)))
        length //= 2


def _fewer(members: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if len(members) > 1:
        yield {}
    for name, value in members.items():
        yield _without(members, name)
        # Null is a fault of its own where the pages promise a value.
        if value is not None and (name not in LATER_MEMBERS or name in NULLABLE_MEMBERS):
            yield {**members, name: None}


def _without(mapping: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key != name}


def _lower(number: int) -> Iterator[int]:
    """One, half and one less; nothing for what is no more than one."""
    yield from sorted({1, number // 2, number - 1}) if number > 1 else ()


def is_plain(letter: str) -> bool:
    """Whether a letter needs no care anywhere."""
    return letter in ascii_lowercase


def plainer_ids(scenario: Scenario) -> Iterator[Scenario]:
    """All ids plain at once, then one at a time, in every place that names it. None becomes another's."""
    names = _names(scenario)
    fresh = _plain_words()
    yield _renamed(scenario, {old: next(fresh) for old in names})
    for old in names:
        for new in plainer(old, taken=names):
            yield _renamed(scenario, {old: new})


def plainer_names(scenario: Scenario) -> Iterator[Scenario]:
    """All display names plain at once, then one at a time."""
    models = scenario.server.models
    plain = tuple({**model, "display_name": "a"} for model in models)
    yield replace(scenario, server=replace(scenario.server, models=plain))
    for at, model in enumerate(models):
        for name in plainer(model["display_name"]):
            yield with_model(scenario, at, {**model, "display_name": name})


def plainer_words(scenario: Scenario) -> Iterator[Scenario]:
    """Plainer betas and a plainer prefix."""
    betas = scenario.call.args.get("betas", [])
    for at, old in enumerate(betas):
        for new in plainer(old, taken=betas):
            args = {**scenario.call.args, "betas": [*betas[:at], new, *betas[at + 1 :]]}
            yield replace(scenario, call=replace(scenario.call, args=args))
    for prefix in plainer(scenario.server.prefix.removeprefix("/")):
        # Slashes at the ends and in a row are another prefix to some servers.
        if all(prefix.split("/")):
            yield replace(scenario, server=replace(scenario.server, prefix=f"/{prefix}"))


def plainer_dates(scenario: Scenario) -> Iterator[Scenario]:
    """All dates plain at once, then one at a time, then part by part; the order of the list stays true."""
    models = scenario.server.models
    ordered = in_order(models)
    yield replace(
        scenario, server=replace(scenario.server, models=tuple({**model, "created_at": PLAIN_DATE} for model in models))
    )
    for at, model in enumerate(models):
        for text in _plainer_date(model):
            candidate = with_model(scenario, at, {**model, "created_at": text})
            if in_order(candidate.server.models) or not ordered:
                yield candidate


def plainer(text: str, taken: Collection[str] = ()) -> Iterator[str]:
    """Plainer words than `text`, the plainest first, none of them empty or taken."""
    shortest = next(word for word in _plain_words() if word not in taken)
    candidates = [shortest] if len(shortest) < len(text) or not all(map(is_plain, text)) else []
    half = len(text) // 2
    candidates += [text[:half], text[half:]]
    candidates += [text[:at] + text[at + 1 :] for at in range(len(text))]
    candidates += [text[:at] + "a" + text[at + 1 :] for at, letter in enumerate(text) if not is_plain(letter)]
    for candidate in dict.fromkeys(candidates):
        if candidate and candidate != text and candidate not in taken:
            yield candidate


def _plain_words() -> Iterator[str]:
    """a, b, …, z, aa, ab, …"""
    return ("".join(letters) for length in count(1) for letters in product(ascii_lowercase, repeat=length))


def _names(scenario: Scenario) -> list[str]:
    """Every name that stands for a model or could: ids, aliases, and what the call names."""
    spec = [scenario.call.args[name] for name in NAMING if name in scenario.call.args]
    # An empty id is a case of its own; there is nothing plainer.
    return [text for text in dict.fromkeys((*ids_of(scenario.server.models), *scenario.server.aliases, *spec)) if text]


def _renamed(scenario: Scenario, new: Mapping[str, str]) -> Scenario:
    spec, script = scenario.call, scenario.server
    args = {key: new.get(value, value) if key in NAMING else value for key, value in spec.args.items()}
    models = tuple({**model, "id": new.get(model["id"], model["id"])} for model in script.models)
    aliases = {new.get(alias, alias): new.get(target, target) for alias, target in script.aliases.items()}
    return replace(scenario, call=replace(spec, args=args), server=replace(script, models=models, aliases=aliases))


def _plainer_date(model: Wire) -> Iterator[str]:
    if model["created_at"] != PLAIN_DATE:
        yield PLAIN_DATE
    match = _DATE.fullmatch(model["created_at"])
    for at, plain in enumerate(_PLAIN_PARTS if match else ()):
        parts = [*match.groups()] if match else []
        if parts[at] != plain:
            yield "".join((*parts[:at], plain, *parts[at + 1 :]))


_STEPS: tuple[Step, ...] = (
    fewer_models,
    # Before the arguments: pages are better short because the caller says so than because the server does.
    plainer_server,
    fewer_arguments,
    fewer_interventions,
    fewer_members,
    smaller_numbers,
    plainer_ids,
    plainer_names,
    plainer_words,
    plainer_dates,
)
