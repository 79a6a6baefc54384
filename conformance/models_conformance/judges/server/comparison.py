"""Comparing answers: what one has otherwise than another, as data. Every area compares in this one way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from models_conformance.contract.points import members_of
from models_conformance.evidence.exchange_reading import Item, Page, Reading
from models_conformance.evidence.instants import instant
from models_conformance.evidence.particulars import Model, Value, Words
from models_conformance.judges.judgement import Violation, violation
from models_conformance.judges.server.exchanges import is_unasked_304
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.judges.wording import shown
from models_conformance.support.text import counted, quoted

_MEMBERS = ("id", "display_name", "type", "created_at")
# More models than these are not released between two questions.
_MOST_RELEASED = 6
# Members in which two items of one model may differ.
_COMPARED = ("display_name", "created_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer has something otherwise. `kind` is a slug; `what` fills the sentence of every such kind."""

    kind: str
    what: Words
    member: str = ""

    def as_violation(self, culprit: int, witness: int, **values: Value) -> Violation:
        """A violation by this difference: `{what}` in the register's sentences says what it is."""
        return violation(self.kind, culprit, member=self.member, witness=witness, shared=values, what=self.what)


def model_value(item: Item) -> Model:
    """A model as a particular of a judgement."""
    return Model(item.id, item.created_at, item.display_name, item.type)


def differing_member(evidence: Evidence, model: Item, other: Item) -> str | None:
    """The first documented member that two models have otherwise; dates are compared as instants.

    A member that moves between two equal questions is compared nowhere else.
    """
    moving = evidence.remembered(moving_members)
    return next((name for name in _members(evidence) if name not in moving and _differs(name, model, other)), None)


def contradicted_member(evidence: Evidence, model: Item, other: Item) -> str | None:
    """The member by which two renditions of one model differ; where one is not text, or no date, its schema says so."""
    moving = evidence.remembered(moving_members)
    return next((name for name in _contradicted_members(evidence, model, other) if name not in moving), None)


def are_two_models(evidence: Evidence, model: Item, other: Item) -> bool:
    """Whether two items of one id are no two renditions of one model: none of their other members agree."""
    contradicted = {name for name in _contradicted_members(evidence, model, other) if name in _COMPARED}
    return contradicted == set(_COMPARED) and contradicted.isdisjoint(evidence.remembered(moving_members))


def _members(evidence: Evidence) -> tuple[str, ...]:
    """The members to compare: those that the contract documents. Undocumented members may vary freely."""
    return (*_MEMBERS, *(name for name in members_of(evidence.contract) if name not in _MEMBERS))


def _contradicted_members(evidence: Evidence, model: Item, other: Item) -> list[str]:
    comparable = [name for name in _COMPARED if getattr(model, name) is not None and getattr(other, name) is not None]
    if (instant(model.created_at) is None) != (instant(other.created_at) is None):
        comparable = [name for name in comparable if name != "created_at"]
    further = [name for name in _members(evidence) if name not in _MEMBERS]
    return [name for name in (*comparable, *further) if _differs(name, model, other)]


def _differs(name: str, model: Item, other: Item) -> bool:
    if name not in _MEMBERS:
        # A member that is missing is reported as missing.
        both = name in model.rest and name in other.rest
        return both and not _same(model.rest[name], other.rest[name])
    mine, theirs = getattr(model, name), getattr(other, name)
    if mine == theirs:
        return False
    return not (name == "created_at" and instant(mine) is not None and instant(mine) == instant(theirs))


def _same(mine: str, theirs: str) -> bool:
    """Whether two texts are of equal JSON values; two spellings of one moment are equal."""
    if mine == theirs or not (mine.startswith('"') and theirs.startswith('"')):
        return mine == theirs
    moments = instant(json.loads(mine)), instant(json.loads(theirs))
    return moments[0] is not None and moments[0] == moments[1]


def repeated_questions(evidence: Evidence) -> list[tuple[Reading, Reading]]:
    """Each question that was asked before, after that one: an answer that came each time, and a refusal too."""
    pairs = []
    last: dict[tuple[object, ...], Reading] = {}
    for reading in evidence.documented_answers():
        if reading.call.operation is None or reading.status is None or reading.status >= 500:
            continue
        if is_unasked_304(reading):
            continue
        if reading.question in last:
            pairs.append((last[reading.question], reading))
        last[reading.question] = reading
    return pairs


def moving_members(evidence: Evidence) -> frozenset[str]:
    """Members that a model has otherwise when the same is asked again: a clock, a counter, a locale, a replica."""
    return frozenset(
        name
        for earlier, later in evidence.remembered(repeated_questions)
        for model, other in _same_models(earlier, later)
        for name in _members(evidence)
        if _differs(name, model, other)
    )


def _same_models(earlier: Reading, later: Reading) -> list[tuple[Item, Item]]:
    # An id that an answer lists twice is that of two models.
    once = {name for name, count in Counter(item.id for item in models_of(earlier)).items() if count == 1}
    known = {item.id: item for item in models_of(earlier) if item.id in once}
    return [(known[item.id], item) for item in models_of(later) if item.id in known]


