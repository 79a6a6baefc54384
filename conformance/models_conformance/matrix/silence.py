"""What the subjects do where the documentation is silent, side by side: what was tried down, subjects across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models_conformance.matrix.result_files import Report

MOST_KEYS = 80
"""More are kept out of a table: what a hostile subject is told with may be without end."""
_MOST_ANSWERS = 4


@dataclass(frozen=True, slots=True)
class Silence:
    """One thing that was tried. `answers` are the kinds of answers of each column, empty where it was not tried."""

    about: str
    answers: tuple[tuple[str, ...], ...]

    @property
    def differs(self) -> bool:
        """Whether columns that were asked answered in different ways."""
        return len({answers for answers in self.answers if answers}) > 1


def silences(reports: Sequence[Report]) -> tuple[Silence, ...]:
    """What at least one of these subjects was tried with, where they differ in front, then in the order of the runs."""
    found: dict[str, list[dict[str, None]]] = {}
    for at, report in enumerate(reports):
        for observation in report.result.observations:
            of_column = found.setdefault(observation.key or observation.about, [{} for _ in reports])[at]
            of_column[observation.answers or observation.did] = None
    rows = [
        Silence(about, tuple(tuple(sorted(answers)[:_MOST_ANSWERS]) for answers in columns))
        for about, columns in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs)[:MOST_KEYS])
