"""What a client tries again and what it does not, how long it waits, and that it comes to an end.

Nearly all of it belongs to the transport that the surfaces of a client share, and waits: one surface is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models_conformance.scenarios.answers import broken, error
from models_conformance.scenarios.scenario import Intervention, Scenario
from models_conformance.scenarios.systematic.tour import Tour, intervening

_ID = "claude-3"
_TIMEOUT_SECONDS = 0.5
# Longer than what is waited for unasked before a first repetition, and no longer than a call may last here.
_SECONDS_AHEAD = 2
_HALF_AN_HOUR = 1800
_RETRIED = (429, 500, 529, 503, 504)
_RETRIED_BY_SOME = (408, 409)
_NEVER_RETRIED = (400, 401, 402, 403, 404, 413)


def retry(tour: Tour) -> Iterator[Scenario]:
    """Failures that pass, failures that stay, waits that the server asks for, and answers that never come."""
    if not tour.full:
        within = intervening(broken("stall-within"))
        yield tour.page("silence within the answer", within, timeout_seconds=_TIMEOUT_SECONDS)
        return
    yield from _never(tour)
    yield from _once(tour)
    yield from _with_a_wait(tour)
    yield from _for_ever(tour)
    yield from _stalled(tour)


def _never(tour: Tour) -> Iterator[Scenario]:
    for status in _NEVER_RETRIED:
        script = intervening(error(status))
        yield tour.page(f"{status} for good, with retries allowed", script, max_retries=2)
    unknown = "claude-that-nobody-has"
    yield tour.retrieve("an unknown model, with retries allowed", intervening(), unknown, max_retries=2)


def _once(tour: Tour) -> Iterator[Scenario]:
    for number, status in enumerate((*_RETRIED, *_RETRIED_BY_SOME)):
        script = intervening(error(status, last=1))
        name = f"{status} once"
        retrieved = number % 2
        yield tour.retrieve(name, script, _ID, max_retries=2) if retrieved else tour.page(name, script, max_retries=2)
    yield tour.page("no answer once", intervening(broken("no-answer", last=1)), max_retries=2)
    if tour.walks:
        args = {"limit": 2, **({"betas": list(tour.documented_betas[:2])} if tour.betas else {})}
        script = replace(intervening(error(529, first=2, last=2)), prefix="/gateway")
        yield tour.walk("a second page that is overloaded once", script, args, max_retries=2)
        script = intervening(error(529, first=2, last=4))
        yield tour.walk("a second page that is overloaded three times", script, args, max_retries=3)


def _with_a_wait(tour: Tour) -> Iterator[Scenario]:
    for what, text in (
        ("of one second", "1"),
        ("that is a date of the past", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("that is garbage", "soon"),
        ("of no second", "0"),
        ("of half a second", "0.5"),
        ("below nought", "-1"),
    ):
        # Names of headers have no case (RFC 9110, 5.1); here alone they are written as HTTP/1.1 often has them.
        script = intervening(error(429, last=1, headers=(("Retry-After", text),)))
        yield tour.page(f"429 once with a retry-after {what}", script, max_retries=2)
    ahead = intervening(Intervention(last=1, status=503, retry_at=_SECONDS_AHEAD))
    name = f"503 once with a retry-after that is a date {_SECONDS_AHEAD} seconds ahead"
    yield tour.page(name, ahead, max_retries=2, timeout_seconds=_TIMEOUT_SECONDS)
    # What few wait for: the call ends, it repeats too early, or it waits as it was told.
    for what, text in (
        ("of a day", "86400"),
        ("that is a date of a far year", "Thu, 31 Dec 2099 23:59:59 GMT"),
        ("of an hour", "3600"),
        ("of a minute and a second", "61"),
    ):
        script = intervening(error(429, last=1, headers=(("retry-after", text),)))
        yield tour.page(f"429 once with a retry-after {what}", script, max_retries=2, timeout_seconds=_TIMEOUT_SECONDS)
    much_later = intervening(Intervention(last=1, status=429, retry_at=_HALF_AN_HOUR))
    name = "a model refused once with 429 and a retry-after that is a date half an hour ahead"
    yield tour.retrieve(name, much_later, _ID, max_retries=2, timeout_seconds=_TIMEOUT_SECONDS)
    overloaded = intervening(error(529, last=2, headers=(("retry-after", "1"),)))
    yield tour.retrieve("529 twice with a retry-after of one second", overloaded, _ID, max_retries=2)
    # There is nothing to try again after a success.
    well = intervening(Intervention(headers=(("retry-after", "86400"),)))
    yield tour.page("a list with a retry-after of a day", well, timeout_seconds=_TIMEOUT_SECONDS)


def _for_ever(tour: Tour) -> Iterator[Scenario]:
    yield tour.page("529 for good with one retry allowed", intervening(error(529)), max_retries=1)
    yield tour.page("500 for good with three retries allowed", intervening(error(500)), max_retries=3)
    yield tour.page("500 for good with the retries of the library", intervening(error(500)), max_retries=None)
    yield tour.retrieve("429 for good with the retries of the library", intervening(error(429)), _ID, max_retries=None)
    silent = intervening(broken("no-answer"))
    yield tour.page("no answer for good with the retries of the library", silent, max_retries=None)


def _stalled(tour: Tour) -> Iterator[Scenario]:
    before, within = intervening(broken("stall-before")), intervening(broken("stall-within"))
    yield tour.page("silence before the answer", before, timeout_seconds=_TIMEOUT_SECONDS)
    yield tour.retrieve("silence within the answer", within, _ID, timeout_seconds=_TIMEOUT_SECONDS)
    if tour.walks:
        later = intervening(broken("stall-within", first=2))
        yield tour.walk("silence within the second page", later, {"limit": 2}, timeout_seconds=_TIMEOUT_SECONDS)
