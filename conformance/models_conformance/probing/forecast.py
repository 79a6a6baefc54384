"""What a server whose list stands still will answer, once the list has been read whole.

Nothing is judged by it. It tells which answers depend on nothing that happens meanwhile, so that the order in which
they arrive proves nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from models_conformance.contract.points import CURSORS, LIMIT, PAGING, Limits
from models_conformance.evidence.exchange_reading import Page, Reading, read_page
from models_conformance.evidence.known_list import stretch
from models_conformance.probing.request_specs import RequestSpec, list_request, page_request


class Forecast:
    """A list of these models, as the server showed each, in its order. `betas` are the documented ones."""

    def __init__(self, models: Sequence[Mapping[str, Any]], limits: Limits, betas: Iterable[str]) -> None:
        self.models = list(models)
        self._index: dict[str, int] = {str(model["id"]): index for index, model in enumerate(models)}
        self._limits = limits
        self._betas = frozenset(betas)

    def with_models(self, models: Sequence[Mapping[str, Any]]) -> Forecast:
        """The same server with another list."""
        return Forecast(models, self._limits, self._betas)

    @property
    def largest_pages(self) -> int:
        """How many of the largest pages the list fills."""
        return -(-len(self.models) // self._limits.maximum)

    def largest_page(self, after: str | None = None) -> RequestSpec:
        """The question for as much of the list as one page may hold."""
        return list_request(limit=self._limits.maximum, after=after)

    def holds_for(self, spec: RequestSpec, reading: Reading) -> bool:
        """Whether the answer says what was known before: the very page or model, or a refusal of what may be refused.

        What is beside the documented ways to ask may be answered by any stretch of the known list.
        """
        if reading.status is None:
            return False
        if reading.status != 200:
            return 400 <= reading.status < 500 and not self.is_ordinary(spec)
        value = reading.parse().value
        if reading.call.operation == "list":
            return isinstance(value, dict) and self._is_page(spec, value)
        if reading.call.operation == "retrieve":
            name = reading.call.model_id or ""
            # What is not listed may be an alias of what is.
            index = self._index.get(name if name in self._index or not _has_id(value) else value["id"])
            return index is not None and self._are(spec, [value], [self.models[index]])
        return True

    def page(self, spec: RequestSpec) -> Page | None:
        """The page that this question will be answered with; None where that is open."""
        stretch = self._stretch(spec)
        return None if stretch is None else read_page(_document(*stretch))

    def walk(self, limit: int | None, cursor: str | None, backward: bool, most: int) -> Iterator[RequestSpec]:
        """The questions of a walk from there on, as long as each page says that more follow."""
        for _ in range(most):
            spec = page_request(limit, cursor, backward=backward)
            page = self.page(spec)
            yield spec
            if page is None or not page.items or not page.has_more:
                return
            cursor = page.first_id if backward else page.last_id

    def is_ordinary(self, spec: RequestSpec) -> bool:
        """Whether it asks for a known page or model in documented ways only."""
        plain = spec.credential == "default" and spec.version == "default" and spec.method == "GET"
        if not plain or not set(spec.betas or ()) <= self._betas or spec.betas == ():
            return False
        if spec.path:
            return not spec.query and unquote(spec.path[1:]) in self._index
        return self._stretch(spec) is not None

    def _stretch(self, spec: RequestSpec) -> tuple[list[Mapping[str, Any]], bool] | None:
        """The models that answer a documented question for a list, and whether more follow; None for any other."""
        query = dict(spec.query)
        cursors = [name for name in CURSORS if name in query]
        if spec.path or len(query) < len(spec.query) or len(cursors) > 1 or not query.keys() <= PAGING:
            return None
        text = query.get(LIMIT, str(self._limits.default))
        if not (text.isascii() and text.isdecimal() and self._limits.minimum <= int(text[:9]) <= self._limits.maximum):
            return None
        places = {name: self._index.get(query[name]) for name in cursors}
        if None in places.values():
            return None
        after, before = (places.get(name) for name in CURSORS)
        part, more = stretch(len(self.models), int(text), after=after, before=before)
        return self.models[part], more

    def _is_page(self, spec: RequestSpec, value: Mapping[str, Any]) -> bool:
        data = value.get("data")
        if not isinstance(data, list):
            return False
        stretch = self._stretch(spec)
        if stretch is not None:
            models, more = stretch
            expected = _document(models, more)
            edges = all(value.get(name) == expected[name] for name in ("has_more", "first_id", "last_id"))
            return self._are(spec, data, models) and (edges or not models)
        first = self._index.get(data[0]["id"]) if data and _has_id(data[0]) else None
        return not data or (first is not None and self._are(spec, data, self.models[first : first + len(data)]))

    def _are(self, spec: RequestSpec, shown: Sequence[Any], known: Sequence[Mapping[str, Any]]) -> bool:
        """Whether these are the known models. A beta may show more of each."""
        if spec.betas is None:
            return list(shown) == list(known)
        return len(shown) == len(known) and all(
            isinstance(model, dict) and model.items() >= expected.items()
            for model, expected in zip(shown, known, strict=True)
        )


def _has_id(model: object) -> bool:
    return isinstance(model, dict) and isinstance(model.get("id"), str)


def _document(models: Sequence[Mapping[str, Any]], more: bool) -> dict[str, Any]:
    """The list answer that shows them."""
    first, last = (models[0]["id"], models[-1]["id"]) if models else (None, None)
    return {"data": list(models), "has_more": more, "first_id": first, "last_id": last}
