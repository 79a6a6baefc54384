"""Catalogues of models: what a reference server has to show, in the one order in which it shows it.

Ids, dates and display names of the real models are facts taken from recordings of the live list. Their
order among equal dates is the recorded one, which follows no sort of the ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

EPOCH = "1970-01-01T00:00:00Z"
"""What `created_at` holds where the release date is unknown."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model. `created_at` is the text on the wire; `extra` are members beyond the documented ones."""

    id: str
    created_at: str
    display_name: str
    extra: Mapping[str, Any] = field(default_factory=dict)


class Catalogue:
    """Models in list order (newest first), models that can be retrieved but are not listed, and aliases.

    `aliases` map a name to the id of a listed or retired model. Looking up costs one dictionary access.
    Raises ValueError for an id or alias that names two things, and for an alias that names nothing.
    """

    def __init__(
        self,
        models: Iterable[Model],
        aliases: Mapping[str, str] | None = None,
        retired: Sequence[Model] = (),
    ) -> None:
        self.models = tuple(models)
        self.aliases = dict(aliases or {})
        self.retired = tuple(retired)
        self._positions = {model.id: position for position, model in enumerate(self.models)}
        self._retired = {model.id: model for model in self.retired}
        names = len(self._positions.keys() | self._retired.keys() | self.aliases.keys())
        if names != len(self.models) + len(self.retired) + len(self.aliases):
            raise ValueError("a catalogue names two things alike")
        for alias, target in self.aliases.items():
            if target not in self._positions and target not in self._retired:
                raise ValueError(f"alias {alias!r} names no model")

    def __len__(self) -> int:
        return len(self.models)

    def position(self, model_id: str) -> int | None:
        """Where a listed model stands, from 0; None where no listed model has that id."""
        return self._positions.get(model_id)

    def find(self, name: str) -> Model | None:
        """The model of that id or alias, listed or retired; None where there is none."""
        model_id = self.aliases.get(name, name)
        position = self._positions.get(model_id)
        return self.models[position] if position is not None else self._retired.get(model_id)

    def listing(self, models: Iterable[Model]) -> Catalogue:
        """These models in place of the listed ones, with the aliases that still name something.

        Raises ValueError where an id is taken.
        """
        listed = tuple(models)
        named = {model.id for model in (*listed, *self.retired)}
        aliases = {alias: target for alias, target in self.aliases.items() if target in named}
        return Catalogue(listed, aliases, self.retired)

    def without(self, position: int) -> Catalogue:
        """This catalogue after the model at `position` was withdrawn, with the aliases that name it."""
        return self.listing((*self.models[:position], *self.models[position + 1 :]))

    def with_model(self, position: int, model: Model) -> Catalogue:
        """This catalogue after the model at `position` was replaced by `model`, which may be itself told otherwise."""
        return self.listing((*self.models[:position], model, *self.models[position + 1 :]))

    def with_newest(self, model: Model) -> Catalogue:
        """This catalogue after the release of `model`. Raises ValueError where its id is taken."""
        return self.listing((model, *self.models))


def given_models(models: Iterable[str | Mapping[str, Any]]) -> list[Model]:
    """Models by their ids alone, or as the API tells them. Raises ValueError for what is neither.

    One that is given by its id gets a name and a date of its own: a day before the one above it.
    """
    made: list[Model] = []
    for number, given in enumerate(models):
        if isinstance(given, str):
            created_at = f"{(_NEWEST - timedelta(days=number)).isoformat()}Z"
            made.append(Model(given, created_at, given.replace("-", " ").title()))
            continue
        if not isinstance(given, Mapping) or not all(isinstance(given.get(name), str) for name in _MEMBERS):
            raise ValueError(f"model {number + 1} is neither an id nor an object with {', '.join(_MEMBERS)}")
        extra = {name: value for name, value in given.items() if name not in (*_MEMBERS, "type")}
        made.append(Model(given["id"], given["created_at"], given["display_name"], extra))
    return made


def _on(day: str, model_id: str, display_name: str) -> Model:
    return Model(model_id, f"{day}T00:00:00Z", display_name)