def moves_for_all(earlier: Iterable[Item], later: Iterable[Item]) -> bool:
    """Whether every model of two lists, of more than one, differs: then a member moves, not the list."""
    known = {item.id: item for item in earlier}
    pairs = [(known[item.id], item) for item in later if item.id in known]
    return len(pairs) > 1 and all(any(_differs(name, was, now) for name in _MEMBERS) for was, now in pairs)


def models_of(reading: Reading) -> tuple[Item, ...]:
    """The models that an answer holds."""
    if reading.page is not None:
        return reading.page.items
    return (reading.model,) if reading.model is not None else ()


def is_unsteady(evidence: Evidence, operation: str | None) -> bool:
    """Whether a documented question of that operation had two answers, members that move left out.

    Then a difference between two questions says nothing of what they differ in.
    """
    return operation in evidence.remembered(_unsteady_operations)


def _unsteady_operations(evidence: Evidence) -> frozenset[str | None]:
    return frozenset(
        later.call.operation
        for earlier, later in evidence.remembered(repeated_questions)
        if (evidence.is_documented_list(later.call, any_beta=True) or later.call.model_id in evidence.listed)
        and evidence.is_authorised(later.call)
        and answer_difference(evidence, earlier, later, evidence.remembered(moving_members)) is not None
    )


def answer_difference(
    evidence: Evidence, earlier: Reading, later: Reading, apart: frozenset[str] = frozenset()
) -> Difference | None:
    """What the later answer has otherwise than the earlier, models released in between and members `apart` left out."""
    if earlier.status != later.status:
        return Difference("has-another-status", Words(f"status {later.status} instead of {earlier.status}"))
    if earlier.page is not None and later.page is not None:
        return page_difference(evidence, earlier.page, later.page, earlier.number, apart)
    if earlier.model is not None and later.model is not None:
        return _model_difference(evidence, earlier.model, later.model, apart)
    if (earlier.page is None) != (later.page is None) or (earlier.model is None) != (later.model is None):
        return Difference("has-another-shape", Words("an answer of another shape"))
    was, now = evidence.answers[earlier.number].error_type, evidence.answers[later.number].error_type
    if was == now:
        return None
    return Difference("has-another-error-type", Words(f"error type {now or 'none'} instead of {was or 'none'}"))


def _model_difference(evidence: Evidence, earlier: Item, later: Item, apart: frozenset[str]) -> Difference | None:
    if earlier.id != later.id:
        return Difference("is-another-model", Words(f"{quoted(later.id)} instead of {quoted(earlier.id)}"), "id")
    own = (name for name in _MEMBERS if getattr(earlier, name) != getattr(later, name))
    further = (name for name in _members(evidence) if name not in _MEMBERS and _differs(name, earlier, later))
    member = next((name for name in chain(own, further) if name not in apart), None)
    if member is None:
        return None
    return Difference("has-another-member", Words(f"another {member} of {quoted(later.id)}"), member)


def page_difference(
    evidence: Evidence, old: Page, new: Page, earlier: int, apart: frozenset[str] = frozenset()
) -> Difference | None:
    """How the later page differs from the one that exchange `earlier` carried, new heads and `apart` aside."""
    fresh = 0
    while fresh < len(new.items) and evidence.listed[new.items[fresh].id] > earlier:
        fresh += 1
    kept = new.items[fresh:]
    if not kept and fresh > _MOST_RELEASED and len(old.items) > _MOST_RELEASED:
        return Difference("has-other-models", _other_models(old, new))
    if fresh and [item.id for item in kept] != list(old.ids[: len(kept)]):
        return Difference(
            "has-other-models", Words(f"{counted(fresh, 'new model')}, and the others are not those of before")
        )
    changes = (_model_difference(evidence, was, now, apart) for was, now in zip(old.items, kept, strict=False))
    around = None if fresh else _difference_around_models(evidence, old, new, earlier)
    return around or next((change for change in changes if change is not None), None)


def _difference_around_models(evidence: Evidence, old: Page, new: Page, earlier: int) -> Difference | None:
    """How the ids, has_more or the ends of two pages differ, where nothing stands before the old head."""
    if new.ids != old.ids:
        return Difference("has-other-models", _other_models(old, new))
    released = any(number > earlier for number in evidence.listed.values())
    # A release makes a backward page that ended at the head end short of it.
    if new.has_more != old.has_more and not (released and new.has_more):
        return Difference(
            "has-another-has-more",
            Words(f"has_more {shown(new.has_more)} instead of {shown(old.has_more)}"),
            "has_more",
        )
    for name, was, now in (("first_id", old.first_id, new.first_id), ("last_id", old.last_id, new.last_id)):
        if was != now and new.items:
            return Difference("has-another-end", Words(f"{name} {_end(now)} instead of {_end(was)}"), name)
    return None


def _end(value: object) -> str:
    return shown(value) if value is None or isinstance(value, str) else "that is not text"


def _other_models(old: Page, new: Page) -> Words:
    removed = [model_id for model_id in old.ids if model_id not in new.ids]
    if len(new.ids) != len(old.ids):
        return Words(f"{counted(len(new.ids), 'model')} instead of {len(old.ids)}")
    return Words(f"other models: {quoted(removed[0])} is gone" if removed else "the same models in another order")
