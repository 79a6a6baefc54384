"""Which requirements score in each contract that ships: a list that is frozen when the contract is released.

A suite that learns more tells what it learned, and turns no verdict of yesterday red. `scored/NAME.txt` has the ids,
one a line; what is not in it was added later.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def scored_in(contract: str) -> frozenset[str] | None:
    """The ids of the requirements that may gate under the contract of that name; None where all may.

    A contract that does not ship has no release: whoever holds a subject to it means all of it.
    """
    frozen = files("models_conformance.requirements").joinpath("scored", f"{contract}.txt")
    return frozenset(frozen.read_text("utf-8").split()) if contract and frozen.is_file() else None
