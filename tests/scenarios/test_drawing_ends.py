"""Drawing ends with the time of a run."""

from __future__ import annotations

from hypothesis import strategies as st

from models_conformance.scenarios.strategies import drawn
from models_conformance.support.deadline import Deadline


def test_nothing_is_drawn_once_the_time_is_up() -> None:
    assert drawn(st.integers(), 0, 10, Deadline(0.0)) == []
    assert len(drawn(st.integers(), 0, 10, Deadline(1000.0))) == 10
