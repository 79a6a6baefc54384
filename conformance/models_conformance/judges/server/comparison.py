"""Comparing answers: what one has otherwise than another, as data. Every area compares in this one way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models_conformance.evidence.exchange_reading import Item, Page, Reading
from models_conformance.evidence.instants import instant
from models_conformance.judges.judgement import Violation, violation
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.judges.values import Model, Value, Words

_MEMBERS = ("id", "display_name", "type", "created_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer has something otherwise. `kind` is a slug; `what` fills the sentence of every such kind."""

    kind: str
    what: Words
    member: str = ""

    def as_violation(self, *exchanges: int, **values: Value) -> Violation:
        """A violation by this difference: `{what}` in the register's sentences says what it is."""
        return violation(self.kind, *exchanges, member=self.member, what=self.what, **values)


def model_value(item: Item) -> Model:
    """A model as a particular of a judgement."""
    return Model(item.id, item.created_at, item.display_name, item.type)


def differing_member(model: Item, other: Item) -> str | None:
    """The first documented member that two models have otherwise; dates are compared as instants."""
    for name in _MEMBERS:
        mine, theirs = getattr(model, name), getattr(other, name)
        if mine == theirs:
            continue
        if name == "created_at" and instant(mine) is not None and instant(mine) == instant(theirs):
            continue
        return name
    return None


def answer_difference(evidence: Evidence, earlier: Reading, later: Reading) -> Difference | None:
    """What the later answer has otherwise than the earlier, models released in between left out."""
    if earlier.status != later.status:
        return Difference("has-another-status", Words(f"status {later.status} instead of {earlier.status}"))
    if earlier.page is not None and later.page is not None:
        return page_difference(evidence, earlier.page, later.page, earlier.number)
    if earlier.model is not None and later.model is not None:
        return _model_difference(earlier.model, later.model)
    if (earlier.page is None) != (later.page is None) or (earlier.model is None) != (later.model is None):
        return Difference("has-another-shape", Words("an answer of another shape"))
    was, now = evidence.answers[earlier.number].error_type, evidence.answers[later.number].error_type
    if was == now:
        return None
    return Difference("has-another-error-type", Words(f"error type {now or 'none'} instead of {was or 'none'}"))
