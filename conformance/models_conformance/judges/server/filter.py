"""Area filter: a parameter that filters leaves in the models that it names, on every page.

Templates: each judge is run for one parameter of the contract in force, which `about` names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, pairwise

from models_conformance.contract.points import Filter
from models_conformance.evidence.exchange_reading import NO_SUCH, Item, Reading
from models_conformance.evidence.particulars import Value, Words
from models_conformance.judges.judgement import Exercised, Judgement, NotExercised, Violation, violation
from models_conformance.judges.server.comparison import models_of
from models_conformance.judges.server.filtered_lists import (
    ON_ORDER,
    FilteredQuestion,
    badly_paged,
    documented,
    filter_of,
    filtered_lists,
    filtered_questions,
    value_of,
    wrong_model,
)
from models_conformance.judges.server.registry import SERVER_TEMPLATES
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.templates import About

_NEVER = NotExercised("no list was requested with this parameter")


def _is_whole(evidence: Evidence, chosen: Filter, asked: FilteredQuestion) -> bool:
    """Whether its page is all there is: it begins at the head and nothing is behind it, as far as others know."""
    page = asked.reading.page
    is_sound = asked.reading.number not in badly_paged(evidence, chosen)
    return page is not None and asked.cursor is None and page.has_more is False and is_sound


@SERVER_TEMPLATES("list-{bare}-is-accepted")
def filter_is_accepted(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """First pages with documented values."""
    for asked in documented(evidence, filter_of(evidence, about)):
        if asked.cursor is not None:
            continue
        yield Exercised(asked.reading.number)
        if asked.reading.status != 200:
            yield evidence.judged_by_status(asked.reading, parameter=about["parameter"], values=asked.shown)
    yield _NEVER


@SERVER_TEMPLATES("list-{bare}-filters-by-{member}")
def filters_by_member(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """First pages: no model of another value, and where the page is whole each known model of these values.

    What is read whole with several values and with each of them alone is left to the requirement on their union.
    """
    chosen = filter_of(evidence, about)
    known = _known(evidence, chosen)
    alone = _alone(evidence, chosen)
    for asked in documented(evidence, chosen, any_beta=True):
        page = asked.reading.page
        if page is None or asked.cursor is not None:
            continue
        if _is_union(evidence, chosen, asked, alone):
            continue
        yield Exercised(asked.reading.number)
        wrong = wrong_model(page, asked.values, chosen)
        if wrong is not None:
            yield _holds_another(asked, chosen, wrong)
        elif _is_whole(evidence, chosen, asked):
            missing = [name for name, (value, _) in known.items() if value in asked.values and name not in page.ids]
            for name in missing[:1]:
                value, witness = known[name]
                yield violation(
                    "leaves-models-out",
                    asked.reading.number,
                    parameter=chosen.parameter,
                    values=asked.shown,
                    model=name,
                    value=value,
                    witness=witness,
                )
    yield _NEVER


def _holds_another(asked: FilteredQuestion, chosen: Filter, wrong: tuple[Item, str], **values: Value) -> Violation:
    """A page that holds a model of a value that was not asked for."""
    values |= {"values": asked.shown, "model": wrong[0].id, "value": wrong[1]}
    return violation("holds-another-value", asked.reading.number, parameter=chosen.parameter, shared=values)


def _known(evidence: Evidence, chosen: Filter) -> dict[str, tuple[str, int]]:
    """The value of each model that some list showed without betas, with the first exchange that did."""
    found: dict[str, tuple[str, int]] = {}
    for reading in evidence.judged():
        if reading.page is None or reading.call.beta_lines or not evidence.is_authorised(reading.call):
            continue
        for item in reading.page.items:
            value = value_of(item, chosen)
            if value is not None:
                found.setdefault(item.id, (value, reading.number))
    return found


@SERVER_TEMPLATES("list-{bare}-takes-several")
def takes_several(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Whole lists with several values, against those with each of the values alone."""
    chosen = filter_of(evidence, about)
    alone = _alone(evidence, chosen)
    for asked in documented(evidence, chosen):
        if _is_union(evidence, chosen, asked, alone):
            yield Exercised(asked.reading.number)
            yield from _unlike_union(asked, [alone[value] for value in asked.values], chosen)
    yield NotExercised("no list was read whole with several values and with each of them")


