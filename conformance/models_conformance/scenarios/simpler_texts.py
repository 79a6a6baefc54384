"""Steps towards a simpler scenario: ids, names and other words with fewer and plainer letters, and plain dates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import count, product
from string import ascii_lowercase

from models_conformance.scenarios.models import PLAIN_DATE, Wire, ids_of, in_order
from models_conformance.scenarios.scenario import Scenario
from models_conformance.scenarios.simpler_servers import NAMING, with_model

_DATE = re.compile(r"([0-9-]{10})([Tt ])([0-9:]{8})((?:\.[0-9]+)?)([Zz]|[+-][0-9:]{5})")
_PLAIN_PARTS = ("2026-01-01", "T", "00:00:00", "", "Z")


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
