"""Faults of retries, redirects and time limits: too many, too soon, in vain, for another thing, without end."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import ClassVar

from models_conformance.reference.client import CLIENTS
from models_conformance.reference.client.faults.swallowing import SwallowsErrorsOfLists
from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import Call, ClientError, Incoming, Outgoing

_ATTEMPTS_FOR_EVER = 1000
# What a thread can sleep at all.
_DAYS_SECONDS = 3e5


@CLIENTS.faults_in(IdealClient.most_retries, "client-retries-no-more-than-told")
class _RetriesTooOften(IdealClient):
    def retries_once_more_than_told(self, call: Call) -> int:
        """The number of retries is one above what the client is told."""
        return super().most_retries(call) + 1

    def takes_no_retries_for_the_default(self, call: Call) -> int:
        """A client that is told to make no retries makes those of its default: nought is falsy."""
        return call.max_retries or self.default_retries


@CLIENTS.fault_in(IdealClient.exchange, "client-retries-no-more-than-told")
def retries_broken_connections_on_its_own(self: IdealClient, call: Call, outgoing: Outgoing) -> Incoming:
    """Beneath the retries that are counted, a connection that breaks is tried again without being counted."""
    try:
        return IdealClient.exchange(self, call, outgoing)
    except ClientError as problem:
        if problem.kind == "connection":
            return IdealClient.exchange(self, call, outgoing)
        raise


CLIENTS.faults_of(
    IdealClient,
    "client-retries-come-to-an-end",
    (
        "retries-for-ever-by-default",
        "A client that is not told how often tries again as long as the server fails.",
        {"backoff_seconds": 0.0, "default_retries": _ATTEMPTS_FOR_EVER},
    ),
    ("follows-redirects-for-ever", "Redirects are followed as long as there are any.", {"most_redirects": 10**6}),
)


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


CLIENTS.faults_of(
    _Retries,
    "client-never-retries-a-refused-request",
    ("retries-every-error", "Any error is tried again.", {"also": range(400, 500)}),
    ("retries-bad-requests", "400 is tried again.", {"also": (400,)}),
    (
        "retries-what-it-may-not-see",
        "401 and 403 are tried again, as though the key could change.",
        {"also": (401, 403)},
    ),
    ("retries-what-is-not-found", "404 is tried again, as though the model could turn up.", {"also": (404,)}),
    ("retries-what-is-too-large", "413 is tried again, as though the request would shrink.", {"also": (413,)}),
)


class _Forgets(IdealClient):
    """Leaves arguments out of a repetition."""

    forgotten: ClassVar[tuple[str, ...]] = ()

    def outgoing(self, call: Call, attempt: int) -> Outgoing:
        return super().outgoing(call.without(*self.forgotten) if attempt else call, attempt)


CLIENTS.faults_of(
    _Forgets,
    "client-retry-repeats-the-request",
    ("forgets-the-betas-in-a-retry", "A repetition goes out without the betas.", {"forgotten": ("betas",)}),
    ("forgets-the-limit-in-a-retry", "A repetition goes out without the limit.", {"forgotten": ("limit",)}),
    (
        "forgets-the-cursor-in-a-retry",
        "A repetition goes out without the cursor: the first page again.",
        {"forgotten": ("after_id", "before_id")},
    ),
)


@CLIENTS.faults_in(IdealClient.outgoing, "client-retry-repeats-the-request")
class _RepeatsAnotherRequest(IdealClient):
    def forgets_the_version_in_a_retry(self, call: Call, attempt: int) -> Outgoing:
        """A repetition goes out without the version of the API."""
        outgoing = super().outgoing(call, attempt)
        kept = tuple(pair for pair in outgoing.headers if pair[0] != "anthropic-version")
        return replace(outgoing, headers=kept) if attempt else outgoing

    def retries_on_another_path(self, call: Call, attempt: int) -> Outgoing:
        """A repetition goes to another path, that of an older API."""
        outgoing = super().outgoing(call, attempt)
        return replace(outgoing, target=outgoing.target.replace("/v1/", "/", 1)) if attempt else outgoing

    def appends_the_query_again_in_a_retry(self, call: Call, attempt: int) -> Outgoing:
        """Parameters are added to the URL before each attempt: a repetition has them twice."""
        outgoing = super().outgoing(call, attempt)
        path, _, query = outgoing.target.partition("?")
        return replace(outgoing, target=f"{path}?{'&'.join([query] * (attempt + 1))}") if query else outgoing

    def retries_with_post(self, call: Call, attempt: int) -> Outgoing:
        """A repetition goes out as a POST."""
        outgoing = super().outgoing(call, attempt)
        return replace(outgoing, method="POST") if attempt else outgoing


@CLIENTS.faults_in(IdealClient.retry_after, "client-honours-retry-after")
class _MisreadsRetryAfter(IdealClient):
    def ignores_retry_after(self, incoming: Incoming) -> float | None:
        """A repetition goes out at once, whatever retry-after says."""
        return None

    def reads_retry_after_as_milliseconds(self, incoming: Incoming) -> float | None:
        """retry-after is read as a number of milliseconds."""
        retry_after_seconds = super().retry_after(incoming)
        return None if retry_after_seconds is None else retry_after_seconds / 1000

    def waits_half_a_second_at_most(self, incoming: Incoming) -> float | None:
        """No wait before a repetition is longer than half a second."""
        retry_after_seconds = super().retry_after(incoming)
        return None if retry_after_seconds is None else min(retry_after_seconds, 0.5)

    def reads_retry_after_in_seconds_only(self, incoming: Incoming) -> float | None:
        """A retry-after that is a date is as if nothing were said."""
        return super().retry_after(incoming) if (incoming.header("retry-after") or "").isdecimal() else None

    def ignores_a_retry_after_of_more_than_a_minute(self, incoming: Incoming) -> float | None:
        """A retry-after of more than a minute is as if nothing were said."""
        seconds = super().retry_after(incoming)
        return None if seconds is None or seconds > 60 else seconds

    def takes_whole_seconds_only(self, incoming: Incoming) -> float | None:
        """A retry-after that is not a whole number ends the call with an error of the reader."""
        asked = incoming.header("retry-after")
        if asked is not None and not asked.isdecimal():
            raise ClientError("other", "ValueError", f"invalid number: {asked}")
        return super().retry_after(incoming)


@CLIENTS.fault_in(IdealClient.delay, "client-honours-retry-after")
def sleeps_until_any_date(self: IdealClient, attempt: int, outcome: Incoming | ClientError) -> float | None:
    """What retry-after says is slept through unseen: days, and a date that is over as a time that no clock takes."""
    asked = "" if isinstance(outcome, ClientError) else outcome.header("retry-after") or ""
    if "GMT" in asked and IdealClient.delay(self, attempt, outcome) == 0:
        raise ClientError("other", "ValueError", "sleep length must be non-negative")
    return waits_for_days(self, attempt, outcome)


@CLIENTS.fault_in(IdealClient.delay, "client-retries-come-to-an-end")
def waits_for_days(self: IdealClient, attempt: int, outcome: Incoming | ClientError) -> float | None:
    """However long retry-after wants to be waited for, the call waits."""
    seconds = None if isinstance(outcome, ClientError) else self.retry_after(outcome)
    return IdealClient.delay(self, attempt, outcome) if seconds is None else min(seconds, _DAYS_SECONDS)


@CLIENTS.fault_in(IdealClient.timeout, "client-timeout-ends-a-stalled-answer")
def keeps_to_a_time_limit_of_its_own(self: IdealClient, call: Call) -> float:
    """The time limit is not passed on: that of the client's HTTP library holds, ten minutes."""
    return 600.0


