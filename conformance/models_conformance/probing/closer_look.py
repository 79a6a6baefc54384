"""A closer look at an answer that is not as it should be: which of the things that were asked at once is to blame?

Nothing is judged here. The same question with less in it is asked, so that a judge can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from models_conformance.evidence.exchange_reading import Item, Reading
from models_conformance.probing.plan import cell_of
from models_conformance.probing.probes import Probes
from models_conformance.probing.request_specs import RequestSpec, encode, is_plain, retrieve_request

# A server that refuses half of the pages needs no more explanation than that.
_MOST_ISOLATED = 12
_ALIASES_TWICE = 2
_MOST_REFUSED = 8
_SUCCESS = 200


class CloserLook:
    """Asks by `ask` what tells betas, parameters, ids and aliases apart. `items` are the models as they are listed."""

    def __init__(self, ask: Callable[[RequestSpec], Reading], probes: Probes, items: Mapping[str, Item]) -> None:
        self._ask = ask
        self._probes = probes
        self._items = items
        self._index = {model: place for place, model in enumerate(probes.ids)}
        self._aliases = [retrieve_request(name) for name in probes.alias_names()]
        self._isolated: set[RequestSpec] = set()
        self._has_asked_each_beta = False
        self._retrieved_with: set[str] = set()

    def at(self, spec: RequestSpec, answered: Reading) -> None:
        """Ask what an answer leaves open. Raises SessionOver."""
        if spec.path:
            self._at_model(spec, answered)
        elif answered.page is None and is_plain(spec):
            self._at_refused_list(spec)

    def _at_model(self, spec: RequestSpec, answered: Reading) -> None:
        if spec.betas is not None and not self._is_as_listed(spec, answered):
            # The same without betas tells whether the id or the beta is to blame.
            plain = replace(spec, betas=None)
            betas = [beta for beta in spec.betas if beta not in self._retrieved_with]
            if self._is_as_listed(plain, self._ask(plain)) and len(spec.betas) > 1:
                self._retrieved_with.update(betas)
                self._ask_each(plain, betas)
        elif answered.model is not None and spec in self._aliases:
            if self._aliases.index(spec) < _ALIASES_TWICE:
                self._ask(spec)
            if answered.model.id not in self._index:
                self._ask(retrieve_request(answered.model.id))

    def _is_as_listed(self, spec: RequestSpec, answered: Reading) -> bool:
        """Whether a retrieval answered with the very model that the list shows under the id in its path."""
        model = answered.model
        return model is not None and "/" + encode(model.id) == spec.path and self._items.get(model.id) == model

    def _ask_each(self, spec: RequestSpec, betas: Iterable[str]) -> None:
        """Ask with each beta alone, until so many were refused running that any is."""
        refused = 0
        for beta in betas:
            refused = 0 if self._ask(spec.with_betas(beta)).status == _SUCCESS else refused + 1
            if refused == _MOST_REFUSED:
                return

    def _at_refused_list(self, spec: RequestSpec) -> None:
        """Each beta alone, and each parameter alone, tells which of them is to blame for a refusal."""
        betas = self._probes.betas
        if not spec.query and set(spec.betas or ()) == set(betas) and not self._has_asked_each_beta:
            self._has_asked_each_beta = True
            self._ask_each(spec, betas)
        cell = cell_of(spec, self._index, betas)
        if cell is None or len(self._isolated) >= _MOST_ISOLATED:
            return
        if cell.limit is None or self._probes.limits.minimum <= cell.limit <= self._probes.limits.maximum:
            alone = {replace(spec, query=(pair,), betas=None) for pair in spec.query} - self._isolated - {spec}
            self._isolated |= alone
            for smaller in sorted(alone, key=lambda spec: spec.target):
                self._ask(smaller)
