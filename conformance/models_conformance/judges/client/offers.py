"""What is not judged of a library because it offers no such call."""

from __future__ import annotations

from models_conformance.evidence.driver_calls import NO_ARGUMENTS, NO_RETRIEVE, WALKS_ONLY, Hello

_NO_RETRIEVE = (NO_RETRIEVE, "the library has no call for one model")
_WALKS_ONLY = (WALKS_ONLY, "the library has no call for one page")
_NO_ARGUMENTS = (NO_ARGUMENTS, "the library's list takes no arguments")
_OUT_OF_REACH = {
    "client-escapes-model-id-once": _NO_RETRIEVE,
    "client-empty-id-never-lists": _NO_RETRIEVE,
    "client-dot-segments-never-climb": _NO_RETRIEVE,
    "client-retrieve-returns-the-model": _NO_RETRIEVE,
    "client-page-holds-every-model": _WALKS_ONLY,
    "client-page-keeps-has-more": _WALKS_ONLY,
    "client-page-keeps-first-and-last-id": _WALKS_ONLY,
    "client-sends-limit-as-given": _NO_ARGUMENTS,
    "client-sends-cursor-as-given": _NO_ARGUMENTS,
    "client-walk-backward-follows-first-id": _NO_ARGUMENTS,
    "client-walk-keeps-limit": _NO_ARGUMENTS,
    "client-walk-keeps-betas": _NO_ARGUMENTS,
    "client-sends-betas-as-given": _NO_ARGUMENTS,
    "client-limit-outside-its-range": _NO_ARGUMENTS,
    "client-two-cursors": _NO_ARGUMENTS,
}


def why_not_offered(hello: Hello, requirement: str) -> str | None:
    """Why a requirement cannot apply to the library, by the calls that it lacks; None where it may."""
    lack, why = _OUT_OF_REACH.get(requirement, ("", ""))
    return why if lack in hello.capabilities else None
