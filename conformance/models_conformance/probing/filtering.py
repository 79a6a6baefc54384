"""Questions with a parameter that filters the list, made of what the contract says of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from models_conformance.contract.model import Contract
from models_conformance.contract.points import LIMIT, Filter, betas_of, filters_of
from models_conformance.evidence.exchange_reading import NO_SUCH, Page
from models_conformance.probing.request_specs import RequestSpec, list_request, retrieve_request

# Small enough that a filtered list of a few models has several pages.
_PAGE = 2


def ask_filtered(
    contract: Contract, ids: Collection[str], most_models: int, ask: Callable[[RequestSpec], Page | None]
) -> None:
    """Ask for each filter: every value, several, none of them, too many; and pages in both directions.

    `ids` are listed without a filter: one that only a value of it lists is retrieved.
    """
    for chosen in filters_of(contract):
        for spec in filter_requests(chosen, most_models, betas_of(contract)):
            page = ask(spec)
            values = [value for name, value in spec.query if name == chosen.parameter]
            is_whole = spec.betas is None and spec.query[0] == (LIMIT, str(most_models))
            if page is not None and is_whole and len(values) == 1 and values[0] in chosen.values:
                _page_through(page.ids, chosen.parameter, values[0], most_models, ask)
                only_here = [model for model in page.ids if model not in ids]
                for model in only_here[-1:]:
                    ask(retrieve_request(model))


def ask_in_version(
    version: str, contract: Contract, ids: Sequence[str], ask: Callable[[RequestSpec], Page | None]
) -> None:
    """Ask a little of everything in another documented version: a model, the next page, and pages of each filter."""
    if ids:
        ask(replace(retrieve_request(ids[-1]), version=version))
        ask(replace(list_request(limit=_PAGE, after=ids[0]), version=version))
    for chosen in filters_of(contract):
        first = filtered(list_request(limit=_PAGE), chosen.parameter, chosen.values[-1])
        page = ask(replace(first, version=version))
        if page is not None and page.ids:
            later = filtered(list_request(limit=_PAGE, after=page.ids[-1]), chosen.parameter, chosen.values[-1])
            ask(replace(later, version=version))


def _page_through(
    ids: Sequence[str], parameter: str, value: str, most_models: int, ask: Callable[[RequestSpec], Page | None]
) -> None:
    """Pages of a filtered list that is known: the first ones, all behind a cursor and all before one.

    What the filter leaves out stands behind the last model that it leaves in, and before the first: a page that goes
    so far shows it where the filter is forgotten.
    """
    ask(filtered(list_request(limit=_PAGE), parameter, value))
    if not ids:
        return
    after = ids[min(_PAGE, len(ids)) - 1]
    ask(filtered(list_request(limit=_PAGE, after=after), parameter, value))
    ask(filtered(list_request(limit=most_models, after=after), parameter, value))
    ask(filtered(list_request(limit=most_models, before=ids[-1]), parameter, value))
    ask(filtered(list_request(limit=_PAGE, before=ids[-1]), parameter, value))


def filtered(spec: RequestSpec, parameter: str, *values: str) -> RequestSpec:
    """The same question with these values of the parameter, one after the other."""
    return replace(spec, query=(*spec.query, *((parameter, value) for value in values)))


def filter_requests(chosen: Filter, most_models: int, betas: Sequence[str]) -> Iterator[RequestSpec]:
    """Every value alone, all together, what the parameter stands for where it is absent, a value that does not exist
    and, where their number is bounded, one too many; each on a page of the largest size."""
    whole = list_request(limit=most_models)
    yield whole
    yield from (filtered(whole, chosen.parameter, value) for value in chosen.values)
    # Backwards: whoever lists value by value leaves the order of the list.
    together = chosen.values[: chosen.most][::-1]
    if len(together) > 1:
        yield filtered(whole, chosen.parameter, *together)
    if len(chosen.omitted) > 1 and set(chosen.omitted) != set(together):
        yield filtered(whole, chosen.parameter, *chosen.omitted)
    # A page of the documented size, and one under a beta, of a list that is known by then.
    default = chosen.omitted or chosen.values[:1]
    yield filtered(list_request(), chosen.parameter, *default)
    if betas:
        yield filtered(list_request(limit=most_models, betas=tuple(betas[:1])), chosen.parameter, chosen.values[-1])
    if chosen.closed:
        yield filtered(whole, chosen.parameter, f"{NO_SUCH}-value")
    if chosen.most is not None:
        yield filtered(
            whole, chosen.parameter, *(chosen.values[at % len(chosen.values)] for at in range(chosen.most + 1))
        )
