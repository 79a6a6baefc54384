"""Comparing answers: what one has otherwise than another, as data. Every area compares in this one way."""

from __future__ import annotations

from dataclasses import dataclass

from models_conformance.evidence.exchange_reading import Item, Page, Reading
from models_conformance.evidence.instants import instant
from models_conformance.evidence.particulars import Model, Value, Words
from models_conformance.judges.judgement import Violation, violation
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.judges.wording import shown
from models_conformance.support.text import counted, quoted

_MEMBERS = ("id", "display_name", "type", "created_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer has something otherwise. `kind` is a slug; `what` fills the sentence of every such kind."""

    kind: str
    what: Words
    member: str = ""

    def as_violation(self, *exchanges: int, **values: Value) -> Violation:
        """A violation by this difference: `{what}` in the register's sentences says what it is."""
        return violation(self.kind, *exchanges, member=self.member, shared=values, what=self.what)


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


def _model_difference(earlier: Item, later: Item) -> Difference | None:
    if earlier == later:
        return None
    if earlier.id != later.id:
        return Difference("is-another-model", Words(f"{quoted(later.id)} instead of {quoted(earlier.id)}"), "id")
    member = next(name for name in _MEMBERS if getattr(earlier, name) != getattr(later, name))
    return Difference("has-another-member", Words(f"another {member} of {quoted(later.id)}"), member)


def page_difference(evidence: Evidence, old: Page, new: Page, asked_first: int) -> Difference | None:
    """How the later page differs from the one that exchange `asked_first` carried, new heads aside."""
    fresh = 0
    while fresh < len(new.items) and evidence.listed[new.items[fresh].id] > asked_first:
        fresh += 1
    kept = new.items[fresh:]
    if not fresh:
        if new.ids != old.ids:
            return Difference("has-other-models", _other_models(old, new))
        released = any(number > asked_first for number in evidence.listed.values())
        # A release makes a backward page that ended at the head end short of it.
        if new.has_more != old.has_more and not (released and new.has_more):
            return Difference(
                "has-another-has-more",
                Words(f"has_more {shown(new.has_more)} instead of {shown(old.has_more)}"),
                "has_more",
            )
    elif kept != old.items[: len(kept)]:
        return Difference(
            "has-other-models", Words(f"{counted(fresh, 'new model')}, and the others are not those of before")
        )
    pairs = zip(old.items, kept, strict=False)
    return next((change for was, now in pairs if (change := _model_difference(was, now)) is not None), None)


def _other_models(old: Page, new: Page) -> Words:
    gone = [model_id for model_id in old.ids if model_id not in new.ids]
    if len(new.ids) != len(old.ids):
        return Words(f"{counted(len(new.ids), 'model')} instead of {len(old.ids)}")
    return Words(f"other models: {quoted(gone[0])} is gone" if gone else "the same models in another order")
