"""What a client repeats, how often, when, and whether it ever gives up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from math import inf

from models_conformance.evidence.driver_calls import Raised
from models_conformance.evidence.particulars import Words
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent
from models_conformance.judges.client.paging import described
from models_conformance.judges.client.registry import CLIENT_JUDGES, exercised, judged, judges_calls, violation
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
# Who waits no longer than an hour because the server said so does as it was told. Nobody's call lasts for a day.
_LONGEST_SECONDS = 3600
_SECONDS = re.compile(r"[0-9]{1,9}")
# No run comes to these years: what repeats a request that was put off until then, repeats it too early.
_NEVER_REACHED = datetime(2090, 1, 1, tzinfo=UTC)


def _attempts(step: list[Sent]) -> list[Sent]:
    """The attempts at one question. What follows a redirect is not a repetition."""
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
    for attempts in map(_attempts, call.steps):
        if attempts[-1].succeeded and len(attempts) == 1:
            continue
        # HTTP libraries repeat a GET by themselves when a kept connection turns out to be closed (RFC 9110, 9.2.2).
        unheard = any(
            attempt.kind == "broken" and attempt.exchange.response is None and not attempt.stalled
            for attempt in attempts
        )
        yield judged(
            "is-repeated-too-often" if len(attempts) > most + 1 + unheard else None,
            call,
            *attempts[: most + 2],
            max_retries=most,
            count=len(attempts),
            most=most + 1,
            how=described(attempts[0]),
        )


def _answered_in_vain(call: CallRead) -> Sent | None:
    """The whole answer after which a call did not end, where it neither goes in circles nor waits as it was told."""
    last = call.last
    if last is None or last.kind == "broken" or not call.hung or call.stands_still or waits_as_retry_after_says(call):
        return None
    # A walk that was told of more pages may be slow, on a machine that is busy.
    if call.is_walk and last.has_more:
        return None
    # Who tries forever by its own choice has a fault of its own.
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
    for attempts in map(_attempts, call.steps):
        if attempts[-1].succeeded:
            continue
        if len(attempts) > _WITHOUT_END or (call.hung and len(attempts) > 1):
            yield violation("never-gives-up", call, *attempts[:3], count=len(attempts))
        elif call.has_outcome:
            yield exercised(call, attempts[0])


@judges_calls("client-never-retries-a-refused-request")
def never_retries_a_refused_request(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    for attempts in map(_attempts, call.steps):
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
    for call in evidence.made:
        for first, *repetitions in map(_attempts, call.steps):
            for again in repetitions:
                kind = None if _question(again) == _question(first) else "repeats-another-request"
                yield judged(kind, call, again, first, first=_spelt(first), again=_spelt(again))


def _unless_it_never_repeats(evidence: ClientEvidence) -> Iterator[Judgement]:
    """Not applicable, where repetitions were allowed and called for, and there was none."""
    failed = [
        step
        for call in evidence.made
        for step in call.steps
        if call.spec.max_retries != 0 and not step[0].succeeded and step[0].status not in _FINAL
    ]
    if failed and all(len(_attempts(step)) == 1 for step in failed):
        yield NotApplicable("the client never repeats a request")


def _spelt(sent: Sent) -> Words:
    query = "" if sent.target.query is None else f"?{sent.target.query}"
    betas = f" with {counted(len(sent.betas), 'beta')}" if sent.betas else ""
    return Words(quoted(f"{sent.exchange.request.method} {sent.target.path}{query}", 160) + betas)


def seconds_to_wait(answered: Sent) -> float | None:
    """How long `retry-after` wants to be waited for (RFC 9110, 10.2.3); None where without any output that can be seen.

    A date is measured from the `date` of its answer, which was cut to whole seconds: a second of it may be over.
    Without that is known alone whether it is out of reach.
    """
    value = answered.answer_header("retry-after") or ""
    if _SECONDS.fullmatch(value):
        return float(value) or None
    if (until := _moment(value)) is None:
        return None
    now = _moment(answered.answer_header("date") or "")
    if now is None:
        return inf if until >= _NEVER_REACHED else None
    seconds = (until - now).total_seconds() - 1
    return seconds if seconds > 0 else None


def wait_in_words(answered: Sent) -> str:
    """What `retry-after` says, the same in each run."""
    value = answered.answer_header("retry-after") or ""
    now, until = _moment(answered.answer_header("date") or ""), _moment(value)
    if now is None or until is None:
        return value
    return f"(the date {(until - now).total_seconds() - 1:.0f} s ahead)"


def waits_as_retry_after_says(call: CallRead) -> bool:
    """Whether a call that did not end in time had been told, by a whole answer, to wait for longer than that."""
    last = call.last
    if not call.hung or last is None or last.kind == "broken":
        return False
    seconds = seconds_to_wait(last)
    return seconds is not None and call.call.seconds < seconds <= _LONGEST_SECONDS


def fails_for_its_wait(evidence: ClientEvidence, call: CallRead) -> Sent | None:
    """The refusal that a call ended with, where what it raised comes of the wait that the answer asked for.

    Its error is of the client's own making and says nothing of the answer: a wait that was misread broke the call, as
    a date of the past that became a negative time. Not where errors lose that status without any wait, too.
    """
    last, raised = call.last, call.raised
    if last is None or raised is None or last.kind != "refusal" or not _is_of_its_own_making(raised):
        return None
    asked = last.answer_header("retry-after") is not None
    return last if asked and last.status not in evidence.remembered(_lost_without_a_wait) else None


def _is_of_its_own_making(raised: Raised) -> bool:
    return raised.status is None and raised.kind in ("other", "argument", "decode")


def _lost_without_a_wait(evidence: ClientEvidence) -> frozenset[int | None]:
    """The statuses that errors do not carry, though nobody was asked to wait."""
    return frozenset(
        call.last.status
        for call in evidence.made
        if call.raised is not None and call.last is not None and call.last.kind == "refusal"
        if _is_of_its_own_making(call.raised) and call.last.answer_header("retry-after") is None
    )


def _moment(text: str) -> datetime | None:
    """A date of HTTP; None for what is none. One without a zone is taken for UTC."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


