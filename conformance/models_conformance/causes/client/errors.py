"""Patterns of what a client's caller gets where a request was refused."""

from __future__ import annotations

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

_CARRIED = {"carries-no-status": "status", "carries-no-type": "error type", "carries-no-request-id": "request id"}


@PATTERNS(
    "error-says-nothing-of-the-answer",
    "client-error-carries-status",
    "client-error-*",
    statement="what is raised, such as {name}, says nothing of the answer: it carries no {carried}",
    advice="Raise an error made of the response: one that comes of something else, such as waiting, hides it.",
)
def _error_says_nothing(case: Case) -> Recognised | None:
    broken = [deviation for deviation in case.of("client-error-carries-*") if deviation.is_of(*_CARRIED)]
    if len({deviation.kind for deviation in broken}) < 2:
        return None
    carried = [what for kind, what in _CARRIED.items() if any(deviation.kind == kind for deviation in broken)]
    words = f"{', '.join(carried[:-1])} and no {carried[-1]}"
    return Recognised(broken, {"name": broken[0].violations[0].values["name"], "carried": Words(words)})
