"""Making the request behind a finding small: as few parameters, and as small a limit, as still show it.

Hypothesis shrinks what it drew itself; a finding may come from any exchange of the run, so the reduction
works on the request. It is greedy and sends real requests, a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models_conformance.contract.model import Contract
from models_conformance.engine.judging import Judged, judge
from models_conformance.evidence.exchange import NOT_RECORDED, Trace
from models_conformance.judges.judgement import Violation
from models_conformance.probing.request_specs import RequestSpec
from models_conformance.probing.session import Session, SessionOver
from models_conformance.requirements.register import Requirement

_MOST_REQUESTS_A_FINDING = 16
# Exchanges from the beginning of the run that give a finding its context: the list, read whole.
_CONTEXT_EXCHANGES = 8


def complexity(spec: RequestSpec) -> tuple[int, int, int]:
    """How much a person has to read to understand a request."""
    limit = dict(spec.query).get("limit", "")
    return (
        len(spec.query) + len(spec.betas or ()) + len(spec.headers) + (spec.betas is not None),
        int(limit) if limit.isdecimal() and len(limit) < 10 else 0,
        len(spec.target),
    )


def simplest(session: Session, violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """The same violations, the one with the simplest culprit first; otherwise in their order."""

    def key(violation: Violation) -> tuple[int, int, int]:
        spec = session.specs.get(violation.exchanges[0])
        return complexity(spec) if spec is not None else (0, 0, 0)

    best = min(violations, key=key)
    return (best, *(violation for violation in violations if violation is not best))


def minimised(session: Session, judged: Judged, contract: Contract) -> Judged:
    """The finding with its simplest culprit made smaller still, where a smaller request shows it too."""
    violations = simplest(session, judged.violations)
    spec = session.specs.get(violations[0].exchanges[0])
    best = violations[0]
    if spec is not None and not spec.path:
        found = _reduce(session, judged.requirement, contract, spec, best)
        if found is not None:
            return replace(judged, violations=(found, *violations))
    return replace(judged, violations=violations)


def _reduce(
    session: Session, requirement: Requirement, contract: Contract, spec: RequestSpec, violation: Violation
) -> Violation | None:
    """Try smaller requests until none of them shows the violation. None where nothing smaller does."""
    culprit, *witnesses = violation.exchanges
    context = [
        exchange
        for exchange in session.trace
        if (exchange.number <= _CONTEXT_EXCHANGES and exchange.number != culprit) or exchange.number in witnesses
    ]
    best: Violation | None = None
    spent, progress = 0, True
    while progress:
        progress = False
        for smaller in _smaller(spec):
            if spent >= _MOST_REQUESTS_A_FINDING:
                return best
            spent += 1
            try:
                exchange = session.send(smaller).exchange
            except SessionOver:
                return best
            if exchange.number == NOT_RECORDED:
                continue
            shown = _shows(Trace(session.trace.origin, (*context, exchange)), requirement, contract, violation)
            if shown is not None:
                best, spec, progress = shown, smaller, True
                break
    return best


def _shows(trace: Trace, requirement: Requirement, contract: Contract, wanted: Violation) -> Violation | None:
    """The violation that the last exchange of a trace is the culprit of, where it is of the kind wanted."""
    (judged,) = judge(trace, [requirement], contract)
    number = max(exchange.number for exchange in trace)
    return next(
        (
            violation
            for violation in judged.violations
            if violation.exchanges[0] == number and violation.deviation == wanted.deviation
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
