"""The members of a model, as they were sent and as the caller has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import repeat
from typing import Any

from models_conformance.contract.points import members_of
from models_conformance.evidence.driver_calls import ModelSeen
from models_conformance.evidence.instants import instant
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence
from models_conformance.judges.client.registry import CLIENT_TEMPLATES, exercised, judges_calls, violation
from models_conformance.judges.client.unusual_answers import blames_writing, has_odd_date, loses_models, may_be_misread
from models_conformance.judges.client.value import as_value, folded, judge_acceptance
from models_conformance.judges.judgement import Judgement, NotExercised, Violation
from models_conformance.requirements.templates import About

_DOCUMENTED = ("id", "created_at", "display_name", "type")
_MILLISECOND, _MICROSECOND = Fraction(1, 1000), Fraction(1, 1_000_000)
# Beyond this an IEEE double is not exact. JSON promises no more (RFC 8259, 6), and these languages have no more.
_EXACT = 2**53
_LANGUAGES_OF_DOUBLES = frozenset({"javascript", "typescript"})


def _paired(evidence: ClientEvidence, call: CallRead) -> tuple[tuple[ModelSeen, Mapping[str, Any]], ...]:
    """Each model that the caller got with the one that was sent; none where models are lost to how an answer is
    written, in this call or where others are written so: what else is wrong with those says nothing."""
    is_lost = may_be_misread(evidence, call) or (loses_models(call) and blames_writing(evidence, call))
    return () if is_lost else call.paired


@CLIENT_TEMPLATES("client-{slug}-is-untouched")
def member_is_untouched(evidence: ClientEvidence, about: About) -> Iterator[Judgement]:
    """A member as the library shows it, beside the one that was sent."""
    # Digits that are lost are told of all members beyond the four in one place.
    reading = _Reading(True, evidence.hello.has_one_empty)
    for call in evidence.made:
        yield from _judge_member(evidence, call, about["member"], reading)


def _judge_member(evidence: ClientEvidence, call: CallRead, member: str, reading: _Reading) -> Iterator[Judgement]:
    found = False
    for model, served in _paired(evidence, call):
        seen = model if member in _DOCUMENTED else model.get("extra") or {}
        if member not in seen:
            continue
        if member not in served and member not in _DOCUMENTED:
            if _says_something(seen[member]):
                yield violation("is-invented", call, member=member, id=served["id"], seen=as_value(seen[member]))
                return
            continue
        found = True
        was, now = served.get(member), seen[member]
        kind = _change(now, was, reading)
        if member in _DOCUMENTED:
            kind = None if now == was else "is-changed"
        if kind is not None:
            yield violation(kind, call, member=member, id=served["id"], served=as_value(was), seen=as_value(now))
            return
    if found:
        yield exercised(call)
    elif call.seen:
        yield NotExercised(f"the library does not show {member}")


def _says_something(value: Any) -> bool:
    """Whether it is more than what a language without null has for a member that is not there."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_says_something, inner)) if isinstance(value, dict | list) else bool(value)


# How a date can differ from the one that was sent, as kinds of violations.
_INSTANT, _FRACTION, _SPELLING = "is-another-instant", "loses-its-fraction", "is-misread"


def _deviation(seen: object, served: str) -> str | None:
    """How a date differs from the one that was sent; None where it is the same instant.

    A clock of milliseconds, as JavaScript has it, keeps the instant and loses the rest.
    """
    if seen == served:
        return None
    odd = has_odd_date(served)
    was, now = instant(served), instant(seen)
    if was is None:
        return None
    off = None if now is None else abs(Fraction(was) - Fraction(now))
    if off is None or off >= _MILLISECOND:
        return _SPELLING if odd else _INSTANT
    return _FRACTION if off >= _MICROSECOND else None


def _shows(served: str, kind: str) -> bool:
    """Whether a date could show that deviation."""
    return "." in served if kind == _FRACTION else has_odd_date(served) is (kind == _SPELLING)


def _judge_dates(evidence: ClientEvidence, call: CallRead, kind: str) -> Iterator[Judgement]:
    found = False
    for seen, served in _paired(evidence, call):
        if "created_at" not in seen:
            continue
        was, now = served["created_at"], seen["created_at"]
        found = found or _shows(was, kind)
        if _deviation(now, was) == kind:
            yield violation(kind, call, member="created_at", id=served["id"], served=was, seen=as_value(now))
            return
    if found:
        yield exercised(call)


