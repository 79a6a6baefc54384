"""What a judge is: a pure function from the evidence of a trace to judgements about one requirement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from models_conformance.judges.server.server_evidence import Evidence


@dataclass(frozen=True, slots=True)
class Exercised:
    """This exchange really tested the requirement; or, where nothing was sent, this call of a driver did."""

    exchange: int
    call: int = 0


@dataclass(frozen=True, slots=True)
class Violation:
    """The requirement is broken. `exchanges` prove it, the culprit first; `call` is the driver call that did it."""

    observed: str
    expected: str
    exchanges: tuple[int, ...]
    call: int = 0


@dataclass(frozen=True, slots=True)
class Observed:
    """Something the subject did where the documentation is silent."""

    about: str
    did: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The subject offers nothing that this requirement speaks of."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotExercised:
    """Why the requirement could not be exercised; used only where nothing tested it."""

    reason: str


Judgement = Exercised | Violation | Observed | NotApplicable | NotExercised
Judge = Callable[[Evidence], Iterator[Judgement]]

JUDGES: dict[str, Judge] = {}


def judges(requirement: str) -> Callable[[Judge], Judge]:
    """Register a judge for a requirement id. Raises ValueError where it has one already."""

    def add(judge: Judge) -> Judge:
        if requirement in JUDGES:
            raise ValueError(f"{requirement} has two judges")
        JUDGES[requirement] = judge
        return judge

    return add


def quoted(value: object, longest: int = 80) -> str:
    """A value as a message shows it: escaped, so that nothing a subject sent is interpreted, and cut."""
    text = ascii(value) if not isinstance(value, str) else '"' + value.encode("unicode_escape").decode() + '"'
    return text if len(text) <= longest else text[: longest - 1] + "…"
