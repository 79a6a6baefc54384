"""What a filter leaves in is a list: its pages are judged by the judges of the whole list, from these pages alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from models_conformance.contract.points import CURSORS, LIMIT, PAGING, Filter, filters_of
from models_conformance.evidence.exchange import Trace
from models_conformance.evidence.exchange_reading import Call, Item, Page, Reading
from models_conformance.evidence.particulars import Value, Words
from models_conformance.judges.judgement import Violation
from models_conformance.judges.server.registry import server_judgements
from models_conformance.judges.server.server_evidence import Evidence
from models_conformance.requirements.register import Requirement, register_of
from models_conformance.requirements.templates import About
from models_conformance.support.text import quoted

ON_ORDER = ("list-is-newest-first", "list-order-is-one-order")
"""The requirements on pages that speak of nothing but the order of their list."""

_ON_PAGES = (
    *ON_ORDER,
    "list-page-is-full",
    "list-default-page-is-20",
    "list-{slug}-is-exclusive",
    "list-{slug}-is-immediate",
    "list-before-id-keeps-list-order",
    "list-page-past-the-end-is-empty",
    "list-without-cursor-starts-at-head",
    "list-has-more-{way}is-true-when-more-{beyond}",
    "list-has-more-{way}is-false-at-the-{end}",
)
"""Those, or their templates, that speak of nothing but a page's order, place, size and end in its list."""


@dataclass(frozen=True, slots=True)
class FilteredQuestion:
    """A list question with values of the filter, in documented terms otherwise."""

    reading: Reading
    values: tuple[str, ...]

    @property
    def cursor(self) -> str | None:
        return self.reading.call.cursor

    @property
    def shown(self) -> Words:
        """The values, as a sentence names them."""
        return Words(" and ".join(quoted(value, 30) for value in self.values))

    @property
    def where(self) -> Words:
        """Where its page lies."""
        way = "after" if self.reading.call.values(CURSORS[0]) else "before"
        return Words(f"{way} {quoted(str(self.cursor))}")


def filter_of(evidence: Evidence, about: About) -> Filter:
    """The filter that a template was filled with."""
    return next(found for found in filters_of(evidence.contract) if found.parameter == about["parameter"])


def filtered_questions(evidence: Evidence, chosen: Filter, *, any_beta: bool = False) -> Iterator[FilteredQuestion]:
    """Every list question with values of this filter, whatever the values; without betas, or with documented ones."""
    for reading in evidence.judged():
        call = reading.call
        names = {name for name, _ in call.parameters}
        if call.operation != "list" or not evidence.is_authorised(call):
            continue
        if call.beta_lines and not (any_beta and evidence.has_documented_betas(call)):
            continue
        if chosen.parameter in names and names <= {*PAGING, chosen.parameter}:
            yield FilteredQuestion(reading, tuple(call.values(chosen.parameter)))


def documented(evidence: Evidence, chosen: Filter, *, any_beta: bool = False) -> Iterator[FilteredQuestion]:
    """Questions with documented values, no more of them than are allowed, and a page size that is accepted without."""
    refused = evidence.remembered(_refused_limits)
    for question in filtered_questions(evidence, chosen, any_beta=any_beta):
        call = question.reading.call
        most = chosen.most or len(question.values)
        are_documented = set(question.values) <= set(chosen.values)
        are_few = len(set(question.values)) == len(question.values) <= most
        has_a_size = not call.values(LIMIT) or (evidence.is_in_range(call.limit) and call.limit not in refused)
        if are_documented and are_few and has_a_size:
            yield question


def _refused_limits(evidence: Evidence) -> frozenset[int | None]:
    """The page sizes with which the whole list was never answered: what is refused with one is refused for it."""
    plain = [reading for reading in evidence.judged() if evidence.is_documented_list(reading.call)]
    answered = {reading.call.limit for reading in plain if reading.status == 200}
    return frozenset(reading.call.limit for reading in plain) - answered


