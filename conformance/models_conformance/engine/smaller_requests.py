"""Making the request behind a finding small: as few parameters, and as small a limit, as still show it.

Hypothesis shrinks what it drew itself; a finding may come from any exchange of the run, so the reduction
works on the request. It is greedy; a smaller request that the run has sent is taken from there, any other is sent, a
bounded number in a whole run. Only what names a cause is made small: that is the line that its reader will run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from models_conformance.causes.explaining import causes_of
from models_conformance.contract.model import Contract
from models_conformance.engine.judging import Judged, judge
from models_conformance.evidence.exchange import NOT_RECORDED, Exchange, Trace
from models_conformance.judges.judgement import Violation
from models_conformance.probing.request_specs import RequestSpec
from models_conformance.probing.session import Session, SessionOver
from models_conformance.requirements.register import Requirement

_MOST_REQUESTS_A_FINDING = 16
_MOST_REQUESTS_A_RUN = 16
# Exchanges from the beginning of the run that give a finding its context: the list, read whole.
_CONTEXT_EXCHANGES = 8


def minimised(session: Session, judged: Sequence[Judged], contract: Contract) -> list[Judged]:
    """The same, the simplest culprit of each finding first, and made smaller still where it names a cause."""
    simple = [_simplest_first(session, entry) for entry in judged]
    exchanges = {exchange.number: exchange for exchange in session.trace}
    # Of what is to be made small; the result explains it anew, in the words of the smaller requests.
    causes = causes_of(((entry.requirement, entry.violations) for entry in simple), exchanges)
    smaller = _Smaller(session, contract)
    found: dict[str, Violation] = {}
    for cause in causes:
        violation = smaller.than(cause.root.requirement, cause.first)
        if violation is not None:
            found.setdefault(cause.root.id, violation)
    return [
        replace(entry, violations=(found[entry.requirement.id], *entry.violations))
        if entry.requirement.id in found
        else entry
        for entry in simple
    ]


def _simplest_first(session: Session, judged: Judged) -> Judged:
    def complexity(violation: Violation) -> tuple[int, int, int]:
        """How much a person has to read to understand the request of the culprit."""
        spec = session.specs.get(violation.exchanges[0])
        if spec is None:
            return (0, 0, 0)
        limit = dict(spec.query).get("limit", "")
        return (
            len(spec.query) + len(spec.betas or ()) + len(spec.headers) + (spec.betas is not None),
            int(limit) if limit.isdecimal() and len(limit) < 10 else 0,
            len(spec.target),
        )

    best = min(judged.violations, key=complexity, default=None)
    others = (violation for violation in judged.violations if violation is not best)
    return judged if best is None else replace(judged, violations=(best, *others))


class _Smaller:
    """Smaller requests for findings of one run, as long as more may be sent."""

    def __init__(self, session: Session, contract: Contract) -> None:
        self._session = session
        self._contract = contract
        self._known: dict[RequestSpec, Exchange | None] = {
            session.specs[exchange.number]: exchange for exchange in session.trace if exchange.number in session.specs
        }
        self._left = _MOST_REQUESTS_A_RUN

    def than(self, requirement: Requirement, violation: Violation) -> Violation | None:
        """The same violation in the smallest request that was found to show it. None where nothing smaller does."""
        culprit, *witnesses = violation.exchanges
        spec = self._session.specs.get(culprit)
        if spec is None or spec.path:
            return None
        context = [
            exchange
            for exchange in self._session.trace
            if (exchange.number <= _CONTEXT_EXCHANGES and exchange.number != culprit) or exchange.number in witnesses
        ]
        best: Violation | None = None
        tried, progress = 0, True
        while progress:
            progress = False
            for smaller in _smaller(spec):
                tried += 1
                exchange = self._answer(smaller) if tried <= _MOST_REQUESTS_A_FINDING else None
                if exchange is None:
                    return best
                shown = self._shown(exchange, context, requirement, violation)
                if shown is not None:
                    best, spec, progress = shown, smaller, True
                    break
        return best

    def _answer(self, spec: RequestSpec) -> Exchange | None:
        """The answer to a request; None where no more may be sent."""
        if spec in self._known:
            return self._known[spec]
        before = self._session.sent
        try:
            self._known[spec] = self._session.send(spec).exchange if self._left > 0 else None
        except SessionOver:
            self._known[spec] = None
        self._left -= self._session.sent - before
        return self._known[spec]

    def _shown(
        self, exchange: Exchange, context: Sequence[Exchange], requirement: Requirement, wanted: Violation
    ) -> Violation | None:
        """The violation that this exchange is the culprit of beside those, where it is of the kind wanted."""
        if exchange.number == NOT_RECORDED:
            return None
        by_number = {other.number: other for other in (*context, exchange)}
        together = tuple(by_number[number] for number in sorted(by_number))
        (judged,) = judge(Trace(self._session.trace.origin, together), [requirement], self._contract)
        return next(
            (
                violation
                for violation in judged.violations
                if violation.exchanges[0] == exchange.number and violation.deviation == wanted.deviation
            ),
            None,
        )


def _smaller(spec: RequestSpec) -> Iterator[RequestSpec]:
    """Requests with one thing less, the biggest step first."""
    if spec.betas is not None:
        yield replace(spec, betas=None)
        if len(spec.betas) > 1:
            half = len(spec.betas) // 2
            yield replace(spec, betas=spec.betas[:half])
            yield replace(spec, betas=spec.betas[half:])
    if spec.beta_form != "comma" and spec.betas is not None and len(spec.betas) > 1:
        yield replace(spec, beta_form="comma")
    for index in range(len(spec.query)):
        yield replace(spec, query=spec.query[:index] + spec.query[index + 1 :])
    limit = dict(spec.query).get("limit", "")
    if limit.isdecimal() and len(limit) < 5:
        value = int(limit)
        for lower in sorted({1, 2, 3, value // 2, value - 1}):
            if 0 < lower < value:
                yield replace(
                    spec,
                    query=tuple((name, str(lower) if name == "limit" else was) for name, was in spec.query),
                )
