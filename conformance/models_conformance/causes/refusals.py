"""Which requests are to be refused, and by which requirement."""

from __future__ import annotations

from models_conformance.evidence.exchange_reading import NO_SUCH, Call, Reading, is_error_envelope

_LARGEST_LIMIT = 1000
MISSING, WRONG, VERSION = "credentials-missing-is-401", "credentials-wrong-is-401", "version-missing-is-400"
UNKNOWN, LIMIT = "retrieve-unknown-is-not-found", "list-limit-outside-range-is-refused"
SHAPES = frozenset({"error-envelope-is-complete", "error-type-matches-status"})
REFUSALS = frozenset({MISSING, WRONG, VERSION, UNKNOWN, LIMIT})


def refused_by(call: Call) -> str | None:
    """The requirement by which an error is the right answer; None where a success may be. Nobody documents cursors
    that name no model."""
    if call.credential in ("none", "wrong"):
        return MISSING if call.credential == "none" else WRONG
    if call.version is None:
        return VERSION
    if NO_SUCH in (call.model_id or ""):
        return UNKNOWN
    limit = call.values("limit")
    return LIMIT if limit and not (call.limit is not None and 1 <= call.limit <= _LARGEST_LIMIT) else None


def error_type(reading: Reading) -> object:
    """The type that the envelope of an error names, whatever it is; None where there is no envelope or no type."""
    value = reading.parse().value
    return value["error"].get("type") if is_error_envelope(value) else None
