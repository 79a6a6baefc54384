"""Faults of retries and time limits: too many, too soon, in vain, for another thing, and waits without end."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.faults.swallowing import SwallowsErrorsOfLists
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Incoming, Outgoing

_ATTEMPTS_FOR_EVER = 1000
# What a thread can sleep at all.
_DAYS_SECONDS = 3e5


@CLIENTS.fault("client-retries-no-more-than-told")
class RetriesOnceMoreThanTold(IdealClient):
    """The number of retries is one above what the client is told."""

    def most_retries(self, call: Call) -> int:
        return super().most_retries(call) + 1


@CLIENTS.fault("client-retries-no-more-than-told")
class TakesNoRetriesForTheDefault(IdealClient):
    """A client that is told to make no retries makes those of its default: nought is falsy."""

    def most_retries(self, call: Call) -> int:
        return call.max_retries or self.default_retries


@CLIENTS.fault("client-retries-no-more-than-told")
class RetriesBrokenConnectionsOnItsOwn(IdealClient):
    """Beneath the retries that are counted, a connection that breaks is tried again without being counted."""

    def exchange(self, call: Call, outgoing: Outgoing) -> Incoming:
        try:
            return super().exchange(call, outgoing)
        except ClientError as problem:
            if problem.kind == "connection":
                return super().exchange(call, outgoing)
            raise


@CLIENTS.fault("client-retries-come-to-an-end")
class RetriesForEverByDefault(IdealClient):
    """A client that is not told how often tries again as long as the server fails."""

    backoff_seconds = 0.0
    default_retries = _ATTEMPTS_FOR_EVER


@CLIENTS.fault("client-retries-come-to-an-end")
class RetriesServerErrorsForEver(IdealClient):
    """Server errors are not counted among the retries."""

    backoff_seconds = 0.0

    def retries(self, call: Call, attempt: int, outcome: Incoming | ClientError) -> bool:
        if isinstance(outcome, Incoming) and outcome.status >= 500:
            return attempt < _ATTEMPTS_FOR_EVER
        return super().retries(call, attempt, outcome)


class _Retries(IdealClient):
    """Takes refusals for trouble that passes."""

    also: ClassVar[range | tuple[int, ...]] = ()

    def is_worth_a_retry(self, outcome: Incoming | ClientError) -> bool:
        return super().is_worth_a_retry(outcome) or (isinstance(outcome, Incoming) and outcome.status in self.also)


@CLIENTS.fault("client-never-retries-a-refused-request")
class RetriesEveryError(_Retries):
    """Any error is tried again."""

    also = range(400, 500)


@CLIENTS.fault("client-never-retries-a-refused-request")
class RetriesBadRequests(_Retries):
    """400 is tried again."""

    also = (400,)


@CLIENTS.fault("client-never-retries-a-refused-request")
class RetriesWhatItMayNotSee(_Retries):
    """401 and 403 are tried again, as though the key could change."""

    also = (401, 403)


@CLIENTS.fault("client-never-retries-a-refused-request")
class RetriesWhatIsNotFound(_Retries):
    """404 is tried again, as though the model could turn up."""

    also = (404,)


@CLIENTS.fault("client-never-retries-a-refused-request")
class RetriesWhatIsTooLarge(_Retries):
    """413 is tried again, as though the request would shrink."""

    also = (413,)


class _Forgets(IdealClient):
    """Leaves arguments out of a repetition."""

    forgotten: ClassVar[tuple[str, ...]] = ()

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        return super().outgoing(call.without(*self.forgotten) if attempt else call, attempt)


@CLIENTS.fault("client-retry-repeats-the-request")
class ForgetsTheBetasInARetry(_Forgets):
    """A repetition goes out without the betas."""

    forgotten = ("betas",)


@CLIENTS.fault("client-retry-repeats-the-request")
class ForgetsTheLimitInARetry(_Forgets):
    """A repetition goes out without the limit."""

    forgotten = ("limit",)


@CLIENTS.fault("client-retry-repeats-the-request")
class ForgetsTheCursorInARetry(_Forgets):
    """A repetition goes out without the cursor: the first page again."""

    forgotten = ("after_id", "before_id")


@CLIENTS.fault("client-retry-repeats-the-request")
class ForgetsTheVersionInARetry(IdealClient):
    """A repetition goes out without the version of the API."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        outgoing = super().outgoing(call, attempt)
        kept = tuple(pair for pair in outgoing.headers if pair[0] != "anthropic-version")
        return replace(outgoing, headers=kept) if attempt else outgoing


