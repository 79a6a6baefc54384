"""Oddities of conduct: load, credentials, and catalogues that change while somebody is looking."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import Catalogue, Model
from models_conformance.reference.server.documenting import documented
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.messages import Headers, ParsedRequest, Refusal, Reply
from models_conformance.reference.server.oddities.stock import Stocked


class _Load(Behaviour):
    """Turns some requests away for reasons of load, whatever they ask."""

    every: ClassVar[int] = 0
    places: ClassVar[tuple[int, ...]] = (0,)
    status: ClassVar[int] = 429
    kind: ClassVar[str | None] = None
    retry_after: ClassVar[Headers] = (("retry-after", "0"),)

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.number % self.every in self.places:
            raise Refusal(self.status, "try again later", kind=self.kind, headers=self.retry_after)
        return super().reply(parsed)


SERVERS.oddities_of(
    _Load,
    ("rate-limited-now-and-then", "Every seventh request is answered 429 with retry-after 0.", {"every": 7}),
    (
        "rate-limited-twice-running",
        "Two requests of every nineteen, one after the other, are answered 429 without retry-after.",
        {"every": 19, "places": (11, 12), "retry_after": ()},
    ),
    (
        "overloaded-now-and-then",
        "Every eleventh request is answered 529.",
        {"every": 11, "status": 529, "retry_after": ()},
    ),
    (
        "unavailable-now-and-then",
        "Every thirteenth request is answered 503 with retry-after 0, as proxies do.",
        {"every": 13, "status": 503, "kind": "overloaded_error"},
    ),
)


class _Releases(Behaviour):
    """Releases models after so many requests for lists."""

    releases: ClassVar[dict[int, Model]] = {}

    def reply(self, parsed: ParsedRequest) -> Reply:
        lists = self.memory["lists"] = self.memory.get("lists", 0) + (parsed.operation == "list")
        model = self.releases.get(lists) if parsed.operation == "list" else None
        if model is not None:
            self.catalogue = documented(self.catalogue.with_newest(model), self.contract)
        return super().reply(parsed)


def _release(number: int) -> Model:
    return Model(f"claude-new-{number}", f"2026-09-{number:02d}T00:00:00Z", f"Claude New {number}")


SERVERS.oddities_of(
    _Releases,
    (
        "model-is-released-mid-run",
        "A new newest model appears with the tenth list.",
        {"releases": {10: _release(1)}},
    ),
    ("model-is-released-late", "A new newest model appears with the sixtieth list.", {"releases": {60: _release(1)}}),
    (
        "two-models-are-released-mid-run",
        "New newest models appear with the fifth and with the thirtieth list.",
        {"releases": {5: _release(1), 30: _release(2)}},
    ),
    (
        "model-is-released-on-the-second-list",
        "A new newest model appears with the second list.",
        {"releases": {2: _release(1)}},
    ),
    (
        "released-model-has-no-date",
        "A new newest model whose date is unknown appears with the twentieth list.",
        {"releases": {20: Model("claude-new-undated", "1970-01-01T00:00:00Z", "Claude New Undated")}},
    ),
)


class _Changes(Behaviour):
    """Changes its catalogue once and for good, when so many requests have come."""

    at: ClassVar[int] = 60

    def reply(self, parsed: ParsedRequest) -> Reply:
        if parsed.number == self.at and len(self.catalogue) > _CHANGED + 1:
            self.catalogue = documented(self.changed(self.catalogue), self.contract)
        return super().reply(parsed)

    def changed(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue after the change."""
        raise NotImplementedError


# A model that stands on the first page, between others.
_CHANGED = 5


@SERVERS.oddities_in(_Changes.changed)
class _ChangesAtTheSixtieth(_Changes):
    def model_is_retired_mid_run(self, catalogue: Catalogue) -> Catalogue:
        """With the sixtieth request a model is withdrawn for good, from between others."""
        return catalogue.without(_CHANGED)

    def model_is_renamed_mid_run(self, catalogue: Catalogue) -> Catalogue:
        """With the sixtieth request the display name of a model is corrected for good."""
        model = catalogue.models[_CHANGED]
        return catalogue.with_model(_CHANGED, replace(model, display_name=f"{model.display_name} (corrected)"))

    def model_is_replaced_mid_run(self, catalogue: Catalogue) -> Catalogue:
        """With the sixtieth request a model makes place for another one of the same date."""
        model = catalogue.models[_CHANGED]
        return catalogue.with_model(_CHANGED, Model("claude-replaced", model.created_at, "Claude Replaced"))

    def equal_dates_change_places_mid_run(self, catalogue: Catalogue) -> Catalogue:
        """With the sixtieth request two neighbours get one date and change places for good."""
        first, second = catalogue.models[_CHANGED : _CHANGED + 2]
        second = replace(second, created_at=first.created_at)
        return catalogue.listing((*catalogue.models[:_CHANGED], second, first, *catalogue.models[_CHANGED + 2 :]))


@SERVERS.oddity
class OldestModelIsRetiredMidRun(_Changes):
    """With the thirty-eighth request the oldest model is withdrawn for good: a cursor that was one is none any more."""

    at: ClassVar[int] = 38

    def changed(self, catalogue: Catalogue) -> Catalogue:
        return catalogue.without(len(catalogue) - 1)


@SERVERS.oddity
class ModelBeyondTheLargestPageIsRetiredMidRun(_Changes, Stocked):
    """With the sixtieth request one model of 1,300 is withdrawn for good that stands behind the first thousand."""

    size = 1300

    def changed(self, catalogue: Catalogue) -> Catalogue:
        return catalogue.without(1100)


@SERVERS.oddity
class NewestModelIsRetiredLate(_Changes):
    """With the hundred-and-fiftieth request the newest model is withdrawn for good."""

    at: ClassVar[int] = 150

    def changed(self, catalogue: Catalogue) -> Catalogue:
        return catalogue.without(0)


@SERVERS.oddity
class OlderModelIsAddedLate(_Changes):
    """With the hundred-and-twentieth request an older model than all others is added at the end."""

    at: ClassVar[int] = 120

    def changed(self, catalogue: Catalogue) -> Catalogue:
        return catalogue.listing((*catalogue.models, Model("claude-older", "2001-01-01T00:00:00Z", "Claude Older")))


@SERVERS.oddity_in(Behaviour.credential)
def key_is_no_token(self: Behaviour, parsed: ParsedRequest) -> str | None:
    """As the first-party API with version 2023-06-01: a key is read from x-api-key, and as a bearer token refused."""
    return parsed.request.line("x-api-key")
