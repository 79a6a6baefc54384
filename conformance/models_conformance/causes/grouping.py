"""Causes that no pattern names: findings that follow from each other are one, under the one that explains most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from models_conformance.causes.case import Case, Deviation
from models_conformance.causes.refusals import MISSING, REFUSALS, SHAPES, UNKNOWN, WRONG, refused_by
from models_conformance.requirements.consequences import explained

# Of requirements that explain each other, the one that says most directly what to fix stands first.
_DIRECT_FIRST = (
    "response-arrives-whole",
    "body-is-one-json-value",
    "no-input-is-answered-5xx",
    "credentials-api-key-is-accepted",
    "list-documented-request-succeeds",
    "list-limit-in-range-is-accepted",
    "model-id-is-unique is-listed-twice",
    "list-envelope-is-complete",
    "model-is-complete",
    "model-type-is-model",
    "model-created-at-is-rfc3339",
    "list-page-is-within-limit",
    "list-page-past-the-end-is-empty",
    "list-without-cursor-starts-at-head",
    "list-is-newest-first",
    "list-order-is-one-order",
    "list-after-id-is-exclusive",
    "list-after-id-is-immediate",
    "list-before-id-keeps-list-order",
    "list-before-id-is-immediate",
    "list-before-id-is-exclusive",
    "list-page-is-full",
    "list-default-page-is-20",
    "list-ids-equal-ends-of-data",
    "list-has-more-is-true-*",
    "list-has-more-is-*",
    "list-has-more-backward-is-true-*",
    "list-has-more-*",
    "walk-*",
    "retrieve-listed-id-succeeds",
    "retrieve-equals-listed-item",
    "error-envelope-is-complete",
    "error-type-matches-status",
    "retrieve-unknown-is-not-found",
    "credentials-missing-is-401",
    "beta-documented-is-accepted",
    "beta-list-is-accepted",
    "beta-header-forms-are-equal",
    "client-keeps-base-url-prefix",
    "client-id-is-untouched",
    "client-page-holds-*",
    "client-walk-sends-one-cursor",
    "client-walk-yields-*",
    "client-cut-answer-*",
    "client-unreadable-answer-is-never-a-list",
)
# What part of the exchanges at fault in a group must show a claim for it to name the group. Claims about one place of
# the list, and such as speak of every answer of a kind, are broken along with others by chance.
_LEAST_SHARE = (
    ("list-page-past-the-end-is-empty", 0.5),
    ("list-without-cursor-starts-at-head", 0.5),
    ("list-after-id-*", 0.1),
    ("list-before-id-*", 0.1),
    ("error-type-matches-status", 0.25),
    ("client-keeps-base-url-prefix", 0.5),
    ("client-walk-sends-one-cursor", 0.5),
)


_SIZES = frozenset({"list-page-is-full", "list-default-page-is-20"})
_TAKEN_FOR_ANSWERS = frozenset(
    {
        "model-is-complete",
        "model-type-is-model",
        "model-created-at-is-rfc3339",
        "list-envelope-is-complete",
        "body-is-one-json-value",
    }
)
_TYPE = "error-type-matches-status"
_UNREADABLE = frozenset({"response-arrives-whole", "body-is-one-json-value"})
_ORDER = "list-is-newest-first"
# What one page that is asked for without a cursor shows by itself is a fault of its own beside these.
_OF_CURSORS = ("list-after-id-*", "list-before-id-*", "list-page-past-*", "list-has-more-backward-*")
_NOT_BY = {
    _ORDER: (*_OF_CURSORS, "list-page-is-*", "list-default-*"),
    "list-default-page-is-20": _OF_CURSORS,
    "model-is-complete": ("list-envelope-is-complete",),
}


def directness(deviation: Deviation) -> int:
    """The place in that order; what it does not name stands behind what it does."""
    named = (deviation.id, f"{deviation.id} {deviation.kind}")
    return next(
        (at for at, pattern in enumerate(_DIRECT_FIRST) if any(fnmatchcase(name, pattern) for name in named)),
        len(_DIRECT_FIRST),
    )


def follow_from(root: str, case: Case) -> list[Deviation]:
    """The deviations from the root and from what follows from it by the rules of consequence, the root's in front."""
    first = [deviation for deviation in case.deviations if deviation.id == root]
    if root == _ORDER and any(map(case.is_shown_without_a_cursor, first)):
        # The list itself is sorted otherwise, on every page alike: that leads no cursor elsewhere.
        return first
    others = [deviation for deviation in case.deviations if not _is_independent(deviation, root, case)]
    kinds: dict[str, list[str]] = {}
    for deviation in others:
        kinds.setdefault(deviation.id, []).append(_kind(deviation, case))
    following = explained(root, kinds)
    return first + [deviation for deviation in others if deviation.id in following and deviation.id != root]


