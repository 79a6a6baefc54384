"""What is out of the ordinary in the answers of a call, so that a refusal is blamed on what explains it."""

from __future__ import annotations

import json
import re
from typing import Literal

from conformance.evidence.instants import instant
from conformance.judges.client.evidence import CallRead, Sent
from conformance.judges.shape import undocumented_members

Peculiarity = Literal["dates", "unknown fields", "spelling"]

# What every recorded date looks like but for its fraction; RFC 3339 allows more (lower case, a blank, any digits).
_PLAIN_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def has_odd_date(text: object) -> bool:
    """Whether it is an RFC 3339 date-time in a spelling that needs more than the usual parser."""
    return isinstance(text, str) and instant(text) is not None and not _PLAIN_DATE.fullmatch(text)


def peculiarity(call: CallRead) -> Peculiarity | None:
    """The first thing that is unusual about the answers of a call: dates, then fields, then how they are written."""
    answers = [sent for sent in call.sent if sent.succeeded]
    models = [model for sent in answers for model in sent.models]
    if any(has_odd_date(model.get("created_at")) for model in models):
        return "dates"
    if any(_has_unknown_fields(sent) for sent in answers):
        return "unknown fields"
    return "spelling" if any(_is_spelt_oddly(sent) for sent in answers) else None


def _has_unknown_fields(sent: Sent) -> bool:
    envelope = sent.kind == "page" and undocumented_members(sent.parsed.value, "list")
    return bool(envelope) or any(undocumented_members(dict(model), "model") for model in sent.models)


def _is_spelt_oddly(sent: Sent) -> bool:
    response = sent.exchange.response
    assert response is not None
    if sent.answer_header("content-encoding") or sent.answer_header("transfer-encoding"):
        return True
    if sent.answer_header("content-type") != "application/json":
        return True
    plain = json.dumps(sent.parsed.value, separators=(",", ":")).encode()
    return response.body != plain
