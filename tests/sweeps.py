"""Which of many cases of one rule every test run plays, and which only a sweep does (`pytest -m sweep`).

All together take longer than anybody waits for tests. Each requirement keeps a fault that trips it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from models_conformance.reference.variants import REGISTRIES, Side, recorded_rows

# Of what trips nothing, one in so many; each is as likely to be blamed as the next.
_ODDITIES = 10
# Whatever is drawn, a fault is the same findings: neighbouring rows are computed with different seeds.
_SEEDS = 6


def rows(side: Side) -> list[ParameterSet]:
    """Every fault and a seed as parameters, marked where only a sweep computes its row.

    Unmarked are few that trip together whatever any fault trips.
    """
    tripped = recorded_rows()[side]
    open_ids = set().union(*tripped.values())
    kept: set[str] = set()
    while open_ids:
        widest = max(tripped, key=lambda name: len(open_ids.intersection(tripped[name])))
        kept.add(widest)
        open_ids.difference_update(tripped[widest])
    return [
        pytest.param(name, place % _SEEDS, id=name, marks=() if name in kept else pytest.mark.sweep)
        for place, name in enumerate(REGISTRIES[side].faults())
    ]


def sample(names: Iterable[str]) -> list[ParameterSet]:
    """Every name as a parameter, marked where only a sweep plays it."""
    return [
        pytest.param(name, id=name, marks=pytest.mark.sweep if place % _ODDITIES else ())
        for place, name in enumerate(names)
    ]


def first(names: Sequence[str], number: int) -> list[ParameterSet]:
    """Every name as a parameter, marked from that number on."""
    return [
        pytest.param(name, id=name, marks=pytest.mark.sweep if place >= number else ())
        for place, name in enumerate(names)
    ]


def crossed(rows: Sequence[tuple[Any, ...]], columns: Sequence[Any]) -> list[ParameterSet]:
    """Every row with every column as parameters, marked beyond as many as have each row and each column once."""
    return [
        pytest.param(*row, column, marks=() if place % len(columns) == other % len(rows) else pytest.mark.sweep)
        for place, row in enumerate(rows)
        for other, column in enumerate(columns)
    ]
