"""Area compatibility: existing usage keeps working."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models_conformance.contract.points import PAGING, list_parameters
from models_conformance.evidence.exchange import header
from models_conformance.evidence.exchange_reading import NO_SUCH, Call, Reading
from models_conformance.evidence.particulars import Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Observed
from models_conformance.judges.server.comparison import answer_difference, is_unsteady, moving_members
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.support.text import quoted

# A filter that later pages document; a server may know it already.
_DOCUMENTED_LATER = frozenset({"lifecycle", "lifecycle[]"})


def _question(call: Call) -> tuple[object, ...]:
    """The documented part of a request: what two requests share that differ in undocumented things only."""
    documented = tuple(pair for pair in call.parameters if call.operation == "list" and pair[0] in PAGING)
    return call.operation, call.path, documented, call.beta_lines, call.credential, call.version


def _further_parameters(reading: Reading) -> list[str]:
    paging = PAGING if reading.call.operation == "list" else frozenset()
    return [name for name, _ in reading.call.parameters if name not in paging]


def _as_without(
    evidence: Evidence, readings: list[Reading], plain: list[Reading], what: Callable[[Reading], str]
) -> Iterator[Judgement]:
    """Each of `readings` answers as its nearest twin among `plain` does, where that one succeeded."""
    moving = evidence.remembered(moving_members)
    twins: dict[tuple[object, ...], list[Reading]] = {}
    for reading in plain:
        if reading.succeeded:
            twins.setdefault(_question(reading.call), []).append(reading)
    for reading in readings:
        candidates = twins.get(_question(reading.call), [])
        if not candidates or reading.status is None or is_unsteady(evidence, reading.call.operation):
            continue
        twin = min(candidates, key=lambda candidate: abs(candidate.number - reading.number))
        yield Exercised(reading.number)
        first, second = sorted((twin, reading), key=lambda compared: compared.number)
        added = Words(what(reading))
        if reading.status != 200:
            yield evidence.judged_by_status(reading, witness=twin.number, added=added)
        elif (change := answer_difference(evidence, first, second, moving)) is not None:
            yield change.as_violation(reading.number, twin.number, added=added)


@SERVER_JUDGES("unknown-query-parameter-is-tolerated")
def unknown_query_parameter_is_tolerated(evidence: Evidence) -> Iterator[Judgement]:
    """Requests with undocumented query parameters against the same without."""
    documented = _DOCUMENTED_LATER | list_parameters(evidence.contract).keys()
    authorised = [
        reading
        for reading in evidence.judged()
        if reading.call.operation is not None and evidence.is_authorised(reading.call)
    ]
    plain = [reading for reading in authorised if not _further_parameters(reading)]
    further = [reading for reading in authorised if _further_parameters(reading)]
    odd = [reading for reading in further if documented.isdisjoint(_further_parameters(reading))]
    yield from _as_without(evidence, odd, plain, lambda reading: quoted("&".join(_further_parameters(reading)), 40))
    yield NotExercised("no request with an unknown query parameter had a twin without")


@SERVER_JUDGES("unknown-header-is-tolerated")
def unknown_header_is_tolerated(evidence: Evidence) -> Iterator[Judgement]:
    """Requests with invented headers, and those SDKs add, against the same without."""
    readings = [
        reading
        for reading in evidence.judged()
        if reading.call.operation is not None and not _further_parameters(reading)
    ]
    odd = [reading for reading in readings if reading.call.invented_header]
    plain = [reading for reading in readings if evidence.is_authorised(reading.call)]
    yield from _as_without(evidence, odd, plain, lambda _: "SDK headers")
    yield NotExercised("no request with unknown headers had a twin without")


@SERVER_JUDGES("other-methods")
def other_methods(evidence: Evidence) -> Iterator[Judgement]:
    for reading in evidence.judged():
        call = reading.call
        if call.method != "GET" and not _origin(reading):
            yield Exercised(reading.number)
            where = "the list" if call.raw_model_id is None else "a model"
            response = reading.exchange.response
            yield Observed(f"{call.method} on {where}", str(response.status) if response else evidence.summary(reading))
    yield NotExercised("no other method was tried")


@SERVER_JUDGES("conditional-requests")
def conditional_requests(evidence: Evidence) -> Iterator[Judgement]:
    """A list with a validator that this suite invented."""
    for reading in evidence.judged():
        validator = header(reading.exchange.request.headers, "if-none-match")
        if reading.call.operation == "list" and validator is not None and NO_SUCH in validator:
            yield Exercised(reading.number)
            yield evidence.observed("a list with if-none-match, and a validator that no answer had", reading)
    yield NotExercised("no request had a validator that no answer had")


@SERVER_JUDGES("cross-origin-requests")
def cross_origin_requests(evidence: Evidence) -> Iterator[Judgement]:
    """Whether a page of another origin may read the list."""
    for reading in evidence.judged():
        response = reading.exchange.response
        if NO_SUCH not in _origin(reading) or response is None:
            continue
        yield Exercised(reading.number)
        allowed = header(response.headers, "access-control-allow-origin")
        what = "a list for" if reading.call.method == "GET" else "a preflight of"
        for_whom = "nobody" if allowed is None else allowed if allowed == "*" else quoted(allowed, 60)
        yield Observed(f"{what} a page of another origin", f"{response.status}, may be read by {for_whom}")
    yield NotExercised("no request of another origin was made")


def _origin(reading: Reading) -> str:
    return header(reading.exchange.request.headers, "origin") or ""
