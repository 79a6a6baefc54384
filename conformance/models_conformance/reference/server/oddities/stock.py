"""Oddities of what is listed: how many models, and which ids, names and dates."""

from __future__ import annotations

from dataclasses import replace

from models_conformance.reference.server import SERVERS
from models_conformance.reference.server.catalogue import EPOCH, Catalogue, Model, catalogue_of
from models_conformance.reference.server.ideal import Behaviour
from models_conformance.reference.server.samples import dated, escaped_ids, letter_case_ids, mixed_spellings, prefix_ids


@SERVERS.oddity
class NoModels(Behaviour):
    """The list is empty."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(0)


@SERVERS.oddity
class OneModel(Behaviour):
    """There is one model."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(1)


@SERVERS.oddity
class TwoModels(Behaviour):
    """There are two models."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(2)


@SERVERS.oddity
class NineteenModels(Behaviour):
    """The list is one model shorter than the default page."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(19)


@SERVERS.oddity
class TwentyModels(Behaviour):
    """The list is exactly the default page."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(20)


@SERVERS.oddity
class TwentyOneModels(Behaviour):
    """The list is one model longer than the default page."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(21)


@SERVERS.oddity
class FortyModels(Behaviour):
    """The list is exactly two default pages."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(40)


@SERVERS.oddity
class ThousandModels(Behaviour):
    """The list is exactly the largest page."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(1000)


@SERVERS.oddity
class ManyModels(Behaviour):
    """The list is longer than two of the largest pages."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return catalogue_of(2300)


@SERVERS.oddity
class DatesInManySpellings(Behaviour):
    """Dates have offsets, fractions, small letters, blanks and leap seconds, mixed in one list."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        return mixed_spellings()


@SERVERS.oddity
class AllDatesAreEqual(Behaviour):
    """All models were released at the same moment, and keep one order."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = [replace(model, created_at="2025-01-01T00:00:00Z") for model in catalogue.models]
        return Catalogue(models, catalogue.aliases)


@SERVERS.oddity
class AllDatesAreUnknown(Behaviour):
    """No release date is known: every created_at is the epoch."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = [replace(model, created_at=EPOCH) for model in catalogue.models]
        return Catalogue(models, catalogue.aliases)


@SERVERS.oddity
class UnknownDatesAreAnywhere(Behaviour):
    """Every third date is unknown, the newest one's too, and stands anywhere in the list."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = [
            replace(model, created_at=EPOCH if at % 3 == 0 else model.created_at)
            for at, model in enumerate(catalogue.models)
        ]
        return Catalogue(models, catalogue.aliases)


@SERVERS.oddity
class UnknownDatesAreTheYearOne(Behaviour):
    """An unknown date is the zero of another language: the first day of the year 1."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = [
            replace(model, created_at="0001-01-01T00:00:00Z" if at % 7 == 3 else model.created_at)
            for at, model in enumerate(catalogue.models)
        ]
        return Catalogue(models, catalogue.aliases)


@SERVERS.oddity
class DatesAreFarAway(Behaviour):
    """The newest model is of a year to come and the oldest from before 1970."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        first = Model("claude-to-come", "2999-12-31T23:59:59.999999Z", "Claude To Come")
        last = Model("claude-of-old", "1956-08-31T09:00:00-05:00", "Claude Of Old")
        return Catalogue((first, *catalogue.models, last), catalogue.aliases)


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


@SERVERS.oddity
class IdsLookLikeOtherThings(Behaviour):
    """Ids are digits, words of JSON, a date, an alias of nothing, a beta and a path."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        ids = ("0", "20", "-1", "null", "true", "undefined", "2026-01-01T00:00:00Z", "latest", "models", "v1")
        return Catalogue(Model(name, dated(at), f"Lookalike {at}") for at, name in enumerate(ids))


@SERVERS.oddity
class DisplayNamesAreWild(Behaviour):
    """Display names hold markup, terminal escapes, right-to-left marks, quotes, nothing, or very much."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
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
        models = [replace(model, display_name=names[at % len(names)]) for at, model in enumerate(catalogue.models)]
        return Catalogue(models, catalogue.aliases)


@SERVERS.oddity
class DisplayNamesAreShared(Behaviour):
    """All models have the same display name and date: only their ids differ."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        models = [Model(model.id, "2025-06-01T00:00:00Z", "Claude") for model in catalogue.models]
        return Catalogue(models, catalogue.aliases)


@SERVERS.oddity
class RetiredModelsCanBeRetrieved(Behaviour):
    """Models that are no longer listed still answer to their ids."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        kept, retired = catalogue.models[:9], catalogue.models[9:]
        ids = {model.id for model in kept}
        aliases = {alias: name for alias, name in catalogue.aliases.items() if name in ids}
        return Catalogue(kept, aliases, retired)


@SERVERS.oddity
class AliasesAreMany(Behaviour):
    """Models have several aliases, some with signs that need escaping, and one that begins an id."""

    def served_catalogue(self, catalogue: Catalogue) -> Catalogue:
        if not len(catalogue):
            return catalogue
        newest = catalogue.models[0].id
        aliases = {"latest": newest, "vendor/latest": newest, newest[:-1]: newest, "the newest one": newest}
        return Catalogue(catalogue.models, {**catalogue.aliases, **aliases})
