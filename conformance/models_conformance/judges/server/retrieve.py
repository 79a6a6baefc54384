"""Area retrieve: one model by its id or alias."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models_conformance.evidence.exchange_reading import NO_SUCH, Item, Reading
from models_conformance.evidence.instants import instant
from models_conformance.judges.judgement import (
    Exercised,
    Judgement,
    NotApplicable,
    NotExercised,
    Observed,
    Violation,
    judges,
    quoted,
)
from models_conformance.judges.server.envelope import described
from models_conformance.judges.server.server_evidence import Evidence, is_malformed, looks_hostile

# Escapes of unreserved characters (RFC 3986, 2.3): they change nothing, and nobody has to write them.
_NEEDLESS_ESCAPE = re.compile(r"%(?:2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9Aa]|5[Ff]|6[1-9A-Fa-f]|7[0-9Aa]|7[Ee])")


def _is_minimal(reading: Reading) -> bool:
    """Whether the path escapes no character that needs no escaping."""
    return not _NEEDLESS_ESCAPE.search(reading.call.raw_model_id or "")


def _of_listed(evidence: Evidence) -> Iterator[tuple[Reading, Item, int]]:
    """Documented retrievals of an id that was listed by then, with its list item and that exchange."""
    for reading in evidence.judged():
        call = reading.call
        if not evidence.is_documented_retrieve(call) or call.model_id not in evidence.items:
            continue
        item, number = evidence.items[call.model_id]
        if number < reading.number or not evidence.origin.request_headers_kept:
            yield reading, item, number


@judges("retrieve-listed-id-succeeds")
def retrieve_listed_id_succeeds(evidence: Evidence) -> Iterator[Judgement]:
    """Documented retrievals of listed ids, needless escapes and betas left to their own requirements."""
    for reading, item, number in _of_listed(evidence):
        if not _is_minimal(reading) or reading.call.beta_lines:
            continue
        yield Exercised(reading.number)
        if reading.status != 200:
            yield Violation(
                f"retrieving {quoted(item.id)} is answered {evidence.summary(reading)}",
                f"200: exchange {number} lists it",
                (reading.number, number),
            )
    yield NotExercised("no listed id was retrieved")


@judges("retrieve-equals-listed-item")
def retrieve_equals_listed_item(evidence: Evidence) -> Iterator[Judgement]:
    """id, created_at (as an instant), display_name and type, against the list item."""
    for reading, item, number in _of_listed(evidence):
        if reading.status != 200 or not _is_minimal(reading) or reading.call.beta_lines:
            continue
        if evidence.answers[reading.number].json_error is not None:
            continue
        yield Exercised(reading.number)
        model = reading.model
        if model is None or model.id != item.id:
            came = f"a model with id {quoted(model.id)}" if model else "no model object with a string id"
            yield Violation(f"retrieving {quoted(item.id)} gives {came}", "that model", (reading.number, number))
        elif not same_members(model, item):
            yield Violation(
                f"retrieving {quoted(item.id)} gives {described(model)}",
                f"{described(item)}, as listed in exchange {number}",
                (reading.number, number),
            )
    yield NotExercised("no listed id was retrieved successfully")


def same_members(one: Item, other: Item) -> bool:
    """Whether two models have the same documented members; dates are compared as instants."""
    if (one.id, one.display_name, one.type) != (other.id, other.display_name, other.type):
        return False
    if one.created_at == other.created_at:
        return True
    first, second = instant(one.created_at), instant(other.created_at)
    return first is not None and first == second


@judges("retrieve-encoding-is-equivalent")
def retrieve_encoding_is_equivalent(evidence: Evidence) -> Iterator[Judgement]:
    """Listed ids asked for with needless escapes."""
    for reading, item, number in _of_listed(evidence):
        if _is_minimal(reading) or reading.call.beta_lines or evidence.answers[reading.number].json_error:
            continue
        yield Exercised(reading.number)
        if reading.model is None or reading.model.id != item.id:
            yield Violation(
                f"{quoted(reading.call.raw_model_id)} is answered {evidence.summary(reading)}",
                f"the model {quoted(item.id)}",
                (reading.number, number),
            )
    yield NotExercised("no listed id was retrieved with needless escapes")


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


@judges("retrieve-alias-answers-model-id")
def retrieve_alias_answers_model_id(evidence: Evidence) -> Iterator[Judgement]:
    """Declared aliases must resolve; whatever resolves answers with a listed model, told as it is listed."""
    declared = evidence.origin.aliases or {}
    found = False
    for reading, is_declared in _alias_answers(evidence):
        found = True
        alias, model = str(reading.call.model_id), reading.model
        if model is None:
            yield Exercised(reading.number)
            yield Violation(
                f"the alias {quoted(alias)} is answered {evidence.summary(reading)}",
                "200 with a model",
                (reading.number,),
            )
            continue
        if not evidence.items:
            continue
        yield Exercised(reading.number)
        wanted = declared.get(alias)
        if wanted is not None and model.id != wanted:
            yield Violation(
                f"the alias {quoted(alias)} answers with id {quoted(model.id)}",
                quoted(wanted),
                (reading.number,),
            )
        elif model.id not in evidence.items:
            echo = ": the alias itself" if model.id == alias else ", which is not listed"
            known = evidence.order.is_whole and (is_declared or not _is_retrievable(evidence, model.id))
            if known or model.id == alias:
                yield Violation(
                    f"the alias {quoted(alias)} answers with id {quoted(model.id)}{echo}",
                    "a listed id",
                    (reading.number,),
                )
        else:
            item, number = evidence.items[model.id]
            if not same_members(model, item):
                yield Violation(
                    f"the alias {quoted(alias)} gives {described(model)}",
                    f"{described(item)}, as exchange {number} lists {quoted(model.id)}",
                    (reading.number, number),
                )
    if not found:
        yield NotApplicable("no alias is known; name one with --alias NAME[=ID]")
    yield NotExercised("nothing was listed to resolve an alias to")


def _is_retrievable(evidence: Evidence, model_id: str) -> bool:
    """Whether an unlisted id answers with itself: a retired model may be retrievable and not listed."""
    return any(
        reading.model is not None and reading.call.model_id == model_id and reading.model.id == model_id
        for reading in evidence.judged()
    )


@judges("retrieve-alias-is-steady")
def retrieve_alias_is_steady(evidence: Evidence) -> Iterator[Judgement]:
    """Each answer to an alias against the first."""
    first: dict[str, Reading] = {}
    found = False
    for reading, _ in _alias_answers(evidence):
        found = True
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
            yield Violation(
                f"the alias {quoted(alias)} answers with {quoted(reading.model.id)}",
                f"{quoted(known.model.id)}, as in exchange {known.number}",
                (reading.number, known.number),
            )
    if not found:
        yield NotApplicable("no alias is known; name one with --alias NAME[=ID]")
    yield NotExercised("no alias was asked for twice")


@judges("retrieve-unknown-is-not-found")
def retrieve_unknown_is_not_found(evidence: Evidence) -> Iterator[Judgement]:
    """Ids that this suite invented: 404, and a documented type other than not_found_error is wrong.

    A listed id cut by a character could be an alias. It is not where every listed id that was cut on that
    side answers like the whole one: then the server matches parts.
    """
    for reading in evidence.judged():
        call = reading.call
        if not evidence.is_documented_retrieve(call) or NO_SUCH not in (call.model_id or ""):
            continue
        if reading.status is None or reading.status >= 500 or call.beta_lines or looks_hostile(call):
            continue
        yield Exercised(reading.number)
        kind = evidence.answers[reading.number].error_type
        if reading.status != 404 or (kind is not None and kind != "not_found_error"):
            yield Violation(
                f"the invented id {quoted(call.model_id)} is answered {evidence.summary(reading)}",
                "404 not_found_error",
                (reading.number,),
            )
    yield from _cut_ids(evidence)
    yield NotExercised("no invented id was asked for")


def _cut_ids(evidence: Evidence) -> Iterator[Judgement]:
    """Listed ids asked for without their last, or without their first character."""
    declared = evidence.origin.aliases or {}
    for side, cut in (("last", slice(None, -1)), ("first", slice(1, None))):
        wholes = {model[cut]: model for model in evidence.listed if len(model) > 1}
        spec = [
            reading
            for reading in evidence.judged()
            if evidence.is_documented_retrieve(reading.call)
            and reading.call.model_id in wholes
            and reading.call.model_id not in evidence.listed
            and reading.call.model_id not in declared
        ]
        matched = [one for one in spec if one.model is not None and one.model.id == wholes[str(one.call.model_id)]]
        if len(matched) > 1 and len(matched) == len(spec):
            yield Violation(
                f"ids without their {side} character are answered with the whole ones: "
                f"{quoted(spec[0].call.model_id)} with {quoted(wholes[str(spec[0].call.model_id)])}",
                "404 not_found_error: a part of an id is another id",
                tuple(one.number for one in matched),
            )


@judges("retrieve-malformed-id")
def retrieve_malformed_id(evidence: Evidence) -> Iterator[Judgement]:
    """Documented nowhere: noted."""
    for reading in evidence.judged():
        call = reading.call
        if call.raw_model_id is None or call.method != "GET" or not is_malformed(call):
            continue
        yield Exercised(reading.number)
        yield Observed(f"model id {quoted(call.raw_model_id, 30)}", evidence.summary(reading))
    yield NotExercised("no malformed id was tried")