_REAL = (
    _on("2026-07-24", "claude-opus-5", "Claude Opus 5"),
    _on("2026-06-29", "claude-sonnet-5", "Claude Sonnet 5"),
    _on("2026-06-07", "claude-fable-5", "Claude Fable 5"),
    _on("2026-05-28", "claude-opus-4-8", "Claude Opus 4.8"),
    _on("2026-04-14", "claude-opus-4-7", "Claude Opus 4.7"),
    _on("2026-02-17", "claude-sonnet-4-6", "Claude Sonnet 4.6"),
    _on("2026-02-04", "claude-opus-4-6", "Claude Opus 4.6"),
    _on("2025-11-24", "claude-opus-4-5-20251101", "Claude Opus 4.5"),
    _on("2025-10-15", "claude-haiku-4-5-20251001", "Claude Haiku 4.5"),
    _on("2025-09-29", "claude-sonnet-4-5-20250929", "Claude Sonnet 4.5"),
    _on("2025-08-05", "claude-opus-4-1-20250805", "Claude Opus 4.1"),
    _on("2025-05-22", "claude-sonnet-4-20250514", "Claude Sonnet 4"),
    _on("2025-05-22", "claude-opus-4-20250514", "Claude Opus 4"),
    _on("2025-02-24", "claude-3-7-sonnet-20250219", "Claude 3.7 Sonnet"),
    _on("2024-10-22", "claude-3-5-haiku-20241022", "Claude 3.5 Haiku"),
    _on("2024-10-22", "claude-3-5-sonnet-20241022", "Claude 3.5 Sonnet (New)"),
    _on("2024-06-20", "claude-3-5-sonnet-20240620", "Claude 3.5 Sonnet (Old)"),
    _on("2024-03-07", "claude-3-haiku-20240307", "Claude 3 Haiku"),
    _on("2024-02-29", "claude-3-opus-20240229", "Claude 3 Opus"),
    _on("2024-02-29", "claude-3-sonnet-20240229", "Claude 3 Sonnet"),
    _on("2023-11-21", "claude-2.1", "Claude 2.1"),
    _on("2023-07-11", "claude-2.0", "Claude 2.0"),
    Model("claude-instant-1.2", EPOCH, "Claude Instant 1.2"),
)

_ALIASES = {
    "claude-opus-4-5": "claude-opus-4-5-20251101",
    "claude-haiku-4-5": "claude-haiku-4-5-20251001",
    "claude-sonnet-4-5": "claude-sonnet-4-5-20250929",
    "claude-opus-4-1": "claude-opus-4-1-20250805",
    "claude-sonnet-4-0": "claude-sonnet-4-20250514",
    "claude-opus-4-0": "claude-opus-4-20250514",
    "claude-3-7-sonnet-latest": "claude-3-7-sonnet-20250219",
    "claude-3-5-haiku-latest": "claude-3-5-haiku-20241022",
    "claude-3-5-sonnet-latest": "claude-3-5-sonnet-20241022",
}


@cache
def default_catalogue() -> Catalogue:
    """The real models of the recordings, newest first, with their aliases."""
    return Catalogue(_REAL, _ALIASES)


@cache
def catalogue_of(count: int) -> Catalogue:
    """`count` models: the first of the real ones, then invented older ones. The same every time.

    Aliases whose model is cut off are left out. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"a catalogue cannot hold {count} models")
    return default_catalogue().listing((*_REAL[:count], *_invented(count - len(_REAL))))


_MEMBERS = ("id", "created_at", "display_name")

# The invented dates start below the oldest real one and never pass below this one: earlier dates would run
# into the epoch, which means something else.
_OLDEST = datetime(1971, 1, 1)
_NEWEST = datetime(2023, 7, 10)


def _invented(count: int) -> list[Model]:
    """Invented models, newest first: every fifth has the date of the one before, every eleventh has none."""
    models = []
    moment = _NEWEST
    for number in range(1, count + 1):
        if number % 5 and moment > _OLDEST:
            # Days at first, as releases are; hours from the hundredth on, or the years would not suffice.
            moment -= timedelta(days=1 + number % 9) if number < 100 else timedelta(hours=1 + number % 4)
        # The scrambled part keeps the order of the ids apart from the order of the list.
        model_id = f"claude-relic-{number * 7919 % 10007:05d}-{number}"
        created_at = EPOCH if number % 11 == 0 else f"{moment.isoformat()}Z"
        models.append(Model(model_id, created_at, f"Claude Relic {number}"))
    return models
