"""Area retrieve: one model by its id or alias."""

from __future__ import annotations

from collections.abc import Iterator

from models_conformance.evidence.exchange_reading import NO_SUCH, Item, Reading
from models_conformance.evidence.particulars import Value, Words
from models_conformance.evidence.targets import UNRESERVED_ESCAPE
from models_conformance.judges.judgement import Exercised, Judgement, NotApplicable, NotExercised, Violation, violation
from models_conformance.judges.server.comparison import contradicted_member, model_value
from models_conformance.judges.server.exchanges import is_unasked_304
from models_conformance.judges.server.registry import SERVER_JUDGES
from models_conformance.judges.server.server_evidence import Evidence, is_malformed, looks_hostile
from models_conformance.support.text import quoted


def _is_minimal(reading: Reading) -> bool:
    """Whether the path escapes no character that needs no escaping."""
    return not UNRESERVED_ESCAPE.search(reading.call.raw_model_id or "")


def _of_listed(evidence: Evidence, readings: Iterator[Reading] | None = None) -> Iterator[tuple[Reading, Item, int]]:
    """Documented retrievals without betas of an id that was listed by then, with its list item and that exchange."""
    for reading in evidence.judged() if readings is None else readings:
        call = reading.call
        if call.beta_lines or not evidence.is_documented_retrieve(call):
            continue
        if call.model_id not in evidence.items_anywhere:
            continue
        item, number = evidence.items_anywhere[call.model_id]
        if number < reading.number or not evidence.origin.request_headers_kept:
            yield reading, item, number


@SERVER_JUDGES("retrieve-listed-id-succeeds")
def retrieve_listed_id_succeeds(evidence: Evidence) -> Iterator[Judgement]:
    """Documented retrievals of listed ids, needless escapes and betas left to their own requirements."""
    for reading, item, number in _of_listed(evidence, evidence.documented_answers()):
        if _is_minimal(reading):
            yield Exercised(reading.number)
            if reading.status != 200 and not is_unasked_304(reading):
                yield evidence.judged_by_status(reading, id=item.id, witness=number)
    yield NotExercised("no listed id was retrieved")


@SERVER_JUDGES("retrieve-equals-listed-item")
def retrieve_equals_listed_item(evidence: Evidence) -> Iterator[Judgement]:
    """Every documented member, dates as instants, against the list item."""
    for reading, item, number in _of_listed(evidence):
        is_json = evidence.answers[reading.number].json_error is None
        if reading.status != 200 or not _is_minimal(reading) or not is_json:
            continue
        yield Exercised(reading.number)
        model, proof = reading.model, (reading.number, number)
        if model is None:
            yield violation("is-not-a-model", *proof, id=item.id)
        elif model.id != item.id:
            yield violation("is-another-model", *proof, member="id", id=item.id, other=model.id)
        elif (difference := _member_listed_otherwise(evidence, model)) is not None:
            yield _differs_from_list(reading, difference)
    yield NotExercised("no listed id was retrieved successfully")


def _member_listed_otherwise(evidence: Evidence, model: Item) -> tuple[str, Item, int] | None:
    """The first member that some page tells otherwise of a retrieved model, with its item there and that exchange."""
    for item, number in evidence.renditions.get(model.id, ()):
        member = contradicted_member(evidence, model, item)
        if member is not None:
            return member, item, number
    return None


def _differs_from_list(reading: Reading, difference: tuple[str, Item, int], **values: Value) -> Violation:
    """A retrieved model has a member otherwise than its list item."""
    member, item, witness = difference
    came = model_value(reading.model) if reading.model is not None else None
    both: dict[str, Value] = {"id": item.id, "came": came, "listed": model_value(item), **values}
    return violation("differs-from-its-list-item", reading.number, member=member, witness=witness, shared=both)


