"""Running a suite: obtain evidence, judge it, and put the verdicts together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from models_conformance.contract.shipped import load_contract
from models_conformance.engine.findings import entry
from models_conformance.engine.judging import judge
from models_conformance.engine.options import RunOptions, ServerOptions
from models_conformance.engine.smaller_requests import minimised
from models_conformance.errors import Unreachable
from models_conformance.evidence.exchange import Origin, Trace, header
from models_conformance.evidence.exchange_reading import read_call
from models_conformance.probing.exploration import Exploration
from models_conformance.probing.session import Session, SessionOver, split_base
from models_conformance.probing.transport import Transport, transport
from models_conformance.reports.curl import reproduce
from models_conformance.requirements.register import select
from models_conformance.result import (
    Observation,
    RequirementResult,
    Result,
    Run,
    RunVerdict,
    Subject,
    run_verdict,
)

# Sent where the user gave no key: servers that ask for none take it, the others refuse it by name.
_NO_KEY = "no-key-was-given"


def judge_server(options: ServerOptions) -> Result:
    """Judge the endpoint at `options.url`.

    Raises Unreachable where it cannot be reached, does not speak HTTP or refuses the credentials, and
    UsageError (UnknownRequirement) where the options make no sense.
    """
    requirements = select("server", options.run.only)
    base, prefix = split_base(options.url)
    key, bearer, extra = _credentials(options)
    trace = Trace(
        Origin("server", base + prefix, aliases=dict(options.aliases), credential="bearer" if bearer else "key")
    )
    started, began = datetime.now(UTC), time.monotonic()
    phase = [""]

    def progress(sent: int) -> None:
        if options.run.progress is not None:
            options.run.progress(phase[0], sent)

    def announce(name: str) -> None:
        phase[0] = name
        if options.tape is not None:
            options.tape.enter(name)
        progress(session.sent)

    with _transport(base, options) as opened:
        session = Session(
            opened,
            base,
            prefix,
            key,
            extra,
            options.run.max_requests,
            options.max_seconds,
            trace,
            progress,
            options.tape,
        )
        exploration = Exploration(session, load_contract(), options.run.seed, options.run.examples, announce)
        try:
            exploration.run()
        except Unreachable as problem:
            raise Unreachable(f"{options.url}: {problem}") from None
        announce("judging")
        judged = judge(trace, requirements)
        trace.explored = len(trace)
        announce("making findings small")
        judged = [
            minimised(session, judged_requirement) if judged_requirement.violations else judged_requirement
            for judged_requirement in judged
        ]
    if options.keep_trace is not None:
        options.keep_trace(trace)
    entries = tuple(
        entry(judged_requirement, lambda violation: reproduce(trace[violation.exchanges[0]]))
        for judged_requirement in judged
    )
    shown = {number for each in entries for finding in each.findings for number in finding.exchanges}
    notes = dict.fromkeys(note for judged_requirement in judged for note in judged_requirement.notes)
    return Result(
        Subject("server", base + prefix, url=base + prefix),
        Run(
            started_at=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(time.monotonic() - began, 3),
            requests=session.sent,
            seed=options.run.seed,
            verdict=_verdict(entries, options.run, exploration.stopped),
            fail_on=options.run.fail_on,
            strict=options.run.strict,
            stopped=_was_stopped(exploration.stopped),
        ),
        entries,
        tuple(Observation(note.about, note.did) for note in notes),
        {number: trace[number] for number in sorted(shown)},
        tuple(_notes(session, exploration.stopped)),
    )


def _transport(base: str, options: ServerOptions) -> AbstractContextManager[Transport | None]:
    """The way to the server; None where the tape alone answers, so that not even a socket is opened."""
    if options.tape is not None and not options.tape.sends:
        return nullcontext()
    return transport(base, options.timeout_seconds, options.max_body_bytes)


def _credentials(options: ServerOptions) -> tuple[str, bool, tuple[tuple[str, str], ...]]:
    """The key, whether it is a bearer token, and the other headers: a credential among them is the key."""
    key, bearer = options.api_key, False
    extra = []
    for name, value in options.headers:
        if name.lower() == "x-api-key":
            key, bearer = value, False
        elif name.lower() == "authorization" and value.lower().startswith("bearer "):
            key, bearer = value[len("bearer ") :].strip(), True
        else:
            extra.append((name, value))
    if key == options.api_key and options.tape is not None and options.tape.recorded_with is not None:
        bearer = options.tape.recorded_with.credential == "bearer"
    return key or _NO_KEY, bearer, tuple(extra)


def _verdict(entries: tuple[RequirementResult, ...], options: RunOptions, stopped: SessionOver | None) -> RunVerdict:
    """The run's verdict; a run that the server brought to an early end has not passed."""
    verdict = run_verdict(entries, options.fail_on, options.strict)
    return "incomplete" if verdict == "passed" and _was_stopped(stopped) else verdict


def _was_stopped(stopped: SessionOver | None) -> bool:
    return stopped is not None and not stopped.by_user


def _notes(session: Session, stopped: SessionOver | None) -> Iterator[str]:
    if stopped is not None:
        yield f"The run stopped early: {stopped}. What it did not reach could not be judged."
    if session.missing:
        yield (
            f"{session.missing} requests have no recorded answer: they are no evidence, and what depends on "
            "them could not be judged. Another seed or another number of examples asks other questions."
        )
    if session.pauses:
        yield f"The server was busy {session.pauses} times (429, 529 or 503); the request was repeated each time."
    for exchange in session.trace:
        response = exchange.response
        if response is not None and 300 <= response.status < 400 and read_call(exchange).operation is not None:
            where = header(response.headers, "location") or "nowhere"
            yield f"The server redirects (to {where!a}). Redirects are not followed; judge that URL instead."
            break
