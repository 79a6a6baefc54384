"""How long an answer asks to be waited for, and whether a call that does not end only does as it was told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import inf

from models_conformance.evidence.driver_calls import Raised
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent

# Who waits no longer than an hour because the server said so does as it was told. Nobody's call lasts for a day.
_LONGEST_SECONDS = 3600
_SECONDS = re.compile(r"[0-9]{1,9}")
# No run comes to these years: what repeats a request that was put off until then, repeats it too early.
_NEVER_REACHED = datetime(2090, 1, 1, tzinfo=UTC)


def seconds_to_wait(answered: Sent) -> float | None:
    """How long `retry-after` wants to be waited for (RFC 9110, 10.2.3); None where it says nothing that can be seen.

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
    return last if asked and last.status not in _lost_without_a_wait(evidence) else None


def _is_of_its_own_making(raised: Raised) -> bool:
    return raised.status is None and raised.kind in ("other", "argument", "decode")


@lru_cache(maxsize=1)
def _lost_without_a_wait(evidence: ClientEvidence) -> frozenset[int | None]:
    """The statuses that errors do not carry, though nobody was asked to wait."""
    return frozenset(
        call.last.status
        for call in evidence.made()
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
