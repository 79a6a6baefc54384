"""In which order what can be asked is asked: each next question is the one that can still tell most.

First one question of each kind, then what else is documented, pages with retrievals and headers between them. What
is undocumented comes after that, and last of all what may break a server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest

from models_conformance.evidence.targets import CURSORS
from models_conformance.probing.coverage import Cell, Coverage, Direction
from models_conformance.probing.probes import PlannedRequest, Probes
from models_conformance.probing.request_specs import RequestSpec, list_request

# Between so many pages one question of each other kind is asked: most of what can be wrong is wrong with pages.
_PAGES_A_TURN = 3
_DIRECTIONS: Mapping[str, Direction] = dict(zip(CURSORS, ("after", "before"), strict=True))


class Plan:
    """All questions that can be told beforehand, by what the server has shown so far, none of those `asked` already.

    `coverage` chooses further pages, as many as make `most` questions in all.
    """

    def __init__(
        self, probes: Probes, ordinary: str, asked: Iterable[RequestSpec], coverage: Coverage | None, most: int
    ) -> None:
        self._sent = set(asked)
        self.first = list(self._new(probes.first_of_each_kind(ordinary)))
        ends = list(self._new(("ends of the list", spec) for spec in probes.ends()))
        others = [list(self._new(kind)) for kind in probes.documented(ordinary)]
        self.undocumented = list(self._new(probes.undocumented()))
        self.malformed = list(self._new(("malformed requests", spec) for spec in probes.malformed()))
        fixed = (self.first, ends, *others, self.undocumented, self.malformed)
        pages = _pages(coverage, probes, [*self.first, *chain.from_iterable(others)], most - sum(map(len, fixed)))
        self.documented = list(_by_turns([*ends, *self._new(pages)], others))

    def _new(self, questions: Iterable[PlannedRequest]) -> Iterator[PlannedRequest]:
        """Those that are not asked otherwise."""
        for part, spec in questions:
            if spec not in self._sent:
                self._sent.add(spec)
                yield part, spec


def _pages(
    coverage: Coverage | None, probes: Probes, planned: Iterable[PlannedRequest], most: int
) -> Iterator[PlannedRequest]:
    """At most that many pages, of what those that are planned leave open."""
    if coverage is None:
        return
    index = {model: place for place, model in enumerate(probes.ids)}
    for _, spec in planned:
        cell = cell_of(spec, index, probes.betas)
        if cell is not None:
            coverage.add(cell)
    for cell in coverage.requests(most):
        yield "limits and cursors", request_of(cell, probes.ids, probes.betas)


def _by_turns(pages: Iterable[PlannedRequest], others: Iterable[Sequence[PlannedRequest]]) -> Iterator[PlannedRequest]:
    """Some pages, then one question of another kind, each kind in its turn."""
    turns = chain.from_iterable(zip_longest(*others))
    between = (question for question in turns if question is not None)
    for number, page in enumerate(pages, 1):
        yield page
        if number % _PAGES_A_TURN == 0:
            yield from islice(between, 1)
    yield from between


def cell_of(spec: RequestSpec, index: Mapping[str, int], betas: Sequence[str]) -> Cell | None:
    """Where the request lies in the plan; None outside of it. `index` is the place of each model in the list."""
    query = dict(spec.query)
    cursors = [name for name in _DIRECTIONS if name in query]
    limit = query.get("limit")
    planned = len(query) == len(spec.query) and len(cursors) <= 1 and query.keys() <= {"limit", *cursors}
    if spec.path or not planned or not (limit is None or _is_canonical(limit)):
        return None
    sent = tuple(place for place, beta in enumerate(betas) if beta in (spec.betas or ()))
    size = None if limit is None else int(limit)
    if not cursors:
        return Cell("none", None, size, sent)
    position = index.get(query[cursors[0]])
    return None if position is None else Cell(_DIRECTIONS[cursors[0]], position, size, sent)


def request_of(cell: Cell, ids: Sequence[str], betas: Sequence[str]) -> RequestSpec:
    """The request that lies there, in a list of these ids."""
    model = None if cell.position is None else ids[cell.position]
    spec = list_request(
        limit=cell.limit,
        after=model if cell.direction == "after" else None,
        before=model if cell.direction == "before" else None,
        betas=tuple(betas[place] for place in cell.betas) or None,
    )
    # Parameters have no order; every other request shows that.
    return replace(spec, query=spec.query[::-1]) if (cell.position or 0) % 2 else spec


def _is_canonical(limit: str) -> bool:
    """Whether it is a number as we spell it: digits of other scripts are decimal too, and ask for something else."""
    return limit.isdecimal() and str(int(limit)) == limit
