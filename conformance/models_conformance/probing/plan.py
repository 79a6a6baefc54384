"""In which order what can be asked is asked: each next question is the one that can still tell most.

First one question of each kind, then what else is documented, pages with retrievals and headers between them. What
is undocumented comes after that, and last of all what may break a server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from models_conformance.probing.cells import cell_of, request_of
from models_conformance.probing.coverage import Coverage
from models_conformance.probing.probes import PlannedRequest, Probes
from models_conformance.probing.request_specs import RequestSpec

# Between so many pages one question of each other kind is asked: most of what can be wrong is wrong with pages.
_PAGES_A_TURN = 3


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
