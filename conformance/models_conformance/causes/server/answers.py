"""Patterns of answers: equal questions have different ones, or they have the shape or status of something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models_conformance.causes.case import Case, Deviation, culprits_of
from models_conformance.causes.patterns import Patterns, Recognised
from models_conformance.causes.refusals import MISSING, UNKNOWN, VERSION, WRONG, error_type
from models_conformance.causes.server.pages import NO_ROUTE, body, is_web_page, lists, pages
from models_conformance.evidence.exchange import header_values
from models_conformance.evidence.exchange_reading import Reading, is_error_envelope
from models_conformance.evidence.particulars import Words

PATTERNS = Patterns()

_SAME = "same-question-same-answer"
# What a body begins with where it is compressed, and the name of the coding.
_MAGIC = {b"\x1f\x8b": "gzip (1f 8b)", b"\x28\xb5\x2f\xfd": "zstd (28 b5 2f fd)"}
# Models that are on one of two pages only, or that are told differently, which counts twice.
_MOST_CHANGED = 6
_SUCCESS = 200
_FEWEST_IDS = 2
_DIFFERS = ("has-another-member", "names-two-models", "differs-from-its-list-item")


def _object(reading: Reading) -> dict[str, Any]:
    value = reading.parse().value
    return value if isinstance(value, dict) else {}


def _answers_by_question(case: Case) -> Iterator[list[Reading]]:
    """Pages that answered the same list question, in order, where it was asked twice or more."""
    by_question: dict[tuple[object, ...], list[Reading]] = {}
    for reading in lists(case):
        if reading.page is not None:
            request = reading.exchange.request
            question = (request.url, tuple(header_values(request.headers, "anthropic-beta")))
            by_question.setdefault(question, []).append(reading)
    return (answers for answers in by_question.values() if len(answers) > 1)


def _shown(reading: Reading) -> object:
    return (reading.page.items, reading.page.has_more) if reading.page is not None else None


@PATTERNS(
    "catalogue-changed-in-the-run",
    _SAME,
    statement="the catalogue changed once during the run, between exchanges {before} and {since}: both sides are right",
    advice="There is nothing to fix here: run again, when no model is released, renamed or retired meanwhile.",
    follows=False,
)
def _catalogue_changed(case: Case) -> Recognised | None:
    moment = _moment_of_change(case)
    if moment is None:
        return None
    before, since = moment
    # What one side shows by itself is a fault, whatever else changed meanwhile.
    across = [
        deviation
        for deviation in case.deviations
        if all(
            violation.exchanges and min(violation.exchanges) < since and max(violation.exchanges) > before
            for violation in deviation.violations
        )
    ]
    return Recognised(across, {"before": before, "since": since})


def _moment_of_change(case: Case) -> tuple[int, int] | None:
    """The last exchange that showed the catalogue as it was and the first that shows it as it is since; None where it
    did not change, or not once and for good, or in more than a few models."""
    last_old, first_new, is_steady_after = 0, 0, False
    for answers in _answers_by_question(case):
        shown = [_shown(reading) for reading in answers]
        changes = [at for at in range(1, len(shown)) if shown[at] != shown[at - 1]]
        if len(changes) > 1 or any(not _is_small(answers[at - 1], answers[at]) for at in changes):
            return None
        for at in changes:
            last_old = max(last_old, answers[at - 1].number)
            first_new = min(first_new or answers[at].number, answers[at].number)
            is_steady_after = is_steady_after or len(answers) - at > 1
    return (last_old, first_new) if last_old < first_new and is_steady_after else None


def _is_small(earlier: Reading, later: Reading) -> bool:
    """Whether no more than a few models are others: several are rarely released or retired in one run."""
    if earlier.page is None or later.page is None:
        return False
    return len({*earlier.page.items} ^ {*later.page.items}) <= _MOST_CHANGED


@PATTERNS(
    "member-moves",
    _SAME,
    statement="{members} of a model differs from request to request",
    advice="Store the member with the model; do not compute it from the clock, a counter, or the replica that answers.",
    follows=False,
)
def _member_moves(case: Case) -> Recognised | None:
    same = case.of(_SAME)
    if not same or any(not deviation.is_of("has-another-member") for deviation in same):
        return None
    members = dict.fromkeys(deviation.subject for deviation in same if deviation.subject)
    explained = [deviation for deviation in case.of("*", kinds=_DIFFERS) if deviation.subject in members]
    if "created_at" in members:
        explained += case.of("list-is-newest-first")
    return Recognised(explained, {"members": Words(" and ".join(members))})


@PATTERNS(
    "answers-differ",
    _SAME,
    statement="the same question has different answers: {what}",
    advice="Look for an unstable sort, a cache keyed on too little, or replicas that disagree; the rest may follow.",
)
def _answers_differ(case: Case) -> Recognised | None:
    same = case.of(_SAME)
    aliases = case.of("retrieve-alias-is-steady")
    if not same or (aliases and all(deviation.is_of("is-another-model") for deviation in same)):
        return None
    # A status that the first of two equal questions did not have.
    statuses = {reading.status for reading in case.at_fault(*case.of(_SAME, kinds=("has-another-status",)))}
    odd = case.numbers(lambda reading: reading.status in statuses) | _with_a_body_for_everything(case, same)
    return Recognised([*same, *case.only_in(odd)], {"what": same[0].violations[0].values["what"]})


def _with_a_body_for_everything(case: Case, deviations: list[Deviation]) -> set[int]:
    """The exchanges with a body of answers that differ, where that is not an answer: an empty one, or one that lists
    and retrievals have alike."""
    differing = {number for deviation in deviations for shown in deviation.violations for number in shown.exchanges}
    by_body: dict[bytes, list[Reading]] = {}
    for reading in case.readings.values():
        by_body.setdefault(body(reading), []).append(reading)
    return {
        reading.number
        for answer_body, alike in by_body.items()
        if (not answer_body or {"list", "retrieve"} <= {reading.call.operation for reading in alike})
        and not differing.isdisjoint(reading.number for reading in alike)
        for reading in alike
    }


@PATTERNS(
    "coding-without-its-header",
    "error-envelope-is-complete",
    "body-is-one-json-value",
    "*",
    statement="bodies are {coding} and no content-encoding says so",
    advice="Send content-encoding with a compressed body, or do not compress it; error paths are easily missed.",
)
def _coding_without_its_header(case: Case) -> Recognised | None:
    broken = case.of("error-envelope-is-complete", "body-is-one-json-value")
    suspects = case.at_fault(*broken)
    for magic, coding in _MAGIC.items():
        if suspects and all(body(reading).startswith(magic) for reading in suspects):
            packed = {number for number, reading in case.readings.items() if body(reading).startswith(magic)}
            return Recognised([*broken, *case.only_in(packed)], {"coding": Words(coding)})
    return None


@PATTERNS(
    "error-envelope-with-status-200",
    "retrieve-unknown-is-not-found",
    "credentials-*",
    "list-limit-outside-range-is-refused",
    "*",
    statement="an error is answered as a success: status {status}, and an error envelope as its body",
    advice="Send the status that belongs to the error's type: 404 with not_found_error, 401 with authentication_error.",
)
def _error_with_200(case: Case) -> Recognised | None:
    errors = {
        number: reading
        for number, reading in case.readings.items()
        if reading.status is not None and reading.status < 300 and is_error_envelope(reading.parse().value)
    }
    more = [deviation for deviation in case.of("*", kinds=("*-2xx",)) if deviation.culprits & errors.keys()]
    explained = [*case.only_in(errors), *more]
    return Recognised(explained, {"status": next(iter(errors.values())).status}) if explained else None


_SHAPES = ("list-envelope-is-complete", "model-is-complete", "model-type-is-model")


@PATTERNS(
    "openai-shape",
    "list-envelope-is-complete",
    "model-is-complete",
    statement="{what} OpenAI's shape (`object`, `created`, `owned_by`), which is another API's",
    advice="Send data, has_more, first_id and last_id, and models with type, id, display_name and created_at.",
)
def _openai_shape(case: Case) -> Recognised | None:
    culprits = case.culprits(*_SHAPES)
    foreign = [reading for reading in culprits if _is_foreign(_object(reading))]
    if not foreign or len(foreign) < len(culprits):
        return None
    operations = {reading.call.operation for reading in foreign}
    what = "answers have" if len(operations) > 1 else "lists have" if "list" in operations else "retrieved models have"
    numbers = {reading.number for reading in foreign}
    broken = [
        deviation
        for deviation in case.of("list-envelope-is-complete", "model-*", kinds=("is-missing", "has-another-*"))
        if deviation.id in _SHAPES or deviation.culprits <= numbers
    ]
    return Recognised([*broken, *_foreign_errors(case), *_foreign_refusals(case)], {"what": Words(what)})


def _is_foreign(value: dict[str, Any]) -> bool:
    """Whether an answer is another API's; a page of this one's models is not, whatever stands around them."""
    models = value.get("data")
    has_own = isinstance(models, list) and any(isinstance(model, dict) and "type" in model for model in models)
    return "object" in value and "type" not in value and not has_own


def _foreign_errors(case: Case) -> Iterator[Deviation]:
    """What is wrong with errors as that API has them."""
    for deviation in case.of("error-envelope-is-complete", "retrieve-unknown-is-not-found"):
        is_so = deviation.subject == "type" if deviation.is_of("is-missing") else deviation.is_of("answered-4xx")
        if is_so and _has_an_error_within(deviation, case):
            yield deviation


def _foreign_refusals(case: Case) -> Iterator[Deviation]:
    """What is answered in that shape where an error was due: who looks for no version speaks another API there."""
    for deviation in case.of(VERSION, kinds=("answered-2xx",)):
        if all(map(_is_foreign, map(_object, case.at_fault(deviation)))):
            yield deviation


def _has_an_error_within(deviation: Deviation, case: Case) -> bool:
    """Whether all that it is about are errors as that API has them: an object `error`, and no type beside it."""
    bodies = map(_object, case.at_fault(deviation))
    return all(isinstance(value.get("error"), dict) and "type" not in value for value in bodies)


@PATTERNS(
    "listed-ids-are-not-known",
    "retrieve-listed-id-succeeds",
    statement="no listed id is known: as a cursor it is answered {cursor}, and to retrieve, {retrieved}",
    advice="List each model under the id that is looked up, without a prefix of a vendor or a route before it.",
)
def _listed_ids_are_not_known(case: Case) -> Recognised | None:
    missing = _where_nothing_is_found(list(filter(_is_answered_retrieval, case.readings.values())))
    listed = {model for _, page in pages(case) for model in page.ids}
    cursors = [reading for reading in lists(case) if reading.call.cursor in listed]
    # A route that is missing knows no type of error, and not every cursor is refused in one way but for itself.
    if {error_type(reading) for reading in missing} != {"not_found_error"}:
        return None
    refused = {(reading.status, error_type(reading)) for reading in cursors}
    status, kind = refused.pop() if len(refused) == 1 else (None, None)
    if kind is None or len({reading.call.cursor for reading in cursors}) < _FEWEST_IDS:
        return None
    alone = case.only_in(reading.number for reading in (*missing, *cursors))
    explained = [*alone, *case.of("list-ids-equal-ends-of-data")]
    return Recognised(explained, {"cursor": status, "retrieved": missing[0].status})


@PATTERNS(
    "no-retrieve-route",
    "retrieve-listed-id-succeeds",
    "retrieve-*",
    "body-is-one-json-value",
    statement="no model can be retrieved: every listed id is answered {status}",
    advice="Serve GET /v1/models/{{model_id}} next to the list; the ids are those that the list shows.",
)
def _no_retrieve_route(case: Case) -> Recognised | None:
    retrieved = [reading for reading in case.readings.values() if _is_answered_retrieval(reading)]
    missing = _where_nothing_is_found(retrieved)
    # What is invented is not found on a right server, either.
    blamed = case.culprits("retrieve-listed-id-succeeds")
    ids = {reading.call.model_id for reading in missing if reading in blamed or _is_front_page(reading)}
    if len(ids) < 2:
        return None
    page = ", with a web page" if _is_front_page(missing[0]) else ""
    explained = [*case.only_in(reading.number for reading in retrieved), *case.of("retrieve-*")]
    return Recognised(explained, {"status": Words(f"{missing[0].status}{page}")})


def _is_answered_retrieval(reading: Reading) -> bool:
    return reading.call.operation == "retrieve" and reading.status is not None


def _where_nothing_is_found(retrieved: list[Reading]) -> list[Reading]:
    """The retrievals that no route answers, where those are most and no other succeeds."""
    missing = [reading for reading in retrieved if reading.status in NO_ROUTE or _is_front_page(reading)]
    found = any(reading.status == _SUCCESS and not _is_front_page(reading) for reading in retrieved)
    return [] if found or len(missing) < len(retrieved) / 2 else missing


def _is_front_page(reading: Reading) -> bool:
    """Whether a web page stands in the place of a model, as of a site that answers whatever it has no route for."""
    return reading.status == _SUCCESS and is_web_page(reading)


@PATTERNS(
    "success-has-another-status",
    "list-documented-request-succeeds",
    "retrieve-listed-id-succeeds",
    "*",
    statement="what succeeds is answered {status}, not 200",
    advice="Answer 200, with the whole page or model: other statuses say that something else was done.",
)
def _success_has_another_status(case: Case) -> Recognised | None:
    others = case.numbers(lambda reading: _SUCCESS < (reading.status or 0) < 300)
    culprits = culprits_of(case.of("list-documented-request-succeeds", "retrieve-listed-id-succeeds"))
    statuses = {case.readings[number].status for number in culprits & others}
    if len(statuses) != 1 or not culprits <= others:
        return None
    return Recognised(case.only_in(others), {"status": statuses.pop()})


@PATTERNS(
    "errors-have-another-status",
    "error-type-matches-status",
    statement="errors of {count} types are answered {status}, whatever their type",
    advice="Send the status that belongs to the type: 401 authentication_error, 404 not_found_error.",
)
def _errors_have_another_status(case: Case) -> Recognised | None:
    mismatched = case.of("error-type-matches-status")
    wrong_pairs = {(reading.status, error_type(reading)) for reading in case.culprits("error-type-matches-status")}
    statuses, types = {status for status, _ in wrong_pairs}, {kind for _, kind in wrong_pairs}
    if len(statuses) != 1 or len(types) < 2:
        return None
    refused = [
        deviation
        for deviation in case.of(MISSING, WRONG, VERSION, UNKNOWN, kinds=("answered-4xx",))
        if wrong_pairs.issuperset((reading.status, error_type(reading)) for reading in case.at_fault(deviation))
    ]
    return Recognised([*mismatched, *refused], {"status": statuses.pop(), "count": len(types)})