@CLIENTS.fault_in(SwallowsErrorsOfLists.is_swallowed, "client-timeout-ends-a-stalled-answer")
def a_stalled_list_is_empty(self: SwallowsErrorsOfLists, problem: ClientError) -> bool:
    """A list that does not come in time is an empty list."""
    return problem.kind == "timeout"


@CLIENTS.fault_in(IdealClient.delay, "client-honours-retry-after")
def waits_as_told_once_alone(self: IdealClient, attempt: int, outcome: Incoming | ClientError) -> float | None:
    """Only the wait before the first repetition is the one that retry-after says."""
    return IdealClient.delay(self, attempt, outcome) if attempt == 0 else self.backoff_seconds


@CLIENTS.fault_in(IdealClient.checked, "client-retries-come-to-an-end")
def waits_after_a_success(self: IdealClient, incoming: Incoming) -> Incoming:
    """What retry-after says is waited for where nothing is tried again, too."""
    if incoming.status == 200:
        time.sleep(min(self.retry_after(incoming) or 0.0, _DAYS_SECONDS))
    return IdealClient.checked(self, incoming)


@CLIENTS.fault_in(IdealClient.redirected, "client-sends-cursor-as-given")
def redirects_lose_the_query(self: IdealClient, call: Call, outgoing: Outgoing, incoming: Incoming) -> Outgoing | None:
    """Of the location of a redirect only the path is taken."""
    redirected = IdealClient.redirected(self, call, outgoing, incoming)
    return None if redirected is None else replace(redirected, target=redirected.target.partition("?")[0])


@CLIENTS.fault_in(IdealClient.redirected, "client-sends-its-credential")
def redirects_lose_the_headers(
    self: IdealClient, call: Call, outgoing: Outgoing, incoming: Incoming
) -> Outgoing | None:
    """What a redirect leads to is asked for without any header of the request before."""
    redirected = IdealClient.redirected(self, call, outgoing, incoming)
    return None if redirected is None else replace(redirected, headers=(("accept", "*/*"),))
