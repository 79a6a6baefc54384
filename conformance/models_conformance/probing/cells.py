"""A list request and its place in the plan of the coverage, each from the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models_conformance.evidence.targets import CURSORS
from models_conformance.probing.coverage import Cell, Direction
from models_conformance.probing.request_specs import RequestSpec, list_request

_DIRECTIONS: Mapping[str, Direction] = dict(zip(CURSORS, ("after", "before"), strict=True))


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