@SERVER_JUDGES("retrieve-encoding-is-equivalent")
def retrieve_encoding_is_equivalent(evidence: Evidence) -> Iterator[Judgement]:
    """Listed ids asked for with needless escapes, where the same id without them is answered with the model."""
    plain = {
        item.id
        for reading, item, _ in _of_listed(evidence)
        if _is_minimal(reading) and reading.model is not None and reading.model.id == item.id
    }
    for reading, item, number in _of_listed(evidence):
        if _is_minimal(reading) or evidence.answers[reading.number].json_error or item.id not in plain:
            continue
        yield Exercised(reading.number)
        if reading.model is None or reading.model.id != item.id:
            raw, answer = reading.call.raw_model_id, evidence.answer(reading)
            yield violation("is-read-otherwise", reading.number, number, raw=raw, answer=answer, id=item.id)
    yield NotExercised("no id was retrieved with needless escapes that can be retrieved without")


def _alias_answers(evidence: Evidence) -> Iterator[tuple[Reading, bool]]:
    """Successful retrievals of an alias, and whether the user declared it.

    A name that is neither listed nor invented here and answers with another id is an alias too.
    """
    declared = evidence.origin.aliases or {}
    for reading in evidence.judged():
        call = reading.call
        if not evidence.is_documented_retrieve(call) or call.model_id is None:
            continue
        if call.model_id in declared:
            yield reading, True
        elif (
            reading.model is not None
            and call.model_id not in evidence.listed
            and NO_SUCH not in call.model_id
            and reading.model.id != call.model_id
        ):
            yield reading, False


@SERVER_JUDGES("retrieve-alias-answers-model-id")
def retrieve_alias_answers_model_id(evidence: Evidence) -> Iterator[Judgement]:
    """Declared aliases must resolve; whatever resolves answers with a listed model and its members."""
    answers = list(_alias_answers(evidence))
    for reading, is_declared in answers:
        if reading.model is None or evidence.items:
            yield Exercised(reading.number)
            broken = _unresolved(evidence, reading, is_declared)
            if broken is not None:
                yield broken
    if not answers:
        yield NotApplicable("no alias is known; name one with --alias NAME[=ID]")
    yield NotExercised("nothing was listed to resolve an alias to")


def _unresolved(evidence: Evidence, reading: Reading, is_declared: bool) -> Violation | None:
    """How an alias fails to answer with the listed model that it stands for; None where it does not fail."""
    alias, model, number = str(reading.call.model_id), reading.model, reading.number
    if model is None:
        return evidence.judged_by_status(reading, alias=alias)
    wanted = (evidence.origin.aliases or {}).get(alias)
    if wanted is not None and model.id != wanted:
        return violation("is-another-model", number, member="id", alias=alias, id=model.id, wanted=wanted)
    if model.id in evidence.items:
        difference = _member_listed_otherwise(evidence, model)
        return _differs_from_list(reading, difference, alias=alias) if difference is not None else None
    if model.id == alias:
        return violation("answers-the-alias-itself", number, member="id", alias=alias)
    is_known_whole = evidence.order.is_whole and not evidence.remembered(_leaves_models_out)
    if is_known_whole and (is_declared or not _is_retrievable(evidence, model.id)):
        return violation("answers-an-unlisted-id", number, member="id", alias=alias, id=model.id)
    return None


def _leaves_models_out(evidence: Evidence) -> bool:
    """Whether some page is shorter than asked for although more follow: what is not listed may have been left out."""
    default = evidence.limits.default if evidence.limits is not None else 0
    return any(
        listing.page.has_more and 0 < len(listing.ids) < (listing.limit or default) for listing in evidence.placed
    )


def _is_retrievable(evidence: Evidence, model_id: str) -> bool:
    """Whether an unlisted id answers with itself: a retired model may be retrievable and not listed."""
    return any(
        reading.model is not None and reading.call.model_id == model_id and reading.model.id == model_id
        for reading in evidence.judged()
    )