@judges_calls("client-created-at-is-the-same-instant")
def created_at_is_the_same_instant(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from _judge_dates(evidence, call, _INSTANT)


@judges_calls("client-created-at-keeps-microseconds")
def created_at_keeps_microseconds(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from _judge_dates(evidence, call, _FRACTION)


@judges_calls("client-created-at-reads-any-spelling")
def created_at_reads_any_spelling(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    yield from judge_acceptance(evidence, call, "dates")
    # Who misreads dates as everybody writes them does not misread others for their spelling.
    if not evidence.remembered(_misreads_ordinary_dates):
        yield from _judge_dates(evidence, call, _SPELLING)


def _misreads_ordinary_dates(evidence: ClientEvidence) -> bool:
    return any(
        isinstance(found, Violation) for call in evidence.made for found in _judge_dates(evidence, call, _INSTANT)
    )


@judges_calls("client-extra-fields-are-faithful")
def extra_fields_are_faithful(evidence: ClientEvidence, call: CallRead) -> Iterator[Judgement]:
    hello = evidence.hello
    reading = _Reading(hello.language.lower() in _LANGUAGES_OF_DOUBLES, hello.has_one_empty)
    found = False
    for seen, served in _paired(evidence, call):
        extra = seen.get("extra") or {}
        if renamed := _renamed(extra, {name: served[name] for name in served if name not in _DOCUMENTED}):
            yield violation("is-renamed", call, id=served["id"], name=renamed[1], seen=renamed[0])
            return
        for name, value in extra.items():
            if name not in served or name in _DOCUMENTED:
                continue
            found = True
            kind = _change(value, served[name], reading)
            # A member that the contract has is judged by itself.
            if kind is not None and (kind == "loses-digits" or name not in members_of(evidence.contract)):
                was, now = as_value(served[name]), as_value(value)
                yield violation(kind, call, name=name, id=served["id"], served=was, seen=now)
                return
    if found:
        yield exercised(call)
    else:
        yield NotExercised("the library shows no member beyond the documented ones")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the client's language cannot tell apart: integers beyond doubles, an empty object and an empty list."""

    doubles: bool
    one_empty: bool


def _change(seen: Any, served: Any, reading: _Reading) -> str | None:
    """The kind of violation by a value that is not what was sent; the mildest that fits."""
    if _same(seen, served, reading):
        return None
    if _same(seen, served, replace(reading, doubles=True)):
        return "loses-digits"
    return "mistakes-an-empty" if _same(seen, served, replace(reading, one_empty=True)) else "is-changed"


def _same(seen: Any, served: Any, reading: _Reading) -> bool:
    """Equal as values: null is as good as absent, a number is its value, or the double next to it, a date its instant.

    A typed library writes members back that it knows and leaves out those it does not.
    """
    match seen, served:
        case (bool(), _) | (_, bool()):
            return seen is served
        case (int() | float(), int() | float()):
            return _is_same_number(seen, served, reading)
        case (dict(), dict()):
            shared = seen.keys() & served.keys()
            return all(_same(seen[name], served[name], reading) for name in shared) and not _renamed(seen, served)
        case (list(), list()):
            return len(seen) == len(served) and all(map(_same, seen, served, repeat(reading)))
        case (dict(), list()) | (list(), dict()):
            return reading.one_empty and not seen and not served
        case (str(), str()):
            return seen == served or (instant(seen) is not None and instant(seen) == instant(served))
        case _:
            return bool(seen == served)


def _renamed(seen: Mapping[str, Any], served: Mapping[str, Any]) -> tuple[str, str] | None:
    """A name that is another's but for case, blanks at its ends or its normal form, and that other: it was not kept.

    What a library calls its own members otherwise, such as in snake case, is its business.
    """
    if seen.keys() <= served.keys():
        return None
    lost = {folded(name): name for name in served if name not in seen}
    return next(((name, lost[folded(name)]) for name in seen if name not in served and folded(name) in lost), None)


def _is_same_number(seen: float, served: float, reading: _Reading) -> bool:
    # JSON promises no more than doubles: who says so with a fraction or an exponent has kept what it could.
    nearest = (reading.doubles or isinstance(seen, float)) and abs(served) > _EXACT
    return seen == served or (nearest and float(seen) == float(served))
