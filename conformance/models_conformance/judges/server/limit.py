"""Area limit: limit is honoured over its whole range."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from models_conformance.contract.points import LIMIT, Limits
from models_conformance.evidence.exchange_reading import CANONICAL_INTEGER, Call, Reading
from models_conformance.evidence.particulars import Words
from models_conformance.evidence.targets import CURSORS
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Violation, violation
from models_conformance.judges.server.list_order import Listing
from models_conformance.judges.server.registry import SERVER_JUDGES, SERVER_TEMPLATES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted

# Words that no reader takes for a number.
_WORD = re.compile(r"[A-Za-z]{3,}")
_NUMBER_WORDS = frozenset({"nan", "inf", "infinity", "null", "none", "undefined"})


def _short(evidence: Evidence, listing: Listing, wanted: int) -> Violation | None:
    """A page of fewer than `wanted` models although more lie beyond, by the server's own word or another page's."""
    if not listing.ids or len(listing.ids) >= wanted or not evidence.order.tells_what_follows(listing):
        return None
    proof, link = [listing.number], evidence.order.beyond(listing)
    if link is not None:
        proof.append(link.witness)
    elif not listing.page.has_more or evidence.order.nothing_beyond(listing) is not None:
        return None
    why = Words("has_more is true" if link is None else f"{quoted(link.id)} lies beyond")
    return violation("is-short", *proof, parameter="limit", count=len(listing.ids), wanted=wanted, why=why)


def _judge_fullness(evidence: Evidence, listing: Listing, wanted: int) -> Iterator[Judgement]:
    """A page with `wanted` models, or with fewer; one at the end of the list tests nothing."""
    short = _short(evidence, listing, wanted)
    if short is not None or len(listing.ids) == wanted:
        yield Exercised(listing.number)
    if short is not None:
        yield short


@SERVER_TEMPLATES("list-default-page-is-20")
def list_default_page_is_full(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Pages without a limit: never longer than the default, shorter only at the end of the list."""
    default = int(about["default"])
    for listing in evidence.listings:
        if listing.limit is not None:
            continue
        count = len(listing.ids)
        if count > default:
            yield Exercised(listing.number)
            yield violation("is-too-long", listing.number, parameter="limit", count=count, most=default)
        else:
            yield from _judge_fullness(evidence, listing, default)
    yield NotExercised(f"no page without a limit had {default} models before it: the list is too short")


@SERVER_JUDGES("list-page-is-within-limit")
def list_page_is_within_limit(evidence: Evidence) -> Iterator[Judgement]:
    """Every page that answers a limit in the range, documented question or not."""
    for reading in evidence.judged():
        limit = reading.call.limit
        if reading.page is None or limit is None or not evidence.is_in_range(limit):
            continue
        if not evidence.speaks_judged_version(reading.call):
            continue
        count = len(reading.page.items)
        if count >= limit:
            yield Exercised(reading.number)
        if count > limit:
            yield violation("is-too-long", reading.number, parameter="limit", count=count, limit=limit)
    yield NotExercised("no page was as long as its limit")


@SERVER_JUDGES("list-page-is-full")
def list_page_is_full(evidence: Evidence) -> Iterator[Judgement]:
    """Pages with a limit: shorter only where the list ends."""
    for listing in evidence.listings:
        if listing.limit is not None:
            yield from _judge_fullness(evidence, listing, listing.limit)
    yield NotExercised("no page with a limit had that many models before it")


def past_either_end(evidence: Evidence, call: Call) -> int | None:
    """The exchange that shows a cursor to be the end of the list it points past; None where it is not."""
    after, before = call.after, call.before
    if after is not None:
        return evidence.order.end_witness(after)
    return evidence.order.head_witness(before) if before is not None else None