@SERVER_JUDGES("retrieve-alias-is-steady")
def retrieve_alias_is_steady(evidence: Evidence) -> Iterator[Judgement]:
    """Each answer to an alias against the first."""
    first: dict[str, Reading] = {}
    answers = list(_alias_answers(evidence))
    for reading, _ in answers:
        alias = str(reading.call.model_id)
        if reading.model is None:
            continue
        known = first.setdefault(alias, reading)
        if known is reading or known.model is None:
            continue
        yield Exercised(reading.number)
        # An alias for the latest model moves on with a release.
        released = evidence.listed.get(reading.model.id, 0) > known.number
        if known.model.id != reading.model.id and not released:
            yield violation(
                "answers-with-another-model",
                reading.number,
                member="id",
                alias=alias,
                id=reading.model.id,
                first=known.model.id,
                witness=known.number,
            )
    if not answers:
        yield NotApplicable("no alias is known; name one with --alias NAME[=ID]")
    yield NotExercised("no alias was requested twice")


@SERVER_JUDGES("retrieve-unknown-is-not-found")
def retrieve_unknown_is_not_found(evidence: Evidence) -> Iterator[Judgement]:
    """Ids that this suite invented: 404, and a documented type other than not_found_error is wrong.

    A listed id cut by a character could be an alias. It is not where every listed id that was cut on that
    side answers like the whole one: then the server matches parts.
    """
    for reading in evidence.judged():
        call = reading.call
        if not evidence.is_documented_retrieve(call) or NO_SUCH not in (call.model_id or ""):
            continue
        if not evidence.works("retrieve") and (evidence.items or not evidence.works("list")):
            yield NotExercised("no model was retrieved")
            continue
        if reading.status is None or reading.status >= 500 or call.beta_lines or looks_hostile(call):
            continue
        yield Exercised(reading.number)
        error_type = evidence.answers[reading.number].error_type
        if reading.status != 404 or error_type not in (None, "not_found_error"):
            yield evidence.judged_by_status(reading, id=call.model_id)
    yield from _cut_ids(evidence)
    yield NotExercised("no invented id was requested")


def _cut_ids(evidence: Evidence) -> Iterator[Judgement]:
    """Listed ids asked for without their last, or without their first character."""
    declared = evidence.origin.aliases or {}
    for side, cut in (("last", slice(None, -1)), ("first", slice(1, None))):
        unlisted = (
            {model[cut] for model in evidence.listed if len(model) > 1} - evidence.listed.keys() - declared.keys()
        )
        readings = [
            reading
            for reading in evidence.judged()
            if evidence.is_documented_retrieve(reading.call) and reading.call.model_id in unlisted
        ]
        wholes = [_whole_of(evidence, reading, side) for reading in readings]
        if len(wholes) > 1 and None not in wholes:
            numbers, part = (reading.number for reading in readings), readings[0].call.model_id
            yield violation("matches-parts-of-ids", *numbers, side=Words(side), part=part, whole=wholes[0])


def _whole_of(evidence: Evidence, reading: Reading, side: str) -> str | None:
    """The listed id that a part of one was answered with: it merely begins, or ends, with what was asked for."""
    part, model = str(reading.call.model_id), reading.model
    if model is None or model.id == part or model.id not in evidence.listed:
        return None
    return model.id if (model.id.startswith(part) if side == "last" else model.id.endswith(part)) else None


@SERVER_JUDGES("retrieve-malformed-id")
def retrieve_malformed_id(evidence: Evidence) -> Iterator[Judgement]:
    for reading in evidence.judged():
        call = reading.call
        if call.raw_model_id is None or call.method != "GET" or not is_malformed(call):
            continue
        yield Exercised(reading.number)
        is_part = any(call.raw_model_id in model for model in evidence.listed)
        key = "model id that is a part of a listed one" if is_part and call.raw_model_id else ""
        yield evidence.observed(f"model id {quoted(call.raw_model_id, 30)}", reading, key)
    yield NotExercised("no malformed id was tried")
