"""Questions with a parameter that filters the list, made of what the contract says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from models_conformance.contract.points import Filter
from models_conformance.evidence.exchange_reading import NO_SUCH, Page
from models_conformance.probing.request_specs import RequestSpec, list_request

# Small enough that a filtered list of a few models has several pages.
_PAGE = 2


def ask_filtered(filters: Iterable[Filter], most_models: int, ask: Callable[[RequestSpec], Page | None]) -> None:
    """Ask for each filter: every value, several, none of them, too many; and pages in both directions."""
    for chosen in filters:
        for spec in filter_requests(chosen, most_models):
            ask(spec)
        for value in chosen.values:
            _walk(chosen.parameter, value, ask)


def _walk(parameter: str, value: str, ask: Callable[[RequestSpec], Page | None]) -> None:
    """A first page of a filtered list, the page after it, the page before the last model of that, and the empty one
    before the first model: what is left out stands there where the filter is forgotten."""
    first: str | None = None
    after: str | None = None
    for _ in range(2):
        page = ask(filtered(list_request(limit=_PAGE, after=after), parameter, value))
        if page is None or not page.ids:
            break
        first, after = first or page.ids[0], page.ids[-1]
    for before in dict.fromkeys(cursor for cursor in (after, first) if cursor is not None):
        ask(filtered(list_request(limit=_PAGE, before=before), parameter, value))


def filtered(spec: RequestSpec, parameter: str, *values: str) -> RequestSpec:
    """The same question with these values of the parameter, one after the other."""
    return replace(spec, query=(*spec.query, *((parameter, value) for value in values)))


def filter_requests(chosen: Filter, most_models: int) -> Iterator[RequestSpec]:
    """Every value alone, all together, what the parameter stands for where it is absent, a value that does not exist
    and, where their number is bounded, one too many; each on a page of the largest size."""
    whole = list_request(limit=most_models)
    yield whole
    yield from (filtered(whole, chosen.parameter, value) for value in chosen.values)
    together = chosen.values[: chosen.most]
    if len(together) > 1:
        yield filtered(whole, chosen.parameter, *together)
    if len(chosen.omitted) > 1 and chosen.omitted != together:
        yield filtered(whole, chosen.parameter, *chosen.omitted)
    if chosen.closed:
        yield filtered(whole, chosen.parameter, f"{NO_SUCH}-value")
    if chosen.most is not None:
        yield filtered(
            whole, chosen.parameter, *(chosen.values[at % len(chosen.values)] for at in range(chosen.most + 1))
        )
