"""Area member: members of a model beyond those of every revision are as the contract in force documents them.

Templates: each judge is run for one member, which `about` names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from models_conformance.contract.points import Stages, given_while, members_of, null_while
from models_conformance.evidence.exchange_reading import Item, Reading
from models_conformance.evidence.particulars import Json, Words
from models_conformance.judges.judgement import Exercised, Judgement, NotApplicable, NotExercised, Observed, violation
from models_conformance.judges.server.comparison import models_of
from models_conformance.judges.server.envelope import answered
from models_conformance.judges.server.registry import SERVER_TEMPLATES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted


def _answers_with_models(evidence: Evidence) -> Iterator[tuple[Reading, tuple[Item, ...]]]:
    """Answers that hold models, with them."""
    for reading in answered(evidence):
        models = models_of(reading)
        if models:
            yield reading, models


@SERVER_TEMPLATES("model-{slug}-is-as-documented")
def member_is_as_documented(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """The derived schema of the member and of all that it holds; one that may be absent is on all models or on none."""
    member = about["member"]
    is_required = members_of(evidence.contract)[member].required
    has_it = _first_with(evidence, member)
    for reading, models in _answers_with_models(evidence):
        if any(member in model.rest for model in models) or is_required:
            yield Exercised(reading.number)
        for problem in evidence.answers[reading.number].models:
            if problem.member.partition(".")[0] == member:
                yield violation(problem.kind, reading.number, member=problem.member, shared=problem.values)
        without = next((model for model in models if member not in model.rest), None)
        if without is not None and not is_required and has_it is not None and not reading.call.beta_lines:
            where = Words(f"{member} of {quoted(without.id)}")
            yield violation("is-missing", reading.number, has_it, member=member, where=where)
        yield from _new_values(evidence, member, models)
    if not is_required:
        yield NotApplicable(f"{member} may be absent, and is")
    yield NotExercised("no model was seen")


def _new_values(evidence: Evidence, member: str, models: Iterable[Item]) -> Iterator[Observed]:
    """Values that no page lists: the versions page reserves them, so they are noted alone."""
    known = {json.dumps(value) for value in members_of(evidence.contract)[member].values}
    for model in models if known else ():
        text = model.rest.get(member, "null")
        if text.startswith('"') and text not in known:
            yield Observed(f"a value of {member} that no page lists", quoted(json.loads(text)))


def _first_with(evidence: Evidence, member: str) -> int | None:
    """The first exchange without betas that shows a member on any model: a beta may add it."""
    plain = (found for found in _answers_with_models(evidence) if not found[0].call.beta_lines)
    return next((reading.number for reading, models in plain if any(member in model.rest for model in models)), None)


@SERVER_TEMPLATES("model-{slug}-is-null-while-{stages}")
def member_is_null_while(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Models whose other member has one of the values."""
    yield from _staged(evidence, about["member"], null_while(evidence.contract, about["member"]), is_null=True)


@SERVER_TEMPLATES("model-{slug}-is-given-while-{stages}")
def member_is_given_while(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Models whose other member has one of the values."""
    yield from _staged(evidence, about["member"], given_while(evidence.contract, about["member"]), is_null=False)


def _staged(evidence: Evidence, member: str, stages: Stages | None, *, is_null: bool) -> Iterator[Judgement]:
    by, stage_names = (stages.member, stages.values) if stages is not None else ("", ())
    wanted = {json.dumps(name): name for name in stage_names}
    for reading, models in _answers_with_models(evidence):
        for model in models:
            stage, text = wanted.get(model.rest.get(by, "")), model.rest.get(member)
            if stage is None or text is None:
                continue
            yield Exercised(reading.number)
            if (text == "null") != is_null:
                kind = "has-a-value" if is_null else "is-null"
                value = Json(text[:60])
                yield violation(kind, reading.number, member=member, model=model.id, by=by, stage=stage, value=value)
    yield NotExercised("no model of such a stage was seen")
