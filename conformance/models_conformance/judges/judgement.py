"""What a judge says: judgements about one requirement, as data. Sentences are rendered from them (`wording`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Generic, Self, TypeVar, cast

from models_conformance.evidence.particulars import Value


@dataclass(frozen=True, slots=True)
class Exercised:
    """This exchange really tested the requirement; or, where nothing was sent, this call of a driver did."""

    exchange: int
    call: int = 0


@dataclass(frozen=True, slots=True)
class Violation:
    """The requirement is broken in the way that `kind` names, which the register declares for it.

    `parameter` or `member` is what it is about, by its documented name: together with requirement and kind that is
    what a finding *is*, in whatever run it shows. `values` are the particulars, which the sentences are filled with:
    another seed, catalogue or moment has others. `exchanges` prove it, the culprit first; `call` is the driver call
    that did it.
    """

    kind: str
    exchanges: tuple[int, ...]
    parameter: str = ""
    member: str = ""
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)
    call: int = 0

    @property
    def deviation(self) -> tuple[str, str, str]:
        """What makes two violations of one requirement the same deviation, whatever their particulars."""
        return self.kind, self.parameter, self.member

    @property
    def culprit(self) -> tuple[int, int]:
        """The exchange at fault, or the call of a driver where nothing was sent; the other of the two is 0."""
        return (self.exchanges[0], 0) if self.exchanges else (0, self.call)


def by_deviation(violations: Iterable[Violation]) -> dict[tuple[str, str, str], list[Violation]]:
    """Violations of one requirement, put together where they are the same deviation, in order."""
    found: dict[tuple[str, str, str], list[Violation]] = {}
    for broken in violations:
        found.setdefault(broken.deviation, []).append(broken)
    return found


def violation(
    kind: str,
    *exchanges: int,
    parameter: str = "",
    member: str = "",
    witness: int | None = None,
    shared: Mapping[str, Value] = MappingProxyType({}),
    **values: Value,
) -> Violation:
    """A violation that these exchanges prove, the culprit first, with its particulars by name.

    `witness` is proof too, and named in the sentences: the exchange that the culprit is compared with. `shared` holds
    particulars that several violations have in common.
    """
    if witness is not None:
        exchanges, values = (*exchanges, witness), {**values, "witness": witness}
    return Violation(kind, exchanges, parameter, member, {**shared, **values})


@dataclass(frozen=True, slots=True)
class Observed:
    """Something the subject did where it is undocumented.

    `key` names what was tried where `about` has particulars of a subject in it, and `answers` is what kind of answer
    came, such as `first page`: both are the same for every subject that does the same.
    """

    about: str
    did: str
    key: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Flaky(Observed):
    """What the subject did once, and not again when it was asked the same again. It is told, and never gates."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The subject offers nothing that this requirement speaks of."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotExercised:
    """Why the requirement could not be exercised; used only where nothing tested it."""

    reason: str


Judgement = Exercised | Violation | Observed | NotApplicable | NotExercised
Judge = TypeVar("Judge", bound=Callable[..., object])
Shared = TypeVar("Shared")


class SharedEvidence:
    """Evidence that all judges of a run share, and what one of them made of it with the others."""

    @cached_property
    def _memory(self) -> dict[Callable[[Self], object], object]:
        return {}

    def remembered(self, compute: Callable[[Self], Shared]) -> Shared:
        """What `compute` makes of this evidence, made once for all judges."""
        if compute not in self._memory:
            self._memory[compute] = compute(self)
        return cast(Shared, self._memory[compute])


class Judges(Generic[Judge]):
    """The judges of one kind of evidence, by the id of their requirement."""

    def __init__(self) -> None:
        self.by_requirement: dict[str, Judge] = {}

    def __call__(self, requirement: str) -> Callable[[Judge], Judge]:
        """Register a judge for a requirement id. Raises ValueError where it has one already."""

        def add(judge: Judge) -> Judge:
            if requirement in self.by_requirement:
                raise ValueError(f"{requirement} has two judges")
            self.by_requirement[requirement] = judge
            return judge

        return add
