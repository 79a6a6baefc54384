"""Collecting what pages say about one point, and telling when they disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from models_conformance.contract.model import Claim, Disagreement, Source

T = TypeVar("T")


def one_per_page(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The first source of each page, in order of page."""
    first: dict[tuple[str, str], Source] = {}
    for source in sorted(sources, key=lambda source: (source.page, source.sha256, source.line or 0)):
        first.setdefault((source.page, source.sha256), source)
    return tuple(first.values())


@dataclass
class Claimed(Generic[T]):
    """Everything said about one point: each value with the sources that say it. Silence is not a claim."""

    by_value: dict[T, list[Source]] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: Iterable[Any], attribute: str) -> Claimed[Any]:
        """What is said of an attribute by readings, each of which has its `source`."""
        claimed = Claimed[Any]()
        for reading in readings:
            claimed.add(getattr(reading, attribute), reading.source)
        return claimed

    def add(self, value: T | None, source: Source) -> None:
        """Note that `source` says `value`; None and an empty tuple say nothing."""
        if value is not None and value != ():
            self.by_value.setdefault(value, []).append(source)

    @property
    def agreed(self) -> bool:
        """Whether at most one thing is said."""
        return len(self.by_value) <= 1

    def most_common(self) -> T | None:
        """What most pages say; of equals the first in order of its text."""
        if not self.by_value:
            return None
        return min(self.by_value, key=lambda value: (-len(one_per_page(self.by_value[value])), str(value)))


@dataclass
class Ledger:
    """The disagreements found so far."""

    entries: list[Disagreement] = field(default_factory=list)

    def note(self, about: str, claims: Mapping[str, Iterable[Source]], decision: str, reason: str) -> None:
        """Keep a disagreement about `about`: each claim in our words with its sources."""
        sides = sorted((Claim(says, one_per_page(sources)) for says, sources in claims.items()), key=_first_source)
        self.entries.append(Disagreement(about, tuple(sides), decision, reason))

    def note_claims(self, about: str, claimed: Claimed[T], decision: str, reason: str) -> None:
        """Keep the disagreement of `said`, if it is one."""
        if not claimed.agreed:
            self.note(about, {words(value): sources for value, sources in claimed.by_value.items()}, decision, reason)

    def sorted(self) -> tuple[Disagreement, ...]:
        """All of them in an order of their own."""
        return tuple(sorted(self.entries, key=lambda entry: (entry.about, entry.decision, entry.claims)))


def _first_source(claim: Claim) -> tuple[str, int, str]:
    first = claim.sources[0] if claim.sources else Source("", 0, "")
    return (first.page, first.line or 0, claim.says)


def words(value: object) -> str:
    """A value of a claim in plain words."""
    if isinstance(value, tuple):
        return " or ".join(words(part) for part in value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
