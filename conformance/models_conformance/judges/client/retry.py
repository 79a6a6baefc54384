"""What a client repeats, how often, when, and whether it ever gives up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from models_conformance.evidence.particulars import Words
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.paging import described
from models_conformance.judges.client.registry import CLIENT_JUDGES, exercised, judges_calls, violation
from models_conformance.judges.client.waiting import (
    fails_for_its_wait,
    seconds_to_wait,
    wait_in_words,
    waits_as_retry_after_says,
)
from models_conformance.judges.judgement import Judgement, NotApplicable, NotExercised, Observed
from models_conformance.support.text import counted, quoted

# No repetition changes these: the request itself is refused (companion page on errors).
_FINAL = frozenset({400, 401, 402, 403, 404, 413})
# More attempts at one question than any policy of a caller who waits; the SDKs that are known make three.
_WITHOUT_END = 20
# The most that any client is known to follow by its own choice is 50 (RFC 9110, 15.4: cyclical ones are to be noticed).
_MOST_REDIRECTS = 60
_SHOWN = 60
# A clock and a scheduler are between the end of an answer and the next request, in both directions.
_CLOCK_SECONDS = 0.1


def _attempts(step: list[Sent]) -> list[Sent]:
    """The attempts at one question. What follows a redirect is no repetition."""
    kept = step[:1]
    for before, attempt in pairwise(step):
        if before.kind != "redirect":
            kept.append(attempt)
    return kept


@judges_calls("client-retries-no-more-than-told")
def retries_no_more_than_told(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    most = call.spec.max_retries
    if most is None:
        return
    for step in call.steps:
        attempts = _attempts(step)
        if attempts[-1].succeeded and len(attempts) == 1:
            continue
        # HTTP libraries repeat a GET by themselves when a kept connection turns out to be closed (RFC 9110, 9.2.2).
        unheard = any(
            attempt.kind == "broken" and attempt.exchange.response is None and not attempt.stalled
            for attempt in attempts
        )
        if len(attempts) > most + 1 + unheard:
            yield violation(
                "is-repeated-too-often",
                call,
                *attempts[: most + 2],
                max_retries=most,
                count=len(attempts),
                most=most + 1,
                how=described(step[0]),
            )
        else:
            yield exercised(call, step[0])


def _answered_in_vain(call: CallRead) -> Sent | None:
    """The whole answer after which a call did not end, where it neither goes in circles nor waits as it was told."""
    last = call.last
    if last is None or last.kind == "broken" or not call.hung or call.stands_still or waits_as_retry_after_says(call):
        return None
    # A walk that was told of more pages may be slow, on a machine that is busy.
    if call.is_walk and last.has_more:
        return None
    # Who tries for ever by its own choice has a fault of its own.
    return None if call.spec.max_retries is None and len(call.steps[-1]) > 1 else last


@judges_calls("client-retries-come-to-an-end")
def retries_come_to_an_end(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    if (last := _answered_in_vain(call)) is not None:
        wanted = wait_in_words(last)
        asked = Words(f" and retry-after {wanted[:_SHOWN]}" if wanted else "")
        yield violation("never-ends", call, last, status=last.status, asked=asked)
        return
    redirects = sum(sent.kind == "redirect" for sent in call.openings)
    if redirects > _MOST_REDIRECTS:
        yield violation("follows-redirects", call, *call.openings[:3], count=redirects)
        return
    if call.spec.max_retries is not None:
        return
    for step in call.steps:
        attempts = _attempts(step)
        if attempts[-1].succeeded:
            continue
        if len(attempts) > _WITHOUT_END or (call.hung and len(attempts) > 1):
            yield violation("never-gives-up", call, *attempts[:3], count=len(attempts))
        elif call.has_outcome:
            yield exercised(call, step[0])


@judges_calls("client-never-retries-a-refused-request")
def never_retries_a_refused_request(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for step in call.steps:
        attempts = _attempts(step)
        for before, again in pairwise(attempts):
            if before.status in _FINAL and before.kind == "refusal":
                yield violation("repeats-a-refusal", call, again, before, status=before.status)
        if attempts[-1].status in _FINAL and attempts[-1].kind == "refusal" and call.spec.max_retries != 0:
            yield exercised(call, attempts[-1])


def _question(sent: Sent) -> tuple[object, ...]:
    """What a request asks, apart from how it is spelt."""
    parameters = sorted((name, value.text) for name, value in sent.target.parameters)
    version = tuple(sent.header_lines("anthropic-version"))
    return sent.exchange.request.method, sent.target.plain_path, tuple(parameters), frozenset(sent.betas), version


@CLIENT_JUDGES("client-retry-repeats-the-request")
def retry_repeats_the_request(evidence: ClientEvidence) -> Iterator[Judgement]:
    yield from _unless_it_never_repeats(evidence)
    for call in evidence.made():
        yield from _judge_repetitions(call)


def _unless_it_never_repeats(evidence: ClientEvidence) -> Iterator[Judgement]:
    """Not applicable, where repetitions were allowed and called for, and there was none."""
    failed = [
        step
        for call in evidence.made()
        for step in call.steps
        if call.spec.max_retries != 0 and not step[0].succeeded and step[0].status not in _FINAL
    ]
    if failed and all(len(_attempts(step)) == 1 for step in failed):
        yield NotApplicable("the client never repeats a request")


def _judge_repetitions(call: CallRead) -> Iterator[Judgement]:
    for step in call.steps:
        attempts = _attempts(step)
        for again in attempts[1:]:
            if _question(again) == _question(attempts[0]):
                yield exercised(call, again)
            else:
                yield violation(
                    "repeats-another-request",
                    call,
                    again,
                    attempts[0],
                    first=Words(_spelt(attempts[0])),
                    again=Words(_spelt(again)),
                )


def _spelt(sent: Sent) -> str:
    query = "" if sent.target.query is None else f"?{sent.target.query}"
    betas = f" with {counted(len(sent.betas), 'beta')}" if sent.betas else ""
    return quoted(f"{sent.exchange.request.method} {sent.target.path}{query}", 160) + betas


@CLIENT_JUDGES("client-honours-retry-after")
def honours_retry_after(evidence: ClientEvidence) -> Iterator[Judgement]:
    lost = [(call, last) for call in evidence.made() if (last := fails_for_its_wait(evidence, call)) is not None]
    for call, last in lost:
        assert call.raised is not None
        yield violation(
            "breaks-the-call",
            call,
            last,
            parameter="retry-after",
            status=last.status,
            value=Words(wait_in_words(last)),
            name=Words(call.raised.name),
            raised=Words(call.raised.kind),
        )
    if not lost:
        yield from _unless_it_never_repeats(evidence)
    for call in evidence.made():
        yield from _judge_waiting(call)


def _judge_waiting(call: CallRead) -> Iterator[Judgement]:
    if waits_as_retry_after_says(call):
        yield exercised(call)
    for step in call.steps:
        for before, again in pairwise(_attempts(step)):
            seconds = seconds_to_wait(before)
            if seconds is None:
                continue
            waited = again.exchange.at - (before.exchange.at + before.exchange.seconds)
            if waited >= seconds - _CLOCK_SECONDS:
                yield exercised(call, again)
            else:
                yield violation(
                    "repeats-too-early",
                    call,
                    again,
                    before,
                    parameter="retry-after",
                    status=before.status,
                    value=Words(wait_in_words(before)),
                )


@CLIENT_JUDGES("client-timeout-ends-a-stalled-answer")
def timeout_ends_a_stalled_answer(evidence: ClientEvidence) -> Iterator[Judgement]:
    for call in evidence.made():
        last = call.last
        if last is None or not last.stalled:
            continue
        if call.hung:
            when = "after its headers" if last.exchange.response is not None else "before its first byte"
            yield violation(
                "never-ends", call, last, seconds=Words(f"{call.spec.timeout_seconds:g} s"), when=Words(when)
            )
        elif call.got_value and not call.pages:
            yield violation("is-a-value", call, last)
        elif call.has_outcome:
            yield exercised(call, last)


@CLIENT_JUDGES("client-retries-by-status")
def retries_by_status(evidence: ClientEvidence) -> Iterator[Judgement]:
    patient = [call for call in evidence.made() if call.spec.max_retries != 0 and call.has_outcome]
    if not patient:
        yield NotExercised("no call allowed a repetition")
        return
    seen = False
    for call in patient:
        for step in call.steps:
            first = step[0]
            if first.kind not in ("refusal", "broken") or first.stalled:
                continue
            seen = True
            yield exercised(call, first)
            yield Observed(described(first), "is retried" if len(_attempts(step)) > 1 else "is not retried")
    if not seen:
        yield NotApplicable("nothing failed")
