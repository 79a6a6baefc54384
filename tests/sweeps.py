"""Which rows of a matrix every test run computes, and which only a sweep does (`pytest -m sweep`).

All rows together take longer than anybody waits for tests. Each requirement keeps the first faults that name it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

import pytest
from _pytest.mark import ParameterSet

# Two faults may share a cause; a third one rarely does.
_FAULTS_A_REQUIREMENT = 3


class Named(Protocol):
    """A fault, as far as this needs to know it."""

    @property
    def trips(self) -> frozenset[str]: ...


def rows(faults: Mapping[str, Named]) -> list[ParameterSet]:
    """Every fault as a parameter, marked where only a sweep computes its row."""
    seen: Counter[str] = Counter()
    kept: list[ParameterSet] = []
    for name, fault in faults.items():
        wanted = any(seen[trip] < _FAULTS_A_REQUIREMENT for trip in fault.trips)
        seen.update(fault.trips)
        kept.append(pytest.param(name, id=name, marks=() if wanted else pytest.mark.sweep))
    return kept
