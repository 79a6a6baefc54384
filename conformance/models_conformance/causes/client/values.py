"""Patterns of what a client's caller gets of a model: what reads one member reads others."""

from __future__ import annotations

from models_conformance.causes.case import Case
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

_EXTRA = "client-extra-fields-are-faithful"
# Who spoils one of these need not spoil another: libraries have a field of its own for each.
_OF_EVERY_REVISION = frozenset(
    {"client-id-is-untouched", "client-display-name-is-untouched", "client-type-is-untouched"}
)


@PATTERNS(
    "members-are-misread-alike",
    _EXTRA,
    "client-*-is-untouched",
    statement="members that came with later revisions, or that nobody documented, are misread: {members}",
    advice="Hand members on as the JSON values they are; what is missing, or null, is neither a default nor false.",
)
def _members_are_misread_alike(case: Case) -> Recognised | None:
    found = case.of(_EXTRA, "client-*-is-untouched")
    misread = [deviation for deviation in found if deviation.id not in _OF_EVERY_REVISION]
    if len({deviation.id for deviation in misread}) < 2:
        return None
    names = dict.fromkeys(deviation.subject for deviation in misread if deviation.subject)
    others = ["others"] if any(not deviation.subject for deviation in misread) else []
    return Recognised(misread, {"members": Words(", ".join((*names, *others)))})
