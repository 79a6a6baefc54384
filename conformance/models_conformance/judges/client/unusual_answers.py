"""What is out of the ordinary in the answers of a call, so that a refusal is blamed on what explains it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal
from weakref import WeakKeyDictionary

from models_conformance.evidence.instants import instant
from models_conformance.judges.client.client_evidence import CallRead, ClientEvidence, Sent

_JSON = "application/json"
_FIRST_OF_A_PAGE, _FIRST_OF_A_MODEL = ("data",), ("type", "id")
UnusualFeature = Literal["dates", "unknown fields", "media type", "spelling"]
_WRITING: frozenset[UnusualFeature] = frozenset({"media type", "spelling"})

# What every recorded date looks like but for its fraction; RFC 3339 allows more (lower case, any digits).
_PLAIN_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


# A run reads the same few dates thousands of times.
@lru_cache(maxsize=4096)
def has_odd_date(text: str) -> bool:
    """Whether it is an RFC 3339 date-time in a spelling that needs more than the usual parser."""
    return not _PLAIN_DATE.fullmatch(text) and instant(text) is not None


def unusual_features(call: CallRead) -> tuple[UnusualFeature, ...]:
    """What is unusual about the answers of a call, the most unusual first: dates, fields, the case of the content type,
    how they are written."""
    if call not in _FOUND:
        _FOUND[call] = tuple(_found(call))
    return _FOUND[call]


# Four judges ask for it, of every call.
_FOUND: WeakKeyDictionary[CallRead, tuple[UnusualFeature, ...]] = WeakKeyDictionary()


def _found(call: CallRead) -> Iterator[UnusualFeature]:
    answers = [sent for sent in call.sent if sent.succeeded]
    models = [model for sent in answers for model in sent.models]
    if any(has_odd_date(model["created_at"]) for model in models):
        yield "dates"
    if any(_has_unknown_fields(sent) for sent in answers):
        yield "unknown fields"
    if any(_has_capitals(sent) for sent in answers):
        yield "media type"
    if any(map(oddities, answers)):
        yield "spelling"


def _has_unknown_fields(sent: Sent) -> bool:
    envelope = sent.kind == "page" and sent.shapes.undocumented_members(sent.parsed.value, "list")
    return bool(envelope) or any(sent.shapes.undocumented_members(model, "model") for model in sent.models)


def _has_capitals(sent: Sent) -> bool:
    """Whether the type of the content stands there in other letters than small ones."""
    media_type = (sent.answer_header("content-type") or "").partition(";")[0]
    return media_type != media_type.lower()


def ids(models: tuple[Mapping[str, Any], ...]) -> list[Any]:
    """Their ids, in order, whatever they are."""
    return [model.get("id") for model in models]


def loses_models(call: CallRead) -> bool:
    """Whether the caller got other models than those of the answers."""
    if not call.got_value or not call.was_served or call.stands_still:
        return False
    seen, served = ids(call.seen), ids(call.served)
    return seen != served and Counter(seen) != Counter(served)


def is_unusual_by_writing_alone(call: CallRead) -> bool:
    """Whether how the answers of a call are written is unusual, and nothing else about them."""
    return _is_written_unusually(call) and _WRITING.issuperset(unusual_features(call))


def _is_written_unusually(call: CallRead) -> bool:
    return not _WRITING.isdisjoint(unusual_features(call))


def loses_to_writing(evidence: ClientEvidence) -> bool:
    """Whether models are lost where nothing but the writing is unusual.

    Who loses them from ordinary answers too does not lose them to how an answer is written.
    """
    calls = [call for call in evidence.made if loses_models(call)]
    return any(map(is_unusual_by_writing_alone, calls)) and all(map(_is_written_unusually, calls))


def may_be_misread(evidence: ClientEvidence, call: CallRead) -> bool:
    """Whether its answers are written as those were whose models got lost: what the client does next says nothing."""
    return _is_written_unusually(call) and evidence.remembered(loses_to_writing)


def blames_writing(evidence: ClientEvidence, call: CallRead) -> bool:
    """Whether what a call loses is lost to how its answers are written: that alone is unusual about them, or has been
    seen to lose models where it was alone."""
    return is_unusual_by_writing_alone(call) or may_be_misread(evidence, call)


def spelling_of(call: CallRead) -> str:
    """What is unusual about how the answers of a call are written, in a few words."""
    odd = (
        oddities(sent) or [f"content-type: {sent.answer_header('content-type')}"] * _has_capitals(sent)
        for sent in call.sent
        if sent.succeeded
    )
    return next((", ".join(found) for found in odd if found), "as usual")


def oddities(sent: Sent) -> list[str]:
    """What is unusual about how an answer is written."""
    response = sent.exchange.response
    assert response is not None
    found = [
        f"{name}: {value}"
        for name in ("content-encoding", "transfer-encoding")
        if (value := sent.answer_header(name)) is not None
    ]
    media_type = sent.answer_header("content-type")
    # Its capitals are another matter than what it says.
    if media_type is None or media_type.lower() != _JSON:
        found.append(f"content-type: {media_type or 'none'}")
    is_compact = response.body == json.dumps(sent.parsed.value, separators=(",", ":")).encode()
    if not is_compact or _is_in_another_order(sent):
        found.append("JSON with other blanks, escapes or order")
    return found


def _is_in_another_order(sent: Sent) -> bool:
    """Whether the envelope, or a model, begins otherwise than in every recording and on every page."""
    is_page = sent.kind == "page"
    return (is_page and next(iter(sent.parsed.value)) not in _FIRST_OF_A_PAGE) or any(
        next(iter(model)) not in _FIRST_OF_A_MODEL for model in sent.models
    )
