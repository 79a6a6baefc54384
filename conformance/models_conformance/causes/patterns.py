"""The register of patterns: causes that a reader knows at once, each a rule over kinds and exchanges.

A pattern is a predicate over a case. It is registered with the id that the result shows, the requirements that name it
best, a sentence about the subject, and a line of advice. Its predicate says which deviations it explains, and the
values of its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from models_conformance.causes.case import Case, Deviation
from models_conformance.evidence.particulars import Value


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a pattern explains in a case, be it named twice, and what its sentence is filled with."""

    explains: Sequence[Deviation]
    values: Mapping[str, Value] = field(default_factory=dict)


Recognise = Callable[[Case], Recognised | None]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`roots` are globs over requirements, the best name first: the first that the pattern explains is the root.

    `statement` is a template as the register's are. `follows`: whether what follows from the root by the rules of
    consequence is explained with it.
    """

    id: str
    roots: tuple[str, ...]
    statement: str
    advice: str
    recognise: Recognise
    follows: bool = True

    def root_among(self, explains: Sequence[Deviation]) -> Deviation | None:
        """The deviation that names the cause; None where none of those can."""
        return next((deviation for root in self.roots for deviation in explains if deviation.is_from(root)), None)


class Patterns(list[Pattern]):
    """The patterns of one file, in the order in which they are looked for."""

    def __call__(
        self, name: str, *roots: str, statement: str, advice: str, follows: bool = True
    ) -> Callable[[Recognise], Recognise]:
        """Register a predicate under the id of its cause."""

        def add(recognise: Recognise) -> Recognise:
            self.append(Pattern(name, roots, statement, advice, recognise, follows))
            return recognise

        return add
