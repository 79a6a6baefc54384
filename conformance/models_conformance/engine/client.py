"""Running the suite against a client: play every scenario, judge what came of it, make findings small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from models_conformance.contract.versions import VERSION_HEADER
from models_conformance.engine.asking_again import AskingAgain
from models_conformance.engine.client_run import ClientRun
from models_conformance.engine.findings import Proceedings, concluded
from models_conformance.engine.judging import Judged, in_force, judge_client_evidence
from models_conformance.engine.options import ClientOptions
from models_conformance.engine.scenario_runner import Played, assemble
from models_conformance.engine.smaller_scenarios import SmallestScenarios
from models_conformance.evidence.driver_calls import (
    DriverCall,
    DriverFailure,
    DriverFault,
    Hello,
    Raised,
    Unsupported,
)
from models_conformance.evidence.exchange import Trace, header
from models_conformance.judges.client.client_evidence import ClientEvidence
from models_conformance.judges.client.retry import waits_as_retry_after_says
from models_conformance.requirements.register import select
from models_conformance.result import Observation, Result, Subject
from models_conformance.support.deadline import Deadline
from models_conformance.support.text import counted, printable

_FAILURES_SHOWN = 5
_HOW_IT_FAILED = {
    "hang": "No answer came to",
    "exit": "The driver ended by itself in",
    "signal": "The driver was killed in",
    "protocol": "The driver broke the protocol in",
}


def judge_client(options: ClientOptions) -> Result:
    """Judge a client.

    Raises NoDriver where its driver does not start, and UsageError (UnknownRequirement) where the options make
    no sense.
    """
    requirements = select("client", options.run.only, options.run.contracts.contracts)
    deadline = Deadline(options.run.max_seconds)
    with ClientRun(options, requirements, deadline) as run:
        run.announce("playing scenarios")
        played = run.play()
        hello = run.hello
        trace, calls = assemble(f"{hello.client} {hello.version}", played)
        run.announce("judging")
        requirements = in_force(requirements, run.contract)
        evidence = ClientEvidence(hello, calls, trace, run.contract, api_version=options.run.api_version)
        judged = judge_client_evidence(evidence, requirements, deadline)
        happened = judged
        run.announce("asking again")
        asking = AskingAgain(run, evidence, played)
        if options.scenario is None:
            judged = asking.habits(judged)
        run.announce("making findings small")
        small = SmallestScenarios(run, trace, played)
        if options.scenario is None:
            judged = [small.of(requirement) if requirement.violations else requirement for requirement in judged]
        else:
            # One scenario exercises little, and what it does not says nothing about the client.
            judged = [requirement for requirement in judged if requirement.exercised] or judged
        if deadline.is_over:
            run.stopped = deadline.reason
    small.keep()
    # Who was told to wait for an hour and does so has not failed.
    failed = [
        read.call
        for read in evidence.calls
        if isinstance(read.answer, DriverFailure | DriverFault) and not waits_as_retry_after_says(read)
    ]
    denied = _denied(hello, calls)
    return concluded(
        Subject("client", hello.client, hello.version),
        options.run,
        judged,
        Proceedings(
            deadline,
            run.sent,
            run.stopped,
            # A client whose driver failed has not passed: part of it was never seen.
            bool(denied) or not _are_explained(failed, happened),
            tuple(_unsupported(calls)),
            (*_notes(run, failed, played), *_refused_too_late(calls), *denied, *asking.notes()),
        ),
        contract=run.contract,
        api_version=_only_version(trace),
        exchanges={exchange.number: exchange for exchange in trace},
        reproduce=small.line,
    )


def _only_version(trace: Trace) -> str | None:
    """The API version that the client speaks; None where it names none or several."""
    named = {header(exchange.request.headers, VERSION_HEADER) for exchange in trace}
    return named.pop() if len(named) == 1 else None


def _are_explained(failed: Sequence[DriverCall], judged: Sequence[Judged]) -> bool:
    """Whether each call that failed is one that violates a requirement."""
    violations = chain.from_iterable(requirement.violations for requirement in judged)
    return {call.number for call in failed} <= {violation.call for violation in violations}


def _unsupported(calls: Sequence[DriverCall]) -> Iterator[Observation]:
    refused = Counter(
        (f"{call.spec.operation} on {call.spec.surface}", call.answer.reason)
        for call in calls
        if isinstance(call.answer, Unsupported)
    )
    for (about, reason), times in refused.items():
        yield Observation(about, f"unsupported in {counted(times, 'call')}: {printable(reason, 200)}")


def _notes(run: ClientRun, failed: Sequence[DriverCall], played: Sequence[Played]) -> Iterator[str]:
    if run.stopped:
        yield f"The run stopped early: {run.stopped}. What it did not reach could not be judged."
    for call in failed[:_FAILURES_SHOWN]:
        where = f"call {call.number} ({printable(played[call.number - 1].scenario.name, 80)})"
        match call.answer:
            case DriverFailure(kind, detail):
                yield f"{_HOW_IT_FAILED[kind]} {where}: {printable(detail, 300)}"
            case DriverFault(reason):
                yield f"The driver failed by its own account in {where}: {printable(reason, 300)}"
    if len(failed) > _FAILURES_SHOWN:
        yield f"{len(failed)} calls in all have no answer; after several in a row no further one was made."


def _refused_too_late(calls: Sequence[DriverCall]) -> Iterator[str]:
    """Whether the driver takes an error for a refusal of the call whose request was sent. A walk may end in one."""
    late = [
        call
        for call in calls
        if not call.spec.walk and call.exchanges and isinstance(call.answer, Raised) and call.answer.kind == "argument"
    ]
    if late:
        yield (
            f"The driver answers kind argument to {counted(len(late), 'call')} whose request was sent, call "
            f"{late[0].number} first: that kind means that the library refused the call before. Another says more."
        )


def _denied(hello: Hello, calls: Sequence[DriverCall]) -> list[str]:
    """What the hello offers and no call of it was supported: that much of the client was never seen."""
    offered: dict[tuple[str, str], list[bool]] = {}
    for call in calls:
        if "betas" not in call.spec.args:
            what = "walk" if call.spec.walk else call.spec.operation
            offered.setdefault((what, call.spec.surface), []).append(isinstance(call.answer, Unsupported))
    return [
        f"The driver's hello offers {surface}, and every {what} there was answered 'unsupported': none was judged."
        for (what, surface), denied in offered.items()
        if all(denied)
    ]