def _is_independent(deviation: Deviation, root: str, case: Case) -> bool:
    """Whether a page shows it that neither that root nor what follows from it had a part in."""
    if root in _UNREADABLE:
        return deviation.id != root and case.is_shown_by_what_can_be_read(deviation)
    if root in REFUSALS and deviation.id in _TAKEN_FOR_ANSWERS:
        # What should have been refused, and was not.
        return not deviation.culprits <= case.numbers(
            lambda reading: reading.status is not None and reading.status < 300 and refused_by(reading.call) is not None
        )
    if root in (MISSING, WRONG) and deviation.id == _TYPE:
        return any(refused_by(reading.call) not in (MISSING, WRONG) for reading in case.culprits(_TYPE))
    if root in SHAPES and deviation.id in REFUSALS - {UNKNOWN}:
        # Which of the two goes with the other is told by what else is refused so.
        return True
    is_separate = any(fnmatchcase(root, pattern) for pattern in _NOT_BY.get(deviation.id, ()))
    return is_separate and case.is_shown_without_a_cursor(deviation)


def _kind(deviation: Deviation, case: Case) -> str:
    """The kind by which others follow from it: a model is not an error with another status."""
    is_a_model = any(reading.model is not None for reading in case.culprits(deviation.id))
    return "answered-with-a-model" if deviation.is_of("answered-2xx") and is_a_model else deviation.kind


def grouped(case: Case) -> list[list[Deviation]]:
    """The deviations of a case in groups of one cause each, the deviations of its root in front."""
    groups = []
    while case.deviations:
        roots = dict.fromkeys(deviation.id for deviation in case.deviations)
        follow = {root: follow_from(root, case) for root in roots}
        groups.append(follow[_root(follow, case)])
        case = case.without(groups[-1])
    return groups


def _root(follow: Mapping[str, Sequence[Deviation]], case: Case) -> str:
    """The requirement that explains most of the others; of several, the one that says so most directly."""
    most = max(len({deviation.id for deviation in group}) for group in follow.values())
    candidates = [root for root, group in follow.items() if len({deviation.id for deviation in group}) == most]
    fit = [root for root in candidates if _names_a_cause(root, follow[root], case)]
    return min(
        fit or candidates,
        key=lambda root: min(directness(deviation) for deviation in follow[root] if deviation.id == root),
    )


def _names_a_cause(root: str, group: Sequence[Deviation], case: Case) -> bool:
    own = [deviation for deviation in group if deviation.id == root]
    if root in _SIZES and (_is_about_a_cursor(own, group, case) or _is_by_has_more_alone(own, group)):
        return False
    least = next((share for pattern, share in _LEAST_SHARE if fnmatchcase(root, pattern)), 0.0)
    if len(_places_of_fault(own)) < least * len(_places_of_fault([*own, *_with_places_of_their_own(group, case)])):
        return False
    return root != _ORDER or len(group) == len(own) or any(_is_in_one_page(deviation, case) for deviation in own)


def _with_places_of_their_own(group: Sequence[Deviation], case: Case) -> list[Deviation]:
    """Without walks, each of which is one, and without what is short with a cursor only, which is that cursor's."""
    sizes = [deviation for deviation in group if deviation.id in _SIZES]
    left_out = {id(deviation) for deviation in sizes} if _is_about_a_cursor(sizes, group, case) else set[int]()
    return [deviation for deviation in group if id(deviation) not in left_out and not deviation.id.startswith("walk-")]


def _is_about_a_cursor(own: Sequence[Deviation], group: Sequence[Deviation], case: Case) -> bool:
    """Whether pages are short with one of the cursors only, whose own requirements are broken as well."""
    short = case.at_fault(*own)
    return any(
        short
        and all(reading.call.values(cursor) for reading in short)
        and any(deviation.is_from(pattern) for deviation in group)
        for cursor, pattern in (("after_id", "list-after-id-*"), ("before_id", "list-before-id-*"))
    )


def _is_by_has_more_alone(own: Sequence[Deviation], group: Sequence[Deviation]) -> bool:
    """Whether pages are short by the word of has_more alone, which other pages convict."""
    alone = all(len(violation.exchanges) == 1 for deviation in own for violation in deviation.violations)
    return alone and any(deviation.is_from("list-has-more-*") for deviation in group)


def _places_of_fault(deviations: Sequence[Deviation]) -> frozenset[tuple[int, int]]:
    return frozenset[tuple[int, int]]().union(*(deviation.places_of_fault for deviation in deviations))


def _is_in_one_page(deviation: Deviation, case: Case) -> bool:
    """Whether a page holds both models that stand in the wrong order: else the cursor may have led elsewhere."""
    for violation in deviation.violations:
        reading = case.readings.get(violation.exchanges[0])
        if reading is not None and reading.page is not None:
            ids = {*reading.page.ids}
            if violation.values.get("first") in ids and violation.values.get("second") in ids:
                return True
    return False