def is_refused_for_its_limit(evidence: Evidence, reading: Reading) -> bool:
    """Whether a documented request failed because of its limit: alone, or where the same cursor passes otherwise.

    A request with a limit and a cursor fails for the limit only if no request has succeeded with this limit, and either
    the limit is one of those that fail alone, or this cursor has succeeded with another: else it is their being
    together.
    """
    call = reading.call
    if not call.values("limit"):
        return False
    cursor = next(iter(call.cursors), None)
    passed, failed = evidence.remembered(_plain_lists)
    if cursor is None:
        return not passed or {other.limit for other in passed} != {call.limit}
    passed_limits = {other.limit for other in passed if other.limit is not None}
    if call.limit is None or call.limit in passed_limits:
        return False
    with_another = any(other.limit is not None and other.one(cursor) == call.one(cursor) for other in passed)
    alone = {other.limit for other in failed if other.limit is not None and not other.cursors}
    return with_another or _is_among(call.limit, alone, passed_limits)


def _plain_lists(evidence: Evidence) -> tuple[list[Call], list[Call]]:
    """The documented lists without betas, those that were answered 200 and the others."""
    plain = [reading for reading in evidence.judged() if not reading.call.beta_lines]
    plain = [reading for reading in plain if evidence.is_documented_list(reading.call)]
    passed = [reading.call for reading in plain if reading.status == 200]
    return passed, [reading.call for reading in plain if reading.status != 200]


def _is_among(limit: int, refused: Collection[int], passed: Collection[int]) -> bool:
    """Whether it lies between limits that are refused, or is one, with none that passes between them."""
    below = max((other for other in refused if other <= limit), default=None)
    above = min((other for other in refused if other >= limit), default=None)
    return below is not None and above is not None and not any(below <= other <= above for other in passed)


@SERVER_TEMPLATES("list-{slug}-in-range-is-accepted")
def list_limit_in_range_is_accepted(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Documented list calls that give a limit, betas left to their own requirements."""
    answered = evidence.works("list")
    for reading in evidence.judged():
        call = reading.call
        if not answered or call.limit is None or call.beta_lines or not evidence.is_documented_list(call):
            continue
        yield Exercised(reading.number)
        if past_either_end(evidence, call) is not None:
            continue
        if reading.status != 200 and is_refused_for_its_limit(evidence, reading):
            yield evidence.judged_by_status(reading, parameter=about["parameter"], limit=call.limit)
    yield NotExercised("no list request with a limit was made" if answered else "no list request succeeded")


@SERVER_TEMPLATES("list-{slug}-outside-range-is-refused")
def list_limit_outside_range_is_refused(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Integers outside the range and words are a 4xx; odd spellings are only noted."""
    for reading in evidence.judged():
        call = reading.call
        if call.operation != "list" or not evidence.is_authorised(call):
            continue
        if not _is_outside(call.one(LIMIT), evidence.limits):
            continue
        if not evidence.works("list"):
            yield NotExercised("no list request succeeded")
            continue
        if not {name for name, _ in call.parameters} <= {LIMIT, *CURSORS}:
            continue
        yield Exercised(reading.number)
        if reading.status is not None and reading.status < 400:
            yield evidence.judged_by_status(reading, parameter=about["parameter"], limit=call.one(LIMIT))
    yield NotExercised("no limit outside the range was tried")


def _is_outside(text: str | None, bounds: Limits | None) -> bool:
    if text is None or bounds is None:
        return False
    if CANONICAL_INTEGER.fullmatch(text):
        # Compared by length first: converting a megabyte of digits costs minutes.
        is_long = text.startswith("-") or len(text) > len(str(bounds.maximum))
        return is_long or not bounds.minimum <= int(text) <= bounds.maximum
    return bool(_WORD.fullmatch(text)) and text.lower() not in _NUMBER_WORDS


@SERVER_TEMPLATES("list-{slug}-odd-spelling")
def list_limit_odd_spelling(evidence: Evidence, about: About) -> Iterator[Judgement]:
    for reading in evidence.judged():
        call = reading.call
        values = call.values("limit")
        odd = [text for text in values if not (CANONICAL_INTEGER.fullmatch(text) or _is_outside(text, evidence.limits))]
        if call.operation == "list" and (odd or len(values) > 1):
            yield Exercised(reading.number)
            yield evidence.observed("limit=" + "&limit=".join(quoted(value, 20) for value in values), reading)
    yield NotExercised("no odd limit was tried")