def _alone(evidence: Evidence, chosen: Filter) -> dict[str, Reading]:
    """The whole list of each value that was asked for alone."""
    alone = (asked for asked in documented(evidence, chosen) if len(asked.values) == 1)
    return {asked.values[0]: asked.reading for asked in alone if _is_whole(evidence, chosen, asked)}


def _is_union(evidence: Evidence, chosen: Filter, asked: FilteredQuestion, alone: Mapping[str, Reading]) -> bool:
    """Whether its page is a whole list of several values, each of which has a whole list of its own."""
    return len(asked.values) > 1 and set(asked.values) <= alone.keys() and _is_whole(evidence, chosen, asked)


def _unlike_union(asked: FilteredQuestion, parts: Sequence[Reading], chosen: Filter) -> Iterator[Violation]:
    """What a whole list has otherwise than the whole lists of each of its values have together."""
    here = {model.id for model in models_of(asked.reading)}
    union = {model.id: part.number for part in parts for model in models_of(part)}
    number, parameter, values = asked.reading.number, chosen.parameter, asked.shown
    for name in [name for name in union if name not in here][:1]:
        witness = union[name]
        yield violation("leaves-models-out", number, parameter=parameter, values=values, model=name, witness=witness)
    for name in sorted(here - union.keys())[:1]:
        numbers = (part.number for part in parts)
        yield violation("holds-others", number, *numbers, parameter=parameter, values=values, model=name)


