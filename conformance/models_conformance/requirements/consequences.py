"""Who breaks one requirement breaks others: the rules by which a fault trips more than its root.

A pair of a fault and a requirement that no rule explains is a false blame. Ids are globs, so that a rule also covers
what is added to the requirements that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from models_conformance.requirements.client_consequences import CLIENT_CONSEQUENCES
from models_conformance.requirements.consequence import Consequence

_CURSORS = (
    "list-after-id-*",
    "list-before-id-*",
    "list-page-past-the-end-is-empty",
    "list-without-cursor-starts-at-head",
)
_PLACE = (*_CURSORS, "list-is-newest-first", "list-order-is-one-order")
_FULL = ("list-default-page-is-20", "list-page-is-full")
_MORE = ("list-has-more-*",)
_WALKS = ("walk-*",)
_MODEL = ("model-is-complete", "model-type-is-model", "model-created-at-is-rfc3339")
_RETRIEVED = ("retrieve-equals-listed-item", "retrieve-alias-answers-model-id", "retrieve-encoding-is-equivalent")
_FILTERED = (
    "list-*-filters-by-*",
    "list-*-takes-several",
    "list-*-is-kept-on-every-page",
    "list-*-keeps-list-order",
    "list-*-default-is-its-explicit-form",
    "list-*-refuses-*",
)
_UNCHANGED = "beta-leaves-stable-body-unchanged"

CONSEQUENCES = (
    Consequence(
        "one-order",
        (*_PLACE, "list-page-is-full", "walk-ends", "model-id-is-unique"),
        _PLACE,
        "All pages are claims about one order of the models: a page that lacks a model, holds one that is not a "
        "cursor, or lies in the wrong place contradicts its neighbours too.",
    ),
    Consequence(
        "place-tells-what-is-left",
        (*_PLACE, *_FULL, *_WALKS, "list-page-is-within-limit", "model-id-is-unique"),
        (*_FULL, *_MORE),
        "How many models a page could have held, and whether more follow, is known from its place in the order.",
    ),
    Consequence(
        "walk-is-made-of-pages",
        (*_PLACE, *_FULL, *_MORE, "list-ids-equal-ends-of-data", "list-envelope-is-complete", "model-id-is-unique"),
        _WALKS,
        "A walk is its pages, the cursors that they hand out and their has_more.",
    ),
    Consequence("one-has-more", _MORE, _MORE, "One expression computes has_more for both directions and both answers."),
    Consequence(
        "limit-is-not-read",
        ("list-page-is-within-limit", "list-page-is-full"),
        ("list-limit-outside-range-is-refused",),
        "A limit that is not read, or is made smaller in silence, is not refused either.",
    ),
    Consequence(
        "input-changes-the-answer",
        (_UNCHANGED, "unknown-*-is-tolerated", "same-question-same-answer"),
        (*_PLACE, *_FULL, *_MORE, *_WALKS, *_MODEL, "list-envelope-is-complete", "list-page-is-within-limit"),
        "Requests with betas or undocumented input, or made again, are judged as any other: what that changes in "
        "their answers is wrong by itself.",
    ),
    Consequence(
        "filter-is-not-read",
        ("list-*-filters-by-*", "list-*-is-kept-on-every-page"),
        _FILTERED,
        "A filter that is not read, or not in one place, leaves in the same models whatever its values are.",
    ),
    Consequence(
        "cursor-leads-out-of-the-filter",
        ("list-*-is-kept-on-every-page",),
        (*_PLACE, *_FULL, *_MORE, *_WALKS),
        "A page behind a cursor that holds what the list leaves out contradicts the pages of the list.",
        where=("holds-another-value",),
    ),
    Consequence(
        "values-are-not-counted",
        ("list-*-takes-several", "list-*-refuses-other-values"),
        ("list-*-refuses-more-than-*",),
        "Who reads one of several values, or checks none, counts none.",
    ),
    Consequence(
        "limit-of-a-filtered-list",
        ("list-*-pages-as-a-list",),
        ("list-page-is-within-limit",),
        "A page of a filtered list is a page: one that is too long holds what others are to hold.",
    ),
    Consequence(
        "filter-is-refused",
        ("list-*-is-accepted",),
        (*_FILTERED, "no-input-is-answered-5xx"),
        "What is refused cannot be filtered by.",
    ),
    Consequence(
        "default-of-a-filter",
        ("list-*-default-is-its-explicit-form",),
        ("list-*-filters-by-*", "list-*-takes-several"),
        "A value that stands for others is listed with theirs.",
    ),
    Consequence(
        "stage-of-another-model",
        ("list-*-filters-by-*",),
        ("model-*-is-null-while-*", "model-*-is-given-while-*", "retrieve-equals-listed-item"),
        "A model that is listed in another stage keeps the dates of its own, and is another when retrieved.",
        where=("holds-another-value",),
    ),
    Consequence(
        "date-of-a-stage",
        ("model-*-is-rfc3339", "model-*-is-as-documented"),
        ("model-*-is-null-while-*", "model-*-is-given-while-*"),
        "What is not a date, or of another type, is neither null nor given as its stage asks.",
    ),
    Consequence(
        "betas-are-read-in-one-place",
        ("beta-documented-is-accepted",),
        ("beta-list-is-accepted", "beta-header-forms-are-equal", "beta-unknown-is-accepted-or-refused"),
        "A list of betas is refused for any beta of it, however it is written.",
    ),
    Consequence(
        "crash",
        ("no-input-is-answered-5xx",),
        ("*",),
        "A server error is not the answer that the request was to have.",
        kinds=("*-5xx", "is-read-otherwise", "has-another-status"),
    ),
    Consequence(
        "nothing-can-be-read",
        ("body-is-one-json-value", "response-arrives-whole"),
        (
            "*-succeeds",
            "*-is-accepted",
            "*-are-equal",
            "*-tolerated",
            "retrieve-*",
            "header-names-*",
            "same-question-*",
            _UNCHANGED,
            "list-page-past-*",
            "body-*",
        ),
        "An answer that does not arrive, or holds no value, answers nothing.",
    ),
    Consequence(
        "refused-request",
        (
            "list-documented-request-succeeds",
            "list-limit-in-range-is-accepted",
            "credentials-api-key-is-accepted",
            "unknown-header-*",
        ),
        ("*-succeeds", "list-page-past-the-end-is-empty", "retrieve-*"),
        "A request that is refused shows nothing of what it was sent to show.",
    ),
    Consequence(
        "refused-retrieval",
        ("retrieve-listed-id-succeeds",),
        ("retrieve-*",),
        "A model that cannot be retrieved is not the listed one, in no spelling of its id.",
    ),
    Consequence(
        "header-is-demanded",
        ("header-*-is-optional",),
        ("*",),
        "Whatever is asked without the header is refused.",
        kinds=("*-4xx", "*is-refused", "is-read-otherwise", "has-another-status"),
    ),
    Consequence(
        "one-credential-check",
        ("credentials-*-is-401", "credentials-bearer-is-accepted"),
        ("credentials-*-is-401", "error-type-matches-status"),
        "One check reads every credential, the missing one too; its status may be wrong, and its type that of 401.",
    ),
    Consequence(
        "model-differs-between-answers",
        (
            *_MODEL,
            *_RETRIEVED,
            "retrieve-unknown-is-not-found",
            "model-id-is-unique",
            "unknown-query-parameter-*",
            "list-page-is-within-limit",
        ),
        (*_RETRIEVED, _UNCHANGED, "model-id-is-unique"),
        "What only some answers show, or show wrongly, is a difference between answers that are to be equal.",
    ),
    Consequence(
        "identity",
        ("model-id-is-unique", "list-envelope-is-complete"),
        ("model-is-complete", "list-ids-equal-ends-of-data"),
        "An id that is empty or given twice, and an envelope of another API, leave models without an id of their own.",
    ),
    Consequence(
        "unsteady",
        ("same-question-same-answer",),
        (
            *_PLACE,
            *_FULL,
            *_MORE,
            *_WALKS,
            *_RETRIEVED,
            "beta-*",
            "unknown-*-is-tolerated",
            "*-succeeds",
            "model-id-is-unique",
            "retrieve-unknown-is-not-found",
        ),
        "Where equal questions have different answers, no two answers can be compared.",
    ),
    Consequence(
        "unsteady-alias",
        ("retrieve-alias-is-steady",),
        ("same-question-same-answer",),
        "An alias is retrieved by a question like any other.",
    ),
    Consequence(
        "one-error-writer",
        ("error-type-matches-status", "retrieve-unknown-is-not-found", "error-envelope-is-complete"),
        ("error-type-matches-status", "retrieve-unknown-is-not-found"),
        "An unknown model is the error that most runs see.",
        kinds=("is-another-type", "answered-4xx"),
        where=("is-*", "has-*", "answered-4xx"),
    ),
    Consequence(
        "status-of-an-error",
        ("error-type-matches-status", "error-envelope-is-complete"),
        ("credentials-*-is-401", "version-missing-is-400"),
        "Whoever writes errors in another way than the API does, a framework say, gives them its own status, too.",
        kinds=("answered-4xx",),
    ),
    Consequence(
        "status-of-a-success",
        ("list-documented-request-succeeds", "retrieve-listed-id-succeeds"),
        ("*-is-accepted", "*-succeeds"),
        "What is answered another success than 200 is so wherever it is asked for.",
        kinds=("answered-2xx",),
        where=("answered-2xx",),
    ),
    Consequence(
        "looked-up-by-a-part",
        ("retrieve-equals-listed-item",),
        ("retrieve-unknown-is-not-found",),
        "Who takes the beginning of an id for the id answers a listed one with another, and a part of one too.",
        kinds=("matches-parts-of-ids*",),
        where=("is-another-model*",),
    ),
    Consequence(
        "error-answered-as-success",
        ("retrieve-unknown-is-not-found",),
        ("*-is-40?", "*-is-refused"),
        "An error with status 200 refuses nothing.",
        where=("*-2xx",),
    ),
    Consequence(
        "refusal-taken-for-an-answer",
        ("retrieve-unknown-is-not-found", "*-is-40?"),
        (*_MODEL, "list-envelope-is-complete", "body-is-one-json-value"),
        "What stands in place of a refusal, under the status of a success, is taken for a model or a page.",
        where=("*-2xx",),
    ),
    *CLIENT_CONSEQUENCES,
)


def explained(root: str, trips: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """For each tripped requirement that follows from the root, or from one that does: the name of the rule.

    `trips` gives the kinds of what was found about each requirement.
    """
    left = {*trips} - {root}
    by: dict[str, str] = {}
    reached = [root]
    while reached:
        cause = reached.pop(0)
        for rule in CONSEQUENCES:
            if _among(cause, rule.broken) and (not rule.where or any(_in_ways(trips.get(cause, ()), rule.where))):
                following = sorted(
                    requirement
                    for requirement in left
                    if _among(requirement, rule.follow)
                    and (not rule.kinds or all(_in_ways(trips[requirement], rule.kinds)))
                )
                by.update(dict.fromkeys(following, rule.name))
                reached += following
                left.difference_update(following)
    return by


def _in_ways(kinds: Iterable[str], globs: Sequence[str]) -> Iterator[bool]:
    """Of each kind, which may have what it is about behind it, in brackets, whether it is one of these."""
    return (_among(kind.partition(" ")[0], globs) for kind in kinds)


def unexplained(root: str, trips: Mapping[str, Iterable[str]]) -> list[str]:
    """The tripped requirements that are neither the root nor follow from it, sorted."""
    return sorted({*trips} - {root} - explained(root, trips).keys())


def _among(requirement: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(requirement, glob) for glob in globs)
