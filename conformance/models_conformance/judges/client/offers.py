"""What is not judged of a library because it offers no such call."""

from __future__ import annotations

from models_conformance.evidence.driver_calls import NO_ARGUMENTS, NO_RETRIEVE, WALKS_ONLY, Hello

_OF_ONE_MODEL = frozenset(
    {
        "client-escapes-model-id-once",
        "client-empty-id-never-lists",
        "client-dot-segments-never-climb",
        "client-retrieve-returns-the-model",
    }
)
_OF_ONE_PAGE = frozenset(
    {
        "client-page-holds-every-model",
        "client-page-keeps-has-more",
        "client-page-keeps-first-and-last-id",
    }
)
_OF_ARGUMENTS = frozenset(
    {
        "client-sends-limit-as-given",
        "client-sends-cursor-as-given",
        "client-walk-backward-follows-first-id",
        "client-walk-keeps-limit",
        "client-walk-keeps-betas",
        "client-sends-betas-as-given",
        "client-limit-outside-its-range",
        "client-two-cursors",
    }
)
_LACKS = (
    (NO_RETRIEVE, _OF_ONE_MODEL, "the library has no call for one model"),
    (WALKS_ONLY, _OF_ONE_PAGE, "the library has no call for one page"),
    (NO_ARGUMENTS, _OF_ARGUMENTS, "the library's list takes no arguments"),
)


def why_not_offered(hello: Hello, requirement: str) -> str | None:
    """Why a requirement cannot apply to the library, by the calls that it lacks; None where it may."""
    lacking = (why for lack, needs, why in _LACKS if lack in hello.capabilities and requirement in needs)
    return next(lacking, None)
