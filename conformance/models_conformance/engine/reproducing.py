"""The shell line that shows a violation again: its request, what it contradicts, or the walk that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from models_conformance.evidence.exchange import Exchange
from models_conformance.evidence.exchange_reading import Reading, read_call
from models_conformance.evidence.targets import CURSORS
from models_conformance.judges.judgement import Violation
from models_conformance.reports.curl import BY_ITSELF, Connection, reproduce, walk
from models_conformance.reports.shells import Shell
from models_conformance.requirements.register import Requirement

# What is wrong with every so many answers only is rarely rarer than one of these.
_TIMES = 12
# A walk longer than this is not read by anybody; most go round or end long before.
_MOST_PAGES = 60


class Reproducing:
    """Lines for the violations of one run, from its exchanges by their numbers. Where a host `is_trusted`, the line
    hands it the reader's key."""

    def __init__(
        self,
        exchanges: Mapping[int, Exchange],
        shell: Shell,
        *,
        is_trusted: bool = True,
        connection: Connection = BY_ITSELF,
    ) -> None:
        self._exchanges = exchanges
        self._shell = shell
        self._line = partial(reproduce, is_trusted=is_trusted, connection=connection, shell=shell)
        self._walk_from = partial(walk, is_trusted=is_trusted, connection=connection, shell=shell)

    def __call__(self, requirement: Requirement, violation: Violation) -> str:
        """One shell line, or '' where none can be made."""
        proof = [self._exchanges[number] for number in violation.exchanges if number in self._exchanges]
        if not proof:
            return ""
        if requirement.area == "walk":
            # The page that a walk began with stands last.
            return self._walk(proof[-1], violation)
        culprit = self._line(proof[0])
        if self._is_unsteady(proof[0]):
            return self._shell.again(culprit, _TIMES) if culprit else ""
        compares = "witness" in violation.values and not violation.kind.startswith("answered-")
        lines = [*dict.fromkeys([*(self._line(exchange) for exchange in proof[1:2] if compares), culprit])]
        return self._shell.together(lines) if all(lines) else ""

    def _walk(self, start: Exchange, violation: Violation) -> str:
        pages = violation.values.get("pages")
        most = min(pages + 2, _MOST_PAGES) if isinstance(pages, int) else _MOST_PAGES
        backward = read_call(start).backward
        cursor, end = CURSORS[backward], "first_id" if backward else "last_id"
        return self._walk_from(start, cursor, end, most)

    def _is_unsteady(self, culprit: Exchange) -> bool:
        """Whether the same request has had another answer: one of another status, or with another body."""
        return any(
            other.request == culprit.request and _comparable(other) != _comparable(culprit)
            for other in self._exchanges.values()
        )


def _comparable(exchange: Exchange) -> tuple[object, ...]:
    """What an answer says. Two bodies may differ and say the same: an error names its request."""
    reading = Reading(exchange)
    return reading.status, reading.page, reading.model
