"""Model objects as they go over the wire, and lists of them in an order that a server may show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from models_conformance.evidence.instants import instant, is_unknown

Wire = Mapping[str, Any]

# The members that every revision of the pages has.
_DOCUMENTED = ("type", "id", "display_name", "created_at")
PLAIN_DATE = "2026-01-01T00:00:00Z"
_YES, _NO = {"supported": True}, {"supported": False}
LATER_MEMBERS: Mapping[str, Any] = {
    "max_input_tokens": 1000000,
    "max_tokens": 64000,
    "capabilities": {
        "batch": _YES,
        "citations": _NO,
        "code_execution": _YES,
        "context_management": {
            "supported": True,
            "clear_thinking_20251015": _YES,
            "clear_tool_uses_20250919": _NO,
            "compact_20260112": None,
        },
        "effort": {"supported": True, "low": _YES, "medium": _YES, "high": _YES, "max": _NO, "xhigh": None},
        "image_input": _YES,
        "pdf_input": _YES,
        "structured_outputs": _NO,
        "thinking": {"supported": True, "types": {"adaptive": _YES, "enabled": _NO}},
    },
    "allowed_fallback_models": ["claude-1", "claude-3"],
    "lifecycle": "deprecated",
    "line": "opus",
    "deprecated_at": "2026-06-01T00:00:00Z",
    "retires_at": "2027-01-01T00:00:00Z",
}
"""Members that later revisions of the pages add, each of the type that they give it."""

NULLABLE_MEMBERS = ("max_input_tokens", "max_tokens", "capabilities", "line", "deprecated_at", "retires_at")
"""Those of them that may be null."""

_NEWEST = datetime(2026, 1, 1)


def model(model_id: str, created_at: str = PLAIN_DATE, display_name: str = "Claude", **extra: Any) -> Wire:
    """One model; `extra` are members beyond the four that are documented everywhere."""
    return {"type": "model", "id": model_id, "display_name": display_name, "created_at": created_at, **extra}


def plain_models(count: int) -> tuple[Wire, ...]:
    """`count` models without any difficulty, a day between one and the next, newest first."""
    return tuple(
        model(
            f"claude-{number}",
            f"{(_NEWEST - timedelta(days=number)).isoformat()}Z",
            f"Claude {number}",
        )
        for number in range(1, count + 1)
    )


def models_with_ids(ids: Iterable[str]) -> tuple[Wire, ...]:
    """Models of these ids, in this order, without any other difficulty."""
    given = tuple(ids)
    return tuple({**plain, "id": model_id} for plain, model_id in zip(plain_models(len(given)), given, strict=True))


def ids_of(models: Sequence[Wire]) -> tuple[str, ...]:
    """The ids in list order."""
    return tuple(model["id"] for model in models)


def in_order(models: Sequence[Wire]) -> bool:
    """Whether the dates never rise along the list. An epoch says nothing; what is not a date is never in order."""
    last = None
    for model in models:
        moment = instant(model["created_at"])
        if moment is None:
            return False
        if is_unknown(moment):
            continue
        if last is not None and moment > last:
            return False
        last = moment
    return True


def extra_of(given: Wire) -> dict[str, Any]:
    """The members beyond the documented four."""
    return {name: value for name, value in given.items() if name not in _DOCUMENTED}


def without_extra(given: Wire) -> Wire:
    """The model with the documented four members alone."""
    return {name: value for name, value in given.items() if name in _DOCUMENTED}
