"""Area envelope: the list answer and the model object have their documented shape."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from models_conformance.contract.points import EVERYWHERE, members_of
from models_conformance.evidence.exchange_reading import Item, Reading
from models_conformance.evidence.instants import instant
from models_conformance.judges.judgement import Exercised, Judgement, NotApplicable, NotExercised, Observed, violation
from models_conformance.judges.server.comparison import are_two_models, model_value, models_of
from models_conformance.judges.server.registry import SERVER_JUDGES, SERVER_TEMPLATES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted

_ENVELOPE_MEMBERS = ("data", "first_id", "has_more", "last_id")


def succeeded(evidence: Evidence) -> Iterator[Reading]:
    """Answers 200 of either operation in a documented version."""
    for reading in evidence.judged():
        is_asked = reading.status == 200 and reading.call.operation is not None
        if is_asked and evidence.speaks_judged_version(reading.call):
            yield reading


def answered(evidence: Evidence) -> Iterator[Reading]:
    """Those of them that are JSON."""
    return (reading for reading in succeeded(evidence) if evidence.answers[reading.number].json_error is None)


def lists_answered(evidence: Evidence) -> Iterator[Reading]:
    """Those of the list that are JSON."""
    return (reading for reading in answered(evidence) if reading.call.operation == "list")


@SERVER_JUDGES("list-envelope-is-complete")
def list_envelope_is_complete(evidence: Evidence) -> Iterator[Judgement]:
    """The derived schema of the list answer, its items left out."""
    for reading in lists_answered(evidence):
        yield Exercised(reading.number)
        answer = evidence.answers[reading.number]
        if not answer.is_object:
            yield violation("is-not-an-object", reading.number)
            continue
        for problem in answer.envelope:
            yield violation(problem.kind, reading.number, member=problem.member, shared=problem.values)
        page = reading.page
        if page is not None and page.items:
            for name, value in (("first_id", page.first_id), ("last_id", page.last_id)):
                if value is None and not any(problem.member == name for problem in answer.envelope):
                    yield violation("is-null", reading.number, member=name)
    yield NotExercised("no list was answered with JSON")


@SERVER_JUDGES("list-ids-equal-ends-of-data")
def list_ids_equal_ends_of_data(evidence: Evidence) -> Iterator[Judgement]:
    """first_id and last_id against the ends of data; an empty page names none (null, or an empty string)."""
    for reading in lists_answered(evidence):
        page = reading.page
        if page is None:
            continue
        ends = (page.ids[0], page.ids[-1]) if page.ids else ("", "")
        for name, value, end in (("first_id", page.first_id, ends[0]), ("last_id", page.last_id, ends[1])):
            if not isinstance(value, str):
                continue
            yield Exercised(reading.number)
            if not page.ids and value == "":
                yield Observed(f"{name} of an empty page", "an empty string")
            if value != end:
                kind = "is-another-id" if page.ids else "names-a-model-on-an-empty-page"
                yield violation(kind, reading.number, member=name, value=value, end=end)
    yield NotExercised("no page carried first_id and last_id")


@SERVER_JUDGES("model-is-complete")
def model_is_complete(evidence: Evidence) -> Iterator[Judgement]:
    """The derived schema of the members that every revision has, type and date left to their own requirements."""
    for reading in answered(evidence):
        answer = evidence.answers[reading.number]
        if reading.call.operation == "list" and not (reading.page is None or reading.page.items):
            continue
        if reading.call.operation == "list" and any(problem.member == "data" for problem in answer.envelope):
            continue
        if answer.is_error:
            continue
        yield Exercised(reading.number)
        for problem in answer.models:
            if problem.member == "type" and problem.kind != "is-missing":
                continue
            if problem.member and problem.member.partition(".")[0] not in EVERYWHERE:
                continue
            yield violation(problem.kind, reading.number, member=problem.member, shared=problem.values)
        for name in sorted(answer.undocumented):
            yield Observed("undocumented members of a model", quoted(name))
    yield NotExercised("no model was seen")


@SERVER_TEMPLATES("model-{slug}-is-{value}")
def member_is_constant(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """A member that has one value, on every model that has it."""
    member = about["member"]
    for reading in answered(evidence):
        answer = evidence.answers[reading.number]
        wrong = [problem for problem in answer.models if problem.member == member and problem.kind != "is-missing"]
        if not (wrong or reading.model or (reading.page and reading.page.items)):
            continue
        yield Exercised(reading.number)
        for problem in wrong:
            shared = {**problem.values, "constant": about["constant"]}
            yield violation("has-another-value", reading.number, member=member, shared=shared)
    yield NotExercised("no model was seen")


@SERVER_TEMPLATES("model-{slug}-is-rfc3339")
def member_is_rfc3339(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """A dated member wherever it is text; another type is the schema's business."""
    member, seen = about["member"], False
    for reading in answered(evidence):
        found = [_text_of(model, member) for model in models_of(reading)]
        seen = seen or any(text is not None for text in found)
        dates = [date for text in found if text is not None and isinstance(date := json.loads(text), str)]
        if dates:
            yield Exercised(reading.number)
        for date in dict.fromkeys(dates):
            if instant(date) is None:
                yield violation("is-not-rfc3339", reading.number, member=member, value=date)
    if not seen and not members_of(evidence.contract)[member].required:
        yield NotApplicable(f"{member} may be absent, and is")
    yield NotExercised(f"{member} was null on every model" if seen else f"no model with a {member} was seen")


def _text_of(model: Item, member: str) -> str | None:
    """A member of a model as JSON; None where it has none."""
    if member in EVERYWHERE:
        own = getattr(model, member)
        return None if own is None else json.dumps(own)
    return model.rest.get(member)


@SERVER_JUDGES("model-id-is-unique")
def model_id_is_unique(evidence: Evidence) -> Iterator[Judgement]:
    """No page lists an id twice; no two list items without betas have but their id in common.

    One that is told with another name, or another date, is still the same model: told otherwise.
    """
    for reading in lists_answered(evidence):
        if reading.page is None or not reading.page.items:
            continue
        yield Exercised(reading.number)
        twice = [name for name, count in Counter(reading.page.ids).items() if count > 1]
        for name in twice[:3]:
            yield violation("is-listed-twice", reading.number, member="id", model=name)
        if reading.call.beta_lines or twice or not evidence.is_documented_list(reading.call):
            continue
        for item in reading.page.items:
            known, number = evidence.items.get(item.id, (item, 0))
            if are_two_models(evidence, item, known):
                yield violation(
                    "names-two-models",
                    reading.number,
                    member="id",
                    id=item.id,
                    here=model_value(item),
                    there=model_value(known),
                    witness=number,
                )
    yield NotExercised("no model was listed")
