"""What is asked on top because of an answer. Nothing is judged here: a judge is to be able to tell.

A closer look: an answer is not as it should be; the same question with less in it tells which of the things that were
asked at once is to blame. A second look: an answer is otherwise than the server's own list told; asked again, it is
steady or not, and the list has changed or not. What was withdrawn for good is gone from it, and what happens once does
not happen again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from models_conformance.contract.points import CURSORS
from models_conformance.evidence.exchange import NOT_RECORDED
from models_conformance.evidence.exchange_reading import Item, Reading
from models_conformance.probing.forecast import Forecast
from models_conformance.probing.plan import cell_of
from models_conformance.probing.probes import Probes
from models_conformance.probing.request_specs import RequestSpec, encode, is_plain, list_request, retrieve_request
from models_conformance.probing.session import Session

# A server that refuses half of the pages needs no more explanation than that.
_MOST_ISOLATED = 12
_ALIASES_TWICE = 2
_MOST_REFUSED = 8
# A server that contradicts itself again and again needs no more proof than that.
_MOST_REPEATED = 3
_MOST_LISTED = 6
# A list of more pages than these takes too long to be read again.
_MOST_PAGES_ANEW = 5
# Nor does one whose list stands still whatever it answers.
_MOST_FRUITLESS = 2


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
            refused = 0 if self._ask(spec.with_betas(beta)).status == 200 else refused + 1
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


class SecondLook:
    """Asks again, through a session, what contradicts the list as it was read last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._forecast: Forecast | None = None
        self._repeated = self._listed = self._fruitless = self._alive = 0
        self._has_asked_without_betas = False

    def begin(self, forecast: Forecast) -> None:
        """From now on, answers are to agree with this."""
        self._forecast = forecast

    def at(self, spec: RequestSpec, reading: Reading) -> None:
        """Ask again where an ordinary question was answered otherwise than the list tells; where nothing came, the
        plainest one. Raises SessionOver."""
        if reading.status is None and reading.number != NOT_RECORDED and self._alive < _MOST_LISTED:
            # Whether the server still answers at all, or nothing since then.
            self._alive += 1
            self._session.send(list_request())
            return
        forecast = self._forecast
        if forecast is None or not forecast.is_ordinary(spec) or forecast.holds_for(spec, reading):
            return
        if reading.number == NOT_RECORDED or (reading.status or 500) >= 500:
            return
        self._ask_without_betas(spec)
        if self._repeated < _MOST_REPEATED:
            self._repeated += 1
            again = self._session.send(spec)
            if forecast.holds_for(spec, again):
                self._session.send(spec)
        if self._listed < _MOST_LISTED and self._fruitless < _MOST_FRUITLESS:
            self._listed += 1
            self._read_anew(forecast)

    def _ask_without_betas(self, spec: RequestSpec) -> None:
        """Once: what it is without betas tells whether they or the question are to blame."""
        names_a_cursor = any(name in CURSORS for name, _ in spec.query)
        if spec.betas is not None and not names_a_cursor and not self._has_asked_without_betas:
            self._has_asked_without_betas = True
            self._session.send(replace(spec, betas=None))

    def _read_anew(self, forecast: Forecast) -> None:
        models = self._whole(forecast)
        if models is None or models == forecast.models:
            self._fruitless += 1
        else:
            self._forecast = forecast.with_models(models)

    def _whole(self, forecast: Forecast) -> list[Mapping[str, Any]] | None:
        """The list in the largest pages; None where it does not come to its end where it did before."""
        models: list[Mapping[str, Any]] = []
        pages = forecast.largest_pages + 1
        cursor = None
        for _ in range(pages if pages <= _MOST_PAGES_ANEW else 1):
            reading = self._session.send(forecast.largest_page(cursor))
            page = reading.page
            if page is None:
                return None
            models += reading.parse().value["data"]
            if page.has_more is False:
                return models
            if not page.ids:
                return None
            cursor = page.ids[-1]
        return None