@CLIENTS.fault("client-retry-repeats-the-request")
class RetriesOnAnotherPath(IdealClient):
    """A repetition goes to another path, that of an older API."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        outgoing = super().outgoing(call, attempt)
        return replace(outgoing, target=outgoing.target.replace("/v1/", "/", 1)) if attempt else outgoing


@CLIENTS.fault("client-retry-repeats-the-request")
class AppendsTheQueryAgainInARetry(IdealClient):
    """Parameters are added to the URL before each attempt: a repetition has them twice."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        outgoing = super().outgoing(call, attempt)
        path, _, query = outgoing.target.partition("?")
        return replace(outgoing, target=f"{path}?{'&'.join([query] * (attempt + 1))}") if query else outgoing


@CLIENTS.fault("client-retry-repeats-the-request")
class RetriesWithPost(IdealClient):
    """A repetition goes out as a POST."""

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        outgoing = super().outgoing(call, attempt)
        return replace(outgoing, method="POST") if attempt else outgoing


@CLIENTS.fault("client-honours-retry-after")
class IgnoresRetryAfter(IdealClient):
    """A repetition goes out at once, whatever retry-after says."""

    def retry_after(self, incoming: Incoming) -> float | None:
        return None


@CLIENTS.fault("client-honours-retry-after")
class ReadsRetryAfterAsMilliseconds(IdealClient):
    """retry-after is read as a number of milliseconds."""

    def retry_after(self, incoming: Incoming) -> float | None:
        retry_after_seconds = super().retry_after(incoming)
        return None if retry_after_seconds is None else retry_after_seconds / 1000


@CLIENTS.fault("client-honours-retry-after")
class WaitsHalfASecondAtMost(IdealClient):
    """No wait before a repetition is longer than half a second."""

    def retry_after(self, incoming: Incoming) -> float | None:
        retry_after_seconds = super().retry_after(incoming)
        return None if retry_after_seconds is None else min(retry_after_seconds, 0.5)


@CLIENTS.fault("client-honours-retry-after")
class ReadsRetryAfterInSecondsOnly(IdealClient):
    """A retry-after that is a date is as if nothing were said."""

    def retry_after(self, incoming: Incoming) -> float | None:
        return super().retry_after(incoming) if (incoming.header("retry-after") or "").isdecimal() else None


@CLIENTS.fault("client-honours-retry-after")
class IgnoresARetryAfterOfMoreThanAMinute(IdealClient):
    """A retry-after of more than a minute is as if nothing were said."""

    def retry_after(self, incoming: Incoming) -> float | None:
        seconds = super().retry_after(incoming)
        return None if seconds is None or seconds > 60 else seconds


@CLIENTS.fault("client-retries-come-to-an-end")
class WaitsForDays(IdealClient):
    """However long retry-after wants to be waited for, the call waits."""

    def delay(self, attempt: int, outcome: Incoming | ClientError) -> float | None:
        seconds = None if isinstance(outcome, ClientError) else self.retry_after(outcome)
        return super().delay(attempt, outcome) if seconds is None else min(seconds, _DAYS_SECONDS)


@CLIENTS.fault("client-timeout-ends-a-stalled-answer")
class KeepsToATimeLimitOfItsOwn(IdealClient):
    """The time limit is not passed on: that of the client's HTTP library holds, ten minutes."""

    def timeout(self, call: Call) -> float:
        return 600.0


@CLIENTS.fault("client-timeout-ends-a-stalled-answer")
class AStalledListIsEmpty(SwallowsErrorsOfLists):
    """A list that does not come in time is an empty list."""

    def is_swallowed(self, problem: ClientError) -> bool:
        return problem.kind == "timeout"
