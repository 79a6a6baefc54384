"""The exchanges of one trace, and which of them say anything about the contract.

What was answered under load, what a repetition did not show again, and refusals that come at random are not evidence of
what was asked just then.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from models_conformance.evidence.exchange import Trace, header
from models_conformance.evidence.exchange_reading import Reading


class Exchanges:
    """Readings of a trace, in order. Built once; reading it changes nothing.

    A trace that is a part of `whole` shares its habits: what happens once in each part happens twice. `flaky` is the
    number of the one answer that did not repeat, where there is one.
    """

    def __init__(self, trace: Trace, whole: Exchanges | None = None, flaky: int | None = None) -> None:
        self.trace = trace
        self._flaky = frozenset(() if flaky is None else (flaky,))
        self._whole = whole
        self.origin = trace.origin
        kept = trace.origin.request_headers_kept
        self.readings = [Reading(exchange, kept) for exchange in trace]
        self._by_number = {reading.number: reading for reading in self.readings}

    def __getitem__(self, number: int) -> Reading:
        return self._by_number[number]

    @cached_property
    def excused(self) -> frozenset[int]:
        """Exchanges that say nothing about the contract: back-pressure, and what did not repeat.

        A documented 429 or 529 is not an answer to the question, nor is what a repetition does not show again.
        """
        return self._pressure | self.passing | self._flaky

    @cached_property
    def habits(self) -> frozenset[int]:
        """Failures that did not repeat, where there is more than one: one is bad luck, a second one is a habit.

        They still say nothing about what was asked just then.
        """
        if self._whole is not None:
            return self._whole.habits & self._by_number.keys()
        return self.passing if len(self.passing) > 1 else frozenset()

    @cached_property
    def _pressure(self) -> frozenset[int]:
        return frozenset(reading.number for reading in self.readings if reading.back_pressure)

    @cached_property
    def passing(self) -> frozenset[int]:
        """Failures that a repetition at once did not show again."""
        return frozenset(
            number
            for again in self.readings
            if (number := again.exchange.retry_of) in self._by_number
            and number not in self._pressure
            and _failed(self[number])
            and not _failed(again)
        )

    @cached_property
    def unexplained(self) -> frozenset[int]:
        """Refusals in a recording whose request headers were dropped: what was refused cannot be known.

        A 401 or 403 may have had no key; a 400 without its headers may have lacked the version or named a beta.
        They are still errors with a status, a type and an envelope.
        """
        if self.origin.request_headers_kept:
            return frozenset()
        return frozenset(
            reading.number
            for reading in self.readings
            if reading.status in (401, 403) or (reading.status == 400 and reading.call.version is None)
        )

    @cached_property
    def contradicted(self) -> frozenset[int]:
        """Refusals of a question that was answered as well: the answer depends on something else than the question."""
        answered = {reading.question for reading in self.readings if reading.status == 200}
        return frozenset(
            reading.number
            for reading in self.readings
            if _was_refused(reading)
            and not is_unasked_304(reading)
            and reading.number not in self.excused
            and reading.question in answered
        )

    @cached_property
    def stuck_since(self) -> int | None:
        """The exchange since when nothing was answered any more, not even what had been; None where all is well."""
        last = max((reading.number for reading in self.readings if reading.exchange.response is not None), default=0)
        lost = [reading for reading in self.readings if reading.number > last]
        answered = {reading.question for reading in self.readings if reading.status == 200}
        return lost[0].number if any(reading.question in answered for reading in lost) else None

    @cached_property
    def arbitrary(self) -> frozenset[int]:
        """Refusals and failures that say nothing of what was asked, because the server answers so at random.

        Those are refusals that are contradicted, and every refusal where that is a habit; server errors where
        passing ones are a habit; a 304 to a request that set no condition (RFC 9110, 15.4.5); and everything
        since the server stopped answering.
        """
        refuses = len(self.contradicted) > 1
        return self.contradicted | frozenset(
            reading.number
            for reading in self.readings
            if is_unasked_304(reading)
            or (refuses and _was_refused(reading))
            or (self.habits and _failed(reading))
            or self._is_stuck(reading)
        )

    def _is_stuck(self, reading: Reading) -> bool:
        return self.stuck_since is not None and reading.number >= self.stuck_since

    def judged(self) -> Iterator[Reading]:
        """Every exchange that is neither excused, unexplained nor arbitrary, in order."""
        return (reading for reading in self._explained if reading.number not in self.arbitrary)

    def documented_answers(self) -> Iterator[Reading]:
        """Every exchange that `judged` has, and arbitrary refusals: no documented question is to be refused."""
        return (
            reading
            for reading in self._explained
            if not (self.habits and _failed(reading)) and not self._is_stuck(reading)
        )

    def answered_or_failed(self) -> Iterator[Reading]:
        """Every exchange that `judged` has, and failures that did not repeat, where they are a habit."""
        judged = {reading.number for reading in self.judged()}
        return (
            reading
            for reading in self.readings
            if reading.number in self.habits or reading.number in judged or (self.habits and _failed(reading))
        )

    @cached_property
    def _explained(self) -> list[Reading]:
        silent = self.excused | self.unexplained
        return [reading for reading in self.readings if reading.number not in silent]

    def answered(self) -> Iterator[Reading]:
        """Every exchange that is not excused, in order: what its answer looks like can be judged."""
        return (reading for reading in self.readings if reading.number not in self.excused)


def is_unasked_304(reading: Reading) -> bool:
    """Whether the answer is 304 although the request set no condition."""
    conditions = ("if-none-match", "if-modified-since")
    headers = reading.exchange.request.headers
    return reading.status == 304 and not any(header(headers, name) for name in conditions)


def _was_refused(reading: Reading) -> bool:
    return reading.status is not None and 300 <= reading.status < 500


def _failed(reading: Reading) -> bool:
    """A server error, or no whole response."""
    return reading.status is None or reading.status >= 500
