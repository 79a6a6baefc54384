"""A second look at what came otherwise than the server's own list told: is the answer steady, did the list change?

Nothing is judged here. An answer that is as told needs no control; one that is not is asked for again, and so is the
whole list: what was withdrawn for good is gone from it, and what happens once does not happen again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models_conformance.contract.points import CURSORS
from models_conformance.evidence.exchange import NOT_RECORDED
from models_conformance.evidence.exchange_reading import Reading
from models_conformance.probing.forecast import Forecast
from models_conformance.probing.request_specs import RequestSpec, list_request
from models_conformance.probing.session import Session

# A server that contradicts itself again and again needs no more proof than that.
_MOST_REPEATED = 3
_MOST_LISTED = 6
# A list of more pages than these takes too long to be read again.
_MOST_PAGES_ANEW = 5
# Nor does one whose list stands still whatever it answers.
_MOST_FRUITLESS = 2


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