@CLIENT_JUDGES("client-honours-retry-after")
def honours_retry_after(evidence: ClientEvidence) -> Iterator[Judgement]:
    lost = [(call, last) for call in evidence.made if (last := fails_for_its_wait(evidence, call)) is not None]
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
    for call in evidence.made:
        if waits_as_retry_after_says(call):
            yield exercised(call)
        for before, again in (pair for step in call.steps for pair in pairwise(_attempts(step))):
            seconds = seconds_to_wait(before)
            if seconds is not None:
                waited = again.exchange.at - (before.exchange.at + before.exchange.seconds)
                kind = None if waited >= seconds - _CLOCK_SECONDS else "repeats-too-early"
                asked = Words(wait_in_words(before))
                yield judged(kind, call, again, before, parameter="retry-after", status=before.status, value=asked)


@CLIENT_JUDGES("client-timeout-ends-a-stalled-answer")
def timeout_ends_a_stalled_answer(evidence: ClientEvidence) -> Iterator[Judgement]:
    for call in evidence.made:
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
    patient = [call for call in evidence.made if call.spec.max_retries != 0 and call.has_outcome]
    if not patient:
        yield NotExercised("no call allowed a repetition")
        return
    seen = False
    for call in patient:
        for first, *repetitions in map(_attempts, call.steps):
            if first.kind not in ("refusal", "broken") or first.stalled:
                continue
            seen = True
            yield exercised(call, first)
            yield Observed(described(first), "is retried" if repetitions else "is not retried")
    if not seen:
        yield NotApplicable("nothing failed")
