"""Drawing values from a strategy by a seed, and nothing but the seed."""

from __future__ import annotations

import contextlib
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import seed as seeded
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.strategies import SearchStrategy

from models_conformance.support.deadline import NO_LIMIT, Deadline, TimeIsUp
from models_conformance.support.generating import nothing_kept, only_generating

_Drawn = TypeVar("_Drawn")
_BACKEND = "models-conformance"


class _SeedAlone(HypothesisProvider):
    """Hypothesis' own choices without the constants that it picks from whatever modules happen to be imported.

    With them a seed would draw one thing for a client in this process and another for a client in a process of its
    own. A backend that is not the default one is also not sent after mutants of what was drawn before, which are far
    too alike where nothing steers them to a failure.
    """

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


AVAILABLE_PROVIDERS[_BACKEND] = _SeedAlone


def drawn(strategy: SearchStrategy[_Drawn], seed: int, examples: int, deadline: Deadline = NO_LIMIT) -> list[_Drawn]:
    """At most `examples` values, the simplest first, as far as the time goes; two of them may be alike.

    Nothing is kept between calls.
    """
    values: list[_Drawn] = []

    @seeded(seed)
    @only_generating(examples, backend=_BACKEND)
    @given(strategy)
    def collect(value: _Drawn) -> None:
        if deadline.left_for_asking <= 0:
            # The only way to make Hypothesis stop.
            raise TimeIsUp
        values.append(value)

    with nothing_kept(), contextlib.suppress(TimeIsUp):
        collect()
    return values