@SERVER_TEMPLATES("list-{bare}-is-kept-on-every-page")
def is_kept_on_every_page(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Pages from a cursor that was listed with the same values."""
    chosen = filter_of(evidence, about)
    listed: dict[frozenset[str], set[str]] = {}
    for asked in documented(evidence, chosen):
        page, values = asked.reading.page, frozenset(asked.values)
        if asked.cursor is not None and asked.cursor in listed.get(values, ()):
            yield Exercised(asked.reading.number)
            wrong = wrong_model(page, values, chosen) if page is not None else None
            if wrong is not None:
                yield _holds_another(asked, chosen, wrong, where=asked.where)
            elif asked.reading.status != 200:
                yield evidence.judged_by_status(
                    asked.reading, parameter=chosen.parameter, where=asked.where, values=asked.shown
                )
        if page is not None and wrong_model(page, values, chosen) is None:
            listed.setdefault(values, set()).update(page.ids)
    yield NotExercised("no further page was requested with this parameter")


@SERVER_TEMPLATES("list-{bare}-keeps-list-order")
def keeps_list_order(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Each page against the others and against the longest of the whole list: no two models the other way round."""
    chosen = filter_of(evidence, about)
    shown: dict[tuple[str, str], int] = {}
    plain = (listing for listing in evidence.placed if not listing.betas)
    whole = max(plain, key=lambda listing: len(listing.ids), default=None)
    if whole is not None:
        shown.update(dict.fromkeys(_pairs(whole.ids), whole.number))
    for asked in documented(evidence, chosen):
        page = asked.reading.page
        if page is None or len(set(page.ids)) < len(page.ids) or len(page.ids) < 2:
            continue
        yield Exercised(asked.reading.number)
        for first, second in pairwise(page.ids):
            witness = shown.get((second, first))
            if witness is not None:
                yield violation(
                    "is-in-another-order",
                    asked.reading.number,
                    parameter=chosen.parameter,
                    values=asked.shown,
                    model=first,
                    other=second,
                    witness=witness,
                )
                break
        for pair in _pairs(page.ids):
            shown.setdefault(pair, asked.reading.number)
    for deviation in chain.from_iterable(badly_paged(evidence, chosen).values()):
        if deviation.requirement.id in ON_ORDER:
            proof, shared = deviation.violation.exchanges, deviation.particulars()
            yield violation("breaks-the-order", *proof, parameter=chosen.parameter, shared=shared)
    yield NotExercised("no page with this parameter held two models")


@SERVER_TEMPLATES("list-{bare}-pages-as-a-list")
def pages_as_a_list(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Pages of each filtered list against the others: their place, their size and has_more."""
    chosen = filter_of(evidence, about)
    for pages in filtered_lists(evidence, chosen):
        if len(pages) > 1:
            yield from (Exercised(page.reading.number) for page in pages)
    for deviation in chain.from_iterable(badly_paged(evidence, chosen).values()):
        if deviation.requirement.id not in ON_ORDER:
            yield violation(
                "is-paged-otherwise",
                *deviation.violation.exchanges,
                parameter=chosen.parameter,
                member=deviation.violation.member,
                shared=deviation.particulars(),
            )
    yield NotExercised("no list was requested twice with the same values of this parameter")


# Pairs grow with the square of it: a page of so many models has enough of them.
_MOST_COMPARED = 100


def _pairs(ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each model of a page with each one behind it."""
    return combinations(ids[:_MOST_COMPARED], 2)


@SERVER_TEMPLATES("list-{bare}-default-is-its-explicit-form")
def default_is_its_explicit_form(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Lists without the parameter: no model of another value, and all that the explicit form lists."""
    chosen = filter_of(evidence, about)
    omitted = Words(about["omitted"])
    explicit = _listed_explicitly(evidence, chosen)
    for reading in evidence.judged():
        page = reading.page
        if page is None or reading.call.beta_lines or not evidence.is_documented_list(reading.call):
            continue
        if any(value_of(item, chosen) is not None for item in page.items):
            yield Exercised(reading.number)
        plain = FilteredQuestion(reading, ())
        wrong = wrong_model(page, chosen.omitted, chosen)
        # New values of an answer are reserved: what they stand for, no page says yet.
        if wrong is not None and wrong[1] in chosen.values:
            yield _holds_another(plain, chosen, wrong, omitted=omitted)
        elif wrong is None and explicit and _is_whole(evidence, chosen, plain):
            for name in [name for name in explicit if name not in page.ids][:1]:
                yield violation(
                    "leaves-models-out",
                    reading.number,
                    parameter=chosen.parameter,
                    model=name,
                    omitted=omitted,
                    witness=explicit[name],
                )
    yield NotExercised("no list showed the member that is filtered by")


def _listed_explicitly(evidence: Evidence, chosen: Filter) -> dict[str, int]:
    """What a list without the parameter has to hold, with the first exchange that shows it: the models of whole lists
    with values that it stands for; a list that holds others shows nothing."""
    found: dict[str, int] = {}
    for asked in documented(evidence, chosen):
        page = asked.reading.page
        if page is None or not set(asked.values) <= set(chosen.omitted) or not _is_whole(evidence, chosen, asked):
            continue
        if wrong_model(page, chosen.omitted, chosen) is None:
            found |= {name: asked.reading.number for name in page.ids if name not in found}
    return found


@SERVER_TEMPLATES("list-{bare}-refuses-other-values")
def refuses_other_values(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """Values that no page lists, where any value is accepted. A page of models that have such a value, and an
    empty one for a value that this suite did not invent, show that there is one by now."""
    chosen = filter_of(evidence, about)
    works = any(asked.reading.status == 200 for asked in filtered_questions(evidence, chosen))
    for asked in filtered_questions(evidence, chosen):
        others = set(asked.values) - set(chosen.values)
        if works and others and not _may_exist(asked, others, chosen):
            yield Exercised(asked.reading.number)
            if not _is_refused(asked):
                yield evidence.judged_by_status(asked.reading, parameter=chosen.parameter, values=asked.shown)
    yield NotExercised("no undocumented value was tried, or none at all is accepted")


def _may_exist(asked: FilteredQuestion, values: set[str], chosen: Filter) -> bool:
    page = asked.reading.page
    if page is None or any(NO_SUCH in value for value in values):
        return False
    return not page.items or any(value_of(item, chosen) in values for item in page.items)


@SERVER_TEMPLATES("list-{bare}-refuses-more-than-{most}")
def refuses_too_many(evidence: Evidence, about: About) -> Iterator[Judgement]:
    """More documented values than are allowed, where any number is accepted."""
    chosen = filter_of(evidence, about)
    works = any(asked.reading.status == 200 for asked in filtered_questions(evidence, chosen))
    for asked in filtered_questions(evidence, chosen):
        if works and set(asked.values) <= set(chosen.values) and len(asked.values) > (chosen.most or 0):
            yield Exercised(asked.reading.number)
            if not _is_refused(asked):
                count, most = len(asked.values), chosen.most
                yield evidence.judged_by_status(asked.reading, parameter=chosen.parameter, count=count, most=most)
    yield NotExercised("not so many values were tried, or none at all is accepted")


def _is_refused(asked: FilteredQuestion) -> bool:
    return asked.reading.status is not None and 400 <= asked.reading.status < 500
