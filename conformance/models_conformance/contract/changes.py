"""A change of a contract, and what it means for those who rely on the old one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from models_conformance.contract.model import Contract, Source

Group = Literal["versions", "breaking", "additive", "open_sets", "documentation"]
GROUPS: tuple[Group, ...] = ("versions", "breaking", "additive", "open_sets", "documentation")
"""The groups in the order in which they are told."""

# Renditions that have a word for whole numbers; the others say number of both.
_TELL_INTEGERS = frozenset({"openapi", "python", "csharp"})
Sides = tuple[tuple[Source, ...], tuple[Source, ...]]
"""Where the old and where the new pages say something."""


@dataclass(frozen=True)
class Change:
    """One change: the point it is about, a line in plain words, and where the old and new pages say so."""

    about: str
    says: str
    old: tuple[Source, ...] = ()
    new: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All changes by what they mean for those who rely on the old contract.

    `versions` are of the API's own version. `open_sets` are of values beside which others are allowed, such as betas:
    nobody may rely on one. `documentation` are those that change nothing: something is said, or left unsaid, elsewhere.
    """

    versions: tuple[Change, ...] = ()
    breaking: tuple[Change, ...] = ()
    additive: tuple[Change, ...] = ()
    open_sets: tuple[Change, ...] = ()
    documentation: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return any(self.of(group) for group in GROUPS)

    def of(self, group: Group) -> tuple[Change, ...]:
        """The changes of one group."""
        held: tuple[Change, ...] = getattr(self, group)
        return held


@dataclass
class Collector:
    """The changes found so far between `old` and `new`.

    `reported` are the facts that a change of a member or of a parameter reports already.
    """

    old: Contract
    new: Contract
    groups: dict[Group, list[Change]] = field(default_factory=lambda: {group: [] for group in GROUPS})
    reported: set[str] = field(default_factory=set)

    def add(
        self, group: Group, about: str, says: str, old: tuple[Source, ...] = (), new: tuple[Source, ...] = ()
    ) -> None:
        """Note one change."""
        self.groups[group].append(Change(about, says, old, new))

    def comparable(self, types: Iterable[str]) -> set[str]:
        """Types, with `integer` taken as `number` where the pages of one side have one word for both."""
        renditions = {*self.old.renditions.values(), *self.new.renditions.values()}
        if renditions <= _TELL_INTEGERS:
            return set(types)
        return {"number" if name == "integer" else name for name in types}

    def changes(self) -> Changes:
        """All of them, each group in an order of its own."""
        ordered = {
            group: tuple(sorted(found, key=lambda change: (change.about, change.says)))
            for group, found in self.groups.items()
        }
        return Changes(**ordered)


def shown(value: object) -> str:
    """A value in a line that tells of a change."""
    return "not documented" if value is None else str(value)
