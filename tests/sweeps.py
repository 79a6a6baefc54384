"""Which of many cases of one rule every test run plays, and which only a sweep does (`pytest -m sweep`).

All together take longer than anybody waits for tests. Each requirement keeps the first faults whose root it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from models_conformance.reference.registry import Variant

# One shows that a requirement can fail; all others are the work of a sweep.
_FAULTS_A_REQUIREMENT = 1
# Of what trips nothing, one in so many; each is as likely to be blamed as the next.
_ODDITIES = 5
# Whatever is drawn, a fault is the same findings: neighbouring rows are computed with different seeds.
_SEEDS = 6


def rows(faults: Mapping[str, Variant[Any]]) -> list[ParameterSet]:
    """Every fault and a seed as parameters, marked where only a sweep computes its row."""
    seen: Counter[str | None] = Counter()
    kept: list[ParameterSet] = []
    for place, (name, fault) in enumerate(faults.items()):
        wanted = seen[fault.root] < _FAULTS_A_REQUIREMENT
        seen[fault.root] += 1
        kept.append(pytest.param(name, place % _SEEDS, id=name, marks=() if wanted else pytest.mark.sweep))
    return kept


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
