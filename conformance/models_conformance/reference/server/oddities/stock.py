"""Oddities of what is listed: how many models, and which ids, names and dates."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import EPOCH, Catalogue, Model, catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.samples import dated, escaped_ids, letter_case_ids, mixed_spellings, prefix_ids


class Stocked(Behaviour):
    """Lists so many models."""

    size: ClassVar[int] = 0

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(self.size)


SERVERS.oddities_of(
    Stocked,
    ("no-models", "The list is empty.", {"size": 0}),
    ("one-model", "There is one model.", {"size": 1}),
    ("two-models", "There are two models.", {"size": 2}),
    ("nineteen-models", "The list is one model shorter than the default page.", {"size": 19}),
    ("twenty-models", "The list is exactly the default page.", {"size": 20}),
    ("twenty-one-models", "The list is one model longer than the default page.", {"size": 21}),
    ("forty-models", "The list is exactly two default pages.", {"size": 40}),
    ("thousand-models", "The list is exactly the largest page.", {"size": 1000}),
    ("many-models", "The list is longer than two of the largest pages.", {"size": 2300}),
)


@SERVERS.oddity
class IdsNeedEscaping(Behaviour):
    """Ids hold slashes, colons, blanks, percent signs, letters of any script, dots and markup."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return escaped_ids()


@SERVERS.oddity
class IdsDifferInLetterCase(Behaviour):
    """Two ids at a time differ in letter case only."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return letter_case_ids()


@SERVERS.oddity
class IdsBeginOtherIds(Behaviour):
    """Some ids are the beginning of others."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return prefix_ids()


@SERVERS.oddities_in(Behaviour.served_catalogue)
class _Catalogues(Behaviour):
    def dates_in_many_spellings(self, catalogue: Catalogue) -> Catalogue:
        """Dates have offsets, fractions, small letters, blanks and leap seconds, mixed in one list."""
        return mixed_spellings()

    def all_dates_are_equal(self, catalogue: Catalogue) -> Catalogue:
        """All models were released at the same moment, and keep one order."""
        return catalogue.listing(replace(model, created_at="2025-01-01T00:00:00Z") for model in catalogue.models)

    def all_dates_are_unknown(self, catalogue: Catalogue) -> Catalogue:
        """No release date is known: every created_at is the epoch."""
        return catalogue.listing(replace(model, created_at=EPOCH) for model in catalogue.models)

    def unknown_dates_are_anywhere(self, catalogue: Catalogue) -> Catalogue:
        """Every third date is unknown, the newest one's too, and stands anywhere in the list."""
        return catalogue.listing(
            replace(model, created_at=EPOCH if at % 3 == 0 else model.created_at)
            for at, model in enumerate(catalogue.models)
        )

    def unknown_dates_are_the_year_one(self, catalogue: Catalogue) -> Catalogue:
        """An unknown date is the zero of another language: the first day of the year 1."""
        return catalogue.listing(
            replace(model, created_at="0001-01-01T00:00:00Z" if at % 7 == 3 else model.created_at)
            for at, model in enumerate(catalogue.models)
        )

    def dates_are_far_away(self, catalogue: Catalogue) -> Catalogue:
        """The newest model is of a year to come and the oldest from before 1970."""
        first = Model("claude-to-come", "2999-12-31T23:59:59.999999Z", "Claude To Come")
        last = Model("claude-of-old", "1956-08-31T09:00:00-05:00", "Claude Of Old")
        return catalogue.listing((first, *catalogue.models, last))

    def ids_look_like_other_things(self, catalogue: Catalogue) -> Catalogue:
        """Ids are digits, words of JSON, a date, an alias of nothing, a beta and a path."""
        ids = ("0", "20", "-1", "null", "true", "undefined", "2026-01-01T00:00:00Z", "latest", "models", "v1")
        return Catalogue(Model(name, dated(at), f"Lookalike {at}") for at, name in enumerate(ids))

    def display_names_are_wild(self, catalogue: Catalogue) -> Catalogue:
        """Display names hold markup, terminal escapes, right-to-left marks, quotes, nothing, or very much."""
        names = (
            "",
            " ",
            "<script>alert(1)</script>",
            "\x1b[31mClaude\x1b[0m",
            "\u202eedualC\u202c",
            "Claude\u0000Nul",
            "Claude\nNew\r\nLine\tTab",
            "模型 🙂 قطة",
            "Claude \"Quoted\" \\ 'Single'",
            "e\u0301 and \u00e9",
            "]]>&amp;%00%s{}${}",
            "C" * 5000,
        )
        return catalogue.listing(
            replace(model, display_name=names[at % len(names)]) for at, model in enumerate(catalogue.models)
        )

    def display_names_are_shared(self, catalogue: Catalogue) -> Catalogue:
        """All models have the same display name and date: only their ids differ."""
        return catalogue.listing(Model(model.id, "2025-06-01T00:00:00Z", "Claude") for model in catalogue.models)

    def retired_models_can_be_retrieved(self, catalogue: Catalogue) -> Catalogue:
        """Models that are no longer listed still answer to their ids."""
        kept = catalogue.listing(catalogue.models[:9])
        return Catalogue(kept.models, kept.aliases, catalogue.models[9:])

    def aliases_are_many(self, catalogue: Catalogue) -> Catalogue:
        """Models have several aliases, some with signs that need escaping, and one that begins an id."""
        if not len(catalogue):
            return catalogue
        newest = catalogue.models[0].id
        aliases = {"latest": newest, "vendor/latest": newest, newest[:-1]: newest, "the newest one": newest}
        return Catalogue(catalogue.models, {**catalogue.aliases, **aliases})
