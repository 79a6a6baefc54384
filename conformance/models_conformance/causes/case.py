"""What is to be explained: every deviation of a run, and the exchanges that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from models_conformance.evidence.exchange_reading import Reading
from models_conformance.judges.judgement import Violation, by_deviation
from models_conformance.requirements.register import Requirement


@dataclass(frozen=True, slots=True)
class Deviation:
    """One requirement broken in one way: all violations of the same kind about the same parameter or member."""

    requirement: Requirement
    kind: str
    subject: str
    violations: tuple[Violation, ...]

    @property
    def id(self) -> str:
        """The id of the requirement."""
        return self.requirement.id

    @property
    def deviation(self) -> tuple[str, str, str]:
        """What its violations have in common: kind, parameter and member."""
        return self.violations[0].deviation

    @property
    def culprits(self) -> frozenset[int]:
        """The exchanges at fault, without those that only prove it."""
        return frozenset(violation.exchanges[0] for violation in self.violations if violation.exchanges)

    @property
    def places_of_fault(self) -> frozenset[tuple[int, int]]:
        """Where it was seen: exchanges at fault, and calls of a driver that sent nothing."""
        return frozenset(violation.culprit for violation in self.violations)

    def is_of(self, *kinds: str) -> bool:
        """Whether its kind matches one of these globs."""
        return any(fnmatchcase(self.kind, kind) for kind in kinds)

    def is_from(self, *requirements: str) -> bool:
        """Whether its requirement matches one of these globs."""
        return any(fnmatchcase(self.id, pattern) for pattern in requirements)


def culprits_of(deviations: Iterable[Deviation]) -> frozenset[int]:
    """The exchanges at fault in any of these."""
    return frozenset(number for deviation in deviations for number in deviation.culprits)


def deviations(requirement: Requirement, violations: Iterable[Violation]) -> list[Deviation]:
    """The violations of one requirement, put together by what makes them the same deviation."""
    return [
        Deviation(requirement, kind, parameter or member, tuple(same))
        for (kind, parameter, member), same in by_deviation(violations).items()
    ]


class Case:
    """Deviations that wait for a cause, and the exchanges of the run by their numbers.

    `readings` need not be all: of recordings only the exchanges that prove something are kept.
    """

    def __init__(self, deviations: Sequence[Deviation], readings: Mapping[int, Reading]) -> None:
        self.deviations = tuple(deviations)
        self.readings = readings

    def without(self, explained: Iterable[Deviation]) -> Case:
        """The case that is left when these are explained."""
        gone = {id(deviation) for deviation in explained}
        return Case([deviation for deviation in self.deviations if id(deviation) not in gone], self.readings)

    def of(self, *requirements: str, kinds: Iterable[str] = ("*",)) -> list[Deviation]:
        """The deviations from requirements that match one of these globs, and of a kind that matches one of those."""
        return [
            deviation for deviation in self.deviations if deviation.is_from(*requirements) and deviation.is_of(*kinds)
        ]

    def culprits(self, *requirements: str) -> list[Reading]:
        """The exchanges at fault in deviations from these requirements, in order."""
        return self.at_fault(*self.of(*requirements))

    def at_fault(self, *deviations: Deviation) -> list[Reading]:
        """The exchanges at fault in these deviations, as far as they are known, in order."""
        return [self.readings[number] for number in sorted(culprits_of(deviations)) if number in self.readings]

    def numbers(self, shows: Callable[[Reading], bool]) -> set[int]:
        """The exchanges of which that is true."""
        return {number for number, reading in self.readings.items() if shows(reading)}

    def is_shown_without_a_cursor(self, deviation: Deviation) -> bool:
        """Whether one answer alone shows it, to a list question that names neither a cursor nor a beta."""
        alone = (violation.exchanges[0] for violation in deviation.violations if len(violation.exchanges) == 1)
        calls = (self.readings[number].call for number in alone if number in self.readings)
        return any(call.operation == "list" and not (call.cursors or call.betas) for call in calls)

    def is_shown_by_what_can_be_read(self, deviation: Deviation) -> bool:
        """Whether each answer that proves it arrived whole and is JSON."""
        numbers = {number for violation in deviation.violations for number in violation.exchanges}
        found = [self.readings[number] for number in numbers if number in self.readings]
        return bool(found) and all(
            reading.exchange.failure is None and reading.parse().error is None for reading in found
        )

    def only_in(self, numbers: Iterable[int]) -> list[Deviation]:
        """The deviations that nothing but these exchanges shows."""
        numbers = frozenset(numbers)
        return [deviation for deviation in self.deviations if deviation.culprits and deviation.culprits <= numbers]