def value_of(item: Item, chosen: Filter) -> str | None:
    """The text of the member that is filtered by, as in JSON without its quotes; None where it is not text."""
    text = item.rest.get(chosen.member, "")
    return text[1:-1] if text.startswith('"') else None


def wrong_model(page: Page, values: Iterable[str], chosen: Filter) -> tuple[Item, str] | None:
    """The first model whose member is text and none of these values."""
    wanted = frozenset(values)
    pairs = ((item, value_of(item, chosen)) for item in page.items)
    return next(((item, value) for item, value in pairs if value is not None and value not in wanted), None)


class FilteredList(Evidence):
    """The pages of one list that a filter leaves in, as evidence of a list by itself.

    Pages that hold other models than the filter leaves in are convicted of that, and say nothing of this list.
    """

    def __init__(self, whole: Evidence, chosen: Filter, pages: Iterable[FilteredQuestion]) -> None:
        exchanges = tuple(page.reading.exchange for page in pages)
        super().__init__(Trace(whole.origin, exchanges), whole.contract, whole=whole)
        self._parameter = chosen.parameter

    def is_documented_list(self, call: Call, any_beta: bool = False) -> bool:
        """As of the whole list, the values of the filter left out."""
        paging = tuple(pair for pair in call.parameters if pair[0] != self._parameter)
        return super().is_documented_list(replace(call, parameters=paging), any_beta)


@dataclass(frozen=True, slots=True)
class BadlyPaged:
    """What a page of a filtered list breaks that pages of the whole list keep: a requirement on them, and how."""

    requirement: Requirement
    page: FilteredQuestion
    violation: Violation

    def particulars(self) -> dict[str, Value]:
        """As sentences name them: the values, and what is claimed of pages of the whole list."""
        return {"values": self.page.shown, "claim": Words(self.requirement.statement.rstrip("."))}


def badly_paged(evidence: Evidence, chosen: Filter) -> Mapping[int, Sequence[BadlyPaged]]:
    """What is wrong with pages of lists that this filter leaves in, by the number of the page."""
    return evidence.remembered(_badly_paged)[chosen.parameter]


def _badly_paged(evidence: Evidence) -> dict[str, Mapping[int, Sequence[BadlyPaged]]]:
    return {chosen.parameter: _badly_paged_by(evidence, chosen) for chosen in filters_of(evidence.contract)}


def _badly_paged_by(evidence: Evidence, chosen: Filter) -> dict[int, list[BadlyPaged]]:
    found: dict[int, list[BadlyPaged]] = {}
    known = register_of(evidence.contract).values()
    on_pages = [requirement for requirement in known if (requirement.template or requirement.id) in _ON_PAGES]
    for pages in filtered_lists(evidence, chosen):
        by_number = {page.reading.number: page for page in pages}
        listed = FilteredList(evidence, chosen, pages)
        for requirement in on_pages:
            broken = _violations(requirement, listed)
            # What the whole list breaks as well is told there.
            if broken and not _violations(requirement, evidence):
                for violation in broken:
                    page = by_number[violation.exchanges[0]]
                    found.setdefault(page.reading.number, []).append(BadlyPaged(requirement, page, violation))
    return found


def filtered_lists(evidence: Evidence, chosen: Filter) -> list[list[FilteredQuestion]]:
    """The pages of each list that is asked for with this filter, together; those with other models are left out."""
    lists: dict[frozenset[str], list[FilteredQuestion]] = {}
    for question in documented(evidence, chosen):
        page = question.reading.page
        if page is not None and wrong_model(page, question.values, chosen) is None:
            lists.setdefault(frozenset(question.values), []).append(question)
    return list(lists.values())


def _violations(requirement: Requirement, evidence: Evidence) -> list[Violation]:
    return [judgement for judgement in server_judgements(evidence, requirement) if isinstance(judgement, Violation)]
